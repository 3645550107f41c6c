"""Uploads as they came, written out under names that every system takes, with a manifest that tells which is which.

One is in memory at a time. It knows reaches and no people: whoever calls it says under which name a reach is kept.
"""

import io
import json
import os
import re
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any, Protocol

import sqlalchemy as sa

from knowledge.database import Database
from knowledge.errors import ExportExistsError
from knowledge.exchange import sync
from knowledge.records import DocumentRecord, document_records
from knowledge.tables import Document, StoredFile

MANIFEST = "manifest.json"
_UNFINISHED = ".export-"
_MOST_BYTES = 200  # of one part of a path; file systems take 255
_ENDING_BYTES = 20  # of its extension
_NOT_IN_NAMES = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)")
_STAMP = "%Y-%m-%dT%H:%M:%SZ"

Progress = Callable[[int, int], None]
"""Is told how many files are written, of how many."""


@dataclass(frozen=True, slots=True)
class Original:
    """An upload and where its bytes are kept."""

    record: DocumentRecord
    sha256: str


def originals(database: Database, reaches: Collection[str] | None = None) -> list[Original]:
    """Every upload of every reach, or within `reaches`, those that failed included; the newest first."""
    within = [] if reaches is None else [Document.reach.in_(list(reaches))]
    with database.read() as session:
        hashes: dict[str, str] = dict(iter(session.execute(sa.select(Document.id, Document.sha256))))
        return [Original(record, hashes[record.id]) for record in document_records(session, *within)]


def export(
    database: Database, target: Path, folder_of: Callable[[str], str], now: datetime, progress: Progress
) -> list[str]:
    """Writes every upload to `target`, a .zip or a new folder, and returns their paths in it, in order.

    One that is removed meanwhile is left out. The target is there whole or not at all. Raises ExportExistsError when
    there is something already, and OSError.
    """
    if target.exists() and (target.is_file() or any(target.iterdir())):
        raise ExportExistsError(path=str(target))
    found, entries, names = originals(database), [], []
    with _sink(target) as sink:
        for done, (original, name) in enumerate(zip(found, _names(found, folder_of), strict=True)):
            progress(done, len(found))
            if (content := _content(database, original)) is not None:
                sink.write(name, content)
                entries.append(_entry(original, name))
                names.append(name)
        sink.write(MANIFEST, _manifest(entries, now))
    progress(len(found), len(found))
    return names


def stream(
    database: Database, found: Sequence[Original], folder_of: Callable[[str], str], now: datetime
) -> Iterator[bytes]:
    """These uploads as the same .zip, piece by piece as it is made."""
    pieces, entries = _Pieces(), []
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED) as parts:
        for original, name in zip(found, _names(found, folder_of), strict=True):
            if (content := _content(database, original)) is not None:
                parts.writestr(name, content)
                entries.append(_entry(original, name))
                yield pieces.take()
        parts.writestr(MANIFEST, _manifest(entries, now))
    yield pieces.take()


def _manifest(entries: list[dict[str, str | int]], now: datetime) -> bytes:
    manifest = {"product": "collab", "exported_at": now.strftime(_STAMP), "documents": entries}
    return json.dumps(manifest, ensure_ascii=False, indent=1).encode()


def _content(database: Database, original: Original) -> bytes | None:
    """None for one that was removed meanwhile."""
    with database.read() as session:
        return session.scalar(sa.select(StoredFile.content).where(StoredFile.sha256 == original.sha256))


def _entry(original: Original, name: str) -> dict[str, str | int]:
    record = original.record
    return {
        "file": name,
        "name": record.name,
        "reach": record.reach,
        "state": record.state.value,
        "size_bytes": record.size_bytes,
        "sha256": original.sha256,
        "added_at": record.created_at.strftime(_STAMP),
    }


# --- names ------------------------------------------------------------------------------------------------------------


def _names(found: Sequence[Original], folder_of: Callable[[str], str]) -> list[str]:
    """A path for each: the folder of its reach, then its own; no two alike where case does not count."""
    files, folders, names = set[str](), set[str](), []
    for original in found:
        own = [part for part in original.record.name.split("/") if part] or ["document"]
        parts = [_safe(part) for part in (folder_of(original.record.reach), *own)]
        if any(_folded(above) in files for above in _above(parts)):  # a file has the name of the folder
            parts = [parts[0], _safe("_".join(parts[1:]))]
        name = _free("/".join(parts), (files, folders))
        files.add(_folded(name))
        folders.update(_folded(above) for above in _above(parts))
        names.append(name)
    return names


def _above(parts: Sequence[str]) -> list[str]:
    return ["/".join(parts[:depth]) for depth in range(1, len(parts))]


def _free(name: str, taken: Sequence[Collection[str]]) -> str:
    path, number, free = PurePosixPath(name), 1, name
    while any(_folded(free) in names for names in taken):
        number += 1
        free = str(path.with_name(f"{path.stem} ({number}){path.suffix}"))
    return free


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _safe(part: str) -> str:
    """A part of a path that Windows, macOS and Linux take, that hides nothing and leads nowhere."""
    part = _NOT_IN_NAMES.sub("_", unicodedata.normalize("NFC", part)).rstrip(". ")
    if part.startswith(".") or _RESERVED.match(part) or not part:
        part = f"_{part}"
    if len(part.encode()) <= _MOST_BYTES:
        return part
    ending = PurePosixPath(part).suffix
    ending = ending if len(ending.encode()) <= _ENDING_BYTES else ""
    stem = part.removesuffix(ending).encode()[: _MOST_BYTES - len(ending.encode())].decode(errors="ignore")
    return stem.rstrip(". ") + ending


# --- where it goes ----------------------------------------------------------------------------------------------------


class _Sink(Protocol):
    """Takes files one after the other."""

    def write(self, name: str, content: bytes) -> None: ...


class _Pieces(io.RawIOBase):
    """What is written to it waits to be taken; there is no way back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._written += piece
        return len(piece)

    def take(self) -> bytes:
        taken = bytes(self._written)
        self._written.clear()
        return taken


class _Folder:
    def __init__(self, path: Path) -> None:
        self._path = path

    def write(self, name: str, content: bytes) -> None:
        path = self._path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


class _Zip:
    def __init__(self, parts: zipfile.ZipFile) -> None:
        self._parts = parts

    def write(self, name: str, content: bytes) -> None:
        self._parts.writestr(name, content)


@contextmanager
def _sink(target: Path) -> Iterator[_Sink]:
    """Writes beside the target, and gives it its name at the end."""
    with tempfile.TemporaryDirectory(prefix=_UNFINISHED, dir=target.parent) as beside:
        made = Path(beside, "export")
        if target.suffix.lower() == ".zip":
            with zipfile.ZipFile(made, "x", zipfile.ZIP_DEFLATED) as parts:
                yield _Zip(parts)
            made.chmod(0o600)
        else:
            made.mkdir(mode=0o700)
            yield _Folder(made)
        os.replace(made, target)  # takes the place of an empty folder, too
        sync(target.parent)
