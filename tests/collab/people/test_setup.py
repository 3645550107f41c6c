import threading

import pytest
import sqlalchemy as sa

from collab.errors import (
    CollabError,
    NameRefusedError,
    NameTakenError,
    PasswordRefusedError,
    SetupLinkError,
)
from collab.people.access import Role
from knowledge.database import Database
from tests.collab.people.conftest import PASSWORD, People, entries


def test_the_link_makes_the_first_admin_once(people: People, database: Database) -> None:
    link = people.setup.link()
    assert link is not None
    ada = people.sessions.actor_of(people.setup.claim(link, "Ada", PASSWORD))
    assert (ada.name, ada.role) == ("Ada", Role.ADMIN)
    with pytest.raises(SetupLinkError):
        people.setup.claim(link, "Eve", PASSWORD)
    assert people.setup.link() is None
    assert entries(database) == [(ada.id, "person_added", ada.id)]


def test_a_newer_link_replaces_the_older(people: People) -> None:
    old, new = people.setup.link(), people.setup.link()
    assert old is not None
    assert new is not None
    with pytest.raises(SetupLinkError):
        people.setup.check(old)
    people.setup.check(new)


def test_an_admin_from_the_command_line_makes_the_link_worthless(people: People) -> None:
    link = people.setup.link()
    assert link is not None
    people.accounts.add("Ada", PASSWORD, Role.ADMIN)
    with pytest.raises(SetupLinkError):
        people.setup.claim(link, "Eve", PASSWORD)


def test_members_leave_the_link_open(people: People) -> None:
    link = people.setup.link()
    assert link is not None
    people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    people.setup.check(link)
    assert people.setup.link() is not None


def test_a_refused_name_or_password_does_not_spend_the_link(people: People) -> None:
    link = people.setup.link()
    assert link is not None
    people.accounts.add("Mel", PASSWORD, Role.MEMBER)
    for name, password in (("", PASSWORD), ("Ada", "short"), ("MEL", PASSWORD)):
        with pytest.raises((NameRefusedError, PasswordRefusedError, NameTakenError)):
            people.setup.claim(link, name, password)
    assert people.setup.claim(link, "Ada", PASSWORD)


@pytest.mark.parametrize("wrong", ["", "nothing", "\x00", "\ud800", "' OR 1=1 --"])
def test_a_wrong_token_claims_nothing(people: People, wrong: str) -> None:
    people.setup.link()
    with pytest.raises(SetupLinkError):
        people.setup.claim(wrong, "Eve", PASSWORD)


def test_of_two_claims_at_once_one_wins(people: People, database: Database) -> None:
    link = people.setup.link()
    assert link is not None
    won: list[str] = []
    lost: list[CollabError] = []
    together = threading.Barrier(4)

    def claim(name: str) -> None:
        together.wait()
        try:
            won.append(people.setup.claim(link, name, PASSWORD))
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
