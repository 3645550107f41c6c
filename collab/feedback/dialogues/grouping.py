"""Groups questions that are one: the rules that decide whether a correction answers decide it here too.

It knows texts and an embedder, and nothing of files, people and rows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from collab.feedback.dialogues.mining import Pair
from knowledge.embedding import Embedder
from knowledge.index import VectorIndex
from knowledge.scope import Askedness, Candidate, Decision, decide
from knowledge.text import normalise

AT_ONCE = 256  # questions embedded before the progress is told
NEAREST = 10
ALIASES = 3  # wordings beside the first: a correction has up to four keys
_ONE_REACH = "all"

Told = Callable[[int, int], None]


@dataclass(slots=True)
class Group:
    """Questions that mean the same, the first as they came; `best` has the reply that seems to answer best."""

    best: Pair
    questions: list[str]
    count: int = 1
    normals: set[str] = field(default_factory=set)

    def join(self, pair: Pair) -> None:
        """Takes in another question of the same meaning."""
        self.count += 1
        if pair.score > self.best.score:
            self.best = pair
        if normalise(pair.question) not in self.normals and len(self.questions) <= ALIASES:
            self.normals.add(normalise(pair.question))
            self.questions.append(pair.question)


def group(
    pairs: Sequence[Pair],
    embedder: Embedder,
    told: Told = lambda done, total: None,
    askedness: Askedness | None = None,
) -> list[Group]:
    """The pairs by question, in the order in which each question came first; `told` hears how many are read."""
    groups: list[Group] = []
    by_words: dict[str, Group] = {}
    vector_of = _vectors(list(dict.fromkeys(pair.question for pair in pairs)), embedder, told)
    index = VectorIndex(embedder.dims)
    for pair in pairs:
        vector = vector_of.get(pair.question)
        found = by_words.get(normalise(pair.question))
        if found is None and vector is not None:
            hits = index.search(vector, NEAREST, [_ONE_REACH])
            found = _same(pair.question, [(groups[hit.id], hit.score) for hit in hits], askedness)
        if found is None:
            found = Group(pair, [pair.question], normals={normalise(pair.question)})
            if vector is not None:
                index.add([len(groups)], vector[None, :], _ONE_REACH)
            groups.append(found)
        else:
            found.join(pair)
        by_words.setdefault(normalise(pair.question), found)
    return groups


def _vectors(questions: Sequence[str], embedder: Embedder, told: Told) -> dict[str, NDArray[np.float32]]:
    """The vector of each question that the embedder can read."""
    vectors: dict[str, NDArray[np.float32]] = {}
    for start in range(0, len(questions), AT_ONCE):
        readable = [text for text in questions[start : start + AT_ONCE] if embedder.can_read(text)]
        vectors.update(zip(readable, embedder.encode(readable) if readable else (), strict=True))
        told(min(start + AT_ONCE, len(questions)), len(questions))
    return vectors


def _same(question: str, near: Sequence[tuple[Group, float]], askedness: Askedness | None) -> Group | None:
    """The group whose first question this one repeats, if the product would answer it with that one's answer."""
    candidates = [
        Candidate(place, str(place), group.questions[0], round(score, 6), 1)
        for place, (group, score) in enumerate(near)
    ]
    verdict = decide(question, candidates, askedness)
    return near[verdict.key_id][0] if verdict.decision is Decision.APPLY and verdict.key_id is not None else None
