"""The rows of a CSV or JSONL file, one after the other, however long the file is.

It knows columns by the names that it is given, and nothing of what they mean. What is wrong with the whole file is
raised; what is wrong with one row is told in that row's place, and the next one is read.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from collab.errors import (
    FileUnavailableError,
    ImportColumnsError,
    ImportColumnTwiceError,
    ImportContentError,
    ImportEmptyError,
    ImportEncodingError,
    ImportKindError,
    ImportTooLongError,
)
from collab.feedback.exchange.encodings import likely, seen_utf_16
from collab.feedback.exchange.spreadsheet import unguard

LINE_CHARS = 1_000_000  # a longer line is skipped without being held
ROWS = 200_000  # twice of what the memory's flat index is made for
CSV, JSONL = ".csv", ".jsonl"
_HEAD_BYTES = 65_536
_DELIMITERS = ",;\t"
_CONTROLS = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1b")
_BINARY = {
    b"PK\x03\x04": "an Excel workbook or another archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook",
    b"%PDF": "a PDF",
    b"\x1f\x8b": "compressed with gzip",
}


@dataclass(frozen=True, slots=True)
class Row:
    """A row by column: texts in CSV, JSON values in JSONL. `number` is what a spreadsheet shows: the header is 1."""

    number: int
    cells: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that is damaged, and how."""

    number: int
    reason: str


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that are read, each with the names that it may have; those in `needed` must be there."""

    names: Mapping[str, Sequence[str]]
    needed: Sequence[str]
    _by_name: dict[str, str] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._by_name.update({name: column for column, names in self.names.items() for name in names})

    def known(self, name: str) -> str | None:
        """The column that a header means, however it is cased and spaced."""
        return self._by_name.get("_".join(name.strip().casefold().split()))


class RowFile:
    """A file of rows, which can be gone through again and again.

    Raises FileUnavailableError and ImportFileError's subclasses: at once for another kind of file and for wrong
    columns, on the way for another encoding and for too many rows.
    """

    def __init__(self, path: Path, columns: Columns, encoding: str = "utf-8") -> None:
        self.name = path.name
        self.ignored: tuple[str, ...] = ()
        self._path = path
        self._columns = columns
        self._encoding = "utf-8-sig" if encoding == "utf-8" else encoding
        self._is_csv = path.suffix.lower() == CSV
        self._delimiter = ","
        if not self._is_csv and path.suffix.lower() != JSONL:
            raise ImportKindError(name=self.name)
        self._head = self._read_head()
        self._refuse_other_content()
        if self._is_csv:
            self._header = self._read_header()

    def __iter__(self) -> Iterator[Row | Unreadable]:
        with self._open() as stream:
            rows = self._csv_rows(stream) if self._is_csv else self._json_rows(stream)
            number = 1
            try:
                for row in rows:
                    number = row.number
                    if number > ROWS:
                        raise ImportTooLongError(name=self.name, limit=ROWS)
                    yield row
            except UnicodeError as error:
                raise self._other_encoding(error, number + 1) from error

    # --- the file as a whole ------------------------------------------------------------------------------------------

    def _open(self) -> IO[str]:
        try:
            return self._path.open(encoding=self._encoding, newline="")
        except OSError as error:
            raise FileUnavailableError(path=str(self._path), reason=error.strerror or str(error)) from error

    def _read_head(self) -> bytes:
        try:
            with self._path.open("rb") as stream:
                return stream.read(_HEAD_BYTES)
        except OSError as error:
            raise FileUnavailableError(path=str(self._path), reason=error.strerror or str(error)) from error

    def _refuse_other_content(self) -> None:
        for magic, found in _BINARY.items():
            if self._head.startswith(magic):
                raise ImportContentError(name=self.name, found=found)
        if not self._encoding.startswith("utf-16"):
            if seen := seen_utf_16(self._head):
                raise ImportEncodingError(name=self.name, row=1, expected=self._told_encoding, seen=seen)
            if sum(byte in _CONTROLS for byte in self._head) > len(self._head) // 10:
                raise ImportContentError(name=self.name, found="not text")
        start = self._head.decode(self._encoding, errors="ignore").lstrip()[:1]
        if not start and len(self._head) < _HEAD_BYTES:
            raise ImportEmptyError(name=self.name)
        if self._is_csv and start == "{":
            raise ImportContentError(name=self.name, found="JSONL, whose name ends in .jsonl")
        if not self._is_csv and start != "{":
            found = "one JSON list instead of one object a line" if start == "[" else "not one JSON object a line"
            raise ImportContentError(name=self.name, found=found)

    @property
    def _told_encoding(self) -> str:
        return self._encoding.removesuffix("-sig")

    def _other_encoding(self, error: UnicodeError, row: int) -> ImportEncodingError:
        wrong = error.object if isinstance(error, UnicodeDecodeError) else self._head
        seen = likely(wrong, but=self._told_encoding)
        return ImportEncodingError(name=self.name, row=row, expected=self._told_encoding, seen=seen)

    # --- CSV ----------------------------------------------------------------------------------------------------------

    def _read_header(self) -> list[str | None]:
        """The columns from left to right, None for those that are not read."""
        with self._open() as stream:
            try:
                line = stream.readline(_HEAD_BYTES)
            except UnicodeError as error:
                raise self._other_encoding(error, 1) from error
        if len(line) == _HEAD_BYTES:
            raise ImportContentError(name=self.name, found="a first line without an end instead of columns")
        self._delimiter = max(_DELIMITERS, key=line.count)
        names = next(csv.reader([line], delimiter=self._delimiter), [])
        header = [self._columns.known(name) for name in names]
        for column in self._columns.names:
            if header.count(column) > 1:
                raise ImportColumnTwiceError(name=self.name, column=column)
        if missing := [column for column in self._columns.needed if column not in header]:
            raise ImportColumnsError(name=self.name, missing=" and ".join(missing), columns=_listed(names))
        self.ignored = tuple(name for name, column in zip(names, header, strict=True) if column is None)
        return header

    def _csv_rows(self, stream: IO[str]) -> Iterator[Row | Unreadable]:
        reader = csv.reader(_Lines(stream), delimiter=self._delimiter, strict=True)
        next(reader)
        number = 1
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except _LineTooLongError:
                yield Unreadable(number, f"a line has more than {LINE_CHARS:,} characters")
            except csv.Error as error:
                yield Unreadable(number, f"damaged ({error}); is a quotation mark not closed, or not doubled?")
            else:
                if any(cells):
                    yield self._csv_row(number, cells)

    def _csv_row(self, number: int, cells: list[str]) -> Row | Unreadable:
        if any(cells[len(self._header) :]):
            return Unreadable(
                number, f"{len(cells)} cells under {len(self._header)} columns; is a quotation mark lost?"
            )
        if any("\0" in cell for cell in cells):
            return Unreadable(number, "it has NUL characters; the file may be damaged")
        pairs = zip(self._header, cells, strict=False)
        return Row(number, {column: unguard(_line_ends(cell)) for column, cell in pairs if column})

    # --- JSONL --------------------------------------------------------------------------------------------------------

    def _json_rows(self, stream: IO[str]) -> Iterator[Row | Unreadable]:
        lines = _Lines(stream)
        number = 0
        while True:
            number += 1
            try:
                line = next(lines)
            except StopIteration:
                return
            except _LineTooLongError:
                yield Unreadable(number, f"a line has more than {LINE_CHARS:,} characters")
            else:
                if line.strip():
                    yield self._json_row(number, line)

    def _json_row(self, number: int, line: str) -> Row | Unreadable:
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):
            return Unreadable(number, "not JSON")
        if not isinstance(found, dict):
            return Unreadable(number, "not a JSON object")
        cells: dict[str, object] = {}
        for name, value in found.items():
            column = self._columns.known(name)
            if column in cells:
                return Unreadable(number, f"it has {column} twice")
            if column and value is not None:
                cells[column] = value
        return Row(number, cells)


class _LineTooLongError(Exception):
    """A line over the limit was passed over."""


class _Lines:
    """The lines of a stream. One that is too long raises, and is passed over: the next call goes on behind it."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream

    def __iter__(self) -> "_Lines":
        return self

    def __next__(self) -> str:
        line = self._stream.readline(LINE_CHARS)
        if not line:
            raise StopIteration
        if len(line) < LINE_CHARS or line.endswith(("\n", "\r")):
            return line
        while (rest := self._stream.readline(LINE_CHARS)) and not rest.endswith(("\n", "\r")):
            pass
        raise _LineTooLongError


def _line_ends(cell: str) -> str:
    return cell.replace("\r\n", "\n").replace("\r", "\n")


def _listed(names: Sequence[str]) -> str:
    shown = [name.strip()[:40] or "(no name)" for name in names[:12]]
    return ", ".join(shown) + (f" and {len(names) - 12} more" if len(names) > 12 else "")
