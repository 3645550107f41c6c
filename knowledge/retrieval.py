"""Finds passages for a question by meaning and by words, fuses both, and says why each was found.

It knows the library and nothing of conversations: the question it is given stands on its own.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from knowledge import keywords, measures
from knowledge.answerability import THRESHOLD, confidence
from knowledge.evidence import Evidence, Found
from knowledge.index import Hit
from knowledge.initials import spelled_out
from knowledge.library import Library
from knowledge.quoting import Quote, best_quotes
from knowledge.records import PassageRecord, passage_records
from knowledge.scope.words import PREAMBLES
from knowledge.subjects import Subjects
from knowledge.text import content_words, words

CANDIDATES = 50  # of each kind
BEST = 5  # of both, in what an answer is looked for
FOCUS = 4.0  # how much more the words count that the person just said than the earlier ones they lean on

_POLITE = "|".join(" ".join(words) for words in sorted(PREAMBLES, key=len, reverse=True))
_PREAMBLE = re.compile(
    rf"\s*(?:(?:{_POLITE}|what do(?:es)? (?:the|your) \w+ say about)\b[,:]?\s+(?:if |whether )?(.+)"
    r"|(?:文档|资料|手册)(?:里|中)?关于(.+?)是?怎么说的.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The sentences that answer a question, and how sure it is that they do (0 to 1).

    `passages` holds the passages of the quotes by id. There may be quotes without an answer: what came nearest.
    One that `is_of_several` quotes a row of a table that has one for each of several things, none of which was named.
    """

    quotes: tuple[Quote, ...]
    passages: dict[int, PassageRecord]
    confidence: float
    is_of_several: bool = False

    @property
    def is_answered(self) -> bool:
        """Whether the quotes may be given as the answer."""
        return self.confidence >= THRESHOLD


@dataclass(frozen=True, slots=True, eq=False)
class Stages:
    """What each stage of a search found, best first: by meaning, by words, by both, and the sentences chosen from that.

    `is_readable` is false for a question that has no vector: then nothing is found by meaning. `searched` is the number
    of passages within reach.
    """

    by_meaning: tuple[Found, ...]
    by_words: tuple[Found, ...]
    fused: tuple[Found, ...]
    answer: Answer
    is_readable: bool
    searched: int


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int
    score: float
    dense: float | None
    keyword: float | None


class Retriever:
    """Searches a library. Safe to share between threads."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def find(self, question: str, reaches: Collection[str], k: int = BEST) -> list[Found]:
        """The `k` best passages within the reaches, best first."""
        return list(self.gather(question, reaches, k=k).found)

    def answer(
        self, question: str, reaches: Collection[str], *, focus: str = "", without: Collection[int] = ()
    ) -> Answer:
        """The sentences that answer the question; `focus` is the part of it that matters most. No passage of `without`,
        by id, is cited.
        """
        return _answer(self.gather(question, reaches, focus=focus, without=without))

    def explain(self, question: str, reaches: Collection[str]) -> Stages:
        """How `answer` comes about, with the best of each kind."""
        everything = self.gather(question, reaches, k=2 * CANDIDATES)
        found = everything.found
        return Stages(
            by_meaning=_best(found, lambda one: one.dense),
            by_words=_best(found, lambda one: one.keyword),
            fused=found[:BEST],
            answer=_answer(replace(everything, found=found[:BEST])),
            is_readable=everything.vector is not None,
            searched=everything.searched,
        )

    def gather(
        self,
        question: str,
        reaches: Collection[str],
        *,
        k: int = BEST,
        focus: str = "",
        without: Collection[int] = (),
    ) -> Evidence:
        """Everything that quoting and the judgement of an answer need. Costs one embedding of the question."""
        library, question, focus = self._library, _plain(question), _plain(focus)
        vector = library.embedder.encode([question])[0] if library.embedder.can_read(question) else None
        dense = [] if vector is None else library.nearest(vector, CANDIDATES, reaches)
        with library.database.read() as session:
            asked = measures.asked_words(question)
            sought = f"{focus} {question} {measures.words_of(asked)}"  # the first words are read
            matches = keywords.search(session, sought, reaches, CANDIDATES)
            fused = [candidate for candidate in _fused(dense, matches.hits) if candidate.id not in without]
            best = {candidate.id: candidate for candidate in fused[:k]}
            passages = passage_records(session, list(best), reaches, library.embedder.name)
        in_focus = set(content_words(focus))
        in_focus |= {name for stem, name in asked.items() if stem in in_focus}
        idf = measures.as_one_word(matches.idf, asked)
        return Evidence(
            question=question,
            vector=vector,
            idf={word: weight * (FOCUS if word in in_focus else 1) for word, weight in idf.items()},
            searched=matches.searched,
            found=tuple(_found(best[passage.id], passage, question) for passage in passages),
            focus=focus,
        )


def _plain(question: str) -> str:
    """The question without a polite beginning, initials spelled out. Nothing else is left out of it."""
    match = _PREAMBLE.match(question)
    bare = next((part for part in match.groups() if part), question) if match else question
    return spelled_out(bare if content_words(bare) else question)


def _answer(evidence: Evidence) -> Answer:
    quotes = best_quotes(evidence)
    quoted = {quote.passage_id for quote in quotes}
    passages = {found.passage.id: found.passage for found in evidence.found if found.passage.id in quoted}
    sure = confidence(evidence, quotes)
    is_of_several = sure >= THRESHOLD and Subjects(evidence).is_one_of_several(quotes[0].text)
    return Answer(quotes, passages, sure, is_of_several)


def _best(found: Sequence[Found], score: Callable[[Found], float | None]) -> tuple[Found, ...]:
    """Those that this kind of search found, in its own order."""
    scored = [(own, one) for one in found if (own := score(one)) is not None]
    return tuple(one for _, one in sorted(scored, key=lambda pair: -pair[0])[:BEST])


def _fused(dense: Sequence[Hit], keyword: Sequence[Hit]) -> list[_Candidate]:
    """A plain sum of both scores, each as a share of the best of its kind; best first.

    What is not among the nearest is at most as near as the last of them.
    """
    cosines = {hit.id: hit.score for hit in dense}
    ranks = {hit.id: hit.score for hit in keyword}
    nearest = max(cosines.values(), default=0.0)
    most = max(ranks.values(), default=0.0)
    missing = dense[-1].score if len(dense) == CANDIDATES else 0.0
    candidates = [
        _Candidate(
            id=id,
            score=_share(cosines.get(id, missing), nearest) + _share(ranks.get(id, 0.0), most),
            dense=cosines.get(id),
            keyword=ranks.get(id),
        )
        for id in cosines.keys() | ranks.keys()
    ]
    return sorted(candidates, key=lambda candidate: (-candidate.score, candidate.id))


def _share(score: float, best: float) -> float:
    return max(score, 0.0) / best if best > 0 else 0.0


def _found(candidate: _Candidate, passage: PassageRecord, question: str) -> Found:
    return Found(
        passage=passage,
        score=candidate.score,
        dense=candidate.dense,
        keyword=candidate.keyword,
        why=_why(candidate, passage, question),
    )


def _why(candidate: _Candidate, passage: PassageRecord, question: str) -> str:
    """In plain words: what it shares with the question."""
    own = {*content_words(passage.heading), *content_words(passage.text)}
    shared = [word for word in dict.fromkeys(words(question)) if own.intersection(content_words(word))]
    reasons = []
    if shared:
        reasons.append(f"it has the words {', '.join(shared)}")
    if candidate.dense is not None:
        reasons.append(f"its meaning is near the question's ({candidate.dense:.2f} of 1)")
    return " and ".join(reasons)
