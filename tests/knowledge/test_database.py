"""The database: whole or absent, encrypted, and clear about what is wrong."""

import os
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import collab.feedback.tables  # noqa: F401 - with the tables it refers to, all that there are
from collab.services import MIGRATIONS
from knowledge.database import MOST_CONNECTIONS, Base, Database, UtcTime, new_id
from knowledge.errors import (
    StorageBusyError,
    StorageDamagedError,
    StorageFullError,
    StorageNewerError,
    StorageUnavailableError,
)
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


@pytest.mark.parametrize("cut_off", [GeneratorExit, KeyboardInterrupt, SystemExit])
def test_a_connection_lost_while_saving_leaves_nothing_and_holds_up_nobody(
    database: Database, cut_off: type[BaseException]
) -> None:
    def save() -> Generator[None, None, None]:
        with database.write() as session:
            session.add(StoredFile(sha256="half", content=b"1"))
            session.flush()
            yield

    saving = save()
    next(saving)
    with pytest.raises(cut_off):
        saving.throw(cut_off())
    with database.write() as session:
        session.add(StoredFile(sha256="next", content=b"2"))
    assert _names(database) == ["next"]


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


_MIGRATE = """
import sys
from pathlib import Path
from knowledge.database import Database
database = Database(Path(sys.argv[1]))
print("there", flush=True)
sys.stdin.readline()
database.migrate()
"""


def test_processes_may_start_on_an_empty_folder_together(tmp_path: Path) -> None:
    path = tmp_path / "new" / "a.db"
    starting = [
        subprocess.Popen(
            [sys.executable, "-c", _MIGRATE, str(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(4)
    ]
    try:
        assert [process.stdout and process.stdout.readline() for process in starting] == ["there\n"] * 4
        for process in starting:
            assert process.stdin is not None
            process.stdin.write("\n")
            process.stdin.flush()
        told = [process.communicate(timeout=60)[1] for process in starting]
    finally:
        for process in starting:
            process.kill()
    assert ([process.returncode for process in starting], told) == ([0] * 4, [""] * 4)


def test_settings_that_keep_writes(database: Database) -> None:
    with database.read() as session:
        modes = [
            session.execute(sa.text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys")
        ]
    assert modes == ["wal", 2, 1]  # 2 is FULL


def _modes(*paths: Path) -> set[str]:
    return {oct(path.stat().st_mode & 0o777) for path in paths}


def test_nobody_else_on_the_machine_can_read_it(tmp_path: Path) -> None:
    database = Database(tmp_path / "data" / "collab.db")
    database.migrate(MIGRATIONS)
    files = {tmp_path / "data" / f"collab.db{suffix}" for suffix in ("", "-wal", "-shm")}
    assert set((tmp_path / "data").iterdir()) == files
    assert (_modes(tmp_path / "data"), _modes(*files)) == ({"0o700"}, {"0o600"})
    database.close()


def test_a_file_that_others_could_read_is_closed_to_them(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    files = [tmp_path / f"collab.db{suffix}" for suffix in ("", "-wal", "-shm")]
    for file in files:
        file.touch(mode=0o644)
    Database(files[0])
    assert (_modes(tmp_path), _modes(*files)) == ({"0o755"}, {"0o600"})  # the folder may hold more than ours


def test_a_place_where_no_file_can_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StorageUnavailableError, match=r"file/collab\.db cannot be used: File exists"):
        Database(tmp_path / "file" / "collab.db")
    (tmp_path / "folder").mkdir()
    with pytest.raises(StorageUnavailableError, match="unable to open"):
        Database(tmp_path / "folder").migrate(MIGRATIONS)


def test_a_write_where_nothing_may_be_written_is_named(database: Database) -> None:
    with pytest.raises(StorageUnavailableError, match="readonly"), database.write() as session:
        session.execute(sa.text("PRAGMA query_only = ON"))
        session.add(StoredFile(sha256="a", content=b""))


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


def test_a_wrong_key_is_told_by_the_error_alone(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "secret.db"
    Database(path, key="right").migrate(MIGRATIONS)
    with pytest.raises(StorageDamagedError):
        Database(path, key="wrong").migrate(MIGRATIONS)
    assert capfd.readouterr() == ("", "")


def test_a_damaged_file_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    path.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageDamagedError, match="backup"):
        Database(path).migrate(MIGRATIONS)
    assert path.read_bytes() == b"not a database at all" * 100


def test_damage_far_from_the_beginning_is_found_at_start(tmp_path: Path) -> None:
    path = tmp_path / "damaged.db"
    database = Database(path)
    database.migrate(MIGRATIONS)
    with database.write() as session:
        session.add(StoredFile(sha256="a", content=bytes(100_000)))
    database.close()
    with path.open("r+b") as file:
        file.seek(-50_000, os.SEEK_END)
        file.write(b"\xff" * 50_000)
    with pytest.raises(StorageDamagedError, match="backup"):
        Database(path).migrate(MIGRATIONS)


def test_a_newer_schema_is_refused(database: Database) -> None:
    with database.write() as session:
        session.execute(sa.text("INSERT INTO alembic_version VALUES ('feedback_9999')"))
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


def test_more_readers_than_there_is_room_for_are_told(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", busy_s=0.05)
    with ExitStack() as readers:
        for _ in range(MOST_CONNECTIONS):
            readers.enter_context(database.read()).connection()
        with pytest.raises(StorageBusyError), database.read() as session:
            session.connection()
    database.close()


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
        return not (kind == "table" and "_fts" in (name or ""))

    with database.read() as session:
        context = MigrationContext.configure(session.connection(), opts={"include_object": ours})
        assert compare_metadata(context, Base.metadata) == []


def test_no_id_reads_as_an_option_of_a_command() -> None:
    ids = {new_id() for _ in range(1_000)}  # one in 64 random ones would begin with a dash
    assert len(ids) == 1_000
    assert not [one for one in ids if one.startswith("-") or len(one) != 16]


def test_the_schema_is_read_as_it_is_now(database: Database) -> None:
    before = database.schema()
    assert len(before) >= 3
    with database.write() as session:
        session.execute(
            sa.text("UPDATE alembic_version SET version_num = 'later' WHERE version_num = :one"), {"one": before[0]}
        )
    assert database.schema() == tuple(sorted(["later", *before[1:]]))


def test_another_file_in_its_place_is_noticed(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db")
    database.migrate(MIGRATIONS)
    assert database.is_in_place()
    (tmp_path / "other.db").write_bytes((tmp_path / "a.db").read_bytes())
    (tmp_path / "other.db").replace(tmp_path / "a.db")
    assert not database.is_in_place()
    (tmp_path / "a.db").unlink()
    assert not database.is_in_place()
    database.close()
