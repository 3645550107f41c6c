import pytest

from collab.errors import (
    KeyRefusedError,
    SignInNeededError,
)
from collab.people.access import Role
from knowledge.database import Database
from tests.collab.people.conftest import PASSWORD, People, entries


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
