from collections.abc import Callable

import pytest
import sqlalchemy as sa

from collab.errors import (
    CollabError,
    KeyRefusedError,
    PasswordRefusedError,
    PasswordWrongError,
    PersonUnknownError,
    SignInNeededError,
    SignInRefusedError,
    TooManyTriesError,
)
from collab.people.access import Role
from knowledge.database import Database
from knowledge.errors import NotFoundError
from tests.collab.people.conftest import PASSWORD, HandClock, People, entries, leave


def test_sign_in_opens_a_session_and_sign_out_ends_it(people: People, database: Database) -> None:
    mel = people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    token = people.sessions.sign_in("mel", PASSWORD)
    assert people.sessions.actor_of(token) == mel
    people.sessions.sign_out(token)
    with pytest.raises(SignInNeededError):
        people.sessions.actor_of(token)
    people.sessions.sign_out(token)
    assert entries(database)[1:] == [(mel.id, "signed_in", mel.id), (mel.id, "signed_out", mel.id)]


def test_signing_out_of_one_browser_leaves_the_other(people: People) -> None:
    mel = people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    first, second = people.sessions.sign_in("mel", PASSWORD), people.sessions.sign_in("mel", PASSWORD)
    people.sessions.sign_out(first)
    assert people.sessions.actor_of(second) == mel


def test_a_session_ends_after_its_days(people: People, clock: HandClock) -> None:
    mel = people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    token = people.sessions.sign_in("mel", PASSWORD)
    clock.move(days=13, hours=23)
    assert people.sessions.actor_of(token) == mel
    clock.move(hours=1)
    with pytest.raises(SignInNeededError):
        people.sessions.actor_of(token)


def test_wrong_names_and_wrong_passwords_sound_the_same(people: People) -> None:
    people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    told = []
    for name, password in (("Mel", "a wrong password"), ("nobody", PASSWORD), ("Mel", ""), ("", ""), ("\ud800", "x")):
        with pytest.raises(SignInRefusedError) as error:
            people.sessions.sign_in(name, password)
        told.append(str(error.value))
    assert len(set(told)) == 1


def test_after_five_failures_even_the_right_password_waits(people: People, clock: HandClock) -> None:
    people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    for _ in range(5):
        with pytest.raises(SignInRefusedError):
            people.sessions.sign_in("MEL", "a wrong password", "1.2.3.4")
    with pytest.raises(TooManyTriesError):
        people.sessions.sign_in("mel", PASSWORD, "5.6.7.8")
    clock.move(seconds=2)
    assert people.sessions.sign_in("mel", PASSWORD, "5.6.7.8")


def test_refused_sign_ins_are_in_the_audit_once_a_minute_and_without_the_name(
    people: People, database: Database, clock: HandClock
) -> None:
    mel = people.accounts.add("Mel", PASSWORD, Role.MEMBER)

    def refuse(name: str) -> None:
        with pytest.raises(SignInRefusedError):
            people.sessions.sign_in(name, "a wrong password")

    for name in ("Mel", "MEL", "no such person", "no such person"):
        refuse(name)
    assert entries(database)[1:] == [(None, "sign_in_refused", mel.id), (None, "sign_in_refused", "")]
    clock.move(minutes=1)
    refuse("mel")
    assert entries(database)[3:] == [(None, "sign_in_refused", mel.id)]
    with database.read() as session:
        assert "no such person" not in str(session.execute(sa.text("SELECT details FROM audit_entries")).all())


def test_an_inactive_person_is_out_at_once(people: People, database: Database) -> None:
    mel = people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    token, key = people.sessions.sign_in("Mel", PASSWORD), people.keys.make_for("Mel")
    leave(database, mel.id)
    attempts: list[tuple[Callable[[], object], type[CollabError]]] = [
        (lambda: people.sessions.actor_of(token), SignInNeededError),
        (lambda: people.accounts.actor(mel.id), SignInNeededError),
        (lambda: people.keys.actor_of(key), KeyRefusedError),
        (lambda: people.sessions.sign_in("Mel", PASSWORD), SignInRefusedError),
        (lambda: people.keys.make_for("Mel"), PersonUnknownError),
    ]
    for attempt, refusal in attempts:
        with pytest.raises(refusal):
            attempt()


# --- one's own browsers ---------------------------------------------------------------------------------------------


def test_one_sees_where_one_is_signed_in(people: People, clock: HandClock) -> None:
    mel = people.mel()
    here = people.sessions.sign_in("Mel", PASSWORD, agent="Firefox/Linux")
    clock.move(minutes=5)
    people.sessions.sign_in("Mel", PASSWORD, agent="Safari/iPhone")
    people.accounts.add("Oli", PASSWORD, Role.MEMBER)
    people.sessions.sign_in("Oli", PASSWORD, agent="Edge/Windows")
    assert [(one.agent, one.is_this) for one in people.sessions.list(mel, here)] == [
        ("Firefox/Linux", True),
        ("Safari/iPhone", False),
    ]
    clock.move(days=14)
    assert people.sessions.list(mel, here) == ()


def test_last_use_is_written_once_a_minute(people: People, clock: HandClock) -> None:
    mel = people.mel()
    token = people.sessions.sign_in("Mel", PASSWORD)
    start = clock.now

    def seen_after(seconds: float) -> float:
        clock.move(seconds=seconds)
        people.sessions.actor_of(token)
        seen = people.sessions.list(mel, token)[0].seen_at
        assert seen is not None
        return (seen - start).total_seconds()

    assert [seen_after(59), seen_after(1), seen_after(30), seen_after(30)] == [0, 60, 60, 120]


def test_another_browser_is_signed_out(people: People, database: Database) -> None:
    mel = people.mel()
    oli = people.accounts.add("Oli", PASSWORD, Role.MEMBER)
    here, there = people.sessions.sign_in("Mel", PASSWORD), people.sessions.sign_in("Mel", PASSWORD)
    theirs = people.sessions.list(mel, here)[1].id
    with pytest.raises(NotFoundError):
        people.sessions.end(oli, theirs)
    people.sessions.end(mel, theirs)
    with pytest.raises(SignInNeededError):
        people.sessions.actor_of(there)
    assert people.sessions.actor_of(here) == mel
    with pytest.raises(NotFoundError):
        people.sessions.end(mel, theirs)
    assert entries(database)[-1] == (mel.id, "signed_out", mel.id)


def test_all_others_are_signed_out(people: People) -> None:
    mel = people.mel()
    here, *others = [people.sessions.sign_in("Mel", PASSWORD) for _ in range(3)]
    assert people.sessions.end_others(mel, here) == 2
    assert people.sessions.end_others(mel, here) == 0
    assert people.sessions.actor_of(here) == mel
    for token in others:
        with pytest.raises(SignInNeededError):
            people.sessions.actor_of(token)


# --- one's own password ---------------------------------------------------------------------------------------------

NEW = "another pass phrase"


def test_a_password_is_changed_with_the_old_one(people: People, database: Database) -> None:
    mel = people.mel()
    here, there = people.sessions.sign_in("Mel", PASSWORD), people.sessions.sign_in("Mel", PASSWORD)
    with pytest.raises(PasswordWrongError):
        people.sessions.change_password(mel, "a wrong password", NEW, here)
    with pytest.raises(PasswordRefusedError):
        people.sessions.change_password(mel, PASSWORD, "short", here)
    people.sessions.change_password(mel, PASSWORD, NEW, here)
    assert people.sessions.actor_of(here) == mel
    with pytest.raises(SignInNeededError):
        people.sessions.actor_of(there)
    with pytest.raises(SignInRefusedError):
        people.sessions.sign_in("Mel", PASSWORD)
    assert people.sessions.sign_in("Mel", NEW)
    assert (mel.id, "password_changed", mel.id) in entries(database)


def test_the_old_password_is_guessed_no_faster_than_at_the_door(people: People, clock: HandClock) -> None:
    mel = people.mel()
    here = people.sessions.sign_in("Mel", PASSWORD)
    for _ in range(3):
        with pytest.raises(PasswordWrongError):
            people.sessions.change_password(mel, "a wrong password", NEW, here)
    for _ in range(2):
        with pytest.raises(SignInRefusedError):
            people.sessions.sign_in("mel", "a wrong password")
    with pytest.raises(TooManyTriesError):
        people.sessions.change_password(mel, PASSWORD, NEW, here)
    clock.move(seconds=2)
    people.sessions.change_password(mel, PASSWORD, NEW, here)
