"""Why a correction may not answer a question by itself: each veto is one plain rule over two readings.

A veto never finds a correction and never weighs anything: it only takes the right to answer away.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from knowledge.scope.aboutness import MASKS, Alignment
from knowledge.scope.differences import difference
from knowledge.scope.kinds import Kind
from knowledge.scope.parts import part
from knowledge.scope.reading import Reading
from knowledge.scope.reasons import Reason
from knowledge.scope.synonyms import ACTS, FACILITIES, HOUSE_WORDS, LIGHT_WORDS, STAFF, UNSAID
from knowledge.scope.words import ANSWERS, DETERMINERS, OPPOSITES, SIDES
from knowledge.text import content_words


@dataclass(frozen=True, slots=True)
class Veto:
    """A reason; `detail` has the words it rests on. `is_other` when plainly another thing is asked about."""

    reason: Reason
    detail: str
    is_other: bool = False


Rule = Callable[[Reading, Reading], Veto | None]

_PAST, _PRESENT = frozenset({"did"}), frozenset({"do", "does"})
_VAGUE = frozenset({Kind.THING, Kind.NONE})
_NOT_WHAT = frozenset({Kind.YES_NO, Kind.PRICE, Kind.DURATION, Kind.FREQUENCY, Kind.MANNER, Kind.REASON, Kind.COUNT})


def vetoes(question: Reading, key: Reading, alignment: Alignment, *, is_careful: bool = True) -> list[Veto]:
    """Every veto against answering the question with the correction that the key belongs to.

    Where a name ties the questions together, the model tells what is asked of it; plain words are held against it only
    where care is wanted. Where none does, they always are.
    """
    found = [
        _names(alignment),
        _swapped(alignment),
        _part(question, key, alignment),
        *(rule(question, key) for rule in _RULES),
    ]
    if is_careful or not alignment.shared:
        found += [_kind(question, key), _words(question, key, alignment)]
    return [veto for veto in found if veto is not None]


def _swapped(alignment: Alignment) -> Veto | None:
    """From X to Y is not from Y to X."""
    asked, known = ([word for word in text.split() if word in MASKS] for text in (alignment.question, alignment.key))
    first, second = list(dict.fromkeys(asked)), list(dict.fromkeys(known))
    if alignment.shared < 2 or first == second:
        return None
    return Veto(Reason.OPPOSITE, "the names have changed places")


def _part(question: Reading, key: Reading, alignment: Alignment) -> Veto | None:
    """One is about a part of what the other is about."""
    lone = difference(question, key)
    if not alignment.shared or bool(lone.words_added) == bool(lone.words_missing):
        return None
    if found := part(alignment.question, question.kind, lone.words_added):
        return Veto(Reason.OTHER_WORDS, f"the question is about the “{found}” of it")
    if found := part(alignment.key, key.kind, lone.words_missing):
        return Veto(Reason.OTHER_WORDS, f"the correction is about the “{found}” of it")
    return None


def _names(alignment: Alignment) -> Veto | None:
    added, missing = alignment.added, alignment.missing
    if not added and not missing:
        return None
    return Veto(Reason.OTHER_NAME, _difference(added, missing), alignment.is_other)


def _kind(question: Reading, key: Reading) -> Veto | None:
    if ("whose" in question.words) != ("whose" in key.words):
        return Veto(Reason.OTHER_KIND, "one asks whose, the other does not")
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


def _words(question: Reading, key: Reading, alignment: Alignment) -> Veto | None:
    """Without a name in common nothing ties the questions together but their words, so each of them counts. With one,
    a word in place of another does where all others are the same.
    """
    lone = difference(question, key)
    added, missing = lone.words_added, lone.words_missing
    if alignment.shared:
        asked, known = (set(text.split()) - DETERMINERS for text in (alignment.question, alignment.key))
        if asked - known != set(added) or known - asked != set(missing) or not len(added) == len(missing) == 1:
            return None
    other = key if added else question
    says_which = HOUSE_WORDS & question.spellings & key.spellings or STAFF & (question.spellings | key.spellings)
    house = frozenset() if says_which else HOUSE_WORDS  # the shop of the museum, office staff
    unsaid = (house if ACTS & other.spellings else house | UNSAID) - _facilities(question, key)
    if not (added or missing) or (not (added and missing) and unsaid.issuperset(added + missing)):
        return None
    return Veto(Reason.OTHER_WORDS, _difference(added, missing))


def _facilities(question: Reading, key: Reading) -> frozenset[str]:
    """The houses that one side alone sets beside what both name: the garden's cafe is not the garden."""
    found = set[str]()
    for own, other in ((question, key), (key, question)):
        shared = other.spellings - LIGHT_WORDS - HOUSE_WORDS - UNSAID
        for before, word, after in zip(("", *own.words), own.words, (*own.words[1:], ""), strict=False):
            is_part = word in HOUSE_WORDS and before in shared and content_words(before)
            is_whole = (
                word in FACILITIES and after in shared and content_words(after) and after in other.content.values()
            )
            if word not in other.words and (is_part or is_whole):
                found.add(word)
    return frozenset(found)


def _answers(question: Reading, key: Reading) -> Veto | None:
    """Each says what the answer will be, and they say different things: the country, the city."""
    asked, known = (
        {ANSWERS[word] for word in one.words if word in ANSWERS and word not in one.names} for one in (question, key)
    )
    if not asked or not known or asked & known:
        return None
    return Veto(Reason.OTHER_KIND, f"asks for a {min(asked)}, the correction gives a {min(known)}")


def _tense(question: Reading, key: Reading) -> Veto | None:
    """When it opened is not when it opens."""
    if not question.kind == key.kind == Kind.TIME:
        return None
    past, present = ([bool(words & set(one.words)) for one in (question, key)] for words in (_PAST, _PRESENT))
    if past[0] == present[1] != past[1] == present[0]:
        return Veto(Reason.OTHER_TIME, "one asks when it was, the other when it is")
    return None


def _obligation(question: Reading, key: Reading) -> Veto | None:
    """What may be is not what must be; and whether it must be is not whether it is, but that a fee has to be paid."""
    if question.kind == key.kind:
        asked, known = (reading.must and not reading.may for reading in (question, key))
        if (asked and key.may and not key.must) or (known and question.may and not question.must):
            asks, answers = ("must", "may") if asked else ("may", "must")
            return Veto(Reason.MUST_OR_MAY, f"asks what {asks} be, the correction answers what {answers} be")
    kinds = {question.kind, key.kind}
    if question.must == key.must or Kind.YES_NO not in kinds or not kinds <= {Kind.YES_NO, Kind.NONE}:
        return None
    if question.cost == key.cost == {"paid"} and (key.is_about_cost if question.must else question.is_about_cost):
        return None
    asks, answers = ("must be", "is") if question.must else ("is", "must be")
    return Veto(Reason.MUST_OR_MAY, f"asks what {asks}, the correction answers what {answers}")


def _cost(question: Reading, key: Reading) -> Veto | None:
    """Is it free, do I have to pay for it: a yes to one is a no to the other."""
    if not question.cost or not key.cost or question.cost == key.cost:
        return None
    asked, known = (" or ".join(sorted(cost)) for cost in (question.cost, key.cost))
    return Veto(Reason.OPPOSITE, f"asks whether it is {asked}, the correction answers whether it is {known}")


def _voices(question: Reading, key: Reading) -> Veto | None:
    """I pay is not I get paid."""
    for subject, _ in (question.doing & key.undergone) | (question.undergone & key.doing):
        return Veto(Reason.OPPOSITE, f"“{subject}” does it in one, and has it done in the other")
    return None


def _numbers(question: Reading, key: Reading) -> Veto | None:
    return _sets(Reason.OTHER_NUMBER, question.numbers, key.numbers)


def _times(question: Reading, key: Reading) -> Veto | None:
    return _sets(Reason.OTHER_TIME, question.times, key.times)


def _units(question: Reading, key: Reading) -> Veto | None:
    if question.units and key.units:
        return _sets(Reason.OTHER_UNIT, question.units, key.units)
    return None


def _sets(reason: Reason, asked: frozenset[str], known: frozenset[str]) -> Veto | None:
    if asked == known:
        return None
    added, missing = asked - known, known - asked
    return Veto(reason, _difference(sorted(added), sorted(missing)), is_other=bool(added and missing))


def _negation(question: Reading, key: Reading) -> Veto | None:
    if question.negated == key.negated:
        return None
    return Veto(Reason.NEGATION, f"the {'question' if question.negated else 'correction'} alone is negated")


def _opposites(question: Reading, key: Reading) -> Veto | None:
    pairs = OPPOSITES if (question.doer == "you") != (key.doer == "you") else (*OPPOSITES, *SIDES)
    for one, other in pairs:
        for left, right in ((one, other), (other, one)):
            asked, known = question.polar & left, key.polar & right
            if asked and known and not question.polar & right and not key.polar & left:
                return Veto(Reason.OPPOSITE, _difference([min(asked)], [min(known)]))
    return None


def _sides(question: Reading, key: Reading) -> Veto | None:
    """I buy is not you buy."""
    if "you" not in (question.doer, key.doer) or not {question.doer, key.doer} & {"i", "we"}:
        return None
    for side in (side for pair in SIDES for side in pair):
        if question.polar & side and key.polar & side:
            return Veto(Reason.OPPOSITE, f"“{question.doer}” in place of “{key.doer}”")
    return None


def _difference(added: Sequence[str], missing: Sequence[str]) -> str:
    asked, known = (", ".join(f"“{word}”" for word in words) for words in (added, missing))
    if asked and known:
        return f"{asked} in place of {known}"
    return f"{asked} more than the correction" if asked else f"without the correction's {known}"


_RULES: tuple[Rule, ...] = (
    _answers,
    _tense,
    _obligation,
    _cost,
    _voices,
    _numbers,
    _times,
    _units,
    _negation,
    _opposites,
    _sides,
)
