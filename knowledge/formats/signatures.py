"""What a file is by its first bytes, whatever its name says."""

import re

from knowledge.errors import DocumentError
from knowledge.zipped import open_zip

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
_OFFICE_CONTENTS = "[Content_Types].xml"
_OFFICE_FOLDERS = {"word/": "Word", "xl/": "Excel", "ppt/": "PowerPoint"}
_OTHER_FILES = {"META-INF/container.xml": "EPUB", "content.xml": "OpenDocument"}
_HTML_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<!doctype html|<html)", re.IGNORECASE)


def type_of(content: bytes, expected: str) -> str:
    """The type that the first bytes tell. Where they tell none, the empty string if none is `expected`, a text.

    Otherwise what is found is a text, or a file of the expected type that is damaged: its reader will say so.
    """
    found = _archive_type(content) if content.startswith(b"PK\x03\x04") else _signature(content)
    if found or not expected:
        return found
    if expected == "PDF" and b"%PDF-" in content[:1024]:  # something may stand before its beginning
        return "PDF"
    return "HTML" if _HTML_START.match(content) else "text" if _is_text(content) else expected


def is_encrypted_office(content: bytes) -> bool:
    """Whether this is a Word, Excel or PowerPoint file with a password: then it is no archive."""
    return _signature(content).startswith("Microsoft") and _ENCRYPTED_OFFICE in content


def _signature(content: bytes) -> str:
    return next((label for signature, label in _SIGNATURES if content.startswith(signature)), "")


def _archive_type(content: bytes) -> str:
    try:
        with open_zip("", content) as archive:
            names = frozenset(archive.namelist())
    except DocumentError:
        return ""  # cut off or damaged
    if _OFFICE_CONTENTS in names:
        for folder, label in _OFFICE_FOLDERS.items():
            if any(name.startswith(folder) for name in names):
                return label
    return next((label for name, label in _OTHER_FILES.items() if name in names), "ZIP")


def _is_text(content: bytes) -> bool:
    """Whether the bytes could be a text file: UTF-8, and not mostly zeros."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return False
    return text.count("\0") * 4 <= len(text)
