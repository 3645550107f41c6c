"""On which road a question finds corrections: Chinese is embedded and judged on one of its own, all else on the other.

A correction does not cross from one to the other, for vectors of two embedders cannot be compared. It knows no rows.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from knowledge.embedding import Embedder
from knowledge.index import VectorIndex
from knowledge.index.clustered import Fetch
from knowledge.scope import Candidate, Verdict
from knowledge.text import has_chinese, is_chinese

LONGEST_CHINESE = 120  # characters; a longer text is a story, and found in the same words only


class Judge(Protocol):
    """What decides on a question, given what may match it."""

    def __call__(self, question: str, candidates: Sequence[Candidate]) -> Verdict:
        """The verdict; of equals the earlier candidate wins."""


class Road:
    """What embeds the texts of one road, the index of their vectors, and what judges them."""

    def __init__(self, embedder: Embedder, judge: Judge, fetch: Fetch | None = None) -> None:
        self.embedder, self.judge = embedder, judge
        self.index = VectorIndex(embedder.dims, fetch)


class Roads:
    """The main road and, where there is one, that of Chinese."""

    def __init__(self, main: Road, chinese: Road | None = None) -> None:
        self.main, self.chinese = main, chinese

    def __iter__(self) -> Iterator[Road]:
        return iter([self.main, self.chinese] if self.chinese else [self.main])

    def of(self, text: str) -> Road | None:
        """The road of a text. None where nothing here can read it: it is found in the same words only."""
        if self.chinese and is_for_chinese(text, self.main.embedder):
            return self.chinese if len(text) <= LONGEST_CHINESE else None
        return self.main if self.main.embedder.can_read(text) else None

    def vectors(self, texts: Sequence[str]) -> list[tuple[str, bytes | None]]:
        """The name of each text's embedder and what it makes of it, nothing where none can read it."""
        made: dict[str, tuple[str, bytes | None]] = dict.fromkeys(texts, (self.main.embedder.name, None))
        on = {text: self.of(text) for text in made}
        for road in self:
            own = [text for text, its in on.items() if its is road]
            rows = road.embedder.encode(own) if own else ()
            made.update((text, (road.embedder.name, row.tobytes())) for text, row in zip(own, rows, strict=True))
        return [made[text] for text in texts]


def is_for_chinese(text: str, main: Embedder) -> bool:
    """Whether a text is mainly Chinese, or has some that the main embedder cannot read: 给 MacBook 装 Office."""
    return is_chinese(text) or (has_chinese(text) and not main.can_read(text))
