"""Whether two questions are the same one, as the scope decision sees it, for many pairs at once.

It knows no corrections and no rows: each pair is judged as if the first question were the only one that memory knows.
"""

from collections.abc import Callable, Sequence

from knowledge.embedding import Embedder
from knowledge.records import Vector
from knowledge.roads import LONGEST_CHINESE, is_for_chinese
from knowledge.scope import WRONG_COST, Askedness, Candidate, Decision, chinese, decide
from knowledge.spelling import respelled
from knowledge.text import normalise

Pair = tuple[str, str]

SameQuestions = Callable[[Sequence[Pair]], Sequence[bool]]
"""Of each pair of questions (one that is known, one that is asked), whether they are the same."""


def same_words(pairs: Sequence[Pair]) -> list[bool]:
    """The house's rule alone, for where no model compares questions."""
    return [normalise(known) == normalise(asked) for known, asked in pairs]


class ScopeSameness:
    """Applies the scope decision to pairs; texts are embedded in batches. Slips of the keyboard are put right."""

    def __init__(
        self,
        embedder: Embedder,
        askedness: Askedness | None = None,
        chinese_embedder: Embedder | None = None,
        wrong_cost: float = WRONG_COST,
    ) -> None:
        self._embedder, self._askedness = embedder, askedness
        self._chinese, self._wrong_cost = chinese_embedder, wrong_cost

    def __call__(self, pairs: Sequence[Pair]) -> list[bool]:
        """In the order of the pairs."""
        verdicts = self._applies(pairs)
        again = [n for n, (_, asked) in enumerate(pairs) if not verdicts[n] and self._road(asked) == "main"]
        right = {n: text for n in again if (text := respelled(pairs[n][1])) != pairs[n][1]}
        for n, applies in zip(right, self._applies([(pairs[n][0], text) for n, text in right.items()]), strict=True):
            verdicts[n] = applies
        return verdicts

    def _applies(self, pairs: Sequence[Pair]) -> list[bool]:
        vectors = self._vectors({text for pair in pairs for text in pair})
        return [self._decides(known, asked, vectors) for known, asked in pairs]

    def _decides(self, known: str, asked: str, vectors: dict[str, Vector]) -> bool:
        is_one_road = self._road(known) == self._road(asked) and known in vectors and asked in vectors
        cosine = round(float(vectors[known] @ vectors[asked]), 6) if is_one_road else None
        candidate = Candidate(key_id=0, correction_id="known", text=known, cosine=cosine, sign=1)
        if self._road(asked) == "chinese":
            verdict = chinese.decide(asked, [candidate], self._wrong_cost)
        else:
            verdict = decide(asked, [candidate], self._askedness, self._wrong_cost)
        return verdict.decision is Decision.APPLY

    def _road(self, text: str) -> str:
        """Who reads a text: empty where nobody can, and it is the same in the same words only."""
        if self._chinese is not None and is_for_chinese(text, self._embedder):
            return "chinese" if len(text) <= LONGEST_CHINESE else ""
        return "main" if self._embedder.can_read(text) else ""

    def _vectors(self, texts: set[str]) -> dict[str, Vector]:
        found: dict[str, Vector] = {}
        for road, embedder in (("main", self._embedder), ("chinese", self._chinese)):
            own = sorted(text for text in texts if self._road(text) == road)
            if own and embedder is not None:
                found.update(zip(own, embedder.encode(own), strict=True))
        return found
