"""Backup, verify and restore of one installation, for the operator of its machine. Nobody's words pass through here.

A backup may be made while the application runs and trains. It has the adapters, whole or not at all, and what their
trainings keep; the texts that these were taught are left out where the database is encrypted, which they are not. A
restore has the data folder to itself, keeps the database that it replaces, and leaves either that one or the new one,
also when it is killed. The files come first: an adapter without a row does no harm.
"""

import shutil
import tempfile
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collab import VERSION
from collab.config import Settings
from collab.errors import DatabaseMissingError, FolderInUseError
from collab.folder import DATABASE_FILE, Use, backups_of, stamp
from collab.learning import adapter_files
from collab.people import audit
from collab.services import MIGRATIONS
from knowledge import backup
from knowledge.backup import Manifest
from knowledge.database import Database
from knowledge.errors import BackupNewerError, StorageError, StorageNewerError
from knowledge.exchange import exchange, logs, sync

ADAPTERS, TRAINING = "adapters", "training"
_OF_RUNS = ("events.out.tfevents.*", "manifest.json")  # figures, and then the texts of lessons
_RESTORING = ".restoring-"


@dataclass(frozen=True, slots=True)
class Verified:
    """What a whole backup says of itself, and whether this version can restore it."""

    manifest: Manifest
    is_newer: bool


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored, and where the database that it replaced is kept, if there was one."""

    manifest: Manifest
    aside: Path | None


def back_up(settings: Settings, target: Path | None, now: datetime) -> tuple[Path, Manifest]:
    """Writes a backup to `target`, or into it when it is a folder; without one, into the data folder.

    Raises DatabaseMissingError, BackupExistsError, StorageError and OSError.
    """
    database = settings.data / DATABASE_FILE
    if not database.is_file():
        raise DatabaseMissingError(path=str(database))
    target = target or backups_of(settings.data)
    if target.is_dir():
        target = target / f"collab-{stamp(now)}.zip"
    return target, backup.make(
        database, _key(settings), target, version=VERSION, now=now, gather=lambda into: _gather(settings, into)
    )


def adapters_in(manifest: Manifest) -> int:
    """How many adapters a backup has."""
    return len({name.split("/")[1] for name in manifest.files if name.startswith(f"{ADAPTERS}/")})


def verify(settings: Settings, path: Path, now: datetime) -> Verified:
    """Restores a backup to its end, but beside everything. Raises BackupError where it is not whole, and OSError."""
    room = backups_of(settings.data) if settings.data.is_dir() else None  # the disk that a restore would need
    with tempfile.TemporaryDirectory(prefix=backup.UNFINISHED, dir=room) as folder:
        new = Path(folder, DATABASE_FILE)
        manifest = backup.unpack(path, _key(settings), new)
        try:
            _bring_up(new, settings, path, manifest, now)
        except BackupNewerError:
            return Verified(manifest, is_newer=True)
    return Verified(manifest, is_newer=False)


def restore(settings: Settings, path: Path, now: datetime) -> Restored:
    """Puts the database of a backup in the place of the present one, brought up to this version's schema.

    Raises FolderInUseError while another process uses the data folder, BackupError for a backup that cannot be used,
    StorageError and OSError; then nothing was changed.
    """
    with closing(Use(settings.data, alone=True)):
        _sweep(settings.data)
        with tempfile.TemporaryDirectory(prefix=_RESTORING, dir=settings.data) as folder:
            new = Path(folder, DATABASE_FILE)
            manifest = backup.unpack(path, _key(settings), new)
            _bring_up(new, settings, path, manifest, now)
            _put(Path(folder, backup.FILES), settings.data)
            return Restored(manifest, _exchange(settings, new, now))


def _gather(settings: Settings, into: Path) -> None:
    """Copies what learning keeps in files. What a training has not finished, or takes away meanwhile, is left out."""
    for adapter in sorted((settings.data / ADAPTERS).glob("[!.]*")):
        copy = into / ADAPTERS / adapter.name
        copy.mkdir(parents=True)
        with suppress(FileNotFoundError, NotADirectoryError):
            for path in adapter.iterdir():
                shutil.copyfile(path, copy / path.name)
        if not adapter_files.is_named(copy, adapter.name):
            shutil.rmtree(copy)
    for pattern in _OF_RUNS if not _key(settings) else _OF_RUNS[:1]:
        for path in sorted((settings.data / TRAINING).glob(f"*/{pattern}")):
            copy = into / path.relative_to(settings.data)
            copy.parent.mkdir(parents=True, exist_ok=True)
            with suppress(FileNotFoundError):
                shutil.copyfile(path, copy)


def _put(files: Path, data: Path) -> None:
    """Puts files in their places. An adapter that is there whole stays; another, or a part of one, gives way."""
    for adapter in sorted((files / ADAPTERS).glob("*")):
        place = data / ADAPTERS / adapter.name
        if not adapter_files.is_named(place, adapter.name):
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.rmtree(place, ignore_errors=True)
            adapter.rename(place)
            sync(place.parent)
    for path in sorted((files / TRAINING).glob("*/*")):
        place = data / path.relative_to(files)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.replace(place)


def _bring_up(new: Path, settings: Settings, path: Path, manifest: Manifest, now: datetime) -> None:
    """Gives the copy this version's schema, and says in its audit where it comes from."""
    try:
        with closing(Database(new, _key(settings))) as database:
            database.migrate(MIGRATIONS)
            with database.write() as session:
                audit.record(
                    session,
                    actor_id=None,
                    act="database_restored",
                    object_type="database",
                    object_id=manifest.sha256,
                    details={"from": path.name, "made_at": manifest.created_at.isoformat(), "by": "command line"},
                    now=now,
                )
    except StorageNewerError as error:
        raise BackupNewerError(path=str(path), version=manifest.version) from error


def _exchange(settings: Settings, new: Path, now: datetime) -> Path | None:
    present = settings.data / DATABASE_FILE
    aside = settings.data / f"collab-before-restore-{stamp(now)}.db"
    existed = present.exists()
    if existed:
        _settle(present, settings)
    exchange(present, new, aside)
    return aside if existed else None


def _settle(present: Path, settings: Settings) -> None:
    """Takes what is in the log into the file. Raises FolderInUseError where a process without a lock has it open."""
    try:
        with closing(Database(present, _key(settings))) as database, database.read() as session:
            session.connection()
    except StorageError:
        return  # damaged, or of another key: it is kept as it is, with its log
    if logs(present):  # whoever closes a database last takes its log away
        raise FolderInUseError(path=str(settings.data))


def _sweep(folder: Path) -> None:
    """Removes what a restore left behind that was killed."""
    for left in folder.glob(f"{_RESTORING}*"):
        shutil.rmtree(left, ignore_errors=True)


def _key(settings: Settings) -> str | None:
    return settings.database_key.get_secret_value() or None
