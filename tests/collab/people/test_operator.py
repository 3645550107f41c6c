"""What the operator of the machine does with accounts: roles, passwords, shutting out."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from collab.errors import (
    KeyRefusedError,
    LastAdminError,
    PasswordRefusedError,
    PersonUnknownError,
    SignInNeededError,
    SignInRefusedError,
)
from collab.people.access import Role
from collab.people.accounts import Accounts
from collab.services import MIGRATIONS
from knowledge.database import Database
from tests.collab.people.conftest import HandClock
from tests.collab.people.test_accounts import PASSWORD, entries


def test_a_role_is_changed_at_once(accounts: Accounts, database: Database) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)
    assert accounts.set_role("mel", Role.EXPERT).role is Role.EXPERT
    assert accounts.actor(mel.id).role is Role.EXPERT
    assert entries(database)[1:] == [(None, "role_changed", mel.id)]
    with pytest.raises(PersonUnknownError):
        accounts.set_role("nobody", Role.ADMIN)


def test_a_new_password_signs_out_and_the_old_one_is_worth_nothing(accounts: Accounts, database: Database) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)
    token, key = accounts.sign_in("Mel", PASSWORD), accounts.new_key("Mel")
    with pytest.raises(PasswordRefusedError):
        accounts.set_password("Mel", "short")
    accounts.set_password("mel", "another pass phrase")
    with pytest.raises(SignInNeededError):
        accounts.actor_of_session(token)
    with pytest.raises(SignInRefusedError):
        accounts.sign_in("Mel", PASSWORD)
    assert accounts.actor_of_session(accounts.sign_in("Mel", "another pass phrase")) == mel
    assert accounts.actor_of_key(key) == mel
    assert (None, "password_changed", mel.id) in entries(database)


def test_who_is_disabled_is_out_and_still_listed(accounts: Accounts, database: Database) -> None:
    mel, ada = accounts.add("Mel", PASSWORD, Role.MEMBER), accounts.add("Ada", PASSWORD, Role.ADMIN)
    token, key = accounts.sign_in("Mel", PASSWORD), accounts.new_key("Mel")
    accounts.disable("Mel")
    assert accounts.everybody() == ((ada, True), (mel, False))
    assert entries(database)[-1] == (None, "person_disabled", mel.id)
    for attempt in (lambda: accounts.actor_of_session(token), lambda: accounts.actor_of_key(key)):
        with pytest.raises((SignInNeededError, KeyRefusedError)):
            attempt()
    with pytest.raises(PersonUnknownError):
        accounts.disable("Mel")


def test_the_last_admin_stays(accounts: Accounts, database: Database) -> None:
    ada = accounts.add("Ada", PASSWORD, Role.ADMIN)
    for act in (lambda: accounts.disable("Ada"), lambda: accounts.set_role("Ada", Role.EXPERT)):
        with pytest.raises(LastAdminError):
            act()
    assert accounts.everybody() == ((ada, True),)
    assert len(entries(database)) == 1
    accounts.add("Ben", PASSWORD, Role.ADMIN)
    accounts.disable("Ada")
    assert accounts.first_admin().name == "Ben"


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
    accounts = Accounts(database, clock)
    accounts.add("Mel", PASSWORD, Role.MEMBER)
    changes = {
        "set_password": lambda: accounts.set_password("Mel", "another pass phrase"),
        "disable": lambda: accounts.disable("Mel"),
    }
    database.meanwhile = changes[act]
    with pytest.raises(SignInRefusedError):
        accounts.sign_in("Mel", PASSWORD)
    assert "signed_in" not in [done for _, done, _ in entries(database)]
    database.close()
