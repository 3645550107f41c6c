"""Why a correction may not answer a Chinese question by itself: plain rules over two readings, with words for each.

As elsewhere, a veto never finds a correction: it only takes the right to answer away.
"""

from collections.abc import Callable, Iterable
from itertools import combinations

from knowledge.scope.chinese import wording
from knowledge.scope.chinese.reading import Reading
from knowledge.scope.kinds import Kind
from knowledge.scope.reasons import Reason
from knowledge.scope.vetoes import Veto

Rule = Callable[[Reading, Reading], Veto | None]

_VAGUE = frozenset({Kind.NONE, Kind.THING, Kind.MANNER})  # 连不上, 连不上怎么办
_TAKES = frozenset({Kind.DURATION, Kind.TIME, Kind.PRICE, Kind.MANNER})  # 要几天 is no duty
_MODALS = ("done", "may", "must", "have", "will")  # what stands earlier goes before
_ALIKE = ({"", "may"}, {"", "have"}, {"", "will"})  # 开放吗, 有开放吗
_OPPOSITE = wording.OPPOSITES | {(other, one) for one, other in wording.OPPOSITES}


def vetoes(question: Reading, key: Reading, *, is_careful: bool = True) -> list[Veto]:
    """Every veto against answering the question with the correction that the key belongs to."""
    found = [rule(question, key) for rule in _RULES]
    if is_careful:
        found.append(_words(question, key))
    return [veto for veto in found if veto is not None]


def differences(question: Reading, key: Reading) -> tuple[list[str], list[str]]:
    """What the question adds to the key's words, and what of the key is missing in it, by what they stand for."""
    return _beyond(question, key), _beyond(key, question)


def _beyond(own: Reading, other: Reading) -> list[str]:
    return [word for word in own.words if not _occurs(word, own.words[word], other)]


def _occurs(word: str, written: str, other: Reading) -> bool:
    """Whether a word stands on the other side too: the same or a synonym, or cut into other pieces there."""
    if word in other.words or written in "".join(other.words.values()) or word in "".join(other.words):
        return True
    vague = (wording.VAGUE.get(word, frozenset()), *(wording.VAGUE.get(one, frozenset()) for one in other.words))
    return bool(vague[0] & other.words.keys()) or any(word in meant for meant in vague[1:])


def _kind(question: Reading, key: Reading) -> Veto | None:
    kinds = {question.kind, key.kind}
    if len(kinds) == 1:
        if question.fine and key.fine and question.fine != key.fine:
            return Veto(Reason.OTHER_KIND, f"asks “{question.fine}”, the correction answers “{key.fine}”")
        also = question.also ^ key.also
        return Veto(Reason.OTHER_KIND, f"one alone asks {min(also).value} as well") if also else None
    if Kind.NONE in kinds and kinds <= _VAGUE and "怎么" not in (question.fine, key.fine):
        return None
    return Veto(Reason.OTHER_KIND, f"asks {question.kind.value}, the correction answers {key.kind.value}")


def _obligation(question: Reading, key: Reading) -> Veto | None:
    if question.kind != key.kind or question.kind in _TAKES:
        return None
    asked, known = (next((modal for modal in _MODALS if modal in one.modals), "") for one in (question, key))
    if asked == known or {asked, known} in _ALIKE:
        return None
    if question.kind != Kind.YES_NO and {asked, known} != {"must", "may"}:
        return None
    return Veto(Reason.MUST_OR_MAY, f"asks “{asked or 'is'}”, the correction answers “{known or 'is'}”")


def _numbers(question: Reading, key: Reading) -> Veto | None:
    return _sets(Reason.OTHER_NUMBER, question.numbers, key.numbers)


def _times(question: Reading, key: Reading) -> Veto | None:
    return _sets(Reason.OTHER_TIME, question.times, key.times)


def _units(question: Reading, key: Reading) -> Veto | None:
    return _sets(Reason.OTHER_UNIT, question.units, key.units) if question.units and key.units else None


def _names(question: Reading, key: Reading) -> Veto | None:
    asked, known = ((one.names | {place for place in one.words if place in wording.PLACES}) for one in (question, key))
    return _sets(Reason.OTHER_NAME, asked, known)


def _sets(reason: Reason, asked: set[str], known: set[str]) -> Veto | None:
    if asked == known:
        return None
    added, missing = sorted(asked - known), sorted(known - asked)
    return Veto(reason, _difference(added, missing), is_other=bool(added and missing))


def _negation(question: Reading, key: Reading) -> Veto | None:
    if question.negated == key.negated:
        return None
    return Veto(Reason.NEGATION, f"the {'question' if question.negated else 'correction'} alone is negated")


def _opposites(question: Reading, key: Reading) -> Veto | None:
    for one in question.words.keys() - key.words.keys():
        for other in key.words.keys() - question.words.keys():
            if (one, other) in _OPPOSITE:
                return Veto(Reason.OPPOSITE, _difference([one], [other]), is_other=True)
    return None


def _directions(question: Reading, key: Reading) -> Veto | None:
    """From X is not to X, and to X not to Y."""
    if (question.sources, question.goals) == (key.sources, key.goals):
        return None  # also where both are the same place: there and back
    turned = (question.sources & key.goals) | (question.goals & key.sources)
    for asked, known in ((question.sources, key.sources), (question.goals, key.goals)):
        if asked and known and not asked & known:
            turned |= asked
    return Veto(Reason.OPPOSITE, f"{_listed(sorted(turned))} in another direction") if turned else None


def _swapped(question: Reading, key: Reading) -> Veto | None:
    """Who does it and whom it is done to: X calls Y is not Y calls X."""
    asked = [word for word in question.words if word in key.words]
    place = {word: place for place, word in enumerate(word for word in key.words if word in question.words)}
    for first, middle, last in combinations(asked, 3):
        if place[first] > place[middle] > place[last]:
            return Veto(Reason.OPPOSITE, f"{_listed([first, last])} have changed places")
    return None


def _sides(question: Reading, key: Reading) -> Veto | None:
    """My address is not the company's."""
    if not question.sides or not key.sides or question.sides & key.sides:
        return None
    return Veto(Reason.OTHER_WORDS, _difference(sorted(question.sides), sorted(key.sides)))


def _words(question: Reading, key: Reading) -> Veto | None:
    """No model here tells whether other words mean the same, so each of them counts."""
    added, missing = differences(question, key)
    unsaid = wording.UNSAID
    if wording.PAPERS & question.words.keys() & key.words.keys():
        unsaid |= wording.BRINGING
    if not (added or missing) or (not (added and missing) and unsaid.issuperset(added + missing)):
        return None
    asked, known = [question.words[word] for word in added], [key.words[word] for word in missing]
    return Veto(Reason.OTHER_WORDS, _difference(asked, known))


def _difference(added: Iterable[str], missing: Iterable[str]) -> str:
    asked, known = _listed(added), _listed(missing)
    if asked and known:
        return f"{asked} in place of {known}"
    return f"{asked} more than the correction" if asked else f"without the correction's {known}"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f"“{word}”" for word in words)


_RULES: tuple[Rule, ...] = (
    _kind,
    _obligation,
    _numbers,
    _times,
    _units,
    _names,
    _negation,
    _opposites,
    _directions,
    _swapped,
    _sides,
)
