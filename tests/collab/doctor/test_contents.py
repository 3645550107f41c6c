"""Each check of what the installation holds, where it holds and where it fails."""

from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.doctor import contents
from collab.doctor.findings import Finding, Health
from collab.folder import backups_of
from collab.services import MIGRATIONS
from knowledge import backup
from knowledge.database import Database
from tests.test_upgrade import NOW
from tests.versions import VERSIONS

OK, WARNING, PROBLEM = Health.OK, Health.WARNING, Health.PROBLEM


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Database]:
    """A database with something in every table."""
    VERSIONS[0].make(tmp_path / "collab.db")
    with closing(Database(tmp_path / "collab.db")) as database:
        database.migrate(MIGRATIONS)
        yield database


def _run(database: Database, *statements: str) -> None:
    with database.write() as session:
        for statement in statements:
            session.execute(sa.text(statement))


def _checked(database: Database) -> dict[str, Finding]:
    with database.read() as session:
        return {finding.check: finding for finding in (check(session, NOW) for check in contents.CHECKS)}


def test_what_is_well_is_found_well(kept: Database) -> None:
    assert contents.database(kept).health is OK
    assert {name: finding.health for name, finding in _checked(kept).items()} == {
        "audit": OK,
        "time": OK,
        "documents": WARNING,  # wrong.pdf
        "reading": OK,
        "keywords": OK,
        "memory": OK,
        "rare words": OK,
        "searches": OK,
    }


@pytest.mark.parametrize(
    ("statement", "check", "health", "words"),
    [
        ("UPDATE audit_entries SET act = 'nothing' WHERE seq = 3", "audit", PROBLEM, "at entry 3"),
        ("UPDATE audit_entries SET at = '2027-01-01T00:00:00.000000+00:00' WHERE seq = 22", "time", PROBLEM, "2027-01"),
        ("SELECT 1", "documents", WARNING, "1 could not be read: wrong.pdf."),
        (
            "UPDATE documents SET state = 'reading', created_at = '2026-11-22T02:44:00.000000+00:00'",
            "reading",
            WARNING,
            "3 wait for more than an hour: museum.md",
        ),
        ("UPDATE documents SET state = 'reading', created_at = '2026-11-22T02:46:00.000000+00:00'", "reading", OK, ""),
        ("DELETE FROM passages_fts WHERE rowid = 3", "keywords", PROBLEM, "Passages of notes.md cannot be found"),
        (
            "INSERT INTO passages_fts (rowid, words) VALUES (9, 'ghost')",
            "keywords",
            PROBLEM,
            "1 passages",
        ),
        (
            "DELETE FROM memory_keys WHERE correction_id = 'locker-coin'",
            "memory",
            PROBLEM,
            "never found",
        ),
        ("UPDATE corrections SET state = 'withdrawn' WHERE id = 'locker-coin'", "memory", PROBLEM, "answer no more"),
        (
            "DELETE FROM memory_keys_fts WHERE rowid IN"
            " (SELECT id FROM memory_keys WHERE correction_id = 'locker-coin' AND sign = 1 LIMIT 1)",
            "rare words",
            PROBLEM,
            "1 questions of corrections are not found by their names and codes: ",
        ),
        (
            "INSERT INTO memory_keys_fts (rowid, normal) VALUES (999, 'left')",
            "rare words",
            PROBLEM,
            "1 questions that no correction answers are still searched. `python -m collab repair`",
        ),
        (
            "DELETE FROM corrections_fts WHERE rowid = (SELECT number FROM corrections WHERE id = 'locker-coin')",
            "searches",
            PROBLEM,
            "0 conversations and 1 corrections are not found by their words (",
        ),
        (
            "DELETE FROM turns_fts WHERE conversation_id = (SELECT conversation_id FROM turns LIMIT 1)",
            "searches",
            PROBLEM,
            "1 conversations and 0 corrections are not found by their words.",
        ),
        (
            "INSERT INTO turns_fts (words, conversation_id) VALUES ('left', 'gone')",
            "searches",
            PROBLEM,
            "1 conversations or corrections that are gone are still searched.",
        ),
    ],
)
def test_what_is_wrong_is_named(kept: Database, statement: str, check: str, health: Health, words: str) -> None:
    _run(kept, statement)
    found = _checked(kept)[check]
    assert (found.health, words in found.message) == (health, True), found


def test_a_chat_that_is_not_kept_is_not_missed(kept: Database) -> None:
    _run(
        kept,
        "UPDATE conversations SET is_temporary = 1 WHERE id = (SELECT conversation_id FROM turns LIMIT 1)",
        "DELETE FROM turns_fts WHERE conversation_id = (SELECT conversation_id FROM turns LIMIT 1)",
    )
    assert _checked(kept)["searches"].health is OK


def test_a_newer_or_an_older_schema_is_named(kept: Database, tmp_path: Path) -> None:
    _run(kept, "UPDATE alembic_version SET version_num = 'feedback_9999' WHERE version_num LIKE 'feedback%'")
    assert contents.database(kept).health is PROBLEM
    assert "feedback_9999" in contents.database(kept).message
    with closing(Database(tmp_path / "empty.db")) as empty:
        assert contents.database(empty).health is WARNING
        assert "after a backup" in contents.database(empty).message


def test_a_row_that_lost_what_it_belongs_to_is_damage(kept: Database) -> None:
    with kept.read() as session:
        driver = session.connection().connection.driver_connection
        session.rollback()
        assert driver is not None
        driver.execute("PRAGMA foreign_keys = OFF")
        driver.execute("DELETE FROM people WHERE id = 'mel'")
        driver.execute("PRAGMA foreign_keys = ON")
    assert contents.database(kept).health is PROBLEM


def test_a_log_that_only_grows_is_named(tmp_path: Path) -> None:
    assert contents.log(tmp_path / "collab.db").health is OK
    with (tmp_path / "collab.db-wal").open("wb") as file:
        file.truncate(contents.LOG_BYTES + 1)
    assert contents.log(tmp_path / "collab.db").health is WARNING


def test_backups_are_asked_for(kept: Database, tmp_path: Path) -> None:
    assert "There is none here" in contents.backups(tmp_path, NOW).message
    backup.make(kept.path, None, backups_of(tmp_path) / "a.zip", version="1", now=NOW)
    assert contents.backups(tmp_path, NOW + timedelta(days=7)).health is OK
    late = contents.backups(tmp_path, NOW + timedelta(days=8))
    assert (late.health, "of 2026-11-22" in late.message) == (WARNING, True)
    (backups_of(tmp_path) / "b.zip").write_text("damaged")
    assert "b.zip is not a backup" in contents.backups(tmp_path, NOW).message
