"""The cells of a row of a table: which names it, which a question asks for, and which hold a number that it states.

A row is one line, "Model: Wren; Weight: 9", as `formats.rows` writes it. It knows no other sentences and no scores.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from knowledge.measures import PRICE, asked_words, meanings, measures
from knowledge.scope.words import NUMBERS, UNITS
from knowledge.text import content_words, words

SEPARATOR = "; "

_CELL = re.compile(r"([^:：;。]{1,100}): (\S.*)")
_NAMING = 2  # cells at the head of a row that may name it
_SPELLED = {"one": "1", **NUMBERS}
_WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")  # not half of forty-five
_NUMBER = re.compile(r"(?:([^\W\d_]+)\s+)?([$€£¥])?\s?(\d+(?:[.,]\d+)*)(?:\s?(%|[^\W\d_]+))?")
_PLAIN = re.compile(r"([$€£¥])?\s?(\d+(?:[.,]\d+)*)(?:\s?(%|[^\W\d_]+)(?:/\w+)?)?")
_HOW_MUCH = re.compile(r"\bhow much (?:is|are|was|were)\b", re.IGNORECASE)
_RATE = re.compile(r"\b(?:per|each|every|an?)\b.*", re.IGNORECASE)  # Price per day holds no days
_BOUND = re.compile(  # a number that another may meet: at least 4 seats
    r"\b(?:above|over|under|below|between|within|than|least|most|up to|about|around|almost|nearly|from|until)"
    r" (?:\w+ )?[$€£¥]?\d|\bor (?:more|less)\b",
    re.IGNORECASE,
)
_WHEN = re.compile(  # a span that says when, not how much: in 3 days, 2 weeks ahead
    r"\bin \d+ (?:days?|weeks?|months?|years?)\b|\d+ \w+ (?:ago|ahead|before|after|early|late|later|in advance)\b",
    re.IGNORECASE,
)
_MOST = re.compile(r"\b(?:max\w*|limit\w*|most|up to|until)\b", re.IGNORECASE)  # Maximum load
_LEAST = re.compile(r"\b(?:min\w*|least|from)\b", re.IGNORECASE)
_ASKED_OUTRIGHT = re.compile(  # how many berths does; what is the cleaning fee for
    r"\b(?:how many|(?:what|which)(?:\s+(?:is|are|was|were))?(?:\s+(?:the|its|your|their|our|my))?)"
    r"\s+((?:[\w-]+\s+){0,3}?[\w-]+)(?=\s*(?:$|[?.,;!])"
    r"|\s+(?:do|does|did|is|are|was|were|can|may|must|has|have|of|for|in|on|at|with|per|to|from|and|or|i|you|we)\b)",
    re.IGNORECASE,
)
_ASKS_OTHER = re.compile(r"\s*(?:who|whom|whose|where|why)\b", re.IGNORECASE)  # who sets the price
_COUNTED = re.compile(rf"\b(?:how many|\d+|{'|'.join(_SPELLED)})[\s-]+([^\W\d_]+)", re.IGNORECASE)
_TOKEN = re.compile(r"[\w'’-]+")
_ANY_CELL = frozenset(
    {"number", "amount", "mani", "much", "=length", "often", "late", "earli"}
)  # stems: the phone number
_ASKS_END = re.compile(
    r"\b(?:until|till|up to|to|by) (?:when|what time|what date)\b|\bhow late\b|\bclosing\b"
    r"|\b(?:when|what time)\b.*?\b(?:do|does|did|is|are|was|were|can|may|must|will)\b"
    r".*\b(?:clos(?:e|es|ed|ing)|shut|shuts|ends?|finish(?:es)?)\b",
    re.IGNORECASE,
)
_ASKS_START = re.compile(
    r"\b(?:from|since) (?:when|what time|what date)\b|\bhow early\b"
    r"|\b(?:when|what time)\b.*?\b(?:do|does|did|will|can)\b.*\b(?:opens?|starts?|begins?)\b",
    re.IGNORECASE,
)
_STARTS = frozenset({"open", "opens", "opening", "from", "start", "starts", "begin", "begins", "earliest", "since"})
_ENDS = frozenset(
    {"close", "closes", "closing", "to", "until", "till", "end", "ends", "shut", "shuts", "latest", "last"}
)
_TIME = re.compile(r"\d|\b(?:noon|midnight|closed)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cell:
    """What a row has in a column; `text` is both, as they stand."""

    column: str
    value: str

    @property
    def text(self) -> str:
        return f"{self.column}: {self.value}"


@dataclass(frozen=True, slots=True)
class Stated:
    """A number that a question states, and the words around it: has 2 seats, weighs 24 kg."""

    before: frozenset[str]
    number: str
    unit: str


def cells(text: str) -> tuple[Cell, ...]:
    """The cells of a row; none where a text is no row."""
    matches = [_CELL.fullmatch(part) for part in text.split(SEPARATOR)]
    found = tuple(Cell(match[1], match[2]) for match in matches if match)
    return found if len(matches) > 1 and len(found) == len(matches) else ()


def naming(row: Sequence[Cell]) -> Cell | None:
    """What names a row: the first of two cells that says it in words."""
    return next((cell for cell in row[:_NAMING] if any(map(str.isalpha, cell.value))), None)


def shortened(text: str, question: str, names: Collection[str] = ()) -> str:
    """Of a row its name and the cells that the question asks for; all of it where that cannot be told, as by a question
    with a word that is in none of these cells nor the stem of one of the `names` of rows.
    """
    row = cells(text)
    name = naming(row)
    if name is None:
        return text
    asked = _timed(row, _asked(row, name, question, names), question)
    if not asked or not set().union(*(_said(cell.text) for cell in asked)).issuperset(asked_words(question).values()):
        return text
    return SEPARATOR.join(cell.text for cell in row if cell == name or cell in asked)


def _asked(row: Sequence[Cell], name: Cell, question: str, names: Collection[str]) -> set[Cell]:
    """The cells that say most of the question; none where it asks outright, or says anything, that they do not say."""
    said = _said(question) - _said(name.text)
    shared = {cell: said & _said(cell.text) for cell in row if cell != name}
    asked = {cell for cell, words in shared.items() if words and not any(words < more for more in shared.values())}
    told = _ANY_CELL.union(names, *(_said(cell.text) for cell in asked))
    if _ASKS_OTHER.match(question):
        return asked if said <= told else set()
    outright = {PRICE} if _HOW_MUCH.search(question) else set(asked_words(question).values())
    outright |= set().union(*(_said(phrase) for phrase in _ASKED_OUTRIGHT.findall(question))) & said
    return asked if (outright and outright <= told) or said <= told else set()


def _said(text: str) -> set[str]:
    """What a question or a cell says: numbers in digits, words of measure by their measure."""
    return meanings(content_words(_spelled(text))) | ({PRICE} if _HOW_MUCH.search(text) else set())


def _timed(row: Sequence[Cell], asked: set[Cell], question: str) -> set[Cell]:
    """The cells that are asked for, where from when and until when have columns of their own: by who asks for neither
    of these alone, both.
    """
    timed = [cell for cell in row if _TIME.search(cell.value)]
    ends = {cell for cell in timed if not _ENDS.isdisjoint(words(cell.column))}
    starts = {cell for cell in timed if not _STARTS.isdisjoint(words(cell.column))} - ends
    asks_start, asks_end = _ASKS_START.search(question), _ASKS_END.search(question)
    if asks_end and not asks_start:
        return ends and ends | (asked - starts)
    if not starts or not ends:
        return asked
    if asks_start and not asks_end:
        return starts | (asked - ends)
    return asked | starts | ends if asked & (starts | ends) else asked


def without_columns(question: str, rows: Sequence[Sequence[Cell]]) -> str:
    """The question without its words for columns, which are no names of rows: of "How many days is the week ticket
    valid?" not the days. What stands beside the word for what the rows are is a name all the same: the day ticket.
    """
    nouns = set().union(*(content_words(name.column) for row in rows if (name := naming(row))))
    columns = {frozenset(content_words(cell.column)) for row in rows for cell in row if cell != naming(row)}
    said = set(content_words(question))
    counted = {stem for word in _COUNTED.findall(question) for stem in content_words(word)}
    taken = set().union(*(column if column <= said else column & counted for column in columns))
    tokens = list(_TOKEN.finditer(question))
    stems = [next(iter(content_words(token[0])), "") for token in tokens]
    kept = question
    for place in reversed(range(len(tokens))):
        if stems[place] in taken and nouns.isdisjoint(stems[max(0, place - 1) : place + 2]):
            kept = f"{kept[: tokens[place].start()]},{kept[tokens[place].end() :]}"
    return kept


def stated(question: str) -> tuple[Stated, ...]:
    """The numbers that a question states, in digits or in words; none of one that sets bounds."""
    spelled = _spelled(question)
    if _BOUND.search(spelled) or _MOST.search(question) or _LEAST.search(question):
        return ()
    return tuple(
        Stated(frozenset(_names(match[1] or "")), _number(match[3]), _unit(match[2] or match[4] or ""))
        for match in _NUMBER.finditer(_WHEN.sub("", spelled))
    )


def holds(row: Sequence[Cell], number: Stated) -> bool | None:
    """Whether a row has the number in a column that it belongs to; None where there is no such column."""
    found = {has for cell in row for has in _meets(cell, number)}
    return True in found if found else None


def _meets(cell: Cell, number: Stated) -> Iterator[bool]:
    """Whether a cell has the number, or a bound that it is within (4 kg, of a Maximum weight of 5), where its column or
    its unit is that of `number`.
    """
    column = _names(_RATE.sub("", cell.column))
    plain = _PLAIN.fullmatch(cell.value)
    if plain is None:
        if number.unit in column and not any(map(str.isdigit, _spelled(cell.value))):  # Users: unlimited
            yield False
        return
    column |= {_unit(plain[1] or plain[3] or "")} - {""}
    if number.unit not in column and not number.before & column:
        return
    value, stated = _number(plain[2]), number.number
    if _MOST.search(cell.column) or _LEAST.search(cell.column):
        yield not (_beyond(stated, value) if _MOST.search(cell.column) else _beyond(value, stated))
    else:
        yield value == stated


def _beyond(one: str, other: str) -> bool:
    """Whether one number is more than the other; not where they are no plain numbers: 1.2.3."""
    return one.count(".") < 2 and other.count(".") < 2 and float(one) > float(other)


def _names(text: str) -> set[str]:
    """The words of the name of a column as they are compared: stems, units and measures by one name."""
    stems = set(content_words(text))
    return ({_unit(word) for word in _WORD.findall(text)} | stems | measures(stems)) - {""}


def _spelled(text: str) -> str:
    """The text with its numbers in digits."""
    return _WORD.sub(lambda word: _SPELLED.get(word[0].casefold(), word[0]), text)


def _unit(word: str) -> str:
    folded = word.casefold()
    return UNITS.get(folded) or next(iter(content_words(folded)), "")


def _number(text: str) -> str:
    """A number in one form: 1,190 and 1190, 4.50 and 4.5."""
    plain = text.replace(",", "")
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
