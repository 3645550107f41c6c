"""The data folder: what lies where in it, who is using it, and the backups that upgrades leave there.

Whoever has opened the database shares the folder; whoever puts another database in its place has it alone. The system
drops the lock with the process, however that ends.
"""

import fcntl
import os
from collections.abc import Sequence
from contextlib import closing
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
_SERVED = "served.lock"
_UPGRADE = "before-upgrade-"


class Use:
    """Says that this process uses the folder, until `close`. `alone` waits for nobody.

    Raises FolderInUseError when `alone` is asked for and another uses it, FolderLockedError when another has it alone,
    and StorageUnavailableError when it cannot be made or written.
    """

    def __init__(self, folder: Path, *, alone: bool = False) -> None:
        descriptor = _opened(folder, _LOCK)
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


class Serving:
    """Says that this process serves the folder to people, until `close`; `is_shared` when another did before it.

    Several may: what one writes the others read. On one machine a second one is mostly a mistake, which is told.
    """

    def __init__(self, folder: Path) -> None:
        self._descriptor: int | None = _opened(folder, _SERVED)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self.is_shared = False
        except BlockingIOError:
            self.is_shared = True
        fcntl.flock(self._descriptor, fcntl.LOCK_SH)  # of two that start at once, the second may not see the first

    def close(self) -> None:
        """Gives it back. May be called twice."""
        descriptor, self._descriptor = self._descriptor, None
        if descriptor is not None:
            os.close(descriptor)


def _opened(folder: Path, name: str) -> int:
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.open(folder / name, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise _unusable(folder, error) from error


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

    Raises FolderInUseError while a process serves it, which knows the schema of before only; StorageFullError and
    StorageUnavailableError.
    """
    with closing(Serving(database.parent)) as serving:
        if serving.is_shared:
            raise FolderInUseError(path=str(database.parent))
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
