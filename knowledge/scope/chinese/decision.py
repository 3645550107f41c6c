"""Whether a correction applies to a Chinese question: the same words in either script, or the same words in effect.

No model here compares two Chinese questions word by word, so a correction applies where plain rules find no difference
and the vectors agree; what differs in a word is offered at most. It knows no database and no index.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.scope.chinese.reading import Reading, read
from knowledge.scope.chinese.vetoes import differences, vetoes
from knowledge.scope.combination import NOWHERE
from knowledge.scope.decision import (
    NOTHING,
    WRONG_COST,
    Candidate,
    Considered,
    Decision,
    Verdict,
    best_of,
    in_same_words,
)
from knowledge.scope.reasons import Reason
from knowledge.scope.vetoes import Veto
from knowledge.text import normalise, simplified

SUGGEST_FROM = 0.4  # probability; reaches .99 of the paraphrases in the development half of the cases
COMPARED_FROM = 0.85  # cosine; half of all unrelated questions lie above
JUDGED = 10  # keys

# A logistic regression on the development half of tests/knowledge/scope_chinese.json, right and wrong ones weighing as
# much, rounded. The cosines of this embedder crowd: a paraphrase has .99, a near miss .95, another question .87.
_COSINE, _EVEN = 43.0, 0.95  # by the distance of the cosine from this one
_DIFFERENT = -1.9  # by the share of words that stand on one side alone
_REPLACED = -2.0  # where words stand alone on both sides
_CLEAR = 2.5  # where nothing else tells the questions apart


@dataclass(frozen=True, slots=True)
class _Judgement:
    candidate: Candidate
    decision: Decision
    logit: float
    probability: float
    reasons: tuple[Reason, ...]
    details: tuple[str, ...]


def decide(question: str, candidates: Sequence[Candidate], wrong_cost: float = WRONG_COST) -> Verdict:
    """The verdict on a Chinese question, given what may match it; of equals the earlier candidate wins.

    1. A negative example in the very same words silences its correction; a key in the very same words applies, in
       traditional characters or simplified ones.
    2. Each key is read and held against the question; a veto, or a likelier negative example, leaves a suggestion.
    3. The likeliest one applies when a miss would cost more than a wrong application: from cost / (cost + 1) on.
    """
    positive, refused, verdict = in_same_words(question, candidates, _same)
    if verdict is not None:
        return verdict
    limits = _limits(candidates)
    near = [one for one in positive if one.cosine is not None and one.cosine >= COMPARED_FROM]
    near = sorted(near, key=lambda one: -(one.cosine or 0.0))[:JUDGED]
    judged = [_judge(read(question), one, limits.get(one.correction_id, -1.0), wrong_cost) for one in near]
    if not judged:
        return NOTHING
    judged.sort(key=lambda one: (_ORDER[one.decision], one.probability), reverse=True)
    return best_of(_considered(judged), refused)


_ORDER = {Decision.APPLY: 2, Decision.SUGGEST: 1, Decision.IGNORE: 0}


def _same(text: str) -> str:
    return simplified(normalise(text))


def _limits(candidates: Sequence[Candidate]) -> dict[str, float]:
    """Correction -> the highest cosine of a question that it must not answer."""
    limits: dict[str, float] = {}
    for one in candidates:
        if one.sign < 0 and one.cosine is not None:
            limits[one.correction_id] = max(one.cosine, limits.get(one.correction_id, -1.0))
    return limits


def _judge(asked: Reading, candidate: Candidate, limit: float, wrong_cost: float) -> _Judgement:
    """What becomes of one key."""
    known, cosine = read(candidate.text), candidate.cosine or 0.0
    against = vetoes(asked, known, is_careful=wrong_cost > 1)
    doubts = tuple(veto.reason for veto in against)
    if limit > cosine:
        doubts += (Reason.NEAR_WHAT_IT_MUST_NOT_ANSWER,)
    logit = _logit(asked, known, cosine, against)
    chance = 0.0 if any(veto.is_other for veto in against) else 1 / (1 + math.exp(-logit))
    decision, reasons = Decision.IGNORE, doubts or (Reason.NOT_SURE,)
    if chance >= wrong_cost / (wrong_cost + 1) and not doubts:
        decision, reasons = Decision.APPLY, (Reason.SAME_MEANING,)
    elif chance >= SUGGEST_FROM:
        decision = Decision.SUGGEST
    return _Judgement(candidate, decision, logit, chance, reasons, tuple(veto.detail for veto in against))


def _logit(asked: Reading, known: Reading, cosine: float, against: Sequence[Veto]) -> float:
    added, missing = differences(asked, known)
    share = (len(added) + len(missing)) / max(asked.size + known.size, 1)
    is_clear = all(veto.reason == Reason.OTHER_WORDS for veto in against)
    logit = _COSINE * (cosine - _EVEN) + _DIFFERENT * share
    return logit + _REPLACED * bool(added and missing) + _CLEAR * is_clear


def _considered(judged: Sequence[_Judgement]) -> tuple[Considered, ...]:
    """The best judgement of each correction, with its lead over the likeliest other one."""
    first: dict[str, _Judgement] = {}
    for one in judged:
        first.setdefault(one.candidate.correction_id, one)
    considered = []
    for id, one in first.items():
        others = (other.logit for other in judged if other.candidate.correction_id != id)
        margin = one.logit - max(others, default=NOWHERE)
        considered.append(
            Considered(id, one.candidate.key_id, one.probability, margin, one.reasons, one.details, one.decision)
        )
    return tuple(considered)
