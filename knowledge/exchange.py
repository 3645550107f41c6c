"""Puts a new database file in the place of the present one, which is kept aside.

Whoever calls it is alone on the folder. Killed at any moment, one of the two is there under the name, and whole. It
opens neither: what they hold, and under which key, is not its business.
"""

import os
import shutil
from pathlib import Path

_LOGS = ("-wal", "-shm")


def exchange(present: Path, new: Path, aside: Path) -> None:
    """Keeps `present` as `aside`, with its log if it has one, and gives its name to `new`; all in one folder.

    `present` need not exist, and `aside` must not. What was committed to `present` should stand in the file itself by
    now: a log that is left goes with what is kept.
    """
    if present.exists():
        _keep(present, aside)
    for log in logs(present):  # before the exchange: the new database would take a log with its name for its own
        log.rename(aside.with_name(log.name.replace(present.name, aside.name, 1)))
    sync(present.parent)
    new.replace(present)
    sync(present.parent)


def _keep(present: Path, aside: Path) -> None:
    """A second name for the same file, so that the first is never missing; a copy where the disk knows only one."""
    try:
        aside.hardlink_to(present)
    except FileExistsError:
        raise
    except OSError:
        shutil.copy2(present, aside)
        with aside.open("rb") as copy:
            os.fsync(copy.fileno())


def logs(path: Path) -> list[Path]:
    """What SQLite keeps beside a database while it is open, or leaves there when it is killed."""
    beside = (path.with_name(path.name + ending) for ending in _LOGS)
    return [log for log in beside if log.exists()]


def sync(folder: Path) -> None:
    """Makes the names in a folder last: a rename is on the disk only after this."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
