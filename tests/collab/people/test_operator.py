"""What the operator of the machine and administrators do with people: roles, passwords, shutting out, letting in."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from collab.errors import (
    KeyRefusedError,
    LastAdminError,
    NotAllowedError,
    OwnAccountError,
    PasswordRefusedError,
    PersonUnknownError,
    SignInNeededError,
    SignInRefusedError,
)
from collab.people.access import OPERATOR, Role
from collab.services import MIGRATIONS
from knowledge.database import Database
from knowledge.errors import NotFoundError
from tests.collab.people.conftest import PASSWORD, HandClock, People, entries


def test_a_role_is_changed_at_once(people: People, database: Database) -> None:
    ada, mel = people.ada(), people.mel()
    assert people.accounts.set_role(OPERATOR, mel.id, Role.EXPERT).role is Role.EXPERT
    assert people.accounts.actor(mel.id).role is Role.EXPERT
    people.accounts.set_role(ada, mel.id, Role.ADMIN)
    people.accounts.set_role(ada, mel.id, Role.ADMIN)
    assert entries(database)[2:] == [(None, "role_changed", mel.id), (ada.id, "role_changed", mel.id)]
    with pytest.raises(NotFoundError):
        people.accounts.set_role(OPERATOR, "nobody", Role.ADMIN)


def test_a_new_password_signs_out_and_the_old_one_is_worth_nothing(people: People, database: Database) -> None:
    mel = people.mel()
    token, key = people.sessions.sign_in("Mel", PASSWORD), people.keys.make_for("Mel")
    with pytest.raises(PasswordRefusedError):
        people.accounts.set_password("Mel", "short")
    people.accounts.set_password("mel", "another pass phrase")
    with pytest.raises(SignInNeededError):
        people.sessions.actor_of(token)
    with pytest.raises(SignInRefusedError):
        people.sessions.sign_in("Mel", PASSWORD)
    assert people.sessions.actor_of(people.sessions.sign_in("Mel", "another pass phrase")) == mel
    assert people.keys.actor_of(key) == mel
    assert (None, "password_changed", mel.id) in entries(database)


def test_who_is_disabled_is_out_and_still_listed(people: People, database: Database) -> None:
    mel, ada = people.mel(), people.ada()
    token, key = people.sessions.sign_in("Mel", PASSWORD), people.keys.make_for("Mel")
    assert not people.accounts.disable(ada, mel.id).is_active
    people.accounts.disable(ada, mel.id)
    assert [(one.name, one.is_active) for one in people.accounts.list(ada)] == [("Ada", True), ("Mel", False)]
    assert entries(database)[4:] == [(ada.id, "person_disabled", mel.id)]
    for attempt in (lambda: people.sessions.actor_of(token), lambda: people.keys.actor_of(key)):
        with pytest.raises((SignInNeededError, KeyRefusedError)):
            attempt()
    with pytest.raises(PersonUnknownError):
        people.accounts.actor_named("Mel")


def test_who_is_enabled_comes_in_with_the_old_password_and_no_key(people: People, database: Database) -> None:
    mel, ada = people.mel(), people.ada()
    key = people.keys.make_for("Mel")
    people.accounts.disable(OPERATOR, people.accounts.id_of("mel"))
    assert people.accounts.enable(ada, mel.id).is_active
    people.accounts.enable(ada, mel.id)
    assert people.sessions.actor_of(people.sessions.sign_in("Mel", PASSWORD)) == mel
    with pytest.raises(KeyRefusedError):
        people.keys.actor_of(key)
    assert [act for _, act, _ in entries(database)][3:] == ["person_disabled", "person_enabled", "signed_in"]


def test_the_last_admin_stays(people: People, database: Database) -> None:
    ada = people.ada()
    changes = (
        lambda: people.accounts.disable(OPERATOR, ada.id),
        lambda: people.accounts.set_role(OPERATOR, ada.id, Role.EXPERT),
    )
    for change in changes:
        with pytest.raises(LastAdminError):
            change()
    assert people.accounts.first_admin() == ada
    assert len(entries(database)) == 1
    people.accounts.add("Ben", PASSWORD, Role.ADMIN)
    people.accounts.disable(OPERATOR, ada.id)
    assert people.accounts.first_admin().name == "Ben"


def test_an_admin_leaves_their_own_account_alone(people: People, database: Database) -> None:
    ada = people.ada()
    people.accounts.add("Ben", PASSWORD, Role.ADMIN)
    with pytest.raises(OwnAccountError):
        people.accounts.disable(ada, ada.id)
    with pytest.raises(OwnAccountError):
        people.accounts.set_role(ada, ada.id, Role.MEMBER)
    assert len(entries(database)) == 2


def test_who_was_admin_when_the_page_was_opened_does_nothing_afterwards(people: People) -> None:
    ada, mel = people.ada(), people.mel()
    ben = people.accounts.add("Ben", PASSWORD, Role.ADMIN)
    people.accounts.set_role(ada, ben.id, Role.EXPERT)
    with pytest.raises(NotAllowedError) as told:
        people.accounts.disable(ben, mel.id)
    assert told.value.params == {"needed": "admin", "role": "expert"}
    people.accounts.disable(ada, ben.id)
    with pytest.raises(SignInNeededError):
        people.accounts.list(ben)


def test_one_sees_when_people_were_here_last(people: People, clock: HandClock) -> None:
    ada = people.ada()
    people.mel()
    token, key = people.sessions.sign_in("Mel", PASSWORD), people.keys.make_for("Mel")
    clock.move(minutes=5)
    people.keys.actor_of(key)
    clock.move(minutes=5)
    people.sessions.actor_of(token)
    seen = {one.name: one.seen_at for one in people.accounts.list(ada)}
    assert seen == {"Ada": None, "Mel": clock.now}


def test_a_language_is_kept_with_the_person(people: People) -> None:
    mel = people.mel()
    assert people.accounts.language(mel.id) is None
    people.accounts.set_language(mel, "zh")
    assert people.accounts.language(mel.id) == "zh"


class _SlowDatabase(Database):
    """A database before whose next write something else happens."""

    meanwhile: Callable[[], object] | None = None

    @contextmanager
    def write(self) -> Iterator[Session]:
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        with super().write() as session:
            yield session


@pytest.mark.parametrize("act", ["set_password", "disable"])
def test_a_sign_in_that_has_begun_does_not_outlive_the_change(tmp_path: Path, clock: HandClock, act: str) -> None:
    database = _SlowDatabase(tmp_path / "collab.db")
    database.migrate(MIGRATIONS)
    people = People.on(database, clock)
    mel = people.mel()
    changes = {
        "set_password": lambda: people.accounts.set_password("Mel", "another pass phrase"),
        "disable": lambda: people.accounts.disable(OPERATOR, mel.id),
    }
    database.meanwhile = changes[act]
    with pytest.raises(SignInRefusedError):
        people.sessions.sign_in("Mel", PASSWORD)
    assert "signed_in" not in [done for _, done, _ in entries(database)]
    database.close()
