"""What was found for a question: plain values that retrieval fills, and that quoting and the judgement of them read."""

from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.records import PassageRecord, Vector


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """A passage that was found, and why.

    `score` is 0 to 2: how near the best in meaning, plus how near the best in words. `dense` is the cosine and
    `keyword` the BM25 score behind it, absent where the passage was not among the candidates of that kind.
    """

    passage: PassageRecord
    score: float
    dense: float | None
    keyword: float | None
    why: str


@dataclass(frozen=True, slots=True, eq=False)
class Evidence:
    """A question with all that the sources have on it, best first.

    `vector` is the question's, absent when the embedder cannot read it; `idf` tells how much each of its content words
    says within the reaches, in nats; `searched` is the number of passages there. `focus` is the part of the question
    that the person just said, where it leans on earlier ones.
    """

    question: str
    vector: Vector | None
    idf: Mapping[str, float]
    searched: int
    found: tuple[Found, ...]
    focus: str = ""
