"""What a correction will and will not answer, shown by example: paraphrases of its question, and near misses.

Made from the question by our templates and a few plain rules, so that a person can judge a correction at a glance. They
are candidates: what the memory does with each is for the memory to say. English; what is Chinese is made beside it.
"""

import re
from collections.abc import Iterator, Sequence

from knowledge.scope.chinese import examples as chinese
from knowledge.scope.chinese.reading import plain as plain_chinese
from knowledge.scope.forms import filled, form_of, groups, in_turn, is_sound
from knowledge.scope.reading import read
from knowledge.scope.wordings import wordings
from knowledge.scope.words import DETERMINERS, TIMES, listed
from knowledge.text import is_chinese, normalise

EACH = 5

_YES_NO = re.compile(r"(can|do|does|did|is|are|was|were|must|should|has|have|could|would)\b(?= )", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_TIMES = (  # of each sort the two that stand for one another
    ("monday", "sunday", "tuesday wednesday thursday friday saturday"),
    ("january", "july", "february march april june august september october november december"),
    ("summer", "winter", "spring autumn"),
    ("morning", "evening", "afternoon"),
)
_EXCHANGED = (  # one form for another, where the sentence stays as it is
    "open/close opens/closes opened/closed before/after with/without first/last earliest/latest early/late min/max "
    "minimum/maximum enable/disable activate/deactivate enabled/disabled increase/reduce lock/unlock upload/download "
    "import/export checkin/checkout subscribe/unsubscribe arrive/depart arrival/departure adults/children men/women "
    "domestic/international online/offline included/excluded connect/disconnect left/right indoors/outdoors add/remove "
    "legal/illegal adding/removing public/private older/newer oldest/newest longest/shortest largest/smallest "
    "start/end starts/ends begin/end begins/ends"
)
_PAIRS = [(one, other) for pair in _EXCHANGED.split() for one, other in [pair.split("/")]]
_IN_PLACE = {other: one for one, other in reversed(_PAIRS)} | dict(reversed(_PAIRS))
_AS_VERBS = listed("open close lock start end begin import export upload download left right")
_SWITCHES = {"on": "off", "off": "on"}
_IS_SWITCHED = re.compile(r"^(?!.*\b(?:on|off)\b).*\b(?:turn|switch)(?:ed|ing)?\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:is|are|was|were|be)\b", re.IGNORECASE)


def will_and_will_not(question: str, neighbours: Sequence[str] = ()) -> tuple[list[str], list[str]]:
    """Five paraphrases of a question and five near misses, likeliest first; fewer where nothing can be made.

    `neighbours` are the nearest questions of other corrections: they are near misses with another subject.
    """
    same = {normalise(question)}
    if is_chinese(question):
        return _first(chinese.paraphrases(question), same), _first(chinese.near_misses(question, neighbours), same)
    return _first(wordings(question), same), _first(_near_misses(question, neighbours), same)


def are_same_but_for_politeness(text: str, other: str) -> bool:
    """Whether two texts are the same words once greetings and *could you tell me* are gone."""
    if is_chinese(other):
        return plain_chinese(text) == plain_chinese(other)
    return read(text).words == read(other).words


def _first(texts: Iterator[str], taken: set[str]) -> list[str]:
    """The first five that are not the same words again."""
    found: list[str] = []
    for text in texts:
        if normalise(text) not in taken and len(found) < EACH:
            taken.add(normalise(text))
            found.append(text)
    return found


def _near_misses(question: str, neighbours: Sequence[str]) -> Iterator[str]:
    """One of each sort first: another number, time or opposite, negated, another attribute, another subject."""
    sorts = [_other_values(question), _negated(question), _attributes(question), iter(neighbours), _narrowed(question)]
    yield from in_turn(sorts)


def _other_values(question: str) -> Iterator[str]:
    """Another number, another day or season, or the opposite of one of its words."""
    if number := _NUMBER.search(question):
        yield question[: number.start()] + str(int(number[0]) + 1) + question[number.end() :]
    for word in re.finditer(r"[A-Za-z]+", question):
        before, after = question[: word.start()], question[word.end() :]
        for other in (_other_time(word[0].casefold()), _opposite(word[0].casefold(), before, after)):
            if other:
                yield before + (other.capitalize() if word[0][0].isupper() else other) + after


def _other_time(word: str) -> str:
    """Another day for a day, another month for a month, as many of them; no holiday is one."""
    meant = TIMES.get(word, "")
    for one, other, more in _TIMES:
        if meant and meant in (one, other, *more.split()):
            return (one if meant == other else other) + ("s" if word.endswith("s") else "")
    return ""


def _opposite(word: str, before: str, after: str) -> str:
    """The opposite in the same form and sense: to turn on, not on Mondays; I open it, not the open."""
    last = before.split()[-1].casefold() if before.split() else ""
    if word in _SWITCHES:
        return _SWITCHES[word] if _IS_SWITCHED.search(before) else ""
    if (last in DETERMINERS and word in _AS_VERBS) or (word in ("before", "after") and not after.strip(" ?")):
        return ""
    if word == "open" and _IS.search(before):
        return "closed"
    return _IN_PLACE.get(word, "")


def _negated(question: str) -> Iterator[str]:
    text = _YES_NO.sub(lambda found: "Can't" if found[0].casefold() == "can" else f"{found[0]}n't", question, count=1)
    if _YES_NO.match(question):
        yield text


def _attributes(question: str) -> Iterator[str]:
    """What else one may ask about the same thing."""
    group, subject = form_of(question)
    if group is None:
        return
    place = groups().index(group)
    others = [(abs(n - place), other) for n, other in enumerate(groups()) if n != place and other.kinds & group.kinds]
    for _, other in sorted(others, key=lambda one: one[0]):
        yield from filter(is_sound, [filled(other.questions[0], subject)])


def _narrowed(question: str) -> Iterator[str]:
    """What is asked for of fewer; a child is narrowed by no children."""
    plain, said = question.rstrip("?!. "), read(question).content.keys()
    for narrowing in ("for children", "on public holidays", "abroad", "in advance", "for groups", "at night"):
        if not read(narrowing).content.keys() <= said:
            yield f"{plain} {narrowing}?"
