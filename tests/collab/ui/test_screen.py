"""Messages from the page: who sends them, what is read from them, and what is told when something fails."""

from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from collab.people.access import Actor
from collab.ui import answering, frame
from collab.ui.acts.chat import ASK_ACTS, CHAT_ACTS
from collab.ui.acts.frame import FRAME_ACTS
from collab.ui.screen import REGIONS, Screen, on_message


def request_of(actor: Actor | None, **query: str) -> Any:
    return SimpleNamespace(username=actor.id if actor else None, query_params=query, cookies={}, session_hash="page")


def told(values: list[Any]) -> str:
    return str(values[REGIONS.index("toast")])


def test_a_message_reaches_its_handler_as_the_signed_in_person(screen: Screen, member: Actor) -> None:
    receive = on_message(screen, FRAME_ACTS, frame.handle)
    (values,) = receive(request_of(member), '{"act": "go", "room": "knowledge"} ')
    assert 'data-testid="drop"' in values[REGIONS.index("knowledge")]
    assert values[REGIONS.index("history")] == gr.skip()


def test_an_act_that_shows_nothing_leaves_the_page_as_it_is(screen: Screen, member: Actor) -> None:
    (shown,) = on_message(screen, ASK_ACTS, answering.handle)(request_of(member), '{"act": "stop", "run": "gone"}')
    assert shown == [gr.skip()] * len(REGIONS)


def test_a_knock_shows_nothing(screen: Screen, member: Actor) -> None:
    (shown,) = on_message(screen, FRAME_ACTS, frame.handle)(request_of(member), '{"act": "knock"}')
    assert shown == [gr.skip()] * len(REGIONS)


@pytest.mark.parametrize(
    "message", ["", "{", '{"act": "fly"}', '{"act": "stop"}', '{"act": "stop", "run": "", "x": 1}']
)
def test_a_message_that_cannot_be_read_is_told(screen: Screen, member: Actor, message: str) -> None:
    (values,) = on_message(screen, CHAT_ACTS, frame.handle)(request_of(member), message)
    assert "The request cannot be read" in told(values)


def test_nobody_signed_in_is_told_to_sign_in(screen: Screen) -> None:
    (values,) = on_message(screen, FRAME_ACTS, frame.handle)(request_of(None), '{"act": "go", "room": "chat"}')
    assert 'role="alert"' in told(values)


def test_a_fault_of_ours_is_told_without_its_trace(
    screen: Screen, member: Actor, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(screen: Screen, actor: Actor, act: Any) -> Any:
        raise ZeroDivisionError("secret")
        yield

    (values,) = on_message(screen, FRAME_ACTS, broken)(request_of(member), '{"act": "go", "room": "chat"}')
    assert 'role="alert"' in told(values)
    assert "secret" not in told(values)
    assert "secret" in caplog.text


def test_an_address_that_leads_nowhere_leads_to_a_new_conversation(screen: Screen, member: Actor) -> None:
    (update,) = frame.first_page(screen, member, request_of(member, c="gone", room="chat"))
    assert 'data-testid="welcome-empty"' in update["history"]
    assert "There is no conversation" in update["toast"]
    (update,) = frame.first_page(screen, member, request_of(member, room="cellar"))
    assert 'data-room="chat"' in update["side"]
