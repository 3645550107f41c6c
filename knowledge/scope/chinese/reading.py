"""A Chinese question taken apart: the kind of answer it wants, its numbers, times, names and words, may and must.

Plain rules over simplified characters. It compares nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from knowledge.scope.chinese import asking, wording
from knowledge.scope.kinds import Kind
from knowledge.text import chinese_words, normalise, simplified

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_NUMERALS = "零〇一二两三四五六七八九十百千万亿"
_UNIT = "|".join(sorted(wording.UNITS, key=len, reverse=True))
_COUNTER = "|".join(wording.CLASSIFIERS.split())
_NUMBER = re.compile(
    rf"百分之(?P<percent>\d+(?:\.\d+)?|[{_NUMERALS}]+)"
    rf"|(?P<digits>第?\d+(?:[.,]\d+)*)\s*(?:个?(?P<unit>{_UNIT})(?![a-z])|(?:{_COUNTER}))?"
    rf"|(?P<said>第?[{_NUMERALS}]+|半)个?(?:(?P<said_unit>{_UNIT})(?![a-z下些点起般样直定])|(?:{_COUNTER}))"
    rf"|(?P<long>[{_NUMERALS}]{{2,}})"
)
_LATIN = re.compile(r"[a-zà-ÿ]+(?:-[a-zà-ÿ]+)*[+#]*")
_WHETHER_OR_NOT = re.compile(r"(?P<verb>[\u4e00-\u9fff]{1,2})[不没](?P=verb)")
_CANNOT = re.compile(r"(?P<verb>[\u4e00-\u9fff])不(?:了(?!解)|上|到|出|动|掉|进|成|开)")
_WHOM, _DONE = re.compile(asking.WHOM), re.compile(asking.DONE)
_TO_ME = re.compile("(?:我|你|您|咱)们?(?=吗?$)")  # whom it is done to: 卖家怎么联系我
_STILL = re.compile("还(?=可以|能|有|要|需|会|是|没|不|在|得)")
_EACH = re.compile("每一?(?=[次天周月年日]|个月|个?星期)")
_END_OR_NOT = re.compile(r"(?<=有)(?P<thing>.+)没有?$|(?P<what>(?:能|可以|行|好|要|会|开|去|收|用|是).*)不$")
_ALTERNATIVES = re.compile("|".join(sorted(asking.ALTERNATIVES, key=len, reverse=True)))
_FRAME, _ENDING = re.compile(rf"\A{asking.FRAME}"), re.compile(asking.ENDING)
_TOWARDS = re.compile(r"([寄发送运飞转改换变兑调连接传])([到往至成])")
_SAYS_SOMETHING = re.compile(r"\w")
_MARKS = re.compile(r"[^\w%+#.\-]+")


@dataclass(slots=True)
class Reading:
    """A question taken apart. `words` maps what a word stands for to the word as written, in order.

    `fine` is what the word that asks tells beyond the kind (几点, 哪天), `also` what else is asked. `sources` and
    `goals` are the words after from and to; `sides` whose thing it is, mine, yours or the company's.
    """

    kind: Kind = Kind.NONE
    fine: str = ""
    also: frozenset[Kind] = frozenset()
    negated: bool = False
    modals: set[str] = field(default_factory=set)
    numbers: set[str] = field(default_factory=set)
    units: set[str] = field(default_factory=set)
    times: set[str] = field(default_factory=set)
    names: set[str] = field(default_factory=set)
    words: dict[str, str] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)
    goals: set[str] = field(default_factory=set)
    sides: set[str] = field(default_factory=set)

    @property
    def size(self) -> int:
        """How many things it says."""
        return len(self.words) + len(self.names) + len(self.numbers) + len(self.times)


def plain(question: str) -> str:
    """A question without politeness, in simplified characters."""
    text = simplified(normalise(question))
    return _ENDING.sub("", _FRAME.sub("", text) or text) or text


@lru_cache(maxsize=4096)
def read(question: str) -> Reading:
    """Takes a question apart."""
    reading = Reading()
    text = plain(question)
    if _DONE.search(text):
        reading.modals.add("done")
    if found_me := _TO_ME.search(text):
        reading.words[found_me[0]] = found_me[0]
    text, asks_whether = _as_statement(text)
    text = _without_numbers(text, reading)
    found: dict[Kind, list[str]] = {}
    if asks_whether:
        found[Kind.YES_NO] = ["吗"]
    nouns: list[str] = []
    direction = ""
    for piece in _pieces(text):
        if piece in wording.FROM or piece in wording.TO:
            direction = "from" if piece in wording.FROM else "to"
            continue
        said = _take(piece, reading, found, nouns)
        if said and direction:
            (reading.sources if direction == "from" else reading.goals).add(said)
        if said:
            direction = ""
    if text.rstrip().endswith("多少") and Kind.COUNT in found:  # 密码多少 asks for no count
        found[Kind.THING] = found.pop(Kind.COUNT)
    _settle(reading, found, nouns)
    return reading


def _as_statement(text: str) -> tuple[str, bool]:
    """Whether-or-not as a plain statement, and whether there was any: 能不能退 is 能退."""
    text = _WHOM.sub(" 负责 谁 ", _EACH.sub("一", _STILL.sub("", text)))
    text, by_word = _ALTERNATIVES.subn(lambda found: asking.ALTERNATIVES[found[0]], text)
    text, by_verb = _WHETHER_OR_NOT.subn(lambda found: found["verb"], text)
    text, by_end = _END_OR_NOT.subn(lambda found: found["thing"] or found["what"], text)
    text = _CANNOT.sub(lambda found: f"{found['verb']} 不 ", text)
    text = _TOWARDS.sub(r"\1 \2 ", text)
    return text, bool(by_word or by_verb or by_end)


# --- numbers and codes ------------------------------------------------------------------------------------------------


def _without_numbers(text: str, reading: Reading) -> str:
    """Notes the numbers, units and Latin letters of a text, and leaves gaps where they stood; months stay."""
    text = _TIME.sub(lambda found: _noted(reading.times, wording.TIMES[found[0]]), text)
    text = _NUMBER.sub(lambda found: _number(found, reading), text)
    return _LATIN.sub(lambda found: _latin(found[0], reading), text)


def _noted(where: set[str], what: str) -> str:
    where.add(what)
    return " "


def _number(found: re.Match[str], reading: Reading) -> str:
    said = found["said"] or found["long"]
    if found["percent"]:
        reading.units.add("%")
        return _noted(reading.numbers, _value(found["percent"]))
    if unit := found["unit"] or found["said_unit"]:
        reading.units.add(wording.UNITS[unit])
    elif said == "一":
        return " "  # 一个 is no number
    return _noted(reading.numbers, _value(said or found["digits"]))


def _value(number: str) -> str:
    """A number in digits: 十五 is 15, 1,000 is 1000, 第二 is 第2."""
    order, number = ("第", number[1:]) if number[0] == "第" else ("", number)
    if number[0].isdigit():
        return order + number.replace(",", "").removesuffix(".0")
    if number == "半":
        return "0.5"
    if not any(character in _POWERS for character in number):
        return order + "".join(str(_DIGITS[digit]) for digit in number)
    total = section = digit = 0
    for character in number:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif _POWERS[character] < 10_000:
            section, digit = section + (digit or 1) * _POWERS[character], 0
        else:
            total, section, digit = (total + section + digit) * _POWERS[character], 0, 0
    return order + str(total + section + digit)


def _latin(word: str, reading: Reading) -> str:
    if word in wording.SYNONYMS:
        return f" {wording.SYNONYMS[word]} "
    reading.names.update(word.split("-"))
    return " "


# --- words ------------------------------------------------------------------------------------------------------------


def _forms() -> Iterator[str]:
    """Every form of two characters or more that is cut out before the text is segmented."""
    opposites = (word for pair in wording.OPPOSITES for word in pair)
    asked = (form for kinds in (asking.ASKING, asking.NOUNS) for forms in kinds.values() for form in forms)
    said = (wording.SYNONYMS, wording.COMPOUNDS, wording.PLACES, wording.LIGHT, wording.UNSAID, wording.TO)
    how = (asking.MODALS, asking.NEGATIONS, asking.NO_NEGATION)
    for forms in (opposites, asked, *said, *how):
        yield from (form for form in forms if len(form) > 1)


def _pattern(forms: set[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(forms, key=lambda form: (-len(form), form)))))


_TIME = re.compile(rf"(?<![\d{_NUMERALS}])(?:{_pattern(set(wording.TIMES)).pattern})")
_FORM = re.compile(f"{_pattern(set(_forms())).pattern}|{asking.SINGLE}")
_KIND_OF = {form: kind for kind, forms in asking.ASKING.items() for form in forms}
_NOUN_OF = {form: kind for kind, forms in asking.NOUNS.items() for form in forms}
_SIDE_OF = {form: side for side, forms in wording.SIDES.items() for form in forms.split()}
_VAGUE = (Kind.YES_NO, Kind.THING, Kind.COUNT)  # beside another kind they ask nothing more
_SPOKEN_LIGHT = wording.listed("对不起 不好意思 没关系 差不多 不过 不仅 不但 不管 不论 无论 非常 除非 特别")


def _pieces(text: str) -> Iterator[str]:
    """The known forms of a text and the words between them, in order."""
    for part in _MARKS.split(text):
        place = 0
        for found in _FORM.finditer(part):
            yield from chinese_words(part[place : found.start()])
            yield found[0]
            place = found.end()
        yield from chinese_words(part[place:])


def _take(piece: str, reading: Reading, found: dict[Kind, list[str]], nouns: list[str]) -> str | None:
    """Notes what a piece does in the question; returns the word that it stands for, if it is one."""
    if piece in asking.WHETHER:
        found.setdefault(Kind.YES_NO, []).append(piece)
    elif piece in _KIND_OF:
        found.setdefault(_KIND_OF[piece], []).append(piece)
    elif piece in _NOUN_OF:
        nouns.append(piece)
    elif piece in asking.NEGATIONS:
        reading.negated = True
        reading.modals.update({asking.MUSTS_NOT[piece]} if piece in asking.MUSTS_NOT else ())
    elif piece in asking.MODALS:
        reading.modals.add(asking.MODALS[piece])
    elif piece in _SIDE_OF:
        reading.sides.add(_SIDE_OF[piece])
    elif not (piece in wording.LIGHT or piece in _SPOKEN_LIGHT or not _SAYS_SOMETHING.search(piece)):
        stands_for = wording.SYNONYMS.get(piece, piece)
        reading.words.setdefault(stands_for, piece)
        return stands_for
    return None


def _settle(reading: Reading, found: dict[Kind, list[str]], nouns: list[str]) -> None:
    """Decides on the kind: by the word that asks, else by the last noun that does; other such nouns are words."""
    kind = next((kind for kind in asking.ASKING if kind in found), Kind.NONE)
    is_vague = kind == Kind.THING or (kind == Kind.NONE and Kind.YES_NO not in found and not reading.modals - {"done"})
    if is_vague and nouns:
        kind = _NOUN_OF[nouns[-1]]
    elif kind == Kind.THING and any(word[-1] in asking.PRICED for word in reading.words):
        kind = Kind.PRICE
    if kind == Kind.NONE and (Kind.YES_NO in found or reading.modals - {"done"}):
        kind = Kind.YES_NO
    for noun in nouns:
        if _NOUN_OF[noun] != kind:
            reading.words.setdefault(wording.SYNONYMS.get(noun, noun), noun)
    reading.kind, reading.also = kind, frozenset(found) - {kind, *_VAGUE}
    reading.fine = next((asking.FINE[word] for word in (*found.get(kind, ()), *nouns) if word in asking.FINE), "")
