from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.errors import KeyRefusedError, NameRefusedError, SignInNeededError, TooManyKeysError
from collab.people.access import Role
from collab.people.keys import Keys
from knowledge.database import Database
from knowledge.errors import NotFoundError
from tests.collab.people.conftest import PASSWORD, HandClock, People, entries


def test_a_key_acts_for_its_person(people: People, database: Database) -> None:
    mel = people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    key, another = people.keys.make_for("mel"), people.keys.make_for("mel")
    assert key != another
    assert people.keys.actor_of(key) == people.keys.actor_of(another) == mel
    assert entries(database)[1] == (None, "key_made", mel.id)


def test_keys_and_sessions_do_not_stand_in_for_each_other(people: People) -> None:
    people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    key, token = people.keys.make_for("mel"), people.sessions.sign_in("mel", PASSWORD)
    for wrong in (token, "", key + "x", key.upper()):
        with pytest.raises(KeyRefusedError):
            people.keys.actor_of(wrong)
    with pytest.raises(SignInNeededError):
        people.sessions.actor_of(key)


def test_a_person_makes_keys_with_names_and_sees_when_they_were_used(people: People, clock: HandClock) -> None:
    mel = people.mel()
    report, key = people.keys.make(mel, " Nightly   report ")
    clock.move(minutes=1)
    people.keys.make(mel, "Phone")
    made = clock.now
    clock.move(seconds=50)
    people.keys.actor_of(key)
    first_use = clock.now
    clock.move(seconds=59)
    people.keys.actor_of(key)
    assert [(one.name, one.last_used_at) for one in people.keys.list(mel, mel.id)] == [
        ("Phone", None),
        ("Nightly report", first_use),
    ]
    clock.move(seconds=1)
    people.keys.actor_of(key)
    assert people.keys.list(mel, mel.id)[1].last_used_at == clock.now
    assert (report.created_at, report.person) == (made - timedelta(minutes=1), "Mel")


@pytest.mark.parametrize("name", ["", "   ", "a\u202eb", "x" * 61])
def test_a_key_has_a_name_that_can_be_read(people: People, name: str) -> None:
    mel = people.mel()
    with pytest.raises(NameRefusedError):
        people.keys.make(mel, name)
    assert people.keys.list(mel, mel.id) == ()


def test_a_revoked_key_is_refused_at_once(people: People, database: Database) -> None:
    ada, mel = people.ada(), people.mel()
    record, key = people.keys.make(mel, "report")
    other, _ = people.keys.make(mel, "phone")
    people.keys.revoke(mel, record.id)
    with pytest.raises(KeyRefusedError):
        people.keys.actor_of(key)
    with pytest.raises(NotFoundError):
        people.keys.revoke(mel, record.id)
    assert people.keys.revoke(ada, other.id).person == "Mel"
    assert entries(database)[-2:] == [(mel.id, "key_revoked", mel.id), (ada.id, "key_revoked", mel.id)]


def test_a_person_has_fifty_keys_at_most(people: People) -> None:
    mel = people.mel()
    for number in range(50):
        people.keys.make(mel, f"key {number}")
    with pytest.raises(TooManyKeysError):
        people.keys.make(mel, "one more")
    with pytest.raises(TooManyKeysError):
        people.keys.make_for("Mel")


def test_last_use_is_never_worth_an_error(database: Database, clock: HandClock, tmp_path: Path) -> None:
    people = People.on(database, clock)
    mel = people.mel()
    key = people.keys.make(mel, "report")[1]
    hurried = Database(tmp_path / "collab.db", busy_s=0.05)
    with database.write() as session:
        session.execute(sa.text("UPDATE people SET language = 'en'"))  # somebody else writes, and takes their time
        assert Keys(hurried, clock).actor_of(key) == mel
    hurried.close()
    assert people.keys.list(mel, mel.id)[0].last_used_at is None
