"""An archive that was uploaded becomes the files in it, each to be read as a document of its own.

It knows which files can be read, and reads none. Archives inside archives stay closed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePath
from zipfile import ZipFile, ZipInfo

from knowledge.documents import ARCHIVE, MAX_BYTES, MB, refuse_other_type, refuse_over, refuse_unsupported
from knowledge.errors import (
    ArchiveBombError,
    ArchiveEmptyError,
    DocumentError,
    EncryptedDocumentError,
    NestedArchiveError,
    TooManyFilesError,
)
from knowledge.naming import distinct, document_name
from knowledge.zipped import is_encrypted, open_zip, refuse_unpacked, unpack

MAX_FILES = 1_000
_MAX_GROWTH = 200  # times: text shrinks to a tenth, and seldom to a fiftieth
_ALWAYS_FINE_BYTES = 10 * MB  # however well they were compressed
_LEFT_BEHIND = frozenset(["__MACOSX", "Thumbs.db", "desktop.ini"])  # by file managers
_UTF8_NAME = 0x800


@dataclass(frozen=True, slots=True)
class File:
    """A file to be kept as a document, and the name to keep it under."""

    name: str
    content: bytes = field(repr=False)


def expand(name: str, content: bytes) -> Iterator[File | DocumentError]:
    """The files of an archive, one at a time, each with the archive's name before its own; any other file as it is.

    A file in it that cannot be taken comes as the error that says why, and the others go on. Hidden files are left out.
    Raises DocumentError where the archive as a whole cannot be taken; before that, nothing has been unpacked.
    """
    name = document_name(name)
    if not is_archive(name):
        yield File(name, content)
        return
    refuse_over(MAX_BYTES, name, len(content))
    refuse_other_type(name, content)
    with open_zip(name, content) as archive:
        entries = [entry for entry in archive.infolist() if not _is_left_out(entry)]
        _refuse_whole(name, entries)
        taken: set[str] = set()
        for entry in entries:
            member = distinct(_name(name, entry), taken)
            taken.add(member)
            try:
                yield File(member, _content(member, archive, entry))
            except DocumentError as error:
                yield error


def is_archive(name: str) -> bool:
    """Whether a file of this name holds other files."""
    return PurePath(name).suffix.lower() == ARCHIVE


def _refuse_whole(name: str, entries: list[ZipInfo]) -> None:
    if not entries:
        raise ArchiveEmptyError(name=name)
    if len(entries) > MAX_FILES:
        raise TooManyFilesError(name=name, files=len(entries), limit=MAX_FILES)
    if all(map(is_encrypted, entries)):
        raise EncryptedDocumentError(name=name)
    refuse_unpacked(name, sum(entry.file_size for entry in entries))


def _content(name: str, archive: ZipFile, entry: ZipInfo) -> bytes:
    if is_archive(name):
        raise NestedArchiveError(name=name)
    refuse_unsupported(name)
    refuse_over(MAX_BYTES, name, entry.file_size)
    if entry.file_size > max(_ALWAYS_FINE_BYTES, _MAX_GROWTH * entry.compress_size):
        raise ArchiveBombError(name=name, times=entry.file_size // max(1, entry.compress_size), limit=_MAX_GROWTH)
    return unpack(name, archive, entry)


def _is_left_out(entry: ZipInfo) -> bool:
    """Folders, and what programs leave behind for themselves."""
    parts = [part for part in entry.filename.replace("\\", "/").split("/") if part not in (".", "..")]
    return (
        not parts[-1:] or not parts[-1] or any(part in _LEFT_BEHIND or part.startswith((".", "~$")) for part in parts)
    )


def _name(archive: str, entry: ZipInfo) -> str:
    """The archive's name without its extension, and the path in it; once, where they begin alike."""
    folder = archive[: -len(ARCHIVE)]
    path = document_name(_decoded(entry))
    return document_name(path if path.startswith(f"{folder}/") else f"{folder}/{path}")


def _decoded(entry: ZipInfo) -> str:
    """The name as its maker wrote it: older programs do not say in which encoding they did."""
    if not entry.flag_bits & _UTF8_NAME:
        for encoding in ("utf-8", "gb2312"):
            try:
                return entry.orig_filename.encode("cp437").decode(encoding)
            except UnicodeError:
                continue
    return entry.filename
