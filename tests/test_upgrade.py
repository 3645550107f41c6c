"""A database of each earlier version: brought up to date with every row, and everything in it still works."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlcipher3 import dbapi2

from collab.config import Settings
from collab.dialogue.records import Done, TurnRecord
from collab.errors import FolderInUseError
from collab.folder import DATABASE_FILE, Serving
from collab.people import audit
from collab.people.access import OPERATOR, Actor
from collab.services import MIGRATIONS, Services
from collab.upkeep import restore
from knowledge import backup
from knowledge.database import Database
from knowledge.errors import StorageUpgradeError
from knowledge.records import DocumentRecord
from tests.fakes import EchoModel, WordEmbedder
from tests.versions import KEY, PASSWORD, SESSION, VERSIONS, Version

NOW = datetime(2026, 11, 22, 3, 45, tzinfo=UTC)
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(params=VERSIONS, ids=lambda version: version.name)
def version(request: pytest.FixtureRequest) -> Version:
    """Each earlier version."""
    return request.param


@pytest.fixture
def old(version: Version, tmp_path: Path) -> Path:
    """A database of that version."""
    version.make(tmp_path / DATABASE_FILE)
    return tmp_path / DATABASE_FILE


@pytest.fixture
def upgraded(old: Path) -> Iterator[Services]:
    """The application of today on it."""
    services = Services(
        Settings(data=old.parent), clock=lambda: NOW, embedder=WordEmbedder(), engine=EchoModel("It opens at ten.")
    )
    services.models.load()
    services.resume_reading()
    services.finish_reading()
    services.finish_reading()
    yield services
    services.close()


def _rows(path: Path) -> Rows:
    """Everything in a database, by table; each row by column, in the order in which it was written."""
    with closing(dbapi2.connect(str(path))) as connection:
        connection.row_factory = dbapi2.Row
        tables = [
            row["name"]
            for row in connection.execute("SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table'")
            if not row["name"].startswith(("sqlite", "alembic"))
        ]
        return {
            table: [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid')]
            for table in tables
        }


def _kept(before: Rows, after: Rows, version: Version) -> Rows:
    """What the rows of today say in the tables and columns of then."""
    return {
        table: [
            {column: row[column] for column in rows[0] if f"{table}.{column}" not in version.rewritten}
            for row in after[table][: len(rows)]
        ]
        for table, rows in before.items()
    }


def test_there_are_rows_in_every_table_of_then(old: Path) -> None:
    assert {table for table, rows in _rows(old).items() if not rows} == set()


def test_every_row_is_there_afterwards(old: Path, version: Version) -> None:
    before = _rows(old)
    with closing(Database(old)) as database:
        database.migrate(MIGRATIONS)
    after = _rows(old)
    assert _kept(before, after, version) == _kept(before, before, version)
    assert {table: len(after[table]) for table in before} == {table: len(rows) for table, rows in before.items()}


def test_what_a_private_correction_answered_is_private(old: Path) -> None:
    with closing(dbapi2.connect(str(old))) as connection:
        connection.execute("UPDATE corrections SET reach = 'person:mel' WHERE id = 'open-mondays'")
        connection.commit()
    with closing(Database(old)) as database:
        database.migrate(MIGRATIONS)
    assert {row["id"]: row["reach"] for row in _rows(old)["turns"]} == {
        **dict.fromkeys(("turn-1", "turn-2", "turn-3", "turn-4"), "everyone"),
        "turn-5": "person:mel",
    }


def test_the_schema_is_that_of_a_new_database(old: Path, tmp_path: Path) -> None:
    for path in (old, tmp_path / "new.db"):
        with closing(Database(path)) as database:
            database.migrate(MIGRATIONS)
    assert _schema(old) == _schema(tmp_path / "new.db")


def _schema(path: Path) -> set[tuple[str, ...]]:
    """Each column, index and foreign key; the order of columns does not matter."""
    with closing(dbapi2.connect(str(path))) as connection:
        found = connection.execute(
            "SELECT m.name, c.name, c.type, c.[notnull], c.pk FROM sqlite_schema m, pragma_table_info(m.name) c"
            " UNION ALL SELECT tbl_name, name, coalesce(sql, ''), '', '' FROM sqlite_schema WHERE type <> 'table'"
            ' UNION ALL SELECT m.name, f."from", f."table", f."to", f.on_delete'
            " FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'"
        )
        return {tuple(map(str, row)) for row in found}


def test_nothing_is_broken_afterwards(upgraded: Services) -> None:
    with upgraded.database.read() as session:
        assert session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
        assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
        assert audit.verify(session) == 22


@pytest.mark.usefixtures("upgraded")
def test_the_database_of_then_is_kept(version: Version, tmp_path: Path) -> None:
    (path,) = (tmp_path / "backups").iterdir()
    manifest = backup.unpack(path, None, tmp_path / "then.db")
    assert set(manifest.revisions) <= set(version.revisions)
    version.make(tmp_path / "again.db")
    assert _rows(tmp_path / "then.db") == _rows(tmp_path / "again.db")


def test_nothing_is_brought_up_under_a_version_that_serves_it(old: Path) -> None:
    before = _rows(old)
    with closing(Serving(old.parent)), pytest.raises(FolderInUseError, match="Stop it first"):
        Services(Settings(data=old.parent), embedder=WordEmbedder())
    assert _rows(old) == before
    assert not (old.parent / "backups").exists()
    Services(Settings(data=old.parent), embedder=WordEmbedder()).close()
    assert _rows(old) != before


def test_a_backup_of_then_is_restored_and_brought_up(old: Path, tmp_path: Path) -> None:
    backup.make(old, None, tmp_path / "then.zip", version="0.1", now=NOW)
    restored = restore(Settings(data=tmp_path / "elsewhere"), tmp_path / "then.zip", NOW)
    assert (restored.manifest.version, restored.manifest.rows["people"]) == ("0.1", 4)
    with closing(Services(Settings(data=tmp_path / "elsewhere"), embedder=WordEmbedder())) as services:
        assert [person.name for person in services.accounts.list(OPERATOR)] == ["Ada", "Eve", "Mel", "Oli"]


# --- what people had still works --------------------------------------------------------------------------------------


def _ask(services: Services, actor: Actor, question: str, conversation: str | None = None) -> TurnRecord:
    (done,) = [event for event in services.assistant.reply(actor, conversation, question) if isinstance(event, Done)]
    return done.turn


def test_people_come_in_as_before(upgraded: Services) -> None:
    accounts = upgraded.accounts
    sessions = upgraded.sessions
    assert sessions.actor_of(sessions.sign_in("Ada", PASSWORD)).role == "admin"
    assert sessions.actor_of(SESSION).name == "Mel"
    assert upgraded.keys.actor_of(KEY).name == "Mel"
    assert [(person.name, person.is_active) for person in accounts.list(OPERATOR)] == [
        ("Ada", True),
        ("Eve", True),
        ("Mel", True),
        ("Oli", False),
    ]


def test_documents_are_listed_and_found(upgraded: Services) -> None:
    mel, eve = (upgraded.accounts.actor_named(name) for name in ("Mel", "Eve"))

    def listed(actor: Actor) -> dict[str, tuple[str, int]]:
        documents: tuple[DocumentRecord, ...] = upgraded.documents.list(actor)
        return {document.name: (document.state.value, document.passages) for document in documents}

    assert listed(eve) == {"museum.md": ("ready", 2), "wrong.pdf": ("failed", 0)}
    assert listed(mel) == {"museum.md": ("ready", 2), "notes.md": ("ready", 1)}
    assert upgraded.documents.search(eve, "What coin do lockers take?", 1)[0].passage.id == 2
    assert upgraded.documents.search(mel, "储物柜", 1)[0].passage.id == 3


def test_conversations_go_on(upgraded: Services) -> None:
    mel = upgraded.accounts.actor_named("Mel")
    assert {one.id for one in upgraded.conversations.list(mel)} == {"chat-mel", "chat-mel-2"}
    kept = upgraded.conversations.turns(mel, "chat-mel")
    assert kept[0].question == "Is the museum open on Mondays?"
    assert kept[0].sources[0].document == "museum.md"
    turn = _ask(upgraded, mel, "What do lockers take?", "chat-mel")
    assert upgraded.conversations.turns(mel, "chat-mel")[-1].id == turn.id


def test_corrections_answer_and_can_be_decided(upgraded: Services) -> None:
    mel, eve = (upgraded.accounts.actor_named(name) for name in ("Mel", "Eve"))
    assert (
        _ask(upgraded, eve, "Is the museum open on Mondays?").answer == "On Mondays it is open for groups, from 12:00."
    )
    assert _ask(upgraded, eve, "What do lockers take?").answer == "A coin of two euros."
    assert {made.id: made.state for made in upgraded.corrections.list(eve)} == {
        "open-mondays": "live",
        "open-sundays": "pending",
        "free-ticket": "rejected",
        "locker-token": "superseded",
        "locker-coin": "live",
        "lift": "live",
        "shop": "withdrawn",
    }
    assert upgraded.corrections.approve(eve, "open-sundays").state == "live"
    assert upgraded.corrections.withdraw(eve, "locker-coin").state == "withdrawn"
    assert upgraded.ratings.of(mel, ["turn-1"])["turn-1"].comment == "It opens for groups."
    assert upgraded.ratings.rate(eve, "turn-4", "down", "outdated").rating == "down"


# --- the upgrade itself -----------------------------------------------------------------------------------------------

NEXT = '''"""A migration of tomorrow."""

import sqlalchemy as sa
from alembic import op

revision = "next_0001"
down_revision = None
branch_labels = ("next",)
depends_on = "feedback_0001"


def upgrade() -> None:
    with op.batch_alter_table("people", recreate="always") as people:
        people.add_column(sa.Column("mood", sa.String(), nullable=True))
'''


@pytest.fixture
def tomorrow(tmp_path: Path) -> Path:
    """A folder with a migration that makes a table anew to which others refer."""
    (tmp_path / "tomorrow").mkdir()
    (tmp_path / "tomorrow" / "0001_next.py").write_text(NEXT)
    return tmp_path / "tomorrow"


def test_making_a_table_anew_loses_nothing_that_refers_to_it(old: Path, version: Version, tomorrow: Path) -> None:
    before, told = _rows(old), []
    with closing(Database(old)) as database:
        database.migrate([*MIGRATIONS, tomorrow], told.append)
        with database.read() as session:
            assert session.execute(sa.text("PRAGMA foreign_keys")).scalar() == 1
    after = _rows(old)
    assert _kept(before, after, version) == _kept(before, before, version)
    assert after["people"][0]["mood"] is None
    assert [set(revisions) <= set(version.revisions) for revisions in told] == [True]


@pytest.mark.parametrize(
    ("ending", "raised"),
    [
        ('    raise RuntimeError("in the middle")\n', RuntimeError),
        ('    op.execute("ALTER TABLE people ADD COLUMN mood VARCHAR")\n', StorageUpgradeError),
        ('    op.execute("UPDATE people SET name_key = 1")\n', StorageUpgradeError),
        ("    op.execute(\"DELETE FROM people WHERE id = 'mel'\")\n", StorageUpgradeError),
    ],
)
def test_an_upgrade_is_whole_or_absent(old: Path, tomorrow: Path, ending: str, raised: type[Exception]) -> None:
    with (tomorrow / "0001_next.py").open("a") as file:
        file.write(ending)
    before = _rows(old)
    with closing(Database(old)) as database, pytest.raises(raised):
        database.migrate([*MIGRATIONS, tomorrow])
    assert _rows(old) == before


def test_without_room_for_the_backup_nothing_is_changed(old: Path, tomorrow: Path) -> None:
    def refuse(revisions: object) -> None:
        raise OSError(28, "No space left on device")

    before = _rows(old)
    with closing(Database(old)) as database, pytest.raises(OSError, match="No space"):
        database.migrate([*MIGRATIONS, tomorrow], refuse)
    assert _rows(old) == before


def test_a_new_database_needs_no_backup(tmp_path: Path, tomorrow: Path) -> None:
    told: list[object] = []
    with closing(Database(tmp_path / DATABASE_FILE)) as database:
        database.migrate([*MIGRATIONS, tomorrow], told.append)
        database.migrate([*MIGRATIONS, tomorrow], told.append)
    assert told == []
