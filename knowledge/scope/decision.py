"""Whether a correction applies to a question: exact words, likeness of meaning, and vetoes in words.

Pure functions. They know no database, no index and no embedder: whoever calls brings the candidates with their cosines.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from knowledge.scope.differences import Difference, difference
from knowledge.scope.kinds import Kind
from knowledge.scope.reading import read
from knowledge.scope.vetoes import vetoes
from knowledge.text import normalise

APPLY_FROM = 0.6  # probability
SUGGEST_FROM = 0.6  # cosine, with one veto at most
SUGGEST_ANYWAY_FROM = 0.75  # cosine, with more vetoes
RIVAL_WITHIN = 0.02  # cosine between two corrections that both seem to apply

# Log-odds that a correction which nothing vetoes is the right one. Fitted by `python -m tests.benchmarks.fit_scope`.
INTERCEPT = -6.6
WEIGHTS = {
    "cosine": 10.94,
    "margin": 4.02,
    "added": 0.32,
    "missing": 0.15,
    "replaced": -0.47,
    "shared": 1.53,
    "vague": -3.23,
    "named": -7.04,
    "named_cosine": 4.93,
}


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
    """The decision on a question, the correction and key it is about, and the reasons in words."""

    decision: Decision
    correction_id: str | None
    key_id: int | None
    probability: float
    reasons: tuple[str, ...]


NOTHING = Verdict(Decision.IGNORE, None, None, 0.0, ())


def decide(question: str, candidates: Sequence[Candidate]) -> Verdict:
    """The verdict on a question, given what may match it; of equals the earlier candidate wins.

    1. A negative example in the very same words silences its correction; a key in the very same words applies.
    2. Each other correction stands with its likest key. What is asked in the same words counts as one correction.
    3. Its probability comes from likeness, margin and shared words; a veto, or a likelier negative example, leaves at
       most a suggestion.
    4. Where two corrections would both apply and hardly differ in likeness, the first is only suggested.
    """
    same = normalise(question)
    silenced = {c.correction_id for c in candidates if c.sign < 0 and normalise(c.text) == same}
    positive = [c for c in candidates if c.sign > 0 and c.correction_id not in silenced]
    for candidate in positive:
        if normalise(candidate.text) == same:
            return Verdict(Decision.APPLY, candidate.correction_id, candidate.key_id, 1.0, ("the same words",))
    rivals = _rivals(positive)
    limits = {
        c.correction_id: max(o.cosine or -1.0 for o in candidates if o.sign < 0 and o.correction_id == c.correction_id)
        for c in candidates
        if c.sign < 0
    }
    judged = [_judge(question, rival, rivals, limits) for rival in rivals]
    if not judged:
        return NOTHING
    best = max(judged, key=_rank)
    return _without_rival(best, judged, rivals) if best.decision == Decision.APPLY else best


def _rivals(positive: Sequence[Candidate]) -> list[Candidate]:
    """The likest key of each correction, likest first; corrections of the same question count as the first of them."""
    rivals: list[Candidate] = []
    corrections: set[str] = set()
    texts: set[str] = set()
    for candidate in sorted((c for c in positive if c.cosine is not None), key=lambda c: -(c.cosine or 0.0)):
        text = normalise(candidate.text)
        if candidate.correction_id not in corrections and text not in texts:
            rivals.append(candidate)
        corrections.add(candidate.correction_id)
        texts.add(text)
    return rivals


def _judge(question: str, candidate: Candidate, rivals: Sequence[Candidate], limits: dict[str, float]) -> Verdict:
    cosine = candidate.cosine or 0.0
    others = (rival.cosine or 0.0 for rival in rivals if rival is not candidate)
    asked, known = read(question), read(candidate.text)
    differing = difference(asked, known)
    chance = probability(features(cosine, cosine - max(others, default=0.0), differing, asked.kind, known.kind))
    against = vetoes(asked, known, differing)
    reasons = tuple(veto.reason for veto in against)
    if limits.get(candidate.correction_id, -1.0) > cosine:
        reasons += ("nearer to a question that it must not answer",)
    if any(veto.is_other for veto in against):
        decision = Decision.IGNORE
    elif not reasons and chance >= APPLY_FROM:
        decision = Decision.APPLY
    elif cosine >= (SUGGEST_FROM if len(reasons) < 2 else SUGGEST_ANYWAY_FROM):
        decision = Decision.SUGGEST
    else:
        decision = Decision.IGNORE
    return Verdict(decision, candidate.correction_id, candidate.key_id, chance, reasons)


def features(cosine: float, margin: float, differing: Difference, asked: Kind, known: Kind) -> dict[str, float]:
    """What the probability is computed from: likeness, margin to the next correction, and what the words say."""
    added, missing = min(len(differing.words_added), 3), min(len(differing.words_missing), 3)
    union = differing.words_shared + len(differing.words_added) + len(differing.words_missing)
    named = float(differing.names_shared)
    return {
        "cosine": cosine,
        "margin": min(max(margin, 0.0), 0.3),
        "added": added,
        "missing": missing,
        "replaced": min(added, missing, 2),
        "shared": differing.words_shared / max(union, 1),
        "vague": float(asked != known),
        "named": named,
        "named_cosine": named * cosine,
    }


def probability(features: dict[str, float]) -> float:
    """The logistic combination of the features."""
    return 1 / (1 + math.exp(-INTERCEPT - sum(WEIGHTS[name] * value for name, value in features.items())))


_ORDER = {Decision.APPLY: 2, Decision.SUGGEST: 1, Decision.IGNORE: 0}


def _rank(verdict: Verdict) -> tuple[int, float]:
    return _ORDER[verdict.decision], verdict.probability


def _without_rival(best: Verdict, judged: Sequence[Verdict], rivals: Sequence[Candidate]) -> Verdict:
    """The verdict, demoted when another correction would apply too and is as like."""
    cosines = {rival.correction_id: rival.cosine or 0.0 for rival in rivals}
    for other in judged:
        if other.decision == Decision.APPLY and other.correction_id != best.correction_id:
            if abs(cosines[other.correction_id or ""] - cosines[best.correction_id or ""]) < RIVAL_WITHIN:
                reasons = ("another correction is as like",)
                return Verdict(Decision.SUGGEST, best.correction_id, best.key_id, best.probability, reasons)
    return best
