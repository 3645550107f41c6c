"""People on real services: who sees the room, and what each act shows afterwards."""

import re
from types import SimpleNamespace
from typing import Any

import pytest

from collab.errors import NotAllowedError
from collab.people.access import Actor, Role
from collab.people.records import LinkKind
from collab.ui import frame, people_tab
from collab.ui.acts.frame import Go
from collab.ui.acts.people import PEOPLE_ACTS, Disable, Enable, Invite, Reset, Revoke, SetRole, TakeBack
from collab.ui.screen import REGIONS, Screen, Update, on_message
from tests.collab.people.conftest import PASSWORD
from tests.fakes import add_people


@pytest.fixture
def ada(screen: Screen) -> Actor:
    return screen.services.accounts.add("Ada", PASSWORD, Role.ADMIN)


def visiting(screen: Screen, public: str = "http://here:7860") -> Screen:
    scheme, _, host = public.partition("://")
    url, client = SimpleNamespace(scheme=scheme, netloc=host), SimpleNamespace(host="1.2.3.4")
    request: Any = SimpleNamespace(cookies={}, url=url, client=client)
    return screen.read_by(request)


def done(screen: Screen, actor: Actor, act: Any) -> Update:
    (update,) = people_tab.handle(screen, actor, act)
    return update


def secret(markup: str) -> str:
    found = re.search(r'data-copy="([^"]+)"', markup)
    assert found is not None
    return found[1]


def test_members_and_experts_are_not_shown_the_room(screen: Screen, member: Actor, expert: Actor, ada: Actor) -> None:
    for actor, sees in ((member, False), (expert, False), (ada, True)):
        (side, *_) = [update["side"] for update in frame.handle(screen, actor, Go(act="go", room="chat"))]
        assert ('data-testid="room-people"' in side) is sees
    with pytest.raises(NotAllowedError):
        people_tab.shown(screen, member)


def test_who_asks_for_the_room_by_hand_is_told_and_sees_nothing(screen: Screen, expert: Actor) -> None:
    (update,) = frame.handle(screen, expert, Go(act="go", room="people"))
    assert update["people"] == ""
    assert "This needs the role admin" in update["toast"]
    request: Any = SimpleNamespace(username=expert.id, query_params={}, cookies={})
    (values,) = on_message(screen, PEOPLE_ACTS, people_tab.handle)(
        request, f'{{"act": "reset", "person": "{expert.id}"}}'
    )
    assert values[REGIONS.index("people")] == ""
    assert "This needs the role admin" in values[REGIONS.index("toast")]


def test_an_invitation_is_shown_once_with_its_address_and_its_end(screen: Screen, ada: Actor) -> None:
    update = done(visiting(screen), ada, Invite(act="invite", role=Role.EXPERT, name="Eve"))
    address = secret(update["people"])
    token = address.removeprefix("http://here:7860/invite?token=")
    assert screen.services.links.look(token, LinkKind.INVITE).role is Role.EXPERT
    assert "It works once, until " in update["people"]
    assert "The invitation for Eve as Expert is ready" in update["people"]
    again = people_tab.shown(screen, ada)["people"]
    assert token not in again
    assert "Invitation as Expert" in again


def test_the_address_is_the_one_that_people_use(screen: Screen, ada: Actor) -> None:
    update = done(visiting(screen, "https://assist.example.org"), ada, Invite(act="invite", role=Role.MEMBER))
    assert secret(update["people"]).startswith("https://assist.example.org/invite?token=")


def test_a_name_that_cannot_be_is_told_in_the_form(screen: Screen, ada: Actor) -> None:
    update = done(visiting(screen), ada, Invite(act="invite", role=Role.MEMBER, name="a\u202eb"))
    assert "people" not in update
    assert 'data-about="form:people.invite"' in update["toast"]


def test_a_new_password_is_a_link(screen: Screen, ada: Actor, member: Actor) -> None:
    update = done(visiting(screen), ada, Reset(act="reset", person=member.id))
    assert "The link for Mel is ready" in update["people"]
    assert secret(update["people"]).startswith("http://here:7860/reset?token=")


def test_a_link_is_taken_back(screen: Screen, ada: Actor) -> None:
    link, _ = screen.services.links.invite(ada, Role.MEMBER, "Eve")
    update = done(screen, ada, TakeBack(act="take_back", link=link.id))
    assert 'data-testid="links-row"' not in update["people"]
    assert "The link opens nothing any more." in update["toast"]
    again = done(screen, ada, TakeBack(act="take_back", link=link.id))
    assert 'role="alert"' in again["toast"]


def test_a_role_is_changed_and_said(screen: Screen, ada: Actor, member: Actor) -> None:
    update = done(screen, ada, SetRole(act="role", person=member.id, role=Role.EXPERT))
    assert "Mel is Expert now." in update["toast"]
    assert screen.services.accounts.actor(member.id).role is Role.EXPERT


def test_to_make_somebody_an_admin_asks_back(screen: Screen, ada: Actor, member: Actor) -> None:
    room = people_tab.shown(screen, ada)["people"]
    (asked,) = re.findall(r'<summary class="choice" data-testid="set-admin">.*?</details>', room)
    assert "Mel will manage people and everything else here" in asked
    assert f'data-testid="set-admin-yes" data-act="people.role" data-person="{member.id}" data-role="admin"' in asked
    assert f'data-testid="set-expert" data-act="people.role" data-person="{member.id}"' in room
    assert room.count('data-role="admin"') == 1


def test_somebody_is_shut_out_and_let_in_again(screen: Screen, ada: Actor, member: Actor) -> None:
    out = done(screen, ada, Disable(act="disable", person=member.id))
    assert 'data-testid="out"' in out["people"]
    assert 'data-testid="disable"' not in out["people"]
    back = done(screen, ada, Enable(act="enable", person=member.id))
    assert 'data-testid="out"' not in back["people"]
    assert screen.services.accounts.actor(member.id) == member


def test_nobody_is_offered_what_they_may_not_do_to_themselves(screen: Screen, ada: Actor) -> None:
    shown = people_tab.shown(screen, ada)["people"]
    assert [f'data-testid="{act}"' in shown for act in ("disable", "reset", "change-role")] == [False] * 3
    told = done(screen, ada, Disable(act="disable", person=ada.id))["toast"]
    assert "Nobody changes their own role or shuts themselves out." in told


def test_a_key_of_anybody_is_revoked(screen: Screen, ada: Actor, member: Actor) -> None:
    key, _ = screen.services.keys.make(member, "Nightly report")
    assert "Nightly report" in people_tab.shown(screen, ada)["people"]
    update = done(screen, ada, Revoke(act="revoke", key=key.id))
    assert "Nightly report" not in update["people"]
    assert screen.services.keys.list(ada) == ()


def test_a_name_is_shown_as_it_is_written(screen: Screen, ada: Actor) -> None:
    screen.services.accounts.add("<b>Bo</b>", PASSWORD, Role.MEMBER)
    shown = people_tab.shown(screen, ada)["people"]
    assert "<b>" not in shown
    assert "&lt;b&gt;Bo&lt;/b&gt;" in shown


def test_where_there_are_many_one_looks_for_a_name(screen: Screen, ada: Actor) -> None:
    people = [Actor(f"p{n}", f"Person {n}", Role.MEMBER) for n in range(12)]
    add_people(screen.services.database, *people[:11])
    assert 'data-testid="find-person"' not in people_tab.shown(screen, ada)["people"]
    add_people(screen.services.database, people[11])
    found = people_tab.shown(screen, ada)["people"]
    assert 'data-keep="people:find" data-testid="find-person"' in found  # what was looked for stays after an act
