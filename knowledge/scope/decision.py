"""Whether a correction applies to a question: exact words, likeness of meaning, and vetoes in words.

Pure functions. They know no database, no index and no embedder: whoever calls brings the candidates with their cosines.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from knowledge.scope.differences import difference
from knowledge.scope.likelihood import features, probability
from knowledge.scope.reading import Reading, read
from knowledge.scope.reasons import Reason
from knowledge.scope.vetoes import vetoes
from knowledge.text import normalise

APPLY_FROM = 0.6  # probability
SUGGEST_FROM = 0.6  # cosine, with one veto at most
SUGGEST_ANYWAY_FROM = 0.75  # cosine, with more vetoes
RIVAL_WITHIN = 0.08  # cosine between two corrections that both seem to apply
JUDGED = 10  # keys; the right one is among the first five in 99.8 %
LONGEST = 100  # words; a longer text is a story, which plain rules cannot read: the same words only

_read_key = lru_cache(maxsize=4096)(read)  # keys come back with question after question


class Decision(StrEnum):
    """What becomes of the correction: it is the answer, it is offered beside the answer, or it stays silent."""

    APPLY = "apply"
    SUGGEST = "suggest"
    IGNORE = "ignore"


@dataclass(frozen=True, slots=True)
class Candidate:
    """A text by which a correction is found (`sign` 1) or must not be (-1). `cosine` is None where it is unknown."""

    key_id: int
    correction_id: str
    text: str
    cosine: float | None
    sign: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on a question, the correction and key it is about, and why.

    One that is ignored has reasons only where it was like enough to be thought of. `details` are the words that vetoes
    rest on, for whoever looks into a decision; people are shown the reasons.
    """

    decision: Decision
    correction_id: str | None
    key_id: int | None
    probability: float
    reasons: tuple[Reason, ...]
    details: tuple[str, ...] = ()


NOTHING = Verdict(Decision.IGNORE, None, None, 0.0, ())


def decide(question: str, candidates: Sequence[Candidate]) -> Verdict:
    """The verdict on a question, given what may match it; of equals the earlier candidate wins.

    1. A negative example in the very same words silences its correction; a key in the very same words applies.
    2. Each key is judged by itself. Corrections of the same question count as one, the first of them.
    3. Its probability comes from likeness, margin and shared words; a veto, or a likelier negative example, leaves at
       most a suggestion.
    4. Where two corrections would both apply and hardly differ in likeness, the better is only suggested.
    """
    same = normalise(question)
    silenced = {c.correction_id for c in candidates if c.sign < 0 and normalise(c.text) == same}
    positive = [c for c in candidates if c.sign > 0 and c.correction_id not in silenced]
    for candidate in positive:
        if normalise(candidate.text) == same:
            return Verdict(Decision.APPLY, candidate.correction_id, candidate.key_id, 1.0, (Reason.SAME_WORDS,))
    asked = read(question)
    if len(asked.words) > LONGEST:
        return NOTHING
    keys = _keys(positive)
    judged = [_judge(asked, key, _next_best(key, keys), _limit(key, candidates)) for key in keys]
    if not judged:
        return NOTHING
    best = max(judged, key=lambda judgement: (_ORDER[judgement.verdict.decision], judgement.verdict.probability))
    rivalled = best.verdict.decision == Decision.APPLY and any(_is_rival(best, other) for other in judged)
    if not rivalled:
        return best.verdict
    return replace(best.verdict, decision=Decision.SUGGEST, reasons=(Reason.TWO_CORRECTIONS_ALIKE,))


_ORDER = {Decision.APPLY: 2, Decision.SUGGEST: 1, Decision.IGNORE: 0}


@dataclass(frozen=True, slots=True)
class _Key:
    """A positive candidate that has a cosine."""

    id: int
    correction_id: str
    text: str
    cosine: float


@dataclass(frozen=True, slots=True)
class _Judgement:
    key: _Key
    verdict: Verdict


def _keys(positive: Sequence[Candidate]) -> list[_Key]:
    """The likest keys, likest first. Of corrections with a question in common only the first has a say."""
    owners: dict[str, str] = {}
    later = {
        c.correction_id for c in positive if owners.setdefault(normalise(c.text), c.correction_id) != c.correction_id
    }
    keys = [_Key(c.key_id, c.correction_id, c.text, c.cosine) for c in positive if c.cosine is not None]
    first = sorted((key for key in keys if key.correction_id not in later), key=lambda key: -key.cosine)[:JUDGED]
    return [key for key in first if len(_read_key(key.text).words) <= LONGEST]


def _next_best(key: _Key, keys: Sequence[_Key]) -> float:
    """The highest cosine of any other correction."""
    return max((other.cosine for other in keys if other.correction_id != key.correction_id), default=0.0)


def _limit(key: _Key, candidates: Sequence[Candidate]) -> float:
    """The highest cosine of a question that the key's correction must not answer."""
    negative = (c.cosine for c in candidates if c.sign < 0 and c.correction_id == key.correction_id)
    return max((cosine for cosine in negative if cosine is not None), default=-1.0)


def _judge(asked: Reading, key: _Key, next_best: float, limit: float) -> _Judgement:
    """The verdict on one key by itself."""
    known = _read_key(key.text)
    differing = difference(asked, known)
    chance = probability(features(key.cosine, key.cosine - next_best, differing, asked.kind, known.kind))
    against = vetoes(asked, known, differing)
    doubts = tuple(veto.reason for veto in against)
    if limit > key.cosine:
        doubts += (Reason.NEAR_WHAT_IT_MUST_NOT_ANSWER,)
    decision = Decision.IGNORE
    if not doubts and chance >= APPLY_FROM:
        decision = Decision.APPLY
    elif not any(veto.is_other for veto in against):
        enough = SUGGEST_FROM if len(doubts) < 2 else SUGGEST_ANYWAY_FROM
        is_likely = chance >= APPLY_FROM and differing.words_shared > 0
        decision = Decision.SUGGEST if key.cosine >= enough or is_likely else Decision.IGNORE
    details = tuple(veto.detail for veto in against)
    reasons = _why(decision, key.cosine, doubts)
    return _Judgement(key, Verdict(decision, key.correction_id, key.id, chance, reasons, details))


def _why(decision: Decision, cosine: float, doubts: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """What people are told; nothing about a correction that was never like enough to be thought of."""
    if decision is Decision.APPLY:
        return (Reason.SAME_MEANING,)
    return (doubts or (Reason.NOT_SURE,)) if cosine >= SUGGEST_FROM else ()


def _is_rival(best: _Judgement, other: _Judgement) -> bool:
    """Whether the other belongs to another correction and would apply too, as like; or liker, but for its words."""
    if other.key.correction_id == best.key.correction_id:
        return False
    if other.verdict.decision == Decision.APPLY:
        return abs(other.key.cosine - best.key.cosine) < RIVAL_WITHIN
    return other.key.cosine > best.key.cosine and other.verdict.reasons == (Reason.OTHER_WORDS,)
