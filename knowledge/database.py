"""The database: one SQLite file that several threads and processes share, encrypted when a key is set.

Every write is one `BEGIN IMMEDIATE` transaction: whole or absent, one writer at a time, durable when the block ends.
This module knows no table; each folder declares its own on `Base` and brings its own line of migrations.
"""

import secrets
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Session
from sqlcipher3 import dbapi2

from knowledge.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageError,
    StorageFullError,
    StorageNewerError,
    StorageUnavailableError,
    StorageUpgradeError,
)
from knowledge.schema import Migrations, loose_foreign_keys, orphan, revisions

MOST_CONNECTIONS = 64  # at once, more than there are threads that ask

Clock = Callable[[], datetime]
"""Tells the time in UTC; handed in wherever time matters."""


def utc_now() -> datetime:
    """The clock that the application uses; tests pass their own."""
    return datetime.now(UTC)


def new_id() -> str:
    """A random public id: 96 bits, 16 characters, safe in a URL and, never led by a dash, as a command's argument."""
    while (made := secrets.token_urlsafe(12)).startswith("-"):
        pass
    return made


class UtcTime(sa.types.TypeDecorator[datetime]):
    """An aware UTC time, kept as ISO text so that it sorts and reads well."""

    impl = sa.String(32)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> str | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC).isoformat(timespec="microseconds")

    def process_result_value(self, value: Any | None, dialect: sa.Dialect) -> datetime | None:
        return None if value is None else datetime.fromisoformat(value)


BeforeUpgrade = Callable[[Sequence[str]], object]
"""Is told the revisions of a database whose schema is about to change."""


def _nothing(revisions: Sequence[str]) -> None:
    """Nothing to do before an upgrade."""


class Base(DeclarativeBase):
    """The one declarative base; its naming convention keeps constraint names stable for migrations."""

    metadata = sa.MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcTime, dict[str, Any]: sa.JSON}  # noqa: RUF012


class Database:
    """Sessions on one SQLite file.

    `path` is created with its folder when absent, for the eyes of this user alone; `key` encrypts it at rest
    (SQLCipher); whoever finds no place waits `busy_s` seconds for one. Safe for threads, and for other processes on the
    same file. Raises StorageUnavailableError when the file cannot be made.
    """

    def __init__(self, path: Path, key: str | None = None, busy_s: float = 10) -> None:
        self.path = path
        self._key = key
        self._busy_s = busy_s
        self._writer = threading.Lock()
        try:
            _make_private(path)
        except OSError as error:
            raise StorageUnavailableError(path=str(path), reason=error.strerror or str(error)) from error
        self._file = _identity(path)
        self._engine = sa.create_engine(
            "sqlite://",
            hide_parameters=True,  # else an error quotes what people wrote, and logs do
            module=dbapi2,
            creator=self._connect,
            poolclass=sa.QueuePool,
            pool_size=MOST_CONNECTIONS,  # opened as they are needed, and kept: with a key, opening one takes a while
            max_overflow=0,
            pool_timeout=busy_s,
        )
        sa.event.listen(self._engine, "begin", self._begin)
        self._for_writing = self._engine.execution_options(immediate=True)

    def _connect(self) -> Any:
        connection = dbapi2.connect(str(self.path), timeout=self._busy_s, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("PRAGMA cipher_log_level = NONE")  # a wrong key would be told on standard error as well
            if self._key:
                connection.execute("PRAGMA key = '{}'".format(self._key.replace("'", "''")))
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
        except dbapi2.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session that sees one consistent state and writes nothing."""
        with self._told(), Session(self._engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self, *, waits: bool = True) -> Iterator[Session]:
        """A session whose work is committed at the end, or absent if an error leaves the block. Do not nest.

        Raises StorageBusyError where others write for longer than it waits, or at all unless it `waits`.
        """
        if not self._writer.acquire(timeout=self._busy_s if waits else 0):
            raise StorageBusyError
        engine = self._for_writing if waits else self._for_writing.execution_options(busy_s=0)
        try:
            with self._told(), Session(engine, expire_on_commit=False) as session, session.begin():
                session.connection()  # BEGIN IMMEDIATE now, so that what is read before the first write still holds
                yield session
        finally:
            self._writer.release()

    def migrate(self, folders: Sequence[Path] = (), before_upgrade: BeforeUpgrade = _nothing) -> None:
        """Brings the schema up to date: our own migrations and those in `folders`, all of them or none.

        `before_upgrade` is called first where there is something that an earlier version wrote. Raises
        StorageDamagedError when the file cannot be read, StorageNewerError when a later version wrote it, and
        StorageUpgradeError.
        """
        migrations = Migrations(folders)
        with self._told(), self._engine.connect() as connection:
            if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
                raise StorageDamagedError(path=str(self.path))
            if not self._pending(connection, migrations):
                return
        with (
            self._told(),
            self._for_writing.connect() as connection,
            loose_foreign_keys(connection),
            connection.begin(),
        ):
            pending, present = self._pending(connection, migrations), revisions(connection)
            if pending and present:  # no other process was quicker
                before_upgrade(present)
            try:
                migrations.run(connection)
            except sa.exc.DatabaseError as error:
                raise self._as_upgrade_error(str(error.orig)) from error
            if table := orphan(connection):
                raise StorageUpgradeError(path=str(self.path), why=f"a row of {table} lost what it belongs to")

    def _pending(self, connection: sa.Connection, migrations: Migrations) -> set[str]:
        present = revisions(connection)
        for revision in present:
            if revision not in migrations.known:
                raise StorageNewerError(path=str(self.path), schema=revision)
        return migrations.pending(present)

    def schema(self) -> tuple[str, ...]:
        """The newest revision of each line of migrations that the database has now, in order of name."""
        with self._told(), self._engine.connect() as connection:
            return tuple(sorted(revisions(connection)))

    def is_in_place(self) -> bool:
        """Whether the file is still the one that was opened. Where another stands in its place, what is written goes
        into one that nobody will find again.
        """
        return _identity(self.path) == self._file

    def _begin(self, connection: sa.Connection) -> None:
        options = connection.get_execution_options()
        busy_s = options.get("busy_s", self._busy_s)
        if connection.info.get("busy_s", self._busy_s) != busy_s:  # who had it before may have waited less
            connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(busy_s * 1000)}")
            connection.info["busy_s"] = busy_s
        connection.exec_driver_sql("BEGIN IMMEDIATE" if options.get("immediate", False) else "BEGIN")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turns the driver's failures into errors that say what to do."""
        try:
            yield
        except sa.exc.TimeoutError as error:  # every connection is in use
            raise StorageBusyError from error
        except (sa.exc.DatabaseError, dbapi2.DatabaseError) as error:
            if isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError):
                raise
            raise self._as_storage_error(str(getattr(error, "orig", error))) from error

    def _as_storage_error(self, message: str) -> StorageError:
        if "is full" in message:
            return StorageFullError()
        if "locked" in message or "busy" in message:
            return StorageBusyError()
        if "not a database" in message or "malformed" in message:
            return StorageDamagedError(path=str(self.path))
        if "unable to open" in message or "readonly" in message:
            return StorageUnavailableError(path=str(self.path), reason=message)
        return StorageError()

    def _as_upgrade_error(self, message: str) -> StorageError:
        known = self._as_storage_error(message)
        return StorageUpgradeError(path=str(self.path), why=message) if type(known) is StorageError else known

    def close(self) -> None:
        """Closes every connection; the object cannot be used afterwards."""
        self._engine.dispose()


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _make_private(path: Path) -> None:
    """Creates the file where it is missing, and keeps other users of the machine out of it.

    What SQLite puts beside it takes its mode from it. A folder that is there already stays as its owner made it. The
    file is not opened when it exists: to close it again would drop the locks that this process holds on it.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        with suppress(FileExistsError):  # another process was quicker
            path.touch(mode=0o600, exist_ok=False)
    for file in (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm")):
        with suppress(FileNotFoundError):  # a process that ends takes the latter two with it
            if file.is_file() and file.stat().st_mode & 0o077:
                file.chmod(0o600)
