import pytest

from collab.errors import (
    NameRefusedError,
    NameTakenError,
    NoAdminError,
    PasswordRefusedError,
    PersonUnknownError,
    SignInNeededError,
)
from collab.people.access import Role
from knowledge.database import Database
from tests.collab.people.conftest import PASSWORD, HandClock, People, entries, everything_stored


def test_a_person_is_added_and_audited_as_the_command_line(people: People, database: Database) -> None:
    mel = people.accounts.add(" Mel ", PASSWORD, Role.MEMBER)
    assert (mel.name, mel.role) == ("Mel", Role.MEMBER)
    assert people.accounts.actor(mel.id) == people.accounts.actor_named("MEL") == mel
    assert entries(database) == [(None, "person_added", mel.id)]


def test_a_name_that_differs_in_case_or_width_is_taken(people: People, database: Database) -> None:
    people.accounts.add("Ada", PASSWORD, Role.ADMIN)
    with pytest.raises(NameTakenError):
        people.accounts.add("ＡＤＡ", PASSWORD, Role.MEMBER)
    assert len(entries(database)) == 1


def test_bad_names_and_passwords_add_nobody(people: People, database: Database) -> None:
    with pytest.raises(NameRefusedError):
        people.accounts.add("a\u202eb", PASSWORD, Role.MEMBER)
    with pytest.raises(PasswordRefusedError):
        people.accounts.add("Mel", "too short", Role.MEMBER)
    assert entries(database) == []


def test_unknown_people_are_told_apart(people: People) -> None:
    with pytest.raises(PersonUnknownError):
        people.accounts.actor_named("nobody")
    with pytest.raises(SignInNeededError):
        people.accounts.actor("nobody")
    with pytest.raises(NoAdminError):
        people.accounts.first_admin()


def test_the_first_admin_is_the_oldest(people: People, clock: HandClock) -> None:
    people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    clock.move(days=1)
    ada = people.accounts.add("Ada", PASSWORD, Role.ADMIN)
    clock.move(days=1)
    people.accounts.add("Bob", PASSWORD, Role.ADMIN)
    assert people.accounts.first_admin() == ada


def test_no_secret_is_stored(people: People, database: Database) -> None:
    link = people.setup.link()
    assert link
    first = people.setup.claim(link, "Ada", PASSWORD)
    secrets = [link, PASSWORD, first, people.sessions.sign_in("ada", PASSWORD), people.keys.make_for("Ada")]
    stored = everything_stored(database)
    assert [secret for secret in secrets if secret in stored] == []
