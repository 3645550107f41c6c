"""My account on real services: each sees and changes their own."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from collab.errors import KeyRefusedError, SignInNeededError
from collab.people.access import Actor
from collab.ui import account_tab
from collab.ui.acts.people import ChangePassword, End, EndOthers, MakeKey, Revoke
from collab.ui.screen import Screen, Update
from tests.collab.people.conftest import PASSWORD

NEW = "another pass phrase"


@pytest.fixture
def here(screen: Screen, member: Actor) -> Screen:
    """The page in a browser in which Mel is signed in."""
    token = screen.services.sessions.sign_in("Mel", PASSWORD, agent="Firefox/Linux")
    url, client = SimpleNamespace(scheme="http", netloc="here"), SimpleNamespace(host="1.2.3.4")
    request: Any = SimpleNamespace(cookies={"collab_session": token}, url=url, client=client)
    return screen.read_by(request)


def done(screen: Screen, actor: Actor, act: Any) -> Update:
    (update,) = account_tab.handle(screen, actor, act)
    return update


def change(old: str, new: str, again: str) -> ChangePassword:
    return ChangePassword(act="password", old=old, password=new, again=again)


def test_the_room_tells_this_browser_from_the_others(here: Screen, member: Actor) -> None:
    here.services.sessions.sign_in("Mel", PASSWORD, agent="Safari/iPhone")
    shown = account_tab.shown(here, member)["account"]
    assert shown.index("Firefox on Linux") < shown.index("this browser") < shown.index("Safari on iPhone")
    assert shown.count('data-testid="end-session"') == 1
    assert here.visit.token not in shown


def test_a_password_is_changed_and_this_browser_stays(here: Screen, member: Actor) -> None:
    there = here.services.sessions.sign_in("Mel", PASSWORD)
    update = done(here, member, change(PASSWORD, NEW, NEW))
    assert "Your password is changed" in update["toast"]
    assert here.services.sessions.actor_of(here.visit.token) == member
    with pytest.raises(SignInNeededError):
        here.services.sessions.actor_of(there)


@pytest.mark.parametrize(
    ("old", "new", "again", "told"),
    [
        ("a wrong password", NEW, NEW, "This is not your present password"),
        (PASSWORD, NEW, NEW + "!", "The two passwords are not the same."),
        (PASSWORD, "short", "short", "A password has 10 to 200 characters"),
    ],
)
def test_what_is_wrong_with_a_password_stands_in_the_form(
    here: Screen, member: Actor, old: str, new: str, again: str, told: str
) -> None:
    update = done(here, member, change(old, new, again))
    assert "account" not in update  # nothing is drawn anew, so what was typed stays
    assert 'data-about="form:account.password"' in update["toast"]
    assert told in update["toast"]
    assert here.services.sessions.sign_in("Mel", PASSWORD)


def test_a_key_is_shown_once_works_and_is_revoked(here: Screen, member: Actor) -> None:
    update = done(here, member, MakeKey(act="make_key", name="Nightly report"))
    found = re.search(r'data-copy="(collab_[^"]+)"', update["account"])
    assert found is not None
    assert here.services.keys.actor_of(found[1]) == member
    assert found[1] not in account_tab.shown(here, member)["account"]
    (key,) = here.services.keys.list(member, member.id)
    gone = done(here, member, Revoke(act="revoke", key=key.id))
    assert "Nightly report" not in gone["account"]
    with pytest.raises(KeyRefusedError):
        here.services.keys.actor_of(found[1])


def test_a_key_without_a_name_is_told_in_the_form(here: Screen, member: Actor) -> None:
    update = done(here, member, MakeKey(act="make_key", name=" "))
    assert 'data-about="form:account.make_key"' in update["toast"]


def test_the_keys_and_browsers_of_others_are_out_of_reach(here: Screen, member: Actor, other: Actor) -> None:
    key, _ = here.services.keys.make(other, "Their own")
    here.services.sessions.sign_in("Oli", PASSWORD)
    (theirs,) = here.services.sessions.list(other, "")
    assert "Their own" not in account_tab.shown(here, member)["account"]
    for act in (Revoke(act="revoke", key=key.id), End(act="end", session=theirs.id)):
        assert 'role="alert"' in done(here, member, act)["toast"]
    assert len(here.services.keys.list(other, other.id)) == len(here.services.sessions.list(other, "")) == 1


def test_other_browsers_are_signed_out(here: Screen, member: Actor) -> None:
    sessions = here.services.sessions
    for _ in range(3):
        sessions.sign_in("Mel", PASSWORD)
    done(here, member, End(act="end", session=sessions.list(member, here.visit.token)[1].id))
    assert len(sessions.list(member, here.visit.token)) == 3
    update = done(here, member, EndOthers(act="end_others"))
    assert "Browsers signed out: 2." in update["toast"]
    assert [one.is_this for one in sessions.list(member, here.visit.token)] == [True]
    assert 'data-testid="end-others"' not in update["account"]
