"""The database: whole or absent, encrypted, and clear about what is wrong."""

import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import collab.feedback.tables  # noqa: F401 - with the tables it refers to, all that there are
from collab.services import MIGRATIONS
from knowledge.database import Base, Database, UtcTime
from knowledge.errors import StorageBusyError, StorageDamagedError, StorageFullError, StorageNewerError
from knowledge.tables import StoredFile


def _names(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(sa.select(StoredFile.sha256).order_by(StoredFile.sha256)))


def test_a_write_is_whole_or_absent(database: Database) -> None:
    with database.write() as session:
        session.add(StoredFile(sha256="a", content=b"1"))
    with pytest.raises(RuntimeError), database.write() as session:
        session.add(StoredFile(sha256="b", content=b"2"))
        session.flush()
        raise RuntimeError("in the middle")
    assert _names(database) == ["a"]


def test_writers_take_turns(database: Database) -> None:
    def add(name: str) -> None:
        for number in range(20):
            with database.write() as session:
                session.add(StoredFile(sha256=f"{name}{number}", content=b""))

    threads = [threading.Thread(target=add, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(_names(database)) == 80


def test_a_second_process_sees_what_was_committed(database: Database) -> None:
    other = Database(database.path)
    with other.write() as session:
        session.add(StoredFile(sha256="from elsewhere", content=b""))
    assert _names(database) == ["from elsewhere"]
    other.close()


def test_settings_that_keep_writes(database: Database) -> None:
    with database.read() as session:
        modes = [
            session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert modes == ["wal", 2, 1]  # 2 is FULL


def test_the_key_encrypts_the_file(tmp_path: Path) -> None:
    path = tmp_path / "secret.db"
    database = Database(path, key="it's a key")
    database.migrate(MIGRATIONS)
    with database.write() as session:
        session.add(StoredFile(sha256="a", content=b"the recipe"))
    database.close()
    assert b"SQLite format" not in path.read_bytes()
    with pytest.raises(StorageDamagedError, match="COLLAB_DATABASE_KEY"):
        Database(path, key="another").migrate(MIGRATIONS)
    with pytest.raises(StorageDamagedError):
        Database(path).migrate(MIGRATIONS)


def test_a_damaged_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageDamagedError, match="backup"):
        Database(path).migrate(MIGRATIONS)
    assert path.read_bytes() == b"not a database at all" * 100


def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = 'feedback_9999'"))
    with pytest.raises(StorageNewerError, match="feedback_9999"):
        database.migrate(MIGRATIONS)


def test_a_full_disk_loses_nothing(database: Database) -> None:
    with database.write() as session:
        session.add(StoredFile(sha256="kept", content=b""))
    with database.read() as session:
        pages = session.execute(sa.text("PRAGMA page_count")).scalar()
    with pytest.raises(StorageFullError, match="space"), database.write() as session:
        session.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
        session.add(StoredFile(sha256="too much", content=bytes(1_000_000)))
    assert _names(database) == ["kept"]


def test_a_locked_database_says_so(tmp_path: Path) -> None:
    first = Database(tmp_path / "a.db")
    first.migrate(MIGRATIONS)
    second = Database(tmp_path / "a.db", busy_s=0.05)
    with first.write(), pytest.raises(StorageBusyError, match="nothing was saved"), second.write():
        pass


def test_times_are_utc_and_need_a_zone() -> None:
    column, dialect = UtcTime(), sa.create_engine("sqlite://").dialect
    noon_in_berlin = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    assert column.process_bind_param(noon_in_berlin, dialect) == "2026-01-01T11:00:00.000000+00:00"
    assert column.process_result_value("2026-01-01T11:00:00.000000+00:00", dialect) == datetime(
        2026, 1, 1, 11, tzinfo=UTC
    )
    with pytest.raises(ValueError, match="zone"):
        column.process_bind_param(datetime(2026, 1, 1), dialect)


def test_the_migrations_make_the_declared_tables(database: Database) -> None:
    def ours(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
        return not (kind == "table" and (name or "").startswith("passages_fts"))

    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"include_object": ours})
        assert compare_metadata(context, Base.metadata) == []
