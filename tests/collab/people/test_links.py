"""One-time links: what each opens, once, for whom and for how long."""

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from collab.errors import (
    CollabError,
    KeyRefusedError,
    LinkSpentError,
    NameRefusedError,
    NameTakenError,
    PasswordRefusedError,
    PersonDisabledError,
    SignInNeededError,
    SignInRefusedError,
    TooManyTriesError,
)
from collab.people.access import OPERATOR, Role
from collab.people.records import LinkKind
from knowledge.database import Database
from knowledge.errors import NotFoundError
from tests.collab.people.conftest import PASSWORD, HandClock, People, entries, everything_stored

NEW = "another pass phrase"


def test_an_invitation_makes_a_person_of_its_role_once(people: People, database: Database, clock: HandClock) -> None:
    ada = people.ada()
    link, token = people.links.invite(ada, Role.EXPERT, " Eve ")
    assert (link.kind, link.role, link.name, link.made_by) == ("invite", Role.EXPERT, "Eve", "Ada")
    assert people.links.look(token, LinkKind.INVITE).name == "Eve"
    eve = people.sessions.actor_of(people.links.join(token, "Evelyn", PASSWORD, agent="Firefox/Linux"))
    assert (eve.name, eve.role) == ("Evelyn", Role.EXPERT)
    with pytest.raises(LinkSpentError):
        people.links.join(token, "Somebody else", PASSWORD)
    assert people.links.list(ada) == ()
    assert entries(database)[1:] == [(ada.id, "invited", ""), (eve.id, "person_added", eve.id)]


def test_a_refused_name_or_password_does_not_spend_an_invitation(people: People) -> None:
    ada = people.ada()
    _, token = people.links.invite(ada, Role.MEMBER)
    for name, password in (("", PASSWORD), ("Mel", "short"), ("ADA", PASSWORD)):
        with pytest.raises((NameRefusedError, PasswordRefusedError, NameTakenError)):
            people.links.join(token, name, password)
    assert people.links.join(token, "Mel", PASSWORD)


def test_a_link_to_a_new_password_signs_out_everywhere_and_in_here(people: People, database: Database) -> None:
    ada, mel = people.ada(), people.mel()
    before, key = people.sessions.sign_in("Mel", PASSWORD), people.keys.make_for("Mel")
    link, token = people.links.reset(ada, mel.id)
    assert (link.kind, link.role, link.name) == ("reset", None, "Mel")
    assert people.sessions.actor_of(before) == mel  # until the link is used, nothing has changed
    with pytest.raises(PasswordRefusedError):
        people.links.change_password(token, "short")
    assert people.sessions.actor_of(people.links.change_password(token, NEW)) == mel
    with pytest.raises(SignInNeededError):
        people.sessions.actor_of(before)
    with pytest.raises(SignInRefusedError):
        people.sessions.sign_in("Mel", PASSWORD)
    assert people.sessions.sign_in("Mel", NEW)
    assert people.keys.actor_of(key) == mel
    with pytest.raises(LinkSpentError):
        people.links.change_password(token, PASSWORD)
    made = [act for _, act, _ in entries(database)]
    assert made[-4:] == ["reset_link_made", "password_changed", "sign_in_refused", "signed_in"]


def test_an_invitation_holds_seven_days_and_a_reset_one(people: People, clock: HandClock) -> None:
    ada, mel = people.ada(), people.mel()
    invitation, reset = people.links.invite(ada, Role.MEMBER)[1], people.links.reset(ada, mel.id)[1]
    clock.move(hours=23, minutes=59)
    people.links.look(reset, LinkKind.RESET)
    clock.move(minutes=1)
    with pytest.raises(LinkSpentError):
        people.links.change_password(reset, NEW)
    clock.move(days=5, hours=23, minutes=59)
    people.links.look(invitation, LinkKind.INVITE)
    clock.move(minutes=1)
    with pytest.raises(LinkSpentError):
        people.links.join(invitation, "Eve", PASSWORD)
    assert {link.kind for link in people.links.list(ada)} == {"invite", "reset"}  # one sees that nobody came
    clock.move(days=30)
    assert people.links.list(ada) == ()


def test_one_kind_of_link_does_not_open_the_other(people: People) -> None:
    ada, mel = people.ada(), people.mel()
    invitation, reset = people.links.invite(ada, Role.ADMIN)[1], people.links.reset(ada, mel.id)[1]
    with pytest.raises(LinkSpentError):
        people.links.join(reset, "Eve", PASSWORD)
    with pytest.raises(LinkSpentError):
        people.links.change_password(invitation, NEW)


def test_nobody_is_invited_under_the_name_of_somebody_else(people: People) -> None:
    ada = people.ada()
    with pytest.raises(NameTakenError):
        people.links.invite(ada, Role.MEMBER, "ＡＤＡ")
    assert people.links.list(ada) == ()


def test_a_link_that_was_taken_back_opens_nothing(people: People) -> None:
    ada = people.ada()
    link, token = people.links.invite(ada, Role.MEMBER)
    people.links.revoke(ada, link.id)
    with pytest.raises(LinkSpentError):
        people.links.join(token, "Eve", PASSWORD)
    with pytest.raises(NotFoundError):
        people.links.revoke(ada, link.id)
    used, token = people.links.invite(ada, Role.MEMBER)
    people.links.join(token, "Eve", PASSWORD)
    with pytest.raises(NotFoundError):
        people.links.revoke(ada, used.id)


def test_a_newer_link_to_a_password_replaces_the_older(people: People) -> None:
    ada, mel = people.ada(), people.mel()
    old, new = people.links.reset(ada, mel.id)[1], people.links.reset(ada, mel.id)[1]
    with pytest.raises(LinkSpentError):
        people.links.change_password(old, NEW)
    assert people.links.change_password(new, NEW)


@pytest.mark.parametrize("end", ["disable", "demote"])
def test_links_of_who_is_no_administrator_any_more_open_nothing(people: People, end: str) -> None:
    ada, ben = people.ada(), people.accounts.add("Ben", PASSWORD, Role.ADMIN)
    kept = people.links.invite(ada, Role.MEMBER)[1]
    _, back_door = people.links.invite(ben, Role.ADMIN)
    if end == "disable":
        people.accounts.disable(ada, ben.id)
    else:
        people.accounts.set_role(ada, ben.id, Role.MEMBER)
    with pytest.raises(LinkSpentError):
        people.links.join(back_door, "Ben again", PASSWORD)
    people.links.look(kept, LinkKind.INVITE)


def test_a_link_to_a_password_outlives_another_role(people: People) -> None:
    ada, mel = people.ada(), people.mel()
    _, token = people.links.reset(ada, mel.id)
    people.accounts.set_role(ada, mel.id, Role.EXPERT)
    assert people.links.change_password(token, NEW)


def test_who_is_shut_out_gets_no_link_and_keeps_none(people: People) -> None:
    ada, mel = people.ada(), people.mel()
    _, token = people.links.reset(ada, mel.id)
    people.accounts.disable(ada, mel.id)
    with pytest.raises(LinkSpentError):
        people.links.change_password(token, NEW)
    with pytest.raises(PersonDisabledError):
        people.links.reset(ada, mel.id)
    with pytest.raises(NotFoundError):
        people.links.reset(ada, "nobody")


def test_the_operator_makes_links_as_well(people: People, database: Database) -> None:
    ada = people.ada()
    _, token = people.links.invite(OPERATOR, Role.MEMBER)
    assert [one.made_by for one in people.links.list(ada)] == [""]
    people.links.join(token, "Eve", PASSWORD)
    assert entries(database)[1] == (None, "invited", "")


@pytest.mark.parametrize("wrong", ["", "nothing", "\x00", "\ud800", "' OR 1=1 --"])
def test_a_wrong_token_opens_nothing(people: People, wrong: str) -> None:
    people.links.invite(people.ada(), Role.ADMIN)
    for use in (lambda: people.links.join(wrong, "Eve", PASSWORD), lambda: people.links.change_password(wrong, NEW)):
        with pytest.raises(LinkSpentError):
            use()


def test_an_address_that_guesses_waits_and_a_link_that_is_good_costs_nothing(people: People, clock: HandClock) -> None:
    _, token = people.links.invite(people.ada(), Role.MEMBER)
    for _ in range(30):
        people.links.look(token, LinkKind.INVITE, "1.2.3.4")
    for guess in range(20):
        with pytest.raises(LinkSpentError):
            people.links.look(f"guess {guess}", LinkKind.INVITE, "1.2.3.4")
    with pytest.raises(TooManyTriesError):
        people.links.join(token, "Eve", PASSWORD, "1.2.3.4")
    assert people.links.look(token, LinkKind.INVITE, "5.6.7.8")
    clock.move(seconds=2)
    assert people.links.join(token, "Eve", PASSWORD, "1.2.3.4")


def test_no_token_is_stored(people: People, database: Database) -> None:
    ada, mel = people.ada(), people.mel()
    secrets = [
        people.links.invite(ada, Role.MEMBER)[1],
        people.links.reset(ada, mel.id)[1],
        people.keys.make(mel, "x")[1],
    ]
    stored = everything_stored(database)
    assert [secret for secret in secrets if secret in stored] == []


def test_of_several_who_use_one_invitation_at_once_one_joins(people: People, database: Database) -> None:
    _, token = people.links.invite(people.ada(), Role.MEMBER)
    won, lost = _at_once(lambda n: people.links.join(token, f"Guest {n}", PASSWORD))
    assert (won, lost) == (1, [LinkSpentError] * 3)
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM people")) == 2


def _at_once(act: Callable[[int], object]) -> tuple[int, list[type[CollabError]]]:
    """How many of four succeed, and why the others do not."""
    won: list[object] = []
    lost: list[type[CollabError]] = []
    together = threading.Barrier(4)

    def run(n: int) -> None:
        together.wait()
        try:
            won.append(act(n))
        except CollabError as error:
            lost.append(type(error))

    threads = [threading.Thread(target=run, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(won), lost


def test_a_key_of_a_disabled_person_stays_refused_after_a_reset(people: People) -> None:
    ada, mel = people.ada(), people.mel()
    key = people.keys.make(mel, "report")[1]
    people.accounts.disable(ada, mel.id)
    people.accounts.enable(ada, mel.id)
    people.links.change_password(people.links.reset(ada, mel.id)[1], NEW)
    with pytest.raises(KeyRefusedError):
        people.keys.actor_of(key)
