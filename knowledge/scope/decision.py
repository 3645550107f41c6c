"""Whether a correction applies to a question: the same words, or the same thing asked about the same thing.

It knows no database and no index: whoever calls brings the candidates with their cosines, and what compares questions.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import lru_cache

from knowledge.scope.aboutness import Alignment, align
from knowledge.scope.askedness import Askedness, SameWords
from knowledge.scope.combination import NOWHERE, probability, score
from knowledge.scope.reading import Reading, read
from knowledge.scope.reasons import Reason
from knowledge.scope.vetoes import Veto, vetoes
from knowledge.text import normalise

WRONG_COST = 9.0  # misses that one wrong application is worth
SUGGEST_FROM = 0.2  # probability
OFFERED_FROM = 0.4  # cosine; without a name in common no probability is worth much, and a person sees at a glance
MOST_OFFERED = 4  # corrections; of customers' questions the first is the right one in .68, one of four in .86
JUDGED = 10  # keys; the right one is among the first five in 99.8 %
COMPARED_FROM = 0.25  # cosine; below, nothing is worth a look
LONGEST = 100  # words; a longer text is a story, which nothing here can read: the same words only

_known = lru_cache(maxsize=4096)(read)  # keys come back with question after question, and a question with its keys


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
class Considered:
    """One correction that was thought of: by which key, how probable, how far ahead of the next one, and why (not).

    `margin` is in logits of the pair, negative where another correction is likelier. `decision` is what becomes of it
    where none applies.
    """

    correction_id: str
    key_id: int
    probability: float
    margin: float
    reasons: tuple[Reason, ...]
    details: tuple[str, ...]
    decision: Decision = Decision.IGNORE


@dataclass(frozen=True, slots=True)
class Verdict:
    """The decision on a question, the correction and key it is about, and why.

    `details` are the words that vetoes rest on, for whoever looks into a decision; people are shown the reasons.
    `considered` has the best key of each correction that was like enough to be thought of, the best first.
    """

    decision: Decision
    correction_id: str | None
    key_id: int | None
    probability: float
    reasons: tuple[Reason, ...]
    details: tuple[str, ...] = ()
    considered: tuple[Considered, ...] = ()


NOTHING = Verdict(Decision.IGNORE, None, None, 0.0, ())


@dataclass(frozen=True, slots=True)
class Key:
    """A positive candidate that has a cosine."""

    id: int
    correction_id: str
    text: str
    cosine: float


@dataclass(frozen=True, slots=True)
class Pairing:
    """The question and one key."""

    key: Key
    alignment: Alignment
    against: list[Veto]

    @property
    def is_other(self) -> bool:
        """Whether plainly another thing is asked about; such a pair is not compared."""
        return any(veto.is_other for veto in self.against)


def pair_with(asked: Reading, key: Key, *, is_careful: bool = False) -> Pairing:
    """What plain rules say of a question and a key."""
    known = _known(key.text)
    alignment = align(asked, known)
    return Pairing(key, alignment, vetoes(asked, known, alignment, is_careful=is_careful))


def decide(
    question: str,
    candidates: Sequence[Candidate],
    askedness: Askedness | None = None,
    wrong_cost: float = WRONG_COST,
) -> Verdict:
    """The verdict on a question, given what may match it; of equals the earlier candidate wins.

    1. A negative example in the very same words silences its correction; a key in the very same words applies.
    2. What shares no name or number is put aside; the others are compared with the shared names masked.
    3. The probability comes from that, the cosine, and the lead over the next correction. A veto, or a likelier
       negative example, leaves at most a suggestion.
    4. The best one applies when a miss would cost more than a wrong application: from cost / (cost + 1) on.
    5. Where none applies, up to four are suggested: those that are probable, and where no name is shared those that
       are like enough for a person to choose from. Each no that was said to these words is one less.
    """
    positive, refused, verdict = in_same_words(question, candidates, normalise)
    if verdict is not None:
        return verdict
    asked = _known(question)
    if len(asked.words) > LONGEST:
        return NOTHING
    pairs = [pair_with(asked, key, is_careful=wrong_cost > 1) for key in _keys(positive)]
    judged = _judged(pairs, candidates, askedness or SameWords(), wrong_cost)
    if not judged:
        return NOTHING
    return best_of(_considered(judged), refused)


def in_same_words(
    question: str, candidates: Sequence[Candidate], form: Callable[[str], str]
) -> tuple[list[Candidate], int, Verdict | None]:
    """The positive candidates whose correction no negative example in the very same words silences, how many such
    corrections there are, and the verdict where a key is in the same words. Words are the same in their `form`.
    """
    same = form(question)
    silenced = {c.correction_id for c in candidates if c.sign < 0 and form(c.text) == same}
    positive = [c for c in candidates if c.sign > 0 and c.correction_id not in silenced]
    found = next((c for c in positive if form(c.text) == same), None)
    if found is None:
        return positive, len(silenced), None
    return (
        positive,
        len(silenced),
        Verdict(Decision.APPLY, found.correction_id, found.key_id, 1.0, (Reason.SAME_WORDS,)),
    )


def best_of(considered: Sequence[Considered], refused: int) -> Verdict:
    """The verdict on what was considered, one of each correction, the best first. Of suggestions, which come first
    where none applies, four stay, and one less for each that was `refused` in the very same words.
    """
    kept = tuple(
        one
        if one.decision is Decision.APPLY or place < MOST_OFFERED - refused
        else replace(one, decision=Decision.IGNORE)
        for place, one in enumerate(considered)
    )
    best = kept[0]
    return Verdict(best.decision, best.correction_id, best.key_id, best.probability, best.reasons, best.details, kept)


@dataclass(frozen=True, slots=True)
class _Judgement:
    key: Key
    decision: Decision
    probability: float
    margin: float
    reasons: tuple[Reason, ...]
    details: tuple[str, ...]


_ORDER = {Decision.APPLY: 2, Decision.SUGGEST: 1, Decision.IGNORE: 0}


def _keys(positive: Sequence[Candidate]) -> list[Key]:
    """The likest keys, likest first. Of corrections with a question in common only the first has a say."""
    owners: dict[str, str] = {}
    later = {
        c.correction_id for c in positive if owners.setdefault(normalise(c.text), c.correction_id) != c.correction_id
    }
    keys = [Key(c.key_id, c.correction_id, c.text, c.cosine) for c in positive if c.cosine is not None]
    keys = [key for key in keys if key.correction_id not in later and key.cosine >= COMPARED_FROM]
    first = sorted(keys, key=lambda key: -key.cosine)[:JUDGED]
    return [key for key in first if len(_known(key.text).words) <= LONGEST]


def _judged(
    pairs: Sequence[Pairing], candidates: Sequence[Candidate], askedness: Askedness, wrong_cost: float
) -> list[_Judgement]:
    """A judgement on each pair, the best first."""
    compared = [pair for pair in pairs if not pair.is_other]
    asked = askedness.compare([(pair.alignment.question, pair.alignment.key) for pair in compared])
    scores = {
        pair.key.id: score(one, pair.key.cosine, is_named=pair.alignment.shared > 0)
        for pair, one in zip(compared, asked, strict=True)
    }
    best_of: dict[str, float] = {}
    for pair in compared:
        id = pair.key.correction_id
        best_of[id] = max(scores[pair.key.id], best_of.get(id, NOWHERE))
    judged = []
    for pair in pairs:
        own = scores.get(pair.key.id, NOWHERE)
        others = (best for id, best in best_of.items() if id != pair.key.correction_id)
        next_best = max(others, default=NOWHERE)
        judged.append(_judge(pair, own, next_best, _limit(pair.key, candidates), wrong_cost))
    return sorted(judged, key=_rank, reverse=True)


def _rank(one: _Judgement) -> tuple[int, float]:
    """What applies goes first, by its probability; then what a person may choose from, by its likeness."""
    return _ORDER[one.decision], one.key.cosine if one.decision is Decision.SUGGEST else one.probability


def _limit(key: Key, candidates: Sequence[Candidate]) -> float:
    """The highest cosine of a question that the key's correction must not answer."""
    negative = (c.cosine for c in candidates if c.sign < 0 and c.correction_id == key.correction_id)
    return max((cosine for cosine in negative if cosine is not None), default=-1.0)


def _judge(pair: Pairing, own: float, next_best: float, limit: float, wrong_cost: float) -> _Judgement:
    """What becomes of one key."""
    is_named, is_clear = pair.alignment.shared > 0, not pair.against
    chance = 0.0 if pair.is_other else probability(own, next_best, is_named=is_named, is_clear=is_clear)
    doubts = tuple(veto.reason for veto in pair.against)
    if limit > pair.key.cosine:
        doubts += (Reason.NEAR_WHAT_IT_MUST_NOT_ANSWER,)
    decision, reasons = Decision.IGNORE, doubts or (Reason.NOT_SURE,)
    if chance >= wrong_cost / (wrong_cost + 1) and not doubts:
        decision, reasons = Decision.APPLY, (Reason.SAME_MEANING,)
    elif chance >= SUGGEST_FROM or _may_be_offered(pair):
        decision = Decision.SUGGEST
    details = tuple(veto.detail for veto in pair.against)
    return _Judgement(pair.key, decision, chance, own - next_best, reasons, details)


def _may_be_offered(pair: Pairing) -> bool:
    """Whether a person may find their question in a key that is like it, names nothing in common with it but acronyms,
    which are words (PIN, ATM), and does not contradict it.
    """
    names, known = pair.alignment, _known(pair.key.text)
    contradicts = (veto.reason is not Reason.OTHER_NAME or names.added for veto in pair.against if veto.is_other)
    is_tied = names.shared and not known.names <= known.acronyms
    return not is_tied and pair.key.cosine >= OFFERED_FROM and not any(contradicts)


def _considered(judged: Sequence[_Judgement]) -> tuple[Considered, ...]:
    """The best judgement of each correction."""
    first: dict[str, _Judgement] = {}
    for one in judged:
        first.setdefault(one.key.correction_id, one)
    return tuple(
        Considered(id, one.key.id, one.probability, one.margin, one.reasons, one.details, one.decision)
        for id, one in first.items()
    )
