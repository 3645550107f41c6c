"""What of a text is about the same thing as an answer: the rest cannot contradict it.

Two sentences of equal form may be about two things: the allowance for meals and that for hotels, the single kayak and
the double one. Of a row of a table only the cells count that are asked for, and none of a row about something else.
Plain comparisons of words; it compares no values.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise

from knowledge.cells import SEPARATOR, Cell, cells
from knowledge.clauses import clauses, quantities
from knowledge.measures import PRICE, measures
from knowledge.scope.kinds import Kind
from knowledge.scope.reading import read
from knowledge.scope.synonyms import SYNONYMS
from knowledge.scope.words import NUMBERS, TIMES, UNITS
from knowledge.text import chinese_words, content_words, has_chinese, sentences, words
from knowledge.wordlists import CHINESE_STOP_WORDS, NEGATIONS

_BARS = re.compile(r"\s+\|\s+|；\s*")  # between cells, as people write them
_UNIT = re.compile(r"\s*(?:[(（]([^()（）]{1,12})[)）]|\bin ([A-Za-z]+))$")
_BARE = re.compile(r"\d+(?:[.,]\d+)*")
_WHICH, _HEAD, _THE = "(?P<which>[A-Za-z]{3,})", "(?P<head>[A-Za-z]{3,})", "(?:(?:the|a|an|my|your|our) )?"
_TOLD_APART = tuple(
    re.compile(rf"\b{pattern}\b")
    for pattern in (
        rf"{_WHICH}(?= {_HEAD}\b)",  # meals allowance
        rf"{_HEAD} (?:for|of) {_THE}{_WHICH}",  # allowance for meals
        rf"{_WHICH} (?:is|are|was|were|be|does|do|may|can|must|will)(?:n['’]t|not)?(?: not| never)?(?: be)? {_HEAD}",
        rf"{_HEAD} (?P<at>in|on|at) {_THE}{_WHICH}",  # allowed in the garden
    )
)
_HOW = re.compile(r"(?!fami|ear|supp|assemb)\w+ly", re.IGNORECASE)  # properly heated, but a family ticket
_ANY = NEGATIONS | frozenset(  # they say of no thing which one it is
    content_words(
        "daily weekly monthly yearly annual total maximum minimum full normal standard usual regular current new same "
        "only first last next general exact price cost fee charge within without per via between near since until "
        "after before inside outside under over above below much many"
    )
)
_VALUES = (TIMES.keys() | UNITS.keys() | NUMBERS.keys()) - {"double"}  # a double room is no two
_MEANT = {stem: first for word, first in SYNONYMS.items() for stem in content_words(word)[:1]}
_VARIANTS = (
    "单人 双人 三人 四人",
    "单程 往返",
    "大号 中号 小号",
    "大 中 小",
    "成人 儿童 老人 学生",
    "国内 国际 国外",
    "早餐 午餐 晚餐",
    "线上 线下",
    "全职 兼职",
    "普通 豪华 标准",
)
_GROUPS = tuple(frozenset(group.split()) for group in _VARIANTS)


def about_the_same(other: str, text: str, question: str) -> str:
    """The sentences of `other` that are about what `text` answers the question with; of rows what they say of it."""
    kept = []
    for span in sentences(other):
        sentence = other[span.start : span.end]
        row = cells(_BARS.sub(SEPARATOR, sentence))
        if row:
            kept += _told(row, text, question) if not _is_other_row(row, text, question) else []
        elif not _is_other_thing(sentence, question):
            kept.append(sentence)
    return "\n".join(kept)


# --- sentences --------------------------------------------------------------------------------------------------------


def _is_other_thing(sentence: str, question: str) -> bool:
    """Whether it tells another one of what is asked about, and not that one too."""
    if has_chinese(sentence) and any(_names_another(group, question, sentence) for group in _GROUPS):
        return True
    asked, told = _which(question), _which(sentence)
    said = {_meant(word) for word in words(sentence)}
    return any(not asked[head] & (which | said) for head, which in told.items() if head in asked)


def _names_another(group: AbstractSet[str], question: str, sentence: str) -> bool:
    """Whether one names a variant, and the other names others of it alone."""
    asked, told = ({one for one in group if _stands_in(one, text)} for text in (question, sentence))
    return bool(asked and told) and not asked & told


def _stands_in(variant: str, text: str) -> bool:
    return variant in text if len(variant) > 1 else variant in chinese_words(text)


def _which(text: str) -> dict[tuple[str, str], set[str]]:
    """What tells a thing from others, or what is said of it, or its place: the words beside it."""
    found: dict[tuple[str, str], set[str]] = {}
    for first, second, at in _pairs(text):
        which, head = _meant(first), _meant(second)
        if which and head and which != head and not _HOW.fullmatch(first):
            found.setdefault((head, at), set()).add(which)
    return found


def _pairs(text: str) -> Iterator[tuple[str, str, str]]:
    """What tells which, and of what: meals, allowance; the pool, heated; the garden, allowed, in."""
    for pattern in _TOLD_APART:
        for match in pattern.finditer(text):
            yield match["which"], match["head"], match.groupdict().get("at", "")
    if has_chinese(text):
        found = (word for word in chinese_words(text) if word != "的")
        for one, two in pairwise(found):
            if min(len(one), len(two)) > 1 and has_chinese(one + two):
                yield one, two, ""


def _meant(word: str) -> str:
    """The word by its stem, or the first of its synonyms; empty where it tells nothing of a thing."""
    stem = next(iter(content_words(word)), "")
    if not stem or stem in _ANY or word in CHINESE_STOP_WORDS or _VALUES & {word.casefold()}:
        return ""
    return _MEANT.get(stem, stem)


# --- rows -------------------------------------------------------------------------------------------------------------


def _is_other_row(row: Sequence[Cell], text: str, question: str) -> bool:
    """Whether it has a name that is not asked for, and what is asked for is not in it."""
    if _is_other_thing(row[0].value, question):
        return True
    asked, told = _stems(f"{question} {text}"), _stems(" ".join(f"{one.column} {one.value}" for one in row))
    missing = {stem for stem in _stems(question) - told if stem not in _ANY and stem not in _MEANT and stem.isalpha()}
    return bool(_stems(row[0].value) - asked) and bool(missing)


def _told(row: Sequence[Cell], text: str, question: str) -> list[str]:
    """The cells that are asked for, each as a sentence about what the row names, with its unit: those that the question
    names, of these those that the answer names; a price where it asks how much and names none.
    """
    asked, answered, is_price = _stems(question), _stems(text), read(question).kind is Kind.PRICE

    def share(cell: Cell) -> tuple[int, int, bool]:
        column = _stems(_UNIT.sub("", cell.column))
        return len(column & asked), len(column & answered), is_price and PRICE in column

    shares = {cell: share(cell) for cell in row[1:]}
    best = max(shares.values())
    named = [word for word in row[0].value.split() if _stems(word) & asked]  # the Duck is the pedal boat Duck
    name = " ".join(named) or row[0].value
    return [f"{name} {_said(cell, text, is_asked=any(best))}" for cell in shares if shares[cell] == best]


def _said(cell: Cell, text: str, *, is_asked: bool) -> str:
    """Column and value; a bare number has the unit that its column names, else that of the answer."""
    unit, value = _UNIT.search(cell.column), cell.value.rstrip(".。")
    column = _UNIT.sub("", cell.column)
    if not _BARE.fullmatch(value):
        return f"{column} {cell.value}"
    if unit:
        return f"{column} {value} {unit[1] or unit[2]}"
    units = {one.unit: one.written for one in quantities(clauses(text)) if " " not in one.unit and one.unit != "clock"}
    if is_asked and len(units) == 1:
        (written,) = units.values()
        return f"{column} {_BARE.sub(value, written, count=1)}"
    return f"{column} {value}"


def _stems(text: str) -> set[str]:
    stems = set(content_words(text))
    return stems | measures(stems)
