import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from collab.errors import (
    CollabError,
    KeyRefusedError,
    NameRefusedError,
    NameTakenError,
    NoAdminError,
    PasswordRefusedError,
    PersonUnknownError,
    SetupLinkError,
    SignInNeededError,
    SignInRefusedError,
    TooManyTriesError,
)
from collab.people import audit
from collab.people.access import Role
from collab.people.accounts import Accounts
from knowledge.database import Database
from tests.collab.people.conftest import HandClock

PASSWORD = "a long pass phrase 42"


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


# --- people ---------------------------------------------------------------------------------------------------------


def test_a_person_is_added_and_audited_as_the_command_line(accounts: Accounts, database: Database) -> None:
    mel = accounts.add(" Mel ", PASSWORD, Role.MEMBER)
    assert (mel.name, mel.role) == ("Mel", Role.MEMBER)
    assert accounts.actor(mel.id) == accounts.actor_named("MEL") == mel
    assert entries(database) == [(None, "person_added", mel.id)]


def test_a_name_that_differs_in_case_or_width_is_taken(accounts: Accounts, database: Database) -> None:
    accounts.add("Ada", PASSWORD, Role.ADMIN)
    with pytest.raises(NameTakenError):
        accounts.add("ＡＤＡ", PASSWORD, Role.MEMBER)
    assert len(entries(database)) == 1


def test_bad_names_and_passwords_add_nobody(accounts: Accounts, database: Database) -> None:
    with pytest.raises(NameRefusedError):
        accounts.add("a\u202eb", PASSWORD, Role.MEMBER)
    with pytest.raises(PasswordRefusedError):
        accounts.add("Mel", "too short", Role.MEMBER)
    assert entries(database) == []


def test_unknown_people_are_told_apart(accounts: Accounts) -> None:
    with pytest.raises(PersonUnknownError):
        accounts.actor_named("nobody")
    with pytest.raises(SignInNeededError):
        accounts.actor("nobody")
    with pytest.raises(NoAdminError):
        accounts.first_admin()


def test_the_first_admin_is_the_oldest(accounts: Accounts, clock: HandClock) -> None:
    accounts.add("Mel", PASSWORD, Role.MEMBER)
    clock.move(days=1)
    ada = accounts.add("Ada", PASSWORD, Role.ADMIN)
    clock.move(days=1)
    accounts.add("Bob", PASSWORD, Role.ADMIN)
    assert accounts.first_admin() == ada


def test_no_secret_is_stored(accounts: Accounts, database: Database) -> None:
    link = accounts.setup_link()
    assert link
    first = accounts.claim(link, "Ada", PASSWORD)
    secrets = [link, PASSWORD, first, accounts.sign_in("ada", PASSWORD), accounts.new_key("Ada")]
    stored = everything_stored(database)
    assert [secret for secret in secrets if secret in stored] == []


# --- signing in -----------------------------------------------------------------------------------------------------


def test_sign_in_opens_a_session_and_sign_out_ends_it(accounts: Accounts, database: Database) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)
    token = accounts.sign_in("mel", PASSWORD)
    assert accounts.actor_of_session(token) == mel
    accounts.sign_out(token)
    with pytest.raises(SignInNeededError):
        accounts.actor_of_session(token)
    accounts.sign_out(token)
    assert entries(database)[1:] == [(mel.id, "signed_in", mel.id), (mel.id, "signed_out", mel.id)]


def test_signing_out_of_one_browser_leaves_the_other(accounts: Accounts) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)
    first, second = accounts.sign_in("mel", PASSWORD), accounts.sign_in("mel", PASSWORD)
    accounts.sign_out(first)
    assert accounts.actor_of_session(second) == mel


def test_a_session_ends_after_its_days(accounts: Accounts, clock: HandClock) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)
    token = accounts.sign_in("mel", PASSWORD)
    clock.move(days=13, hours=23)
    assert accounts.actor_of_session(token) == mel
    clock.move(hours=1)
    with pytest.raises(SignInNeededError):
        accounts.actor_of_session(token)


def test_wrong_names_and_wrong_passwords_sound_the_same(accounts: Accounts) -> None:
    accounts.add("Mel", PASSWORD, Role.MEMBER)
    told = []
    for name, password in (("Mel", "a wrong password"), ("nobody", PASSWORD), ("Mel", ""), ("", ""), ("\ud800", "x")):
        with pytest.raises(SignInRefusedError) as error:
            accounts.sign_in(name, password)
        told.append(str(error.value))
    assert len(set(told)) == 1


def test_after_five_failures_even_the_right_password_waits(accounts: Accounts, clock: HandClock) -> None:
    accounts.add("Mel", PASSWORD, Role.MEMBER)
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            accounts.sign_in("MEL", "a wrong password", "1.2.3.4")
    with pytest.raises(TooManyTriesError):
        accounts.sign_in("mel", PASSWORD, "5.6.7.8")
    clock.move(seconds=2)
    assert accounts.sign_in("mel", PASSWORD, "5.6.7.8")


def test_refused_sign_ins_are_in_the_audit_once_a_minute_and_without_the_name(
    accounts: Accounts, database: Database, clock: HandClock
) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)

    def refuse(name: str) -> None:
        with pytest.raises(SignInRefusedError):
            accounts.sign_in(name, "a wrong password")

    for name in ("Mel", "MEL", "no such person", "no such person"):
        refuse(name)
    assert entries(database)[1:] == [(None, "sign_in_refused", mel.id), (None, "sign_in_refused", "")]
    clock.move(minutes=1)
    refuse("mel")
    assert entries(database)[3:] == [(None, "sign_in_refused", mel.id)]
    with database.read() as session:
        assert "no such person" not in str(session.execute(sa.text("SELECT details FROM audit_entries")).all())


def test_an_inactive_person_is_out_at_once(accounts: Accounts, database: Database) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)
    token, key = accounts.sign_in("Mel", PASSWORD), accounts.new_key("Mel")
    leave(database, mel.id)
    attempts: list[tuple[Callable[[], object], type[CollabError]]] = [
        (lambda: accounts.actor_of_session(token), SignInNeededError),
        (lambda: accounts.actor(mel.id), SignInNeededError),
        (lambda: accounts.actor_of_key(key), KeyRefusedError),
        (lambda: accounts.sign_in("Mel", PASSWORD), SignInRefusedError),
        (lambda: accounts.new_key("Mel"), PersonUnknownError),
    ]
    for attempt, refusal in attempts:
        with pytest.raises(refusal):
            attempt()


# --- keys -----------------------------------------------------------------------------------------------------------


def test_a_key_acts_for_its_person(accounts: Accounts, database: Database) -> None:
    mel = accounts.add("Mel", PASSWORD, Role.MEMBER)
    key, another = accounts.new_key("mel"), accounts.new_key("mel")
    assert key != another
    assert accounts.actor_of_key(key) == accounts.actor_of_key(another) == mel
    assert entries(database)[1] == (None, "key_made", mel.id)


def test_keys_and_sessions_do_not_stand_in_for_each_other(accounts: Accounts) -> None:
    accounts.add("Mel", PASSWORD, Role.MEMBER)
    key, token = accounts.new_key("mel"), accounts.sign_in("mel", PASSWORD)
    for wrong in (token, "", key + "x", key.upper()):
        with pytest.raises(KeyRefusedError):
            accounts.actor_of_key(wrong)
    with pytest.raises(SignInNeededError):
        accounts.actor_of_session(key)


# --- the first admin ------------------------------------------------------------------------------------------------


def test_the_link_makes_the_first_admin_once(accounts: Accounts, database: Database) -> None:
    link = accounts.setup_link()
    assert link is not None
    ada = accounts.actor_of_session(accounts.claim(link, "Ada", PASSWORD))
    assert (ada.name, ada.role) == ("Ada", Role.ADMIN)
    with pytest.raises(SetupLinkError):
        accounts.claim(link, "Eve", PASSWORD)
    assert accounts.setup_link() is None
    assert entries(database) == [(ada.id, "person_added", ada.id)]


def test_a_newer_link_replaces_the_older(accounts: Accounts) -> None:
    old, new = accounts.setup_link(), accounts.setup_link()
    assert old is not None
    assert new is not None
    with pytest.raises(SetupLinkError):
        accounts.check_setup(old)
    accounts.check_setup(new)


def test_an_admin_from_the_command_line_makes_the_link_worthless(accounts: Accounts) -> None:
    link = accounts.setup_link()
    assert link is not None
    accounts.add("Ada", PASSWORD, Role.ADMIN)
    with pytest.raises(SetupLinkError):
        accounts.claim(link, "Eve", PASSWORD)


def test_members_leave_the_link_open(accounts: Accounts) -> None:
    link = accounts.setup_link()
    assert link is not None
    accounts.add("Mel", PASSWORD, Role.MEMBER)
    accounts.check_setup(link)
    assert accounts.setup_link() is not None


def test_a_refused_name_or_password_does_not_spend_the_link(accounts: Accounts) -> None:
    link = accounts.setup_link()
    assert link is not None
    accounts.add("Mel", PASSWORD, Role.MEMBER)
    for name, password in (("", PASSWORD), ("Ada", "short"), ("MEL", PASSWORD)):
        with pytest.raises((NameRefusedError, PasswordRefusedError, NameTakenError)):
            accounts.claim(link, name, password)
    assert accounts.claim(link, "Ada", PASSWORD)


@pytest.mark.parametrize("wrong", ["", "nothing", "\x00", "\ud800", "' OR 1=1 --"])
def test_a_wrong_token_claims_nothing(accounts: Accounts, wrong: str) -> None:
    accounts.setup_link()
    with pytest.raises(SetupLinkError):
        accounts.claim(wrong, "Eve", PASSWORD)


def test_of_two_claims_at_once_one_wins(accounts: Accounts, database: Database) -> None:
    link = accounts.setup_link()
    assert link is not None
    won: list[str] = []
    lost: list[CollabError] = []
    together = threading.Barrier(4)

    def claim(name: str) -> None:
        together.wait()
        try:
            won.append(accounts.claim(link, name, PASSWORD))
        except CollabError as error:
            lost.append(error)

    threads = [threading.Thread(target=claim, args=(f"Admin {n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert [type(error) for error in lost] == [SetupLinkError] * 3
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM people")) == 1
