"""Tables of cells: which row names the columns, what is a caption, and the delimiter of a CSV file.

It reads text and lists of cells; sheets of Excel come from `sheet`. A first row is taken for names unless it looks like
a row of values.
"""

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from itertools import chain, islice, pairwise, repeat
from typing import TypeAlias

from knowledge.formats.outline import one_line
from knowledge.formats.rows import MAX_NAME, BadLineError, Field, Row

Cells: TypeAlias = list[str]

_SAMPLE_CHARS = 65_536
_SNIFFED_ROWS = 200
_SAMPLE_ROWS = 20  # looked at to tell names from values
_DELIMITERS = "\t;|,"  # the more often a character stands inside of values, the later it is believed
_STATED_DELIMITER = re.compile(r"sep=(.)\n", re.IGNORECASE)
_YEAR = re.compile(r"(?:19|20)\d\d")
_VALUE = re.compile(
    r"[-+(]?\s?[€$£¥]?\s?[-+]?\d[\d.,:/ \u00a0-]*\)?\s?(?:[%€$£¥°]|[^\W\d_]{1,3})?"  # 1,999.50 €, 2024-03-05, 5 kg
    r"|\S+@\S+\.\S+|https?://\S+|true|false",
    re.IGNORECASE,
)


# --- CSV --------------------------------------------------------------------------------------------------------------


def read_csv(text: str) -> Iterator[Cells]:
    """The rows of a text with commas, semicolons, tabs or bars between its cells. Raises BadLineError.

    Quotes may hold line breaks; a quote that never ends is told with the line that its row begins on.
    """
    stated = _STATED_DELIMITER.match(text)
    delimiter = stated[1] if stated else delimiter_of(text)
    skipped = 1 if stated else 0
    reader = csv.reader(StringIO(text[stated.end() :] if stated else text), delimiter=delimiter, strict=True)
    before = 0
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise BadLineError(skipped + before + 1) from error
        before = reader.line_num
        yield cells


def delimiter_of(text: str) -> str:
    """The character that parts the rows into the same number of cells most often; a comma where none does."""
    evenness = {delimiter: _evenness(text[:_SAMPLE_CHARS], delimiter) for delimiter in _DELIMITERS}
    best = max(_DELIMITERS, key=evenness.__getitem__)
    return best if evenness[best] else ","


def _evenness(text: str, delimiter: str) -> float:
    """The share of rows that have the usual number of cells; 0 where that is one."""
    try:
        widths = [
            len(cells) for cells in islice(csv.reader(StringIO(text), delimiter=delimiter), _SNIFFED_ROWS) if cells
        ]
    except csv.Error:
        return 0.0
    parted = Counter(width for width in widths if width > 1)
    return max(parted.values(), default=0) / max(1, len(widths))


# --- what the cells mean ----------------------------------------------------------------------------------------------


def named_rows(rows: Iterable[Cells]) -> Iterator[Row | str]:
    """Each row with the names of its columns; captions as strings; empty rows and repeated headers left out."""
    filled = (row for row in rows if _values(row))
    sample = list(islice(filled, _SAMPLE_ROWS))
    width = max((_width(row) for row in sample), default=0)
    while len(sample) > 1 and width > 1 and _is_caption(sample[0]):
        yield _values(sample.pop(0))[0]
    header, taken = _header(sample) if width > 1 else ([], 0)
    repeated = sample[:taken]
    for row in chain(sample[taken:], filled):
        if row in repeated:
            continue
        if header and len(_values(row)) > 1 and _is_caption(row):
            yield row[0]
        elif not header and len(values := _values(row)) == width == 2:
            yield [Field(values[0] if len(values[0]) <= MAX_NAME else "", values[1])]
        else:
            names = chain(header, repeat(""))
            yield [Field(name, cell) for name, cell in zip(names, row, strict=False) if cell]


def _values(row: Cells) -> Cells:
    return [cell for cell in row if cell and not cell.isspace()]


def _width(row: Cells) -> int:
    return next((place for place in range(len(row), 0, -1) if row[place - 1].strip()), 0)


def _is_caption(row: Cells) -> bool:
    """Whether one text stands for the whole row: alone in the first cell, or in all that were merged."""
    return len(set(_values(row))) == 1 and any(map(str.isalpha, row[0]))


def _header(sample: Sequence[Cells]) -> tuple[Cells, int]:
    """The names of the columns and the number of rows they take; none where the first row is one of values."""
    if len(sample) < 2:
        return [], 0
    first, second = ([one_line(cell) for cell in row] for row in sample[:2])
    is_spanned = any(cell and cell == after for cell, after in pairwise(first))
    if not _names_columns(sample[0], sample[2 if is_spanned else 1 :]):
        return [], 0
    if not is_spanned or len(sample) < 3 or not _names_columns(sample[1], sample[2:]):
        return first, 1
    second += [""] * (len(first) - len(second))
    return [" ".join(dict.fromkeys(filter(None, names))) for names in zip(first, second, strict=False)], 2


def _names_columns(row: Cells, below: Sequence[Cells]) -> bool:
    """Whether the cells of a row are names: not values, not found again in their columns, and of most columns."""
    values = _values(row)
    if len(values) < 2 or len(values) * 2 < _width(row) or any(len(cell) > MAX_NAME for cell in values):
        return False
    return not any(cell.strip() and _is_value(cell.strip(), place, row, below) for place, cell in enumerate(row))


def _is_value(cell: str, place: int, row: Cells, below: Sequence[Cells]) -> bool:
    column = [other[place].strip() for other in below if place < len(other) and other != row]
    if cell in column:
        return True
    if _YEAR.fullmatch(cell):  # "Region; 2023; 2024" names columns, "Ghent; 1999" does not
        return any(_YEAR.fullmatch(other) for other in column)
    return bool(_VALUE.fullmatch(cell))
