"""A file becomes titled sections of text, or an error that says why not.

It knows names, bytes and limits; the formats themselves stand in `formats/`. It stores nothing and fetches nothing.
"""

import logging
import re
from io import BytesIO
from pathlib import PurePath
from zipfile import BadZipFile, ZipFile

from knowledge.errors import (
    DamagedDocumentError,
    DocumentError,
    EncryptedDocumentError,
    FileTooLargeError,
    NoTextError,
    NotUtf8Error,
    OtherTypeError,
    TextTooLongError,
    TooManyPagesError,
    UnpackedTooLargeError,
    UnsupportedTypeError,
)
from knowledge.formats.outline import Section, one_line, unwrap
from knowledge.text import clean

__all__ = [
    "MAX_BYTES",
    "MAX_CHARACTERS",
    "MAX_PAGES",
    "MB",
    "MEDIA_TYPES",
    "Section",
    "read_document",
    "refuse_over",
]

MB = 1024 * 1024
MAX_BYTES = 25 * MB
MAX_UNPACKED_BYTES = 200 * MB
MAX_CHARACTERS = 5_000_000
MAX_PAGES = 2_000

MEDIA_TYPES: dict[str, str] = {
    ".md": "text/markdown",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}

_log = logging.getLogger(__name__)


def refuse_over(limit_bytes: int, name: str, size_bytes: int) -> None:
    """Raises FileTooLargeError for a file above the limit; its size is told in whole MB, rounded up."""
    if size_bytes > limit_bytes:
        raise FileTooLargeError(name=name, size_mb=_whole_mb(size_bytes), limit_mb=limit_bytes // MB)


def _whole_mb(size_bytes: int) -> int:
    return -(-size_bytes // MB)


def read_document(name: str, content: bytes) -> list[Section]:
    """Read a file by the extension of its name; every section has text, free of invisible characters.

    Raises the subclass of `DocumentError` that names the reason.
    """
    extension = PurePath(name).suffix.lower()
    if extension not in MEDIA_TYPES:
        raise UnsupportedTypeError(name=name, types=_types())
    refuse_over(MAX_BYTES, name, len(content))
    _check_type(name, extension, content)
    try:
        sections = _read(name, extension, content)
    except DocumentError:
        raise
    except Exception as error:  # the parsers meet whatever strangers upload, and raise nearly everything on it
        reason = one_line(str(error))[:200]  # some name all that they were given
        _log.warning("A %s file could not be parsed: %s: %s", extension, type(error).__name__, reason)
        raise DamagedDocumentError(name=name) from error
    return _checked(name, sections)


def _read(name: str, extension: str, content: bytes) -> list[Section]:
    """Hand the content to the reader of its format, which is imported on first use."""
    if extension == ".pdf":
        return _read_pdf(name, content)
    if extension == ".docx":
        return _read_word(name, content)
    if extension == ".txt":
        return [Section("", unwrap(_text(name, content)))]
    from knowledge.formats import page

    if extension == ".md":
        return page.read_markdown(_text(name, content))
    return page.read_html(_text(name, content, _declared_encoding(content)))


def _read_pdf(name: str, content: bytes) -> list[Section]:
    from knowledge.formats import pdf

    reader = pdf.open_pdf(content)
    if pdf.is_locked(reader):
        raise EncryptedDocumentError(name=name)
    if len(reader.pages) > MAX_PAGES:
        raise TooManyPagesError(name=name, pages=len(reader.pages), limit=MAX_PAGES)
    return pdf.read_pdf(reader)


def _read_word(name: str, content: bytes) -> list[Section]:
    from knowledge.formats import word

    with ZipFile(BytesIO(content)) as archive:
        unpacked = sum(entry.file_size for entry in archive.infolist())
    if unpacked > MAX_UNPACKED_BYTES:
        raise UnpackedTooLargeError(name=name, size_mb=_whole_mb(unpacked), limit_mb=MAX_UNPACKED_BYTES // MB)
    return word.read_word(content)


def _checked(name: str, sections: list[Section]) -> list[Section]:
    """The sections cleaned, if there is text in them and not too much."""
    cleaned = [
        Section(one_line(clean(section.heading).text), clean(section.text).text.strip(), section.page)
        for section in sections
    ]
    kept = [section for section in cleaned if any(character.isalnum() for character in section.text)]
    if not kept:
        raise NoTextError(name=name)
    characters = sum(len(section.text) for section in kept)
    if characters > MAX_CHARACTERS:
        raise TextTooLongError(name=name, characters=characters, limit=MAX_CHARACTERS)
    return kept


# --- what the content is ----------------------------------------------------------------------------------------------

_SIGNATURES = (
    (b"%PDF-", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"Rar!\x1a", "RAR"),
    (b"\x7fELF", "ELF"),
    (b"SQLite format 3\0", "SQLite"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "Microsoft Office 97-2003"),
)
_ENCRYPTED_OFFICE = "EncryptedPackage".encode("utf-16-le")
_ZIP_FOLDERS = {"word/": "Word", "xl/": "Excel", "ppt/": "PowerPoint", "content.xml": "OpenDocument"}
_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)", re.IGNORECASE)


def _check_type(name: str, extension: str, content: bytes) -> None:
    """Refuse content whose first bytes say that it is of another type than the extension."""
    if not content.strip():
        raise NoTextError(name=name)
    expected = {".pdf": "PDF", ".docx": "Word"}.get(extension, "")
    found = _type_of(content)
    if expected == "PDF" and not found and b"%PDF-" in content[:1024]:  # something may stand before its beginning
        found = "PDF"
    if expected == "Word" and found.startswith("Microsoft") and _ENCRYPTED_OFFICE in content:
        raise EncryptedDocumentError(name=name)
    if expected and not found:
        found = "HTML" if _HTML_START.match(content) else "text" if _is_text(content) else expected
    if found != expected:
        raise OtherTypeError(name=name, extension=extension, found=found, types=_types())


def _type_of(content: bytes) -> str:
    """The type that the first bytes tell, or the empty string: text, or nothing known."""
    if content.startswith(b"PK\x03\x04"):
        return _type_of_archive(content)
    return next((label for signature, label in _SIGNATURES if content.startswith(signature)), "")


def _type_of_archive(content: bytes) -> str:
    try:
        with ZipFile(BytesIO(content)) as archive:
            names = archive.namelist()
    except (BadZipFile, ValueError, NotImplementedError):
        return ""  # cut off or damaged: its reader will say so
    return next((label for part, label in _ZIP_FOLDERS.items() if any(name.startswith(part) for name in names)), "ZIP")


def _is_text(content: bytes) -> bool:
    """Whether the bytes could be a text file: UTF-8, and not mostly zeros."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return text.count("\0") * 4 <= len(text)


def _types() -> str:
    return ", ".join(MEDIA_TYPES)


# --- text files -------------------------------------------------------------------------------------------------------

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_CHARSET = re.compile(rb"<meta[^>]{1,200}?charset\s*=\s*[\"']?\s*([\w-]{1,30})", re.IGNORECASE)
_KNOWN_ENCODING = re.compile(
    r"utf-?8|us-ascii|iso-8859-(?:[1-9]|1[013-6])|windows-125\d|gbk|gb2312|gb18030|big5|shift_jis|euc-jp|euc-kr"
    r"|koi8-[ru]"
)
_WIDER = {"iso-8859-1": "windows-1252", "us-ascii": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030"}


def _declared_encoding(content: bytes) -> str:
    """The encoding an HTML page says it is in; browsers read some names as their larger successors, and so do we."""
    match = _CHARSET.search(content[:4096])
    declared = match[1].decode("ascii", "ignore").lower() if match else ""
    return _WIDER.get(declared, declared) if _KNOWN_ENCODING.fullmatch(declared) else "utf-8"


def _text(name: str, content: bytes, encoding: str = "utf-8") -> str:
    """The characters of a text file but NUL, line ends as \\n; a byte order mark goes before a declared encoding."""
    for mark, marked in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            offset, encoding = len(mark), marked
            break
    else:
        offset = 0
    try:
        text = content[offset:].decode(encoding)
    except UnicodeDecodeError as error:
        raise NotUtf8Error(name=name, position=offset + error.start) from error
    if text.count("\0") * 4 > len(text):  # UTF-16 without its mark, or no text at all
        raise NotUtf8Error(name=name, position=content.index(b"\0"))
    return re.sub(r"\r\n?|\f", "\n", text.replace("\0", ""))
