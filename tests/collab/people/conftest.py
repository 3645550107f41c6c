"""A clock that a test moves, and the services of people on a real database."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from collab.people import audit
from collab.people.access import Actor, Role
from collab.people.accounts import Accounts
from collab.people.keys import Keys
from collab.people.links import Links
from collab.people.sessions import Sessions
from collab.people.setup import Setup
from knowledge.database import Clock, Database

PASSWORD = "a long pass phrase 42"


class HandClock:
    """Time stands still until it is moved."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class People:
    """All that knows people, on one database."""

    accounts: Accounts
    sessions: Sessions
    keys: Keys
    links: Links
    setup: Setup

    @classmethod
    def on(cls, database: Database, clock: Clock) -> "People":
        sessions = Sessions(database, clock, days=14)
        return cls(
            Accounts(database, clock),
            sessions,
            Keys(database, clock),
            Links(database, clock, sessions),
            Setup(database, clock, sessions),
        )

    def ada(self) -> Actor:
        """An administrator."""
        return self.accounts.add("Ada", PASSWORD, Role.ADMIN)

    def mel(self) -> Actor:
        """A member."""
        return self.accounts.add("Mel", PASSWORD, Role.MEMBER)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def people(database: Database, clock: HandClock) -> People:
    return People.on(database, clock)


def entries(database: Database) -> list[tuple[str | None, str, str]]:
    with database.read() as session:
        audit.verify(session)
        rows = session.execute(sa.text("SELECT actor_id, act, object_id FROM audit_entries ORDER BY seq"))
        return [tuple(row) for row in rows]


def leave(database: Database, person_id: str) -> None:
    with database.write() as session:
        session.execute(sa.text("UPDATE people SET is_active = 0 WHERE id = :id"), {"id": person_id})


def everything_stored(database: Database) -> str:
    with database.read() as session:
        tables = [row[0] for row in session.execute(sa.text("SELECT name FROM sqlite_master WHERE type = 'table'"))]
        return str([session.execute(sa.text(f'SELECT * FROM "{name}"')).all() for name in tables])
