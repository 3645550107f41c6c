"""Conversations outside the screen: each person's own alone, as a file, and gone when they are left."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Decision
from collab.people.access import Actor, Role
from collab.web.app import assemble
from tests.collab.web.conftest import PASSWORD, Shell, tiny_api, visit

TURN = NewTurn("Was kostet es?", "Was kostet es?", False, "en", "Neun.", Decision.MODEL, 0.0)
As = Callable[[str], TestClient]


@pytest.fixture
def browse_as(shell: Shell, visitor: TestClient) -> As:
    """The visitor, signed in as one of two members."""
    for name in ("Mel", "Oli"):
        shell.accounts.add(name, PASSWORD, Role.MEMBER)

    def signed_in(name: str) -> TestClient:
        visitor.cookies.clear()
        visitor.cookies.set("collab_session", shell.sessions.sign_in(name, PASSWORD))
        return visitor

    return signed_in


def test_ones_own_is_taken_home_and_nobody_elses(shell: Shell, browse_as: As) -> None:
    mel = shell.accounts.actor_named("Mel")
    turn = shell.conversations.record(mel, None, TURN)
    id = turn.conversation_id
    shell.corrections.submit(mel, turn_id=turn.id, answer="Zehn.")
    reply = browse_as("Mel").get(f"/export/{id}.md", headers={"accept-language": "zh"})
    assert reply.headers["content-disposition"] == "attachment; filename*=UTF-8''Was%20kostet%20es.md"
    assert reply.headers["cache-control"] == "no-store"
    assert reply.text.startswith("# Was kostet es?\n\n## Was kostet es?\n\nNeun.\n\n**你的更正**\n\nZehn.\n\n*无出处")
    (told,) = browse_as("Mel").get(f"/export/{id}.json").json()["turns"]
    assert (told["answer"], told["correction"]) == ("Neun.", "Zehn.")
    for kind in ("md", "json"):
        assert browse_as("Oli").get(f"/export/{id}.{kind}").status_code == 404


def test_a_stranger_takes_nothing(visitor: TestClient) -> None:
    assert visitor.get("/export/any.json").status_code == 401
    assert visitor.post("/leave/any").status_code in (401, 403)


def test_what_is_not_kept_is_gone_when_it_is_left(shell: Shell, browse_as: As) -> None:
    mel = shell.accounts.actor_named("Mel")
    id = shell.conversations.begin(mel, "Was kostet es?", is_temporary=True).id
    shell.conversations.record(mel, id, TURN)
    assert browse_as("Oli").post(f"/leave/{id}").status_code == 204
    assert shell.conversations.get(mel, id).is_temporary
    for _ in range(2):
        assert browse_as("Mel").post(f"/leave/{id}").status_code == 204
    assert browse_as("Mel").get(f"/export/{id}.md").status_code == 404


def test_what_is_being_answered_ends_with_a_chat_that_is_not_kept_alone(shell: Shell) -> None:
    mel = shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    oli = shell.accounts.add("Oli", PASSWORD, Role.MEMBER)
    passing, kept = (shell.conversations.begin(mel, "Was kostet es?", is_temporary=is_so).id for is_so in (True, False))
    ended: list[tuple[Actor, str]] = []
    with visit(assemble(shell, tiny_api(), {}, lambda actor, id: ended.append((actor, id)))) as browser:
        for person in (oli, mel):
            browser.cookies.set("collab_session", shell.sessions.sign_in(person.name, PASSWORD))
            for id in (kept, passing):
                assert browser.post(f"/leave/{id}").status_code == 204
    assert ended == [(mel, passing)]
