"""What the clauses of a text say: numbers with their units, days and seasons, names; each with what stands beside it.

It compares nothing, and knows no answers and no questions.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise

from knowledge.scope.words import NUMBERS, TIMES
from knowledge.text import content_words, has_chinese, sentences, words
from knowledge.wordlists import NEGATIONS, NO_NAMES

_CLAUSE = re.compile(r"[,;|]\s+|\s+(?:and|but)\s+|[，；、]")
_QUANTITY = re.compile(
    r"([$€£¥])?\s?(\d+(?:[.,:]\d+)*)(?:\s?(hundred|thousand|million|billion|[万亿千百]))?\s?(%|[A-Za-zÀ-ÿ]+|[\u4e00-\u9fff])?"
)
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")  # not half of forty-five
_NAME = re.compile(r"(?<![.!?:]\s)(?<!^)\b[A-Z][\w'’-]+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_UNITS = {
    "$": "dollar", "usd": "dollar", "€": "euro", "eur": "euro", "£": "pound", "gbp": "pound", "¥": "yuan", "元": "yuan",
    "hr": "hour", "h": "hour", "min": "minut", "kg": "kilogram", "km": "kilometr", "%": "percent",
}  # fmt: skip
_WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAYS = {"weekend": _WEEK[5:], "weekday": _WEEK[:5]}
_TO = frozenset({"to", "through", "till", "until"})
_DASH = re.compile(r"(?<=[a-z.])\s?[-–—]\s?(?=[A-Za-z])")
_HALVES = frozenset({"a.m", "p.m", "am", "pm"})  # of the day: they belong to a number

# What stands beside any number, and says nothing of what it is about.
_MEASURES = frozenset(
    content_words(
        "cost price pay charge fee rent hire amount total per each only about up least most "
        "pound euro dollar pence cent day week month year hour minute"
    )
)


@dataclass(frozen=True, slots=True)
class Value:
    """Something that can be said otherwise: `key` is the form that is compared, `written` how it stands; `about` are
    the stems beside it; `unit` is that of a number, or the noun before it.
    """

    key: str
    written: str
    about: frozenset[str]
    unit: str = ""


def stems(text: str) -> list[str]:
    """The content words; of Chinese ones the characters, as no two say the same thing in the same words."""
    return [part for stem in content_words(text) for part in (stem if has_chinese(stem) else (stem,))]


def clauses(text: str) -> list[list[str]]:
    """The clauses of each sentence."""
    found = (text[one.start : one.end] for one in sentences(text))
    return [[part for part in _CLAUSE.split(sentence) if part.strip()] for sentence in found]


def quantities(said: Sequence[Sequence[str]]) -> list[Value]:
    """The numbers in digits and in words; what a clause has beside them, else what the clause before it has."""
    found = []
    for sentence in said:
        about = frozenset[str]()
        for clause in sentence:
            spelled = _WORD.sub(lambda word: NUMBERS.get(word[0].casefold(), word[0]), clause)
            about = _beside(_QUANTITY.sub(" ", spelled)) - _MEASURES or about
            found += [_quantity(match, spelled, about) for match in _QUANTITY.finditer(spelled)]
    return found


def _quantity(match: re.Match[str], clause: str, about: frozenset[str]) -> Value:
    before, number, size, after = match.groups()
    unit = "clock" if _CLOCK.fullmatch(number) else _unit(before or after or "")
    is_after = bool(unit and after and not before and unit != "clock")
    written = f"{before or ''}{number}" + (f" {size}" if size else "")
    written = match[0].strip() if is_after else written
    if not unit:
        unit = "after " + (content_words(clause[: match.start()]) or [""])[-1]
    return Value(number.replace(",", ""), written, about, f"{size} {unit}" if size else unit)


def _unit(word: str) -> str:
    if word.casefold() in _HALVES:
        return word.casefold()
    if word.casefold() in TIMES:
        return ""
    stem = (content_words(word) or [word if word in _UNITS else ""])[0]
    return "" if stem == "per" else _UNITS.get(stem, stem)


def days(said: Sequence[Sequence[str]]) -> list[Value]:
    """Days, months and seasons; from Monday to Saturday are also the days between."""
    found = []
    for sentence in said:
        about = frozenset[str]()
        for clause in sentence:
            found_words = words(_DASH.sub(" to ", clause))
            times = [(word, TIMES[word]) for word in found_words if word in TIMES and word not in _HALVES]
            about = _beside(clause) - _stems_of(times) or about
            found += [Value(key, word, about) for word, time in times for key in _DAYS.get(time, (time,))]
            found += [Value(key, f"{first} to {last}", about) for first, last, key in _between(found_words)]
    return found


def _between(found: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    for (first, to), (_, last) in pairwise(pairwise(found)):
        ends = TIMES.get(first), TIMES.get(last)
        if to in _TO and ends[0] in _WEEK and ends[1] in _WEEK:
            start, end = _WEEK.index(ends[0]), _WEEK.index(ends[1])
            yield from ((first, last, day) for day in (_WEEK * 2)[start + 1 : end if end > start else end + 7])


def _stems_of(times: Sequence[tuple[str, str]]) -> frozenset[str]:
    return frozenset(content_words(" ".join(word for word, _ in times)))


def names(said: Sequence[Sequence[str]], asked: AbstractSet[str]) -> list[Value]:
    """Words with a capital letter inside a sentence, but for those of a question."""
    found = []
    for sentence in (" ".join(clauses) for clauses in said):
        own = {}
        for name in _NAME.findall(sentence):
            stem = (content_words(name) or [""])[0]
            if stem and name.casefold() not in NO_NAMES and name.casefold() not in TIMES and stem not in asked:
                own[stem] = name
        about = _beside(sentence) - own.keys()
        found += [Value(stem, name, about) for stem, name in own.items()]
    return found


def _beside(text: str) -> frozenset[str]:
    return frozenset(stem for stem in stems(text) if not stem[0].isdigit() and stem not in NEGATIONS)
