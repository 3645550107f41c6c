"""Backup, verify and restore of one installation, for the operator of its machine. Nobody's words pass through here.

A backup may be made while the application runs. A restore has the data folder to itself, keeps the database that it
replaces, and leaves either that one or the new one, also when it is killed.
"""

import shutil
import tempfile
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from collab import VERSION
from collab.config import Settings
from collab.errors import DatabaseMissingError, FolderInUseError
from collab.folder import DATABASE_FILE, Use, backups_of, stamp
from collab.people import audit
from collab.services import MIGRATIONS
from knowledge import backup
from knowledge.backup import Manifest
from knowledge.database import Database
from knowledge.errors import BackupNewerError, StorageError, StorageNewerError
from knowledge.exchange import exchange, logs

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
    return target, backup.make(database, _key(settings), target, version=VERSION, now=now)


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
            return Restored(manifest, _exchange(settings, new, now))


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
