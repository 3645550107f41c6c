"""Backups: whole, of one moment, and clear about what is wrong with one."""

import json
import os
import re
import sqlite3
import threading
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from collab.services import MIGRATIONS
from knowledge import backup
from knowledge.database import Database
from knowledge.errors import (
    BackupDamagedError,
    BackupError,
    BackupExistsError,
    BackupForeignError,
    BackupKeyError,
    BackupNewerError,
    StorageDamagedError,
)
from knowledge.tables import StoredFile

NOW = datetime(2026, 11, 22, 3, 45, tzinfo=UTC)


def _database(folder: Path, key: str | None = None) -> Database:
    database = Database(folder / "collab.db", key)
    database.migrate(MIGRATIONS)
    return database


def _add(database: Database, *names: str) -> None:
    with database.write() as session:
        session.add_all(StoredFile(sha256=name, content=b"the recipe") for name in names)


def _made(folder: Path, key: str | None = None) -> Path:
    """A backup of a database with two files."""
    database = _database(folder, key)
    _add(database, "a", "b")
    backup.make(database.path, key, folder / "backup.zip", version="1.2", now=NOW)
    database.close()
    return folder / "backup.zip"


def _names(path: Path, key: str | None = None) -> list[str]:
    database = Database(path, key)
    with database.read() as session:
        names = list(session.scalars(sa.select(StoredFile.sha256).order_by(StoredFile.sha256)))
    database.close()
    return names


def _changed(path: Path, **said: object) -> Path:
    """The same backup with another manifest."""
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(path) as parts, zipfile.ZipFile(changed, "w") as written:
        manifest = json.loads(parts.read("manifest.json")) | said
        written.writestr("manifest.json", json.dumps(manifest))
        written.writestr("collab.db", parts.read("collab.db"))
    return changed


@pytest.mark.parametrize("key", [None, "it's a key"])
def test_a_backup_holds_the_database_and_says_what_is_in_it(tmp_path: Path, key: str | None) -> None:
    path = _made(tmp_path, key)
    manifest = backup.unpack(path, key, tmp_path / "copy.db")
    assert manifest == backup.read_manifest(path)
    assert (manifest.version, manifest.created_at, manifest.is_encrypted) == ("1.2", NOW, bool(key))
    assert (manifest.rows["files"], manifest.rows["people"]) == (2, 0)
    assert "feedback" in {revision.split("_")[0] for revision in manifest.revisions}
    assert manifest.size_bytes == (tmp_path / "copy.db").stat().st_size
    assert _names(tmp_path / "copy.db", key) == ["a", "b"]
    assert not list(tmp_path.glob(f"{backup.UNFINISHED}*"))


def test_a_backup_is_for_its_owners_eyes(tmp_path: Path) -> None:
    path = _made(tmp_path)
    backup.unpack(path, None, tmp_path / "copy.db")
    assert [oct(file.stat().st_mode & 0o777) for file in (path, tmp_path / "copy.db")] == ["0o600", "0o600"]


def test_an_encrypted_database_stays_encrypted_in_its_backup(tmp_path: Path) -> None:
    path = _made(tmp_path, "a key")
    with zipfile.ZipFile(path) as parts:
        copy = parts.read("collab.db")
    assert b"SQLite format" not in copy
    assert b"the recipe" not in copy


def test_a_backup_is_of_one_moment_while_others_write(tmp_path: Path) -> None:
    database, over = _database(tmp_path), threading.Event()

    def write() -> None:
        number = 0
        while not over.is_set():
            number += 1
            _add(database, f"{number:06}.first", f"{number:06}.second")

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            backup.make(database.path, None, tmp_path / f"{number}.zip", version="1", now=NOW)
    finally:
        over.set()
        writer.join()
        database.close()
    for number in range(5):
        manifest = backup.unpack(tmp_path / f"{number}.zip", None, tmp_path / f"{number}.db")
        names = _names(tmp_path / f"{number}.db")
        assert len(names) == manifest.rows["files"]
        assert [name.split(".")[1] for name in names] == ["first", "second"] * (len(names) // 2)


def test_a_backup_may_have_the_name_of_a_database(tmp_path: Path) -> None:
    made = _made(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    target = tmp_path / "elsewhere" / "collab.db"
    manifest = backup.make(tmp_path / "collab.db", None, target, version="1.2", now=NOW)
    assert backup.read_manifest(target) == manifest == backup.read_manifest(made)
    assert list(target.parent.iterdir()) == [target]


def test_a_name_that_is_taken_is_left_alone(tmp_path: Path) -> None:
    database = _database(tmp_path)
    (tmp_path / "mine.zip").write_bytes(b"mine")
    with pytest.raises(BackupExistsError, match="already"):
        backup.make(database.path, None, tmp_path / "mine.zip", version="1", now=NOW)
    database.close()
    assert (tmp_path / "mine.zip").read_bytes() == b"mine"


def test_a_damaged_database_makes_no_backup(tmp_path: Path) -> None:
    (tmp_path / "collab.db").write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageDamagedError):
        backup.make(tmp_path / "collab.db", None, tmp_path / "backup.zip", version="1", now=NOW)
    assert [path.name for path in tmp_path.iterdir()] == ["collab.db"]


def test_what_a_killed_backup_left_goes_after_a_day(tmp_path: Path) -> None:
    for name, age in (("young", timedelta(hours=23)), ("old", timedelta(hours=25))):
        left = tmp_path / f"{backup.UNFINISHED}{name}"
        left.mkdir()
        os.utime(left, 2 * ((NOW - age).timestamp(),))
    _made(tmp_path)
    assert [path.name for path in tmp_path.glob(f"{backup.UNFINISHED}*")] == [f"{backup.UNFINISHED}young"]


# --- bad ones ---------------------------------------------------------------------------------------------------------


def test_what_another_program_made_is_foreign(tmp_path: Path) -> None:
    (tmp_path / "text.zip").write_text("not a backup")
    (tmp_path / "empty.zip").write_bytes(b"")
    sqlite3.connect(tmp_path / "bare.zip").close()
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as parts:
        parts.writestr("readme.txt", "hello")
    with zipfile.ZipFile(tmp_path / "alike.zip", "w") as parts:
        parts.writestr("manifest.json", '{"product": "another"}')
        parts.writestr("collab.db", "")
    for name in ("text", "empty", "bare", "other", "alike"):
        with pytest.raises(BackupForeignError, match="not a backup of this application"):
            backup.unpack(tmp_path / f"{name}.zip", None, tmp_path / "copy.db")


@pytest.mark.parametrize("share", [0.1, 0.5, 0.99])
def test_a_truncated_one_is_damaged(tmp_path: Path, share: float) -> None:
    path = _made(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(BackupDamagedError, match="its end is missing"):
        backup.unpack(path, None, tmp_path / "copy.db")


def test_a_changed_copy_is_damaged(tmp_path: Path) -> None:
    path = _made(tmp_path)
    with zipfile.ZipFile(path) as parts:
        kept = {name: parts.read(name) for name in parts.namelist()}
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("manifest.json", kept["manifest.json"])
        parts.writestr("collab.db", kept["collab.db"].replace(b"the recipe", b"the poison"))
    with pytest.raises(BackupDamagedError, match="not the one that was made"):
        backup.unpack(path, None, tmp_path / "copy.db")


def test_one_that_says_something_else_than_it_holds_is_damaged(tmp_path: Path) -> None:
    path = _made(tmp_path)
    for said in ({"rows": {"files": 3}}, {"revisions": ["knowledge_0007"]}, {"sha256": "0"}, {"size_bytes": 10}):
        with pytest.raises(BackupDamagedError):
            backup.unpack(_changed(path, **said), None, tmp_path / "copy.db")
        (tmp_path / "copy.db").unlink(missing_ok=True)


def test_a_later_format_is_newer(tmp_path: Path) -> None:
    with pytest.raises(BackupNewerError, match=r"newer version \(9\.0\)"):
        backup.unpack(_changed(_made(tmp_path), format=2, version="9.0"), None, tmp_path / "copy.db")


@pytest.mark.parametrize(
    ("made_with", "opened_with", "why"),
    [("a key", None, "no key is set"), (None, "a key", "it is not encrypted"), ("a key", "another", "another key")],
)
def test_the_key_must_be_the_same(tmp_path: Path, made_with: str | None, opened_with: str | None, why: str) -> None:
    path = _made(tmp_path, made_with)
    with pytest.raises(BackupKeyError, match=why):
        backup.unpack(path, opened_with, tmp_path / "copy.db")


def test_it_unpacks_to_no_more_than_it_says(tmp_path: Path) -> None:
    path = _made(tmp_path)
    with zipfile.ZipFile(path) as parts:
        manifest = parts.read("manifest.json")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("manifest.json", manifest)
        parts.writestr("collab.db", bytes(100_000_000))
    with pytest.raises(BackupDamagedError):
        backup.unpack(path, None, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").stat().st_size == json.loads(manifest)["size_bytes"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """The bytes of a backup."""
    return _made(tmp_path_factory.mktemp("whole")).read_bytes()


@pytest.mark.parametrize("mask", [4, 6, 255])
def test_a_damaged_list_of_parts_is_told_or_does_no_harm(tmp_path: Path, whole: bytes, mask: int) -> None:
    """Also where it points before the beginning of the file, or names another way of packing."""
    packing = [found.start() + 10 for found in re.finditer(b"PK\x01\x02", whole)]
    told = 0
    for place in (*packing, *range(len(whole) - 22, len(whole))):
        flipped = bytearray(whole)
        flipped[place] ^= mask
        (tmp_path / "backup.zip").write_bytes(flipped)
        try:
            backup.unpack(tmp_path / "backup.zip", None, tmp_path / f"{place}.db")
        except BackupError:
            told += 1
        else:
            assert _names(tmp_path / f"{place}.db") == ["a", "b"]
    assert told >= len(packing) + 4  # the four bytes that say where the list begins


# The parts of the file that are not the copy itself are at both ends.
PLACES = st.one_of(st.integers(0, 900), st.integers(-300, -1), st.integers(0, 10**9))


@settings(max_examples=60, deadline=None)
@given(place=PLACES, mask=st.integers(1, 255))
def test_a_flipped_byte_is_found_or_does_no_harm(
    tmp_path_factory: pytest.TempPathFactory, whole: bytes, place: int, mask: int
) -> None:
    folder = tmp_path_factory.mktemp("flipped")
    flipped = bytearray(whole)
    flipped[place % len(whole)] ^= mask
    (folder / "backup.zip").write_bytes(flipped)
    try:
        backup.unpack(folder / "backup.zip", None, folder / "copy.db")
    except BackupError:
        return
    assert _names(folder / "copy.db") == ["a", "b"]
