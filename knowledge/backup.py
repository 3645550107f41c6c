"""A backup: one file that holds a whole copy of the database and says what is in it.

The copy is taken while others read and write, is checked, and only then gets its name: a backup that is there is whole.
An encrypted database is copied encrypted; its key is nowhere in the file, and neither are the settings. What a backup
says of itself (version, time, how many rows) can be read without the key. No table is known here by name. Files that
belong to the database go beside it, as they are: whoever makes the backup says which, and may keep them out of one that
is encrypted.
"""

import errno
import hashlib
import json
import lzma
import os
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, field_validator
from sqlcipher3 import dbapi2

from knowledge.errors import (
    BackupDamagedError,
    BackupExistsError,
    BackupForeignError,
    BackupKeyError,
    BackupNewerError,
    StorageDamagedError,
    StorageFullError,
)
from knowledge.exchange import sync

FORMAT = 1  # of the file; a reader refuses later ones
_DATABASE = "collab.db"
_MANIFEST = "manifest.json"
FILES = "files"
_MANIFEST_BYTES = 1 << 24  # more than any manifest has
_BLOCK = 1 << 20
_ZIP = b"PK\x03\x04"
UNFINISHED = ".backup-"  # folders of this name hold copies that are not done; the next backup removes old ones
_ABANDONED = timedelta(days=1)
_NO_KEY = "it is encrypted, and no key is set"
_NOT_ENCRYPTED = "it is not encrypted, and a key is set"
_ANOTHER_KEY = "it was encrypted with another key"


class File(BaseModel):
    """A file beside the database, as it was when the backup was made."""

    model_config = ConfigDict(frozen=True)

    size_bytes: int = Field(ge=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")


class Manifest(BaseModel):
    """What a backup says of itself. `revisions` are the heads of the schema, `rows` the number of rows of each table.

    `version` is that of the application which made it; `size_bytes` and `sha256` are those of the copy. `files` are
    those beside the database by their paths; a backup of an earlier version has none.
    """

    model_config = ConfigDict(frozen=True)

    product: Literal["collab"] = "collab"
    format: int = Field(default=FORMAT, ge=1)
    version: str = Field(max_length=40)
    created_at: AwareDatetime
    is_encrypted: bool
    revisions: tuple[str, ...]
    rows: dict[str, int]
    size_bytes: int = Field(gt=0)
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    files: dict[str, File] = {}

    @field_validator("files")
    @classmethod
    def _stay_inside(cls, value: dict[str, File]) -> dict[str, File]:
        for name in value:
            path = PurePosixPath(name)
            if not path.parts or path.is_absolute() or ".." in path.parts or "\\" in name or "\0" in name:
                raise ValueError(f"{name!r} is no path inside a folder")
        return value


def make(
    database: Path,
    key: str | None,
    target: Path,
    *,
    version: str,
    now: datetime,
    gather: Callable[[Path], None] = lambda folder: None,
) -> Manifest:
    """Writes a backup of the database to `target`, in a folder that exists. Needs the room of two copies for a moment.

    `gather` puts into a folder what goes beside the database; it is called when that has been copied.

    Raises BackupExistsError when there is a file already, StorageFullError, StorageDamagedError, and OSError when the
    folder cannot be written.
    """
    if target.exists():
        raise BackupExistsError(path=str(target))
    _sweep(target.parent, now)
    with _space_told(), tempfile.TemporaryDirectory(prefix=UNFINISHED, dir=target.parent) as made:
        copy, files, packed = Path(made, _DATABASE), Path(made, FILES), Path(made, "packed")
        try:
            _copy(database, key, copy)
            files.mkdir()
            gather(files)
            manifest = _describe(copy, key, version, now, files)
        except dbapi2.DatabaseError as error:
            if "is full" in str(error):
                raise StorageFullError from error
            raise StorageDamagedError(path=str(database)) from error
        _pack(copy, files, manifest, packed)
        packed.rename(target)
        sync(target.parent)
    return manifest


def read_manifest(path: Path) -> Manifest:
    """What a backup says of itself; the copy in it is not read.

    Raises BackupForeignError, BackupDamagedError, BackupNewerError, and OSError when the file cannot be opened.
    """
    with _opened(path) as file:
        return _manifest(path, file)


def unpack(path: Path, key: str | None, target: Path) -> Manifest:
    """Writes the copy of a backup to the new file `target`, checked to the last page, and what was beside it into a
    folder FILES beside that, checked by its hashes.

    Raises BackupForeignError, BackupDamagedError, BackupNewerError, BackupKeyError, StorageFullError, and OSError.
    What was written of a bad one is left to the caller to remove.
    """
    with _opened(path) as file:
        manifest = _manifest(path, file)
        if manifest.is_encrypted != bool(key):
            raise BackupKeyError(path=str(path), why=_NO_KEY if manifest.is_encrypted else _NOT_ENCRYPTED)
        size_bytes = manifest.size_bytes + sum(one.size_bytes for one in manifest.files.values())
        if shutil.disk_usage(target.parent).free < size_bytes:
            raise StorageFullError
        with _space_told():
            _extract(path, file, _DATABASE, manifest.size_bytes, manifest.sha256, target)
            for name, known in manifest.files.items():
                beside = target.parent / FILES / name
                beside.parent.mkdir(parents=True, exist_ok=True)
                _extract(path, file, f"{FILES}/{name}", known.size_bytes, known.sha256, beside)
    _check(path, manifest, target, key)
    return manifest


# --- making -----------------------------------------------------------------------------------------------------------


def _sweep(folder: Path, now: datetime) -> None:
    """Removes what backups left behind that were killed long ago; younger ones may still be at work."""
    for left in folder.glob(f"{UNFINISHED}*"):
        if left.stat().st_mtime < (now - _ABANDONED).timestamp():
            shutil.rmtree(left, ignore_errors=True)


def _copy(database: Path, key: str | None, target: Path) -> None:
    """Copies the database in one reading transaction, so that it is of one moment, and writers need not wait."""
    with closing(_connect(database, key, "rw")) as source, closing(_connect(target, key, "rwc")) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file: nothing may be left in a log beside it


def _describe(copy: Path, key: str | None, version: str, now: datetime, files: Path) -> Manifest:
    revisions, rows = _contents(copy, key)
    return Manifest(
        version=version,
        created_at=now,
        is_encrypted=bool(key),
        revisions=tuple(revisions),
        rows=rows,
        size_bytes=copy.stat().st_size,
        sha256=_hash(copy),
        files={
            path.relative_to(files).as_posix(): File(size_bytes=path.stat().st_size, sha256=_hash(path))
            for path in sorted(files.rglob("*"))
            if path.is_file()
        },
    )


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _pack(copy: Path, files: Path, manifest: Manifest, target: Path) -> None:
    squeezed = zipfile.ZIP_STORED if manifest.is_encrypted else zipfile.ZIP_DEFLATED  # what is encrypted has no pattern
    with target.open("xb") as file:
        target.chmod(0o600)
        with zipfile.ZipFile(file, "w", squeezed, compresslevel=1) as parts:
            parts.writestr(_MANIFEST, manifest.model_dump_json(indent=1))
            parts.write(copy, _DATABASE)
            for name in manifest.files:
                parts.write(files / name, f"{FILES}/{name}")
        file.flush()
        os.fsync(file.fileno())


# --- reading ----------------------------------------------------------------------------------------------------------

_BROKEN = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError
)  # fmt: skip
"""What `zipfile` raises for damaged files."""


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    with path.open("rb") as file:
        begins = file.read(len(_ZIP))
        if begins != _ZIP:
            raise BackupForeignError(path=str(path))
        with _damage_told(path, "its end is missing"):  # the list of its parts stands there
            parts = zipfile.ZipFile(file)
        with parts:
            yield parts


@contextmanager
def _damage_told(path: Path, why: str) -> Iterator[None]:
    try:
        yield
    except _BROKEN as error:
        raise BackupDamagedError(path=str(path), why=why) from error
    except OSError as error:
        if error.errno in (None, errno.EINVAL):  # no such packing; looked for before the beginning of the file
            raise BackupDamagedError(path=str(path), why=why) from error
        raise


def _manifest(path: Path, file: zipfile.ZipFile) -> Manifest:
    if not {_MANIFEST, _DATABASE} <= set(file.namelist()):
        raise BackupForeignError(path=str(path))
    with _damage_told(path, "what it says of itself cannot be read"), file.open(_MANIFEST) as part:
        said = json.loads(part.read(_MANIFEST_BYTES))
    if not isinstance(said, dict) or said.get("product") != "collab":
        raise BackupForeignError(path=str(path))
    if isinstance(said.get("format"), int) and said["format"] > FORMAT:
        raise BackupNewerError(path=str(path), version=str(said.get("version"))[:40])
    try:
        return Manifest.model_validate(said)
    except ValidationError as error:
        raise BackupDamagedError(path=str(path), why="what it says of itself is not complete") from error


def _extract(path: Path, file: zipfile.ZipFile, name: str, size_bytes: int, sha256: str, target: Path) -> None:
    why = "a part of the copy cannot be read"
    with _damage_told(path, why), file.open(name) as part, target.open("xb") as copy:
        target.chmod(0o600)
        digest = _pour(part, copy, size_bytes)
        copy.flush()
        os.fsync(copy.fileno())
    if digest != sha256:
        raise BackupDamagedError(path=str(path), why="the copy in it is not the one that was made")


def _pour(part: Any, copy: BinaryIO, size_bytes: int) -> str:
    """Writes at most `size_bytes` and returns their hash; whatever a damaged file unpacks to, it fills no disk."""
    digest, left = hashlib.sha256(), size_bytes
    while left and (block := part.read(min(_BLOCK, left))):
        digest.update(block)
        copy.write(block)
        left -= len(block)
    return digest.hexdigest()


def _check(path: Path, manifest: Manifest, copy: Path, key: str | None) -> None:
    """The copy is the one that was made, byte for byte: only the key can be wrong, or what the manifest says of it."""
    try:
        revisions, rows = _contents(copy, key)
    except dbapi2.DatabaseError as error:
        if key:
            raise BackupKeyError(path=str(path), why=_ANOTHER_KEY) from error
        raise BackupDamagedError(path=str(path), why=str(error)) from error
    if (tuple(revisions), rows) != (manifest.revisions, manifest.rows):
        raise BackupDamagedError(path=str(path), why="the copy does not hold what the backup says")


def _contents(copy: Path, key: str | None) -> tuple[Sequence[str], dict[str, int]]:
    """The heads of the schema and the number of rows of each table, after a look at every page.

    Raises DatabaseError for what is no whole database.
    """
    with closing(_connect(copy, key, "ro")) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        if found != "ok":
            raise dbapi2.DatabaseError(found)
        revisions = connection.execute("SELECT version_num FROM alembic_version ORDER BY version_num").fetchall()
        tables = connection.execute(
            "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite%'"
        ).fetchall()
        count = 'SELECT count(*) FROM "{}"'
        rows = {name: connection.execute(count.format(name)).fetchone()[0] for (name,) in sorted(tables)}
    return [revision for (revision,) in revisions], rows


def _connect(path: Path, key: str | None, mode: str) -> Any:
    connection = dbapi2.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, isolation_level=None)
    connection.execute("PRAGMA cipher_log_level = NONE")
    if key:
        connection.execute("PRAGMA key = '{}'".format(key.replace("'", "''")))
    return connection


# --- on the disk ------------------------------------------------------------------------------------------------------


@contextmanager
def _space_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise StorageFullError from error
        raise
