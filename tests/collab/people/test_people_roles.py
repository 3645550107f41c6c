"""Every method about people that takes the person who acts checks them: each is called by each role, about Mel."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.people.access import OPERATOR, Actor, Role
from collab.people.accounts import Accounts
from collab.people.keys import Keys
from collab.people.links import Links
from collab.people.passwords import Passwords
from collab.people.records import KeyRecord, LinkRecord
from collab.people.sessions import Sessions
from collab.people.tables import Person
from collab.services import MIGRATIONS
from knowledge.database import Database, utc_now
from knowledge.errors import CollabError
from tests.collab.calling import assert_complete, found, outcome, rows
from tests.collab.people.conftest import PASSWORD, People
from tests.fakes import add_people

_number = itertools.count(1)
HASH = Passwords().hash(PASSWORD)  # of everybody


@dataclass(frozen=True)
class House:
    """Mel, who has a key and is signed in; an open invitation; and everybody who may try something about them."""

    database: Database
    people: People
    mel: Actor
    key: KeyRecord
    session: str
    token: str
    link: LinkRecord
    callers: dict[str, Actor]

    @classmethod
    def made(cls, database: Database) -> "House":
        people, number = People.on(database, utc_now), next(_number)
        roles = {"mel": Role.MEMBER, "member": Role.MEMBER, "expert": Role.EXPERT, "admin": Role.ADMIN}
        callers = {name: Actor(f"{name}{number}", f"{name}{number}", role) for name, role in roles.items()}
        add_people(database, *callers.values())
        mel = callers["mel"]
        with database.write() as session:
            session.execute(sa.update(Person).values(password_hash=HASH))
            token = people.sessions.open(session, mel.id)
        key, _ = people.keys.make(mel, "report")
        link, _ = people.links.invite(OPERATOR, Role.MEMBER)
        session_id = people.sessions.list(mel, token)[0].id
        return cls(database, people, mel, key, session_id, token, link, {**callers, "operator": OPERATOR})

    def person(self) -> Person:
        """Mel's row."""
        with self.database.read() as session:
            return session.get_one(Person, self.mel.id)


Call = Callable[[House, Actor], object]
ADMINS = {"mel": "not_allowed", "member": "not_allowed", "expert": "not_allowed", "admin": "ok", "operator": "ok"}
HERS = {"mel": "ok", "member": "not_found", "expert": "not_found", "admin": "not_found", "operator": "not_found"}
HERS_AND_ADMINS = {**HERS, "admin": "ok", "operator": "ok"}
PEOPLE = {**dict.fromkeys(("mel", "member", "expert", "admin"), "ok"), "operator": "not_found"}

TABLE: dict[tuple[type, str], list[tuple[Call, dict[str, str]]]] = {
    (Accounts, "list"): [(lambda h, a: h.people.accounts.list(a), ADMINS)],
    (Accounts, "set_role"): [(lambda h, a: h.people.accounts.set_role(a, h.mel.id, Role.ADMIN), ADMINS)],
    (Accounts, "disable"): [(lambda h, a: h.people.accounts.disable(a, h.mel.id), ADMINS)],
    (Accounts, "enable"): [(lambda h, a: h.people.accounts.enable(a, h.mel.id), ADMINS)],
    (Accounts, "set_language"): [(lambda h, a: _language(h, a), HERS)],
    (Links, "invite"): [(lambda h, a: h.people.links.invite(a, Role.ADMIN), ADMINS)],
    (Links, "reset"): [(lambda h, a: h.people.links.reset(a, h.mel.id), ADMINS)],
    (Links, "list"): [(lambda h, a: h.people.links.list(a), ADMINS)],
    (Links, "revoke"): [(lambda h, a: h.people.links.revoke(a, h.link.id), ADMINS)],
    (Keys, "make"): [(lambda h, a: h.people.keys.make(a, "mine"), PEOPLE)],
    (Keys, "list"): [
        (lambda h, a: h.people.keys.list(a), ADMINS),
        (lambda h, a: h.people.keys.list(a, h.mel.id), {**ADMINS, "mel": "ok"}),
    ],
    (Keys, "revoke"): [(lambda h, a: h.people.keys.revoke(a, h.key.id), HERS_AND_ADMINS)],
    (Sessions, "list"): [(lambda h, a: found(h.people.sessions.list(a, h.token)), HERS)],
    (Sessions, "end"): [(lambda h, a: h.people.sessions.end(a, h.session), HERS)],
    (Sessions, "end_others"): [(lambda h, a: found(h.people.sessions.end_others(a, "")), HERS)],
    (Sessions, "change_password"): [(lambda h, a: _password(h, a), {**HERS, "operator": "password_wrong"})],
}
# What the operator does by name, what a secret opens, and what is told to the application itself.
WITHOUT_A_PERSON = {
    (Accounts, "add"), (Accounts, "set_password"), (Accounts, "actor"), (Accounts, "actor_named"), (Accounts, "id_of"),
    (Accounts, "first_admin"), (Accounts, "language"),
    (Links, "look"), (Links, "join"), (Links, "change_password"),
    (Keys, "make_for"), (Keys, "actor_of"),
    (Sessions, "sign_in"), (Sessions, "sign_out"), (Sessions, "open"), (Sessions, "actor_of"),
}  # fmt: skip


def _language(house: House, actor: Actor) -> None:
    house.people.accounts.set_language(actor, "zh")
    found(house.people.accounts.language(house.mel.id) == "zh")


def _password(house: House, actor: Actor) -> None:
    house.people.sessions.change_password(actor, PASSWORD, "another pass phrase", house.token)
    found(house.person().password_hash != HASH)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = Database(tmp_path_factory.mktemp("people") / "collab.db")
    database.migrate(MIGRATIONS)
    yield database
    database.close()


@pytest.mark.parametrize(("call", "expected"), rows(TABLE))
def test_each_method_with_each_role(shared: Database, call: Call, expected: dict[str, str]) -> None:
    outcomes = {}
    for caller in expected:
        house = House.made(shared)
        outcomes[caller] = outcome(call, house, house.callers[caller])
    assert outcomes == expected


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, WITHOUT_A_PERSON)


def test_nobody_becomes_the_operator_by_an_empty_name(shared: Database, tmp_path: Path) -> None:
    people = People.on(shared, utc_now)
    with pytest.raises(CollabError) as told:
        people.accounts.actor(OPERATOR.id)
    assert told.value.code == "sign_in_needed"
