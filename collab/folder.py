"""The data folder: what lies where in it, who is using it, and the backups that upgrades leave there.

Whoever has opened the database shares the folder; whoever puts another database in its place has it alone. The system
drops the lock with the process, however that ends.
"""

import fcntl
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from collab import VERSION
from collab.errors import FolderInUseError, FolderLockedError
from knowledge import backup
from knowledge.errors import StorageUnavailableError

DATABASE_FILE = "collab.db"
BACKUPS = "backups"
KEPT = 5  # backups made by upgrades; those that a person made are never removed
_LOCK = "in-use.lock"
_UPGRADE = "before-upgrade-"


class Use:
    """Says that this process uses the folder, until `close`. `alone` waits for nobody.

    Raises FolderInUseError when `alone` is asked for and another uses it, FolderLockedError when another has it alone,
    and StorageUnavailableError when it cannot be made or written.
    """

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise _unusable(folder, error) from error
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(descriptor)
            raise (FolderInUseError if alone else FolderLockedError)(path=str(folder)) from error
        except OSError as error:  # a disk that knows no locks
            os.close(descriptor)
            raise _unusable(folder, error) from error
        self._descriptor: int | None = descriptor

    def close(self) -> None:
        """Gives it back. May be called twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _unusable(path: Path, error: OSError) -> StorageUnavailableError:
    return StorageUnavailableError(path=str(path), reason=error.strerror or str(error))


def stamp(now: datetime) -> str:
    """A moment as part of a file name: `20261122T034500Z`."""
    return now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def backups_of(folder: Path) -> Path:
    """Where backups are kept unless a person says otherwise; made when missing."""
    (folder / BACKUPS).mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / BACKUPS


def back_up_before_upgrade(database: Path, key: str | None, revisions: Sequence[str], now: datetime) -> Path:
    """Keeps the database as it is before its schema changes, and removes the oldest of such backups beyond KEPT.

    Raises StorageFullError and StorageUnavailableError.
    """
    name = f"{_UPGRADE}{stamp(now)}-{'-'.join(sorted(revisions))}.zip"
    try:
        folder = backups_of(database.parent)
        if not (folder / name).exists():  # kept by a try to upgrade in the same second
            backup.make(database, key, folder / name, version=VERSION, now=now)
        for old in sorted(folder.glob(f"{_UPGRADE}*.zip"))[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise _unusable(database, error) from error
    return folder / name
