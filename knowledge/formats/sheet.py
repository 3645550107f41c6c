"""Excel workbooks (.xlsx) by openpyxl: the visible sheets as tables of text.

A formula is never evaluated: what is read is the result that was stored with it. Dates are written as 2024-03-05, parts
of a hundred as they are shown. Hidden sheets, comments, pictures and charts are not read; filtered rows are.
"""

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any, NamedTuple
from zipfile import ZipFile

import openpyxl
from openpyxl.utils import column_index_from_string

from knowledge.formats.rows import MAX_NAME
from knowledge.formats.table import Cells

_MAX_ROW = 1_048_576  # of the format; a file may claim any number
_MAX_SPAN = 20  # columns that one cell may be repeated over
_MAX_MERGES = 10_000
_MERGE = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?ref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"')
_BLOCK = 1 << 20  # bytes
_UNNAMED = re.compile(r"(?:Sheet|Tabelle|Feuil|Hoja|Foglio|Blad|Planilha|工作表|シート)\s?\d+", re.IGNORECASE)
_ERRORS = frozenset(["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!"])
_PERCENT = re.compile(r"0(\.0+)?\s?%")


class _Merge(NamedTuple):
    """Cells that are shown as one, by numbers that count from 1."""

    column: int
    row: int
    last_column: int
    last_row: int


def read_sheets(content: bytes) -> Iterator[tuple[str, Iterator[Cells]]]:
    """The name of each visible sheet, empty where nobody gave it one, and its rows; one that was not read is skipped.

    The rows of a sheet must be read before the next sheet is.
    """
    with closing(openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)) as book:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                yield "" if _UNNAMED.fullmatch(sheet.title) else sheet.title[:MAX_NAME], _rows(sheet, content)


def _rows(sheet: Any, content: bytes) -> Iterator[Cells]:
    """The rows from the top, with the text of merged cells in each cell that they cover."""
    merges: dict[int, list[_Merge]] = {}
    for merge in _merges(content, sheet._worksheet_path):
        merges.setdefault(merge.row, []).append(merge)
    sheet.reset_dimensions()  # what the file claims may be wrong
    waiting: dict[int, tuple[int, str]] = {}  # column -> the last row that a cell reaches down to, and its text
    for number, cells in enumerate(sheet.iter_rows(max_row=_MAX_ROW), start=1):
        row = ["" if cell.value is None else _text(cell) for cell in cells]
        for merge in merges.pop(number, ()):
            text = row[merge.column - 1] if merge.column <= len(row) else ""
            for column in range(merge.column, min(merge.last_column, merge.column + _MAX_SPAN - 1) + 1):
                waiting[column] = (merge.last_row, text)
        if any(row):
            _fill(row, number, waiting)
        yield row


def _fill(row: Cells, number: int, waiting: dict[int, tuple[int, str]]) -> None:
    for column, (last_row, text) in sorted(waiting.items()):
        if last_row < number:
            del waiting[column]
        elif text:
            row += [""] * (column - len(row))
            row[column - 1] = row[column - 1] or text


def _merges(content: bytes, path: str) -> Iterator[_Merge]:
    """The merged cells of a sheet, which stand behind its cells: reading rows one by one cannot know them."""
    found, rest = 0, b""
    with ZipFile(BytesIO(content)) as archive, archive.open(path) as part:
        while block := part.read(_BLOCK):
            block, end = rest + block, 0
            for match in _MERGE.finditer(block):
                end = match.end()
                first, row, last, last_row = (place.decode() for place in match.groups())
                yield _Merge(column_index_from_string(first), int(row), column_index_from_string(last), int(last_row))
                found += 1
                if found == _MAX_MERGES:
                    return
            rest = block[max(end, len(block) - 200) :]


def _text(cell: Any) -> str:
    value = cell.value
    if isinstance(value, str):
        return "" if value in _ERRORS else value
    if isinstance(value, datetime):
        return str(value.date()) if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, date):
        return str(value)
    if isinstance(value, time):
        return value.isoformat("minutes")
    if isinstance(value, timedelta):
        minutes = round(value.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, cell.number_format or "")
    return str(value)


def _number(value: float, shape: str) -> str:
    """A number with the 15 digits that Excel keeps, or as the share of a hundred that it is shown as."""
    if match := _PERCENT.fullmatch(shape):
        return f"{value:.{len(match[1] or '.') - 1}%}"
    return str(value) if isinstance(value, int) else f"{value:.15g}"
