import hashlib
from datetime import UTC, datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from collab.errors import AuditBrokenError
from collab.people import audit
from knowledge.database import Database

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def note(database: Database, *acts: str) -> None:
    with database.write() as session:
        for act in acts:
            audit.record(
                session,
                actor_id="p1",
                act=act,
                object_type="thing",
                object_id="t1",
                details={"n": 1, "é": "ü"},
                now=NOON,
            )


def verified(database: Database) -> int:
    with database.read() as session:
        return audit.verify(session)


def run(database: Database, statement: str) -> None:
    with database.write() as session:
        session.execute(sa.text(statement))


def test_the_hash_covers_the_canonical_entry_and_the_previous_hash(database: Database) -> None:
    note(database, "first", "second")
    with database.read() as session:
        rows = session.execute(sa.text("SELECT previous_hash, hash FROM audit_entries ORDER BY seq")).all()
    canonical = (
        '{"act":"first","actor_id":"p1","at":"2026-11-22T12:00:00.000000+00:00","details":{"n":1,"\\u00e9":"\\u00fc"},'
        f'"object_id":"t1","object_type":"thing","previous_hash":"{"0" * 64}"}}'
    )
    assert rows[0] == ("0" * 64, hashlib.sha256(canonical.encode()).hexdigest())
    assert rows[1].previous_hash == rows[0].hash
    assert verified(database) == 2


def test_an_empty_audit_holds(database: Database) -> None:
    assert verified(database) == 0


def test_a_time_in_another_zone_seals_the_same_after_reading(database: Database) -> None:
    with database.write() as session:
        audit.record(
            session,
            actor_id=None,
            act="a",
            object_type="t",
            object_id="1",
            details={},
            now=NOON.astimezone(timezone(timedelta(hours=8))),
        )
    assert verified(database) == 1


@pytest.mark.parametrize(
    ("tampering", "first_bad"),
    [
        ("UPDATE audit_entries SET act = 'harmless' WHERE seq = 2", 2),
        ("UPDATE audit_entries SET actor_id = 'p2' WHERE seq = 1", 1),
        ("UPDATE audit_entries SET details = '{}' WHERE seq = 3", 3),
        ("UPDATE audit_entries SET at = '2026-11-23T12:00:00.000000+00:00' WHERE seq = 2", 2),
        ("DELETE FROM audit_entries WHERE seq = 2", 2),
        ("DELETE FROM audit_entries WHERE seq = 1", 1),
        ("DELETE FROM audit_entries WHERE seq = 3", 3),
        ("UPDATE audit_entries SET previous_hash = hash WHERE seq = 3", 3),
    ],
)
def test_tampering_shows_at_the_first_bad_entry(database: Database, tampering: str, first_bad: int) -> None:
    note(database, "one", "two", "three")
    run(database, tampering)
    with pytest.raises(AuditBrokenError) as told:
        verified(database)
    assert told.value.params == {"seq": first_bad}


def test_a_fork_of_the_chain_is_impossible(database: Database) -> None:
    note(database, "one", "two")
    with pytest.raises(sa.exc.IntegrityError):
        run(
            database,
            "INSERT INTO audit_entries (at, act, object_type, object_id, details, previous_hash, hash) "
            "SELECT at, act, object_type, object_id, details, previous_hash, 'x' FROM audit_entries WHERE seq = 2",
        )


def test_an_entry_falls_with_its_act(database: Database) -> None:
    note(database, "kept")
    with pytest.raises(RuntimeError), database.write() as session:
        audit.record(session, actor_id=None, act="lost", object_type="t", object_id="1", details={}, now=NOON)
        raise RuntimeError
    note(database, "after")
    assert verified(database) == 2
