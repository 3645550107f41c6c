"""What the sentences of a passage are about, and which of them are about another thing than is asked for.

A sentence says what its heading says, what the title line above it says, and, where it begins with a pronoun, what the
sentence before it says; a row of a table is about what stands in its first column. It knows no vectors and no scores.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from itertools import chain, product

from knowledge.cells import cells, holds, naming, shortened, stated, without_columns
from knowledge.evidence import Evidence
from knowledge.records import PassageRecord, SentenceRecord
from knowledge.text import content_words, words
from knowledge.variants import Named, Variants, asked_for, is_other, kinds_in, named

TITLE, TITLE_CHARS = 8, 60  # words and characters at most
NUMBER = re.compile(
    r"\d+|[零〇一二三四五六七八九十百千万两]"
    r"|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|hundred|thousand|million|first|second|third|half"
    r"|once|twice|midnight|noon)\b",
    re.IGNORECASE,
)
LEANING = re.compile(
    r"(?:it|its|they|them|their|this|these|those|he|she|his|her|then|there|such)\b|它|他|她|这|那|其|然后",
    re.IGNORECASE,
)
_ENDS = (".", "!", "?", ";", ":", ",", "…", "。", "！", "？", "；", "：", "，", '"', "”", "’", ")", "]")
_QUESTION = re.compile(r"[^?？]+[?？]*")
_NAME = re.compile(r"(?<=[\w,] )[A-Z][\w'’]+(?: (?:[A-Z][\w'’]*|\d+))*")

_Row = tuple[str, frozenset[str]]
"""The name of the column that names a row, and the stems of what the row has there."""


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence of a passage, and `above`: the titles that it stands under, from the nearest line or the heading.

    One that `is_other` is about another thing than is asked for.
    """

    sentence: SentenceRecord
    text: str
    above: str
    is_title: bool
    is_other: bool


def questions(evidence: Evidence) -> list[str]:
    """The question; of a follow-up each question that it is made of, the last one first."""
    earlier = evidence.question.removesuffix(evidence.focus)
    if not evidence.focus or earlier == evidence.question:
        return [evidence.question]
    return [evidence.focus, *reversed([part for part in _QUESTION.findall(earlier) if part.strip()])]


class Subjects:
    """What a question is about, held against the sentences of what was found for it.

    `said_of_it` is the question since it last named one of the things that the sources tell apart; `idf` tells how much
    each word of the question says, in nats, but for the names before.
    """

    def __init__(self, evidence: Evidence) -> None:
        passages, parts = [found.passage for found in evidence.found], questions(evidence)
        known = kinds_in(text for passage in passages for text in (passage.heading, passage.text))
        asked = _taking_places([asked_for(part, known) for part in parts], known)
        self._asked = reduce(Named.or_else, asked)
        texts = [text for passage in passages for text in _texts(passage)]
        self._named_once = {key for key, count in Counter(map(_key, set(texts))).items() if key and count == 1}
        rows = self._known_rows = {row for text in texts if (row := _row(text))}
        self._names_of_rows = frozenset[str]().union(*(stems for _, stems in rows))
        tables = list(filter(None, map(cells, texts)))
        named_rows = [_asked_rows(rows, without_columns(part, tables)) for part in parts]
        self._rows = next(filter(None, named_rows), set[_Row]())
        self._stated = () if self._rows else next(filter(None, map(stated, parts)), ())
        last = next((n for n, one in enumerate(asked) if named_rows[n] or one.kinds), len(asked))
        self.said_of_it = " ".join(reversed(parts[: last + 1]))
        replaced = _telling_apart(asked, chain(*named_rows)) - _telling_apart([self._asked], self._rows)
        self.idf = {word: weight for word, weight in evidence.idf.items() if word not in replaced}
        self._now = _names(self._asked)
        self._gone = set[str]().union(*map(_names, asked)) - self._now

    def told(self, passage: PassageRecord) -> Iterator[Told]:
        """The sentences of a passage, in order."""
        texts = _texts(passage)
        titles = _titles(texts)
        above, under = passage.heading, named(passage.heading.rsplit("›", 1)[-1])
        before = under
        for place, (sentence, text) in enumerate(zip(passage.sentences, texts, strict=True)):
            if place in titles:  # it is the heading of what follows
                above = f"{above}\n{text}" if place - 1 in titles else f"{passage.heading}\n{text}"
                under = before = named(text)
                yield Told(sentence, text, above, is_title=True, is_other=False)
                continue
            if content_words(text):
                before = _telling(text, before, under)
            is_about_another = is_other(self._asked, before) or self._is_replaced(before) or self._is_other_row(text)
            yield Told(sentence, text, above, is_title=False, is_other=is_about_another)

    def shortened(self, text: str, question: str) -> str:
        """Of a row the cells that the question asks for, where its name tells it from all others; else the text."""
        return shortened(text, question, self._names_of_rows) if _key(text) in self._named_once else text

    def is_one_of_several(self, text: str) -> bool:
        """Whether it is one of the rows of several things, none of which is asked for."""
        row = _row(text)
        return (
            row is not None
            and not self._rows
            and any(row[0] == other[0] and row != other for other in self._known_rows)
        )

    def holds_stated(self, text: str) -> bool | None:
        """Whether a row has the numbers that the question states in their columns; None where it has no such column."""
        held = {holds(cells(text), number) for number in self._stated}
        return None if held <= {None} else False not in held

    def lacks_stated(self, text: str) -> bool:
        """Whether it is any row of several, for a question with a number that nothing in the row has: in 2025."""
        if not self.is_one_of_several(text):
            return False
        has = set(words(text))
        return any(number.number not in has and holds(cells(text), number) is None for number in self._stated)

    def _is_replaced(self, told: Named) -> bool:
        """Whether it names what the question before was about, and not what took its place."""
        return bool(self._gone & told.words) and not self._now & told.words

    def _is_other_row(self, text: str) -> bool:
        """Whether it is the row of another thing, where the one that is asked for has a row of its own."""
        if self.holds_stated(text) is False:
            return True
        row = _row(text)
        if row is None or row in self._rows:
            return False
        said = frozenset(content_words("; ".join(cell.value for cell in cells(text))))
        return any(column == row[0] for column, _ in self._rows) and not any(
            asked <= said for column, asked in self._rows if column == row[0]
        )


def _texts(passage: PassageRecord) -> list[str]:
    return [passage.text[sentence.start : sentence.end] for sentence in passage.sentences]


def _telling(text: str, before: Named, under: Named) -> Named:
    """What a sentence names, be it by leaning on the one before it or standing under a heading."""
    own = named(text)
    return (own.or_else(before) if LEANING.match(text) else own).or_else(under)


def _row(text: str) -> _Row | None:
    """What a row of a table is about."""
    name = naming(cells(text))
    stems = frozenset(content_words(name.value)) if name else frozenset[str]()
    return (name.column.casefold(), stems) if name and stems else None


def _key(text: str) -> tuple[str, ...]:
    """What tells a row from the others of its table: the names of its columns, and its own."""
    row = cells(text)
    name = naming(row)
    return (*(cell.column for cell in row), name.value) if name else ()


def _names(named: Named) -> set[str]:
    return set().union(*named.kinds.values())


def _taking_places(asked: Sequence[Named], known: Variants) -> list[Named]:
    """What each part of a conversation names, the last one first: a bare name takes the place of one like it before.

    Of What do Silver members get? the Silver by And Gold?, where the sources tell of Silver members and Gold members.
    """
    taking = list(asked)
    for place, one in enumerate(asked):
        for later, (kind, names) in product(range(place + 1, len(asked)), known.items()):
            now, before = one.words & names, (asked[later].words & names) - one.words
            if now and before and one.words <= names | {kind}:
                taking[place] = replace(taking[place], kinds={**taking[place].kinds, kind: now})
                taking[later] = replace(taking[later], kinds={**taking[later].kinds, kind: before})
    return taking


def _telling_apart(asked: Iterable[Named], rows: Iterable[_Row]) -> set[str]:
    """The stems by which things are told apart."""
    variants = chain.from_iterable((*one.kinds.values(), *one.marks.values()) for one in asked)
    return set().union(*variants, *(stems for _, stems in rows))


def _asked_rows(rows: set[_Row], question: str) -> set[_Row]:
    """Those of the rows that a text names, be it by a part of the name that others do not have: the Otter 300 or the
    Otter 500 by Otter.
    """
    said = frozenset(content_words(question))
    whole = {row for row in rows if row[1] <= said}
    parts = [frozenset(content_words(part)) for part in (question, *_NAME.findall(question))]
    known = frozenset[str]().union(*(name for _, name in whole))
    partly = {row for row in rows if any(part and part <= row[1] and not part <= known for part in parts)}
    everywhere = {column for column, _ in rows} - {column for column, _ in rows - partly}
    return whole | {row for row in partly if row[0] not in everywhere}


def _titles(lines: list[str]) -> set[int]:
    """The places of the lines that are no sentences but the titles of those after them, two in a row at most."""
    whole = [
        line.endswith(_ENDS) or "; " in line or len(line.split()) > TITLE or len(line) > TITLE_CHARS for line in lines
    ]
    titles: set[int] = set()
    for place in range(len(lines) - 1):
        first = place
        while first and not whole[first - 1]:
            first -= 1
        run = next((end for end in range(first, len(lines)) if whole[end]), len(lines))
        is_listed = first > 0 and lines[first - 1].endswith((":", "："))
        if (
            not whole[place]
            and run < len(lines)
            and run - first <= 2
            and not is_listed
            and not NUMBER.search(lines[place])
        ):
            titles.add(place)
    return titles
