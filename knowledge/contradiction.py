"""Where two answers to one question cannot both be right: another number, date or name, a negation, an opposite.

Plain comparisons of words, meant to point a person to what to look at; nothing is decided by them. What is compared has
to speak of the same thing: a number meets one of the same unit or after the same noun, and of several in a list only
those count that stand beside the same words. No model, no database.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

from knowledge.clauses import Value, clauses, days, names, quantities, stems
from knowledge.contradiction_about import about_the_same
from knowledge.scope.words import OPPOSITES
from knowledge.text import sentences, words
from knowledge.wordlists import NEGATIONS

ALIKE = 0.5  # of the words of what is shorter, before two say something of the same thing
DENIED = 2 / 3  # the same, before a negation alone contradicts
_SAID = frozenset(stems("yes nobody"))
_ANSWER = re.compile(
    r"\s*(?:(yes|是的?|可以|能|会|有)|no|不|不是|不可以|不能|没有)\s*(?:[,.;:!，。；！]|$)", re.IGNORECASE
)


class Difference(StrEnum):
    """What contradicts."""

    NUMBER = "number"
    TIME = "time"
    NAME = "name"
    NEGATION = "negation"
    OPPOSITE = "opposite"


@dataclass(frozen=True, slots=True)
class Contradiction:
    """What one text says (`said`) and the other says in its place (`other`); both are empty for a negation."""

    what: Difference
    said: str = ""
    other: str = ""


def contradictions(text: str, other: str, question: str = "") -> tuple[Contradiction, ...]:
    """Every way in which two texts contradict each other, surest first. `question` is what the first one answers: it
    tells what that is about, and the names in it are no answer.
    """
    asked, related = frozenset(stems(question)), about_the_same(other, text, question)
    mine, theirs = clauses(text), clauses(related)
    days_of = days(mine), days(theirs)
    meant, told = ({one.key for one in found} for found in (days_of[0] or days(clauses(question)), days_of[1]))
    are_other_days = bool(meant and told) and not meant & told
    found = [
        *_numbers(quantities(mine), quantities(theirs), asked),
        *_apart(Difference.TIME, *days_of, _same_day_list),
        *([] if are_other_days else _opposites(text, related) + _negation(text, other, related, question)),
        *_apart(Difference.NAME, names(mine, asked), names(theirs, asked), lambda one, two, _: _alike(one, two)),
    ]
    return tuple(found)


Meets = Callable[[frozenset[str], frozenset[str], bool], bool]
"""Whether two values, by what stands beside them, can contradict; and whether one of them stands in a list."""


def _apart(what: Difference, mine: Sequence[Value], theirs: Sequence[Value], meets: Meets) -> list[Contradiction]:
    """A contradiction where both say something of the same thing and have no value in common."""
    keys, others = {one.key for one in mine}, {one.key for one in theirs}
    if not keys or not others or keys & others:
        return []
    in_list = len(keys) > 1 or len(others) > 1
    met = [(one, two) for one, two in product(mine, theirs) if meets(one.about, two.about, in_list)]
    said, denied = (", ".join(dict.fromkeys(pair[n].written for pair in met)) for n in (0, 1))
    return [Contradiction(what, said, denied)] if met else []


def _alike(one: frozenset[str], two: frozenset[str], share: float = ALIKE) -> bool:
    """Whether two texts speak of the same thing, as far as their words say; where one says nothing, they may."""
    return not one or not two or len(one & two) >= share * min(len(one), len(two))


def _numbers(mine: Sequence[Value], theirs: Sequence[Value], asked: frozenset[str]) -> list[Contradiction]:
    def meets(one: frozenset[str], two: frozenset[str], in_list: bool) -> bool:
        about = one | asked
        return _alike(about, two) and (not in_list or bool(about & two))

    found = []
    for unit in sorted({one.unit for one in mine} & {one.unit for one in theirs}):
        own, other = ([one for one in values if one.unit == unit] for values in (mine, theirs))
        found += _apart(Difference.NUMBER, own, other, meets)
    return found


def _same_day_list(one: frozenset[str], two: frozenset[str], in_list: bool) -> bool:
    """Something on one day may be true beside something on others: lists have to say nearly the same of them."""
    return len(one & two) >= 2 and len(one & two) > ALIKE * min(len(one), len(two)) if in_list else _alike(one, two)


def _opposites(text: str, other: str) -> list[Contradiction]:
    """One says open of what the other says closed."""
    for mine, theirs in product(_sentences(text), _sentences(other)):
        for one, against in OPPOSITES:
            for left, right in ((one, against), (against, one)):
                said, denied = mine & left, theirs & right
                if not said or not denied or mine & right or theirs & left:
                    continue
                if _alike(frozenset(stems(" ".join(mine - left))), frozenset(stems(" ".join(theirs - right)))):
                    return [Contradiction(Difference.OPPOSITE, min(said), min(denied))]
    return []


def _sentences(text: str) -> list[frozenset[str]]:
    return [frozenset(words(text[one.start : one.end])) for one in sentences(text)]


def _negation(text: str, other: str, related: str, question: str) -> list[Contradiction]:
    """The same words, and one of two sentences alone is negated; or yes against no. `related` is what the other says of
    the same thing.
    """
    firsts = {(words(one) or [""])[0] for one in (text, other)}
    is_yes_and_no = bool(related) and firsts == {"yes", "no"}
    told = [*(_stated(other, question) if _is_bare(other) else ()), *_said(related)]
    if (is_yes_and_no and _alike(_first_said(text), _first_said(related), DENIED)) or any(
        _is_denied(mine) != _is_denied(theirs) and _is_within(mine - NEGATIONS, theirs - NEGATIONS)
        for mine, theirs in product([*_stated(text, question), *_said(text)], told)
    ):
        return [Contradiction(Difference.NEGATION)]
    return []


def _is_within(one: frozenset[str], two: frozenset[str]) -> bool:
    """Whether the shorter says hardly anything that the longer does not."""
    return bool(one and two) and _alike(one, two, DENIED)


def _is_denied(said: frozenset[str]) -> bool:
    """Not, but not twice: what is not taken without a receipt is taken with one."""
    return len(said & NEGATIONS) % 2 == 1


def _first_said(text: str) -> frozenset[str]:
    return frozenset(stems(text[: sentences(text)[0].end])) - NEGATIONS - _SAID


def _said(text: str) -> list[frozenset[str]]:
    """What each sentence says, without the yes or no to a question."""
    answer = _ANSWER.match(text)
    text = text[answer.end() :] if answer else text
    return [frozenset(stems(text[one.start : one.end])) for one in sentences(text)]


def _stated(text: str, question: str) -> list[frozenset[str]]:
    """What a yes or no says: that what is asked is so, or not; nothing where the question has a not in it."""
    answer, asked = _ANSWER.match(text), frozenset(stems(question))
    if not answer or asked & NEGATIONS:
        return []
    return [asked if answer[1] else asked | {"not"}]


def _is_bare(text: str) -> bool:
    """A yes or no to the question, and nothing else."""
    answer = _ANSWER.match(text)
    return answer is not None and not frozenset(stems(text[answer.end() :])) - NEGATIONS
