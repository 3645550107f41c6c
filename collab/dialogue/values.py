"""The values in a text: amounts, dates, times, weekdays; and one of them put in the place of another.

Pure functions over strings. It knows neither what a value is about nor whether it is right.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from knowledge.text import content_words, normalise

_MONTHS = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_SPELLED = (
    r"\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty|fifty|sixty"
    r"|ninety)\b"
)
_NUMBER = rf"(?:\d+(?:[.,]\d+)*|{_SPELLED})"
_MONEY = r"(?:euros?|cents?|dollars?|pounds?|francs?|yuan|yen|eur|usd|gbp|欧元|美元|英镑|日元|元|块)"
_SPAN = r"(?:(?:second|minute|hour|day|night|week|month|year)s?\b|分钟|小时|个小时|天|周|个星期|个月|年|日)"
_HAN_UNIT = r"(?:公里|厘米|公斤|米|岁|人|次|件|张|个|位|层|楼)"
_VALUE = re.compile(
    rf"(?P<time>(?<!\d)\d{{1,2}}(?::\d{{2}}(?:\s?[ap]\.?m\b\.?)?|\s?[ap]\.?m\b\.?)|\b(?:noon|midnight)\b"
    r"|\d{1,2}[点时](?:\d{1,2}分|半)?)"
    r"|(?P<weekday>\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|(?:周|星期)[一二三四五六日天])"
    rf"|(?P<date>\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTHS}\b(?:,? \d{{4}}\b)?"
    rf"|\b{_MONTHS} \d{{1,2}}(?:st|nd|rd|th)?\b(?:,? \d{{4}}\b)?|(?:\d{{4}}年)?\d{{1,2}}月\d{{1,2}}[日号])"
    rf"|(?P<money>[$€£¥]\s?\d+(?:[.,]\d+)*|{_NUMBER}\s?(?:[$€£¥]|{_MONEY}(?![a-z])))"
    rf"|(?P<share>{_NUMBER}\s?(?:%|per ?cent\b)|百分之\d+)"
    rf"|(?P<span>{_NUMBER}[\s-]?(?:(?:working|business|calendar) )?{_SPAN})"
    rf"|(?P<thing>{_NUMBER}(?:[\s-][a-z]{{3,}}|\s?(?:km|cm|mm|kg|m|g|l|gb|mb)\b|\s?{_HAN_UNIT}))"
    rf"|(?P<bare>{_NUMBER})",
    re.IGNORECASE,
)
_FIGURE = re.compile(_NUMBER, re.IGNORECASE)
_COUNTED = ("money", "share", "span", "thing", "bare")  # a figure, of something


@dataclass(frozen=True, slots=True)
class Value:
    """Characters `start` to `end` of a text. `figure` is its number, `unit` the rest of it, as compared; a time, a date
    or a weekday has no figure.
    """

    start: int
    end: int
    kind: str
    text: str
    figure: str
    unit: str


def values(text: str) -> list[Value]:
    """The values of a text, in order."""
    return [_value(match) for match in _VALUE.finditer(text)]


def _value(match: re.Match[str]) -> Value:
    kind, words = str(match.lastgroup), match[0]
    figure = _FIGURE.search(words)
    if kind not in _COUNTED or figure is None:
        return Value(match.start(), match.end(), kind, words, "", "")
    unit = words[: figure.start()] + words[figure.end() :]
    stems = content_words(unit) or [normalise(unit).strip(" -")]
    if kind == "thing" and not content_words(unit) and unit.strip().isascii():  # no unit: a word like any other
        end = match.start() + figure.end()
        return Value(match.start(), end, "bare", figure[0], figure[0].casefold(), "")
    return Value(match.start(), match.end(), kind, words, figure[0].casefold(), " ".join(stems))


def put(new: Value, text: str, *, instead_of: Value | None = None) -> str | None:
    """The text with its one value like `new` replaced by it, or the one that says `instead_of`; None where there is no
    such value, or more than one.
    """
    among = _like(new, values(text)) if instead_of is None else _saying(instead_of, values(text))
    wordings = [key for key, _ in groupby(among, key=lambda value: (value.figure, value.text.casefold()))]
    if len(wordings) != 1 or (old := among[0]).text.casefold() == new.text.casefold():
        return None
    if old.figure and old.figure == new.figure and old.unit == new.unit:
        return None
    for old in reversed(among):
        text = text[: old.start] + _in_place(old, new) + text[old.end :]
    return text


def _saying(old: Value, among: Sequence[Value]) -> list[Value]:
    return [
        one for one in among if (one.figure == old.figure if old.figure else one.text.casefold() == old.text.casefold())
    ]


def _like(new: Value, among: Sequence[Value]) -> list[Value]:
    """Those of the same unit; else of the same kind; a figure alone is like any other."""
    if new.kind == "bare":
        return [one for one in among if one.figure]
    same_unit = [one for one in among if one.kind == new.kind and one.unit == new.unit]
    if new.kind == "thing" or same_unit:
        return same_unit
    return [one for one in among if one.kind == new.kind]


def _in_place(old: Value, new: Value) -> str:
    """As it is written there: "30-day" becomes "45-day", "1 day" becomes "45 days"."""
    is_same = new.kind == "bare" or (old.kind == new.kind and old.unit == new.unit)
    is_plural = "-" in old.text or "1" not in (old.figure, new.figure)
    if old.figure and is_same and (is_plural or new.kind == "bare"):
        return _FIGURE.sub(lambda _: new.figure, old.text, count=1)
    return new.text
