"""Whether a text is plainly about another variant of what a question names.

The Nightfall 0 is not the Nightfall 10, Model Y not Model X, to Ghent not from Ghent, Basic cover not Plus cover: a
name belongs together with the number or letter after it, with the direction before it, and with the kind of thing that
it is the name of. Rules over two texts; it knows no library and no model.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from knowledge.scope.words import UNITS
from knowledge.text import content_words
from knowledge.wordlists import DAYS_AND_MONTHS, NO_NAMES

Variants = dict[str, frozenset[str]]
"""The stem of a word with what tells its variants apart."""

_TOKEN = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_JOINTS = frozenset({"", " ", "-", "\u00a0"})
_ROMAN = re.compile(r"[IVX]{2,5}")
_ROMANS = dict(
    zip(
        ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv", "xvi"],
        map(str, range(1, 17)),
        strict=True,
    )
)
_LISTED = re.compile(r"(?:,|,? (?:and|or|&)|/) ?(?=\d|[A-Z]\b)")
_QUANTITY = re.compile(  # 10 to 15, 10 %, 10:00, 12 or older: no number of one thing
    r"\s?(?:[-–—]\s?\d|to \d|[%°€$£¥]|[:h]\d|(?:or|and) (?:more|less|over|under|older|younger|above|below|up)\b)",
    re.IGNORECASE,
)
_NUMBERED = frozenset(  # what is told apart by a number, though it is no name
    content_words(
        "size room page article section chapter table figure step line gate platform level class type version model "
        "series volume phase stage grade zone route generation season episode clause appendix building hall terminal"
    )
)
_SIDES = {side: pair for pair in (("to", "from"), ("before", "after"), ("above", "below")) for side in pair}
_SIDE = re.compile(r"\b(?:to|from|before|after|above|below)\b(?= )", re.IGNORECASE)
_BESIDE = re.compile(r" (?:(?:the|and|or),? )*([^\W_][\w'’.:-]*),?")


_NAME = re.compile(r"(?<=[\w,] )[A-Z][\w'’]+")
_KIND = re.compile(r"(?=(?<![\w'’-])([^\W\d_][\w'’]+) ([^\W\d_]{3,}))")
_DOING = re.compile(r"\b(?:do|does|did) $", re.IGNORECASE)  # did Tesla move: no kind of thing
_KINDS = frozenset(  # what is told apart by a name alone
    content_words(
        "cover coverage plan tier package membership ticket pass card cabin suite account model edition subscription "
        "licence license option tariff policy insurance tour course programme branch store shop"
    )
)


@dataclass(frozen=True, slots=True)
class Named:
    """What a text names: the numbers and letters after its words, the directions before them, and the names before
    kinds of things; `words` are the stems of all that it says.
    """

    marks: Variants
    sides: Variants
    kinds: Variants
    words: frozenset[str]

    def or_else(self, other: "Named") -> "Named":
        """This, and of words that it does not tell apart what the other says."""
        return Named(
            {**other.marks, **self.marks},
            {**other.sides, **self.sides},
            {**other.kinds, **self.kinds},
            self.words | other.words,
        )


def asked_for(question: str, known: Variants | None = None) -> Named:
    """What a question names.

    `known` are the kinds of things that the sources tell apart by names: what the question says of them is a name there
    even where it is written small.
    """
    kinds = _asked_kinds(question, known or {})
    return Named(
        _marks(question, is_asked=True), _sides(question, is_asked=True), kinds, frozenset(content_words(question))
    )


def named(text: str) -> Named:
    """What a source names."""
    return Named(_marks(text), _sides(text), _kinds(text), frozenset(content_words(text)))


def is_other(asked: Named, told: Named) -> bool:
    """Whether `told` names a variant of something that is asked for, and none of those that are."""
    return (
        any(_differ(asked.marks[word], marks) for word, marks in told.marks.items() if word in asked.marks)
        or any(_oppose(asked.sides[word], sides) for word, sides in told.sides.items() if word in asked.sides)
        or any(asked.kinds[kind].isdisjoint(told.words) for kind in told.kinds if kind in asked.kinds)
    )


def _differ(wanted: frozenset[str], named: frozenset[str]) -> bool:
    """Whether no variant is in both; I counts as a number among its like alone: the lamp I bought."""
    known = {_ROMANS.get(mark, mark) for mark in named}
    is_in_both = any(_ROMANS.get(mark, mark) in known for mark in wanted)
    return not is_in_both and (wanted != {"i"} or named <= _ROMANS.keys())


def _oppose(wanted: frozenset[str], named: frozenset[str]) -> bool:
    return not wanted & named and any(set(_SIDES[side]) & named for side in wanted)


# --- numbers and letters ----------------------------------------------------------------------------------------------


def _marks(text: str, *, is_asked: bool = False) -> Variants:
    """The numbers and letters that stand right after words. In a source a number must follow a name."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    tokens = list(_TOKEN.finditer(text))
    for (word, mark), after in zip(pairwise(tokens), [*tokens[2:], None], strict=False):
        if text[word.end() : mark.start()] not in _JOINTS or word[0].casefold() in DAYS_AND_MONTHS:
            continue
        stem = next(iter(content_words(word[0])), "")
        if not stem or word[0][0].isdigit() or not _is_mark(mark[0], is_asked):
            continue
        is_name = is_asked or word[0][0].isupper() or stem in _NUMBERED or not mark[0][0].isdigit()
        if is_name and not _is_quantity(text, mark, after):
            found[stem].update(_listed(text, mark))
    return {word: frozenset(marks) for word, marks in found.items()}


def _is_mark(mark: str, is_asked: bool) -> bool:
    """Whether it tells variants apart: a number, a letter, a Roman number."""
    if len(mark) == 1:
        return mark.isdigit() or mark.isupper() or (is_asked and mark.isascii() and mark not in "ai")
    return mark[0].isdigit() or _ROMAN.fullmatch(mark) is not None or (is_asked and mark in _ROMANS)


def _is_quantity(text: str, mark: re.Match[str], after: re.Match[str] | None) -> bool:
    """Whether a number counts or measures: 30 days, 10 kg, 10 to 15."""
    if not mark[0][0].isdigit():
        return False
    return _QUANTITY.match(text, mark.end()) is not None or (
        after is not None and text[mark.end() : after.start()] in _JOINTS and after[0].casefold() in UNITS
    )


def _listed(text: str, mark: re.Match[str]) -> Iterator[str]:
    """The mark, and those listed after it: Lumo 400 and 800."""
    yield _written(mark)
    joint = _LISTED.match(text, mark.end())
    while joint and (listed := _TOKEN.match(text, joint.end())):
        yield _written(listed)
        joint = _LISTED.match(text, listed.end())


def _written(mark: re.Match[str]) -> str:
    return mark[0].casefold().replace(",", "")


# --- directions -------------------------------------------------------------------------------------------------------


def _sides(text: str, *, is_asked: bool = False) -> Variants:
    """The names and numbers that stand after to or from, before or after, above or below."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for side in _SIDE.finditer(text):
        beside = _BESIDE.match(text, side.end())
        while beside and (is_asked or not beside[1][0].islower()):
            if _is_sided(side[0].casefold(), beside[1].casefold()):
                found[content_words(beside[1])[0]].add(side[0].casefold())
            beside = _BESIDE.match(text, beside.end()) if not is_asked or beside[1][0].isupper() else None
    return {word: frozenset(sides) for word, sides in found.items()}


def _is_sided(side: str, word: str) -> bool:
    """Whether the side tells something of the word: not in from Monday to Friday, from 10 to 15."""
    if side in ("to", "from") and (word[0].isdigit() or word.removesuffix("s") in DAYS_AND_MONTHS):
        return False
    return bool(content_words(word))


# --- kinds of things --------------------------------------------------------------------------------------------------


def kinds_in(texts: Iterable[str]) -> Variants:
    """The kinds of things that texts tell apart by names."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for text in texts:
        for kind, names in _kinds(text).items():
            found[kind] |= names
    return {kind: frozenset(names) for kind, names in found.items()}


def _kinds(text: str) -> Variants:
    """The names before words that are no names: Basic cover, Rotterdam store."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name, kind in _KIND.findall(text):
        if name[0].isupper() and name.casefold() not in NO_NAMES and (kind[0].islower() or _stem(kind) in _KINDS):
            found[_stem(kind)].add(_stem(name))
    return {kind: frozenset(names) for kind, names in found.items() if kind}


def _asked_kinds(question: str, known: Variants) -> Variants:
    """The names that a question says of kinds of things: before them, or, of the usual kinds, anywhere."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for match in _KIND.finditer(question):
        name, kind = match[1], _stem(match[2])
        is_name = name[0].isupper() and name.casefold() not in NO_NAMES
        is_thing = kind in _KINDS or not _DOING.search(question, 0, match.start())
        if is_thing and (_stem(name) in known.get(kind, ()) or (is_name and kind in _KINDS)):
            found[kind].add(_stem(name))
    for kind in _KINDS & known.keys():
        found[kind] |= known[kind] & {_stem(name) for name in _NAME.findall(question)}
    return {kind: frozenset(names) for kind, names in found.items() if names}


def _stem(word: str) -> str:
    return next(iter(content_words(word.removesuffix("'s").removesuffix("’s"))), "")
