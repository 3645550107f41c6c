"""A file becomes titled sections of text, or an error that says why not.

It knows names, bytes and limits; the formats themselves stand in `formats/`. It stores nothing and fetches nothing.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from zipfile import ZipFile

from knowledge.errors import (
    CopyProtectedError,
    DamagedDocumentError,
    DamagedLineError,
    DocumentError,
    EncryptedDocumentError,
    FileTooLargeError,
    NoTextError,
    NothingInItError,
    NotUtf8Error,
    OtherTypeError,
    TextTooLongError,
    TooManyCellsError,
    TooManyPagesError,
    TooManySectionsError,
    UnsupportedTypeError,
)
from knowledge.formats.encoding import UndecodableError, declared_encoding, decoded
from knowledge.formats.outline import MAX_CHARACTERS, Section, TooMuchTextError, one_line, unwrap
from knowledge.formats.rows import BadLineError, row_sections
from knowledge.formats.signatures import is_encrypted_office, type_of
from knowledge.text import clean
from knowledge.zipped import MB, unpacked

__all__ = [
    "ARCHIVE",
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_PAGES",
    "MB",
    "MEDIA_TYPES",
    "Section",
    "read_document",
    "refuse_other_type",
    "refuse_over",
    "refuse_unsupported",
]

ARCHIVE = ".zip"  # holds documents and is none
MAX_BYTES = 25 * MB
MAX_PAGES = 2_000
MAX_CELLS = 5_000_000
MAX_SECTIONS = 50_000
_WITH_PICTURES = frozenset({".pdf", ".docx", ".pptx", ".epub", ".html", ".htm"})  # whose text may stand in these

_log = logging.getLogger(__name__)


def read_document(name: str, content: bytes) -> list[Section]:
    """Read a file by the extension of its name; every section has text, free of invisible characters.

    Raises the subclass of `DocumentError` that names the reason.
    """
    refuse_unsupported(name)
    refuse_over(MAX_BYTES, name, len(content))
    refuse_other_type(name, content)
    try:
        return _checked(name, _FORMATS[_extension(name)].read(name, content))
    except DocumentError:
        raise
    except UndecodableError as error:
        raise NotUtf8Error(name=name, position=error.position) from error
    except TooMuchTextError as error:
        raise TextTooLongError(name=name, limit=MAX_CHARACTERS) from error
    except BadLineError as error:
        raise DamagedLineError(name=name, line=error.line) from error
    except Exception as error:  # the parsers meet whatever strangers upload, and raise nearly everything on it
        _log.warning("A %s file could not be parsed: %s", _extension(name), type(error).__name__)  # no words out of it
        raise DamagedDocumentError(name=name) from error


def refuse_over(limit_bytes: int, name: str, size_bytes: int) -> None:
    """Raises FileTooLargeError for a file above the limit; its size is told in whole MB, rounded up."""
    if size_bytes > limit_bytes:
        raise FileTooLargeError(name=name, size_mb=-(-size_bytes // MB), limit_mb=limit_bytes // MB)


def refuse_unsupported(name: str) -> None:
    """Raises UnsupportedTypeError for a file that its extension says is no document that can be read."""
    if _extension(name) not in _FORMATS:
        raise UnsupportedTypeError(name=name, types=_types())


def refuse_other_type(name: str, content: bytes) -> None:
    """Refuse a document or archive whose first bytes say that it is of another type than the extension.

    Raises OtherTypeError, EncryptedDocumentError and NoTextError.
    """
    if not content.strip():
        raise NothingInItError(name=name)
    extension = _extension(name)
    expected = "ZIP" if extension == ARCHIVE else _FORMATS[extension].kind
    found = type_of(content, expected)
    if expected in _OFFICE and is_encrypted_office(content):
        raise EncryptedDocumentError(name=name)
    if found != expected:
        raise OtherTypeError(name=name, extension=extension, found=found, types=_types())


def _extension(name: str) -> str:
    return PurePath(name).suffix.lower()


def _types() -> str:
    return ", ".join([*MEDIA_TYPES, ARCHIVE])


def _checked(name: str, sections: Iterable[Section]) -> list[Section]:
    """The sections cleaned, if there is text in them and not too much: reading goes no further than that."""
    kept: list[Section] = []
    characters = 0
    for section in sections:
        text = clean(section.text).text.strip()
        if any(character.isalnum() for character in text):
            kept.append(Section(one_line(clean(section.heading).text), text, section.page))
            characters += len(text)
        if characters > MAX_CHARACTERS:
            raise TextTooLongError(name=name, limit=MAX_CHARACTERS)
        if len(kept) > MAX_SECTIONS:
            raise TooManySectionsError(name=name, limit=MAX_SECTIONS)
    if not kept:
        raise (NoTextError if _extension(name) in _WITH_PICTURES else NothingInItError)(name=name)
    return kept


# --- the formats, each imported on first use --------------------------------------------------------------------------


def _read_text(name: str, content: bytes) -> list[Section]:
    return [Section("", unwrap(decoded(content)))]


def _read_markdown(name: str, content: bytes) -> list[Section]:
    from knowledge.formats.page import read_markdown

    return read_markdown(decoded(content))


def _read_html(name: str, content: bytes) -> list[Section]:
    from knowledge.formats.page import read_html

    return read_html(decoded(content, declared_encoding(content)))


def _read_pdf(name: str, content: bytes) -> list[Section]:
    from knowledge.formats import pdf

    reader = pdf.open_pdf(content)
    if pdf.is_locked(reader):
        raise EncryptedDocumentError(name=name)
    _refuse_pages(name, len(reader.pages))
    return pdf.read_pdf(reader)


def _read_word(name: str, content: bytes) -> list[Section]:
    from knowledge.formats.word import read_word

    return read_word(unpacked(name, content))


def _read_slides(name: str, content: bytes) -> Iterator[Section]:
    from knowledge.formats.slides import open_slides, read_slides

    presentation = open_slides(unpacked(name, content))
    _refuse_pages(name, len(presentation.slides))
    return read_slides(presentation)


def _read_sheets(name: str, content: bytes) -> Iterator[Section]:
    from knowledge.formats.sheet import read_sheets

    return _tables(name, read_sheets(unpacked(name, content)))


def _read_csv(name: str, content: bytes) -> Iterator[Section]:
    from knowledge.formats.table import read_csv

    return _tables(name, [("", read_csv(decoded(content)))])


def _read_jsonl(name: str, content: bytes) -> Iterator[Section]:
    from knowledge.formats.jsonl import read_jsonl

    return row_sections("", read_jsonl(decoded(content)))


def _read_book(name: str, content: bytes) -> Iterator[Section]:
    from knowledge.formats.ebook import is_protected, open_book, read_book

    book = open_book(ZipFile(BytesIO(unpacked(name, content))))
    if is_protected(book):
        raise CopyProtectedError(name=name)
    return read_book(book)


def _tables(name: str, tables: Iterable[tuple[str, Iterable[list[str]]]]) -> Iterator[Section]:
    """The sections of all tables of a file, each under its title."""
    from knowledge.formats.table import named_rows

    cells = characters = 0

    def counted(rows: Iterable[list[str]]) -> Iterator[list[str]]:
        nonlocal cells, characters
        for row in rows:
            cells += len(row) or 1
            characters += sum(map(len, row))
            if cells > MAX_CELLS:
                raise TooManyCellsError(name=name, limit=MAX_CELLS)
            if characters > MAX_CHARACTERS:
                raise TextTooLongError(name=name, limit=MAX_CHARACTERS)
            yield row

    for title, rows in tables:
        yield from row_sections(title, named_rows(counted(rows)))


def _refuse_pages(name: str, pages: int) -> None:
    if pages > MAX_PAGES:
        raise TooManyPagesError(name=name, pages=pages, limit=MAX_PAGES)


@dataclass(frozen=True, slots=True)
class _Format:
    """How files of an extension are read; `kind` is what their first bytes must say, nothing for a text."""

    media_type: str
    kind: str
    read: Callable[[str, bytes], Iterable[Section]]


_OFFICE = ("Word", "Excel", "PowerPoint")
_OFFICE_TYPE = "application/vnd.openxmlformats-officedocument."
_FORMATS = {
    ".md": _Format("text/markdown", "", _read_markdown),
    ".txt": _Format("text/plain", "", _read_text),
    ".html": _Format("text/html", "", _read_html),
    ".htm": _Format("text/html", "", _read_html),
    ".pdf": _Format("application/pdf", "PDF", _read_pdf),
    ".docx": _Format(f"{_OFFICE_TYPE}wordprocessingml.document", "Word", _read_word),
    ".pptx": _Format(f"{_OFFICE_TYPE}presentationml.presentation", "PowerPoint", _read_slides),
    ".xlsx": _Format(f"{_OFFICE_TYPE}spreadsheetml.sheet", "Excel", _read_sheets),
    ".csv": _Format("text/csv", "", _read_csv),
    ".jsonl": _Format("application/jsonl", "", _read_jsonl),
    ".epub": _Format("application/epub+zip", "EPUB", _read_book),
}
MEDIA_TYPES: dict[str, str] = {extension: one.media_type for extension, one in _FORMATS.items()}
