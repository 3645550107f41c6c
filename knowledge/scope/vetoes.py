"""Why a correction may not answer a question by itself: each veto is one plain rule over two readings.

A veto never finds a correction and never weighs anything: it only takes the right to answer away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.scope.differences import Difference
from knowledge.scope.kinds import Kind
from knowledge.scope.reading import Reading
from knowledge.scope.reasons import Reason
from knowledge.scope.synonyms import ACTS, HOUSE_WORDS, UNSAID
from knowledge.scope.words import OPPOSITES, SIDES


@dataclass(frozen=True, slots=True)
class Veto:
    """A reason; `detail` has the words it rests on. `is_other` when plainly another thing is asked about."""

    reason: Reason
    detail: str
    is_other: bool = False


Rule = Callable[[Reading, Reading, Difference], Veto | None]

_VAGUE = frozenset({Kind.THING, Kind.NONE})
_NOT_WHAT = frozenset({Kind.YES_NO, Kind.PRICE, Kind.DURATION, Kind.FREQUENCY, Kind.MANNER, Kind.REASON, Kind.COUNT})


def vetoes(question: Reading, key: Reading, difference: Difference) -> list[Veto]:
    """Every veto against answering the question with the correction that the key belongs to."""
    found = (rule(question, key, difference) for rule in _RULES)
    return [veto for veto in found if veto is not None]


def _kind(question: Reading, key: Reading, _: Difference) -> Veto | None:
    if question.kind == key.kind:
        return None
    kinds = {question.kind, key.kind}
    if kinds == {Kind.TIME, Kind.DURATION} and _asks_when_done(*sorted((question, key), key=lambda one: one.kind)):
        return None
    if kinds & _VAGUE and not (Kind.THING in kinds and kinds & _NOT_WHAT):
        return None
    return Veto(Reason.OTHER_KIND, f"asks {question.kind.value}, the correction answers {key.kind.value}")


def _asks_when_done(duration: Reading, time: Reading) -> bool:
    """How long does it take, when will it be ready."""
    return time.words[:2] == ("when", "will") and "take" in duration.words


def _obligation(question: Reading, key: Reading, _: Difference) -> Veto | None:
    if question.kind != key.kind or question.kind != Kind.YES_NO:
        return None
    asked, known = (reading.must and not reading.may for reading in (question, key))
    if (asked and key.may and not key.must) or (known and question.may and not question.must):
        asks, answers = ("must", "may") if asked else ("may", "must")
        return Veto(Reason.MUST_OR_MAY, f"asks what {asks} be, the correction answers what {answers} be")
    return None


def _numbers(question: Reading, key: Reading, _: Difference) -> Veto | None:
    return _sets(Reason.OTHER_NUMBER, question.numbers, key.numbers)


def _times(question: Reading, key: Reading, _: Difference) -> Veto | None:
    return _sets(Reason.OTHER_TIME, question.times, key.times)


def _units(question: Reading, key: Reading, _: Difference) -> Veto | None:
    if question.units and key.units:
        return _sets(Reason.OTHER_UNIT, question.units, key.units)
    return None


def _sets(reason: Reason, asked: frozenset[str], known: frozenset[str]) -> Veto | None:
    if asked == known:
        return None
    added, missing = asked - known, known - asked
    return Veto(reason, _difference(sorted(added), sorted(missing)), is_other=bool(added and missing))


def _negation(question: Reading, key: Reading, _: Difference) -> Veto | None:
    if question.negated == key.negated:
        return None
    return Veto(Reason.NEGATION, f"the {'question' if question.negated else 'correction'} alone is negated")


def _opposites(question: Reading, key: Reading, _: Difference) -> Veto | None:
    pairs = OPPOSITES if (question.doer == "you") != (key.doer == "you") else (*OPPOSITES, *SIDES)
    for one, other in pairs:
        for left, right in ((one, other), (other, one)):
            asked, known = question.polar & left, key.polar & right
            if asked and known and not question.polar & right and not key.polar & left:
                return Veto(Reason.OPPOSITE, _difference([min(asked)], [min(known)]))
    return None


def _sides(question: Reading, key: Reading, _: Difference) -> Veto | None:
    """I buy is not you buy."""
    if "you" not in (question.doer, key.doer) or not {question.doer, key.doer} & {"i", "we"}:
        return None
    for side in (side for pair in SIDES for side in pair):
        if question.polar & side and key.polar & side:
            return Veto(Reason.OPPOSITE, f"“{question.doer}” in place of “{key.doer}”")
    return None


def _names(_: Reading, __: Reading, difference: Difference) -> Veto | None:
    added, missing = difference.names_added, difference.names_missing
    if not added and not missing:
        return None
    return Veto(Reason.OTHER_NAME, _difference(added, missing), is_other=bool(added and missing))


def _words(question: Reading, key: Reading, difference: Difference) -> Veto | None:
    """Without a name in common nothing ties the questions together but their words, so each of them counts.

    With one, a word that narrows: express delivery to the UK is not all delivery there.
    """
    added, missing = difference.words_added, difference.words_missing
    if not (added or missing) or (difference.names_shared and not difference.narrowing):
        return None
    other = key if added else question
    unsaid = HOUSE_WORDS if ACTS & other.spellings else HOUSE_WORDS | UNSAID
    if not (added and missing) and unsaid.issuperset(added + missing):
        return None
    return Veto(Reason.OTHER_WORDS, _difference(added, missing))


def _difference(added: Sequence[str], missing: Sequence[str]) -> str:
    asked, known = (", ".join(f"“{word}”" for word in words) for words in (added, missing))
    if asked and known:
        return f"{asked} in place of {known}"
    return f"{asked} more than the correction" if asked else f"without the correction's {known}"


_RULES: tuple[Rule, ...] = (_kind, _obligation, _numbers, _times, _units, _negation, _opposites, _sides, _names, _words)
