"""Each message of a page is answered before its next one; other pages do not wait for it."""

import asyncio
import json
import threading
from types import SimpleNamespace
from typing import Any

import pytest

from collab import ui
from collab.people.access import Actor
from collab.services import Services
from collab.ui.acts.frame import FRAME_ACTS
from collab.ui.ordering import InOrder
from collab.ui.runs import Runs
from collab.ui.screen import Screen, on_message
from tests.waiting import until


def answers(receive: Any, page: str, actor: Actor) -> threading.Thread:
    request: Any = SimpleNamespace(username=actor.id, query_params={}, cookies={}, session_hash=page)
    thread = threading.Thread(target=lambda: list(receive(request, '{"act": "knock"}')), daemon=True)
    thread.start()
    return thread


def test_a_message_waits_for_the_one_before_it_and_for_no_other_page(screen: Screen, member: Actor) -> None:
    begun: list[str] = []
    go_on = threading.Event()

    def slow(screen: Screen, actor: Actor, act: Any) -> Any:
        assert screen.request is not None
        begun.append(str(screen.request.session_hash))
        yield {}
        assert go_on.wait(20)

    receive = on_message(screen, FRAME_ACTS, slow, InOrder())
    first = answers(receive, "one", member)
    until(lambda: begun == ["one"])
    second = answers(receive, "one", member)
    second.join(0.2)
    answers(receive, "two", member)
    until(lambda: "two" in begun)
    assert begun == ["one", "two"]  # the second of the same page still waits
    go_on.set()
    first.join(20)
    second.join(20)
    assert begun == ["one", "two", "one"]


def test_a_line_goes_on_after_a_failure_and_takes_no_room_once_it_is_empty() -> None:
    order = InOrder()
    for _ in range(2):
        try:
            with order.turn("page"):
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert order._lines == {}


def test_a_room_that_was_entered_late_is_not_drawn_over_what_was_opened_in_it(
    services: Services, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page sends where it goes and what it opens there as two messages, one right after the other."""

    async def build() -> dict[str | None, Any]:  # Gradio opens an event loop that it never closes, unless one runs
        page = ui.build(services, "en", Runs())
        rooms = {block._id: block.elem_id for block in page.blocks.values()}
        return {rooms.get(fn.targets[0][0]): fn.fn for fn in page.fns.values()}

    receive = asyncio.run(build())
    began: list[str] = []
    go_on = threading.Event()
    listed, got = services.documents.list, services.documents.get

    def slow(actor: Actor) -> Any:
        began.append("room")
        assert go_on.wait(20)
        return listed(actor)

    def opened(actor: Actor, document: str) -> Any:
        began.append("document")
        return got(actor, document)

    monkeypatch.setattr(services.documents, "list", slow)
    monkeypatch.setattr(services.documents, "get", opened)
    request: Any = SimpleNamespace(username=member.id, query_params={}, cookies={}, session_hash="page")

    def send(room: str, message: Any) -> threading.Thread:
        thread = threading.Thread(target=lambda: list(receive[f"to-{room}"](request, json.dumps(message))), daemon=True)
        thread.start()
        return thread

    entering = send("frame", {"act": "go", "room": "knowledge"})
    until(lambda: began == ["room"])
    opening = send("knowledge", {"act": "open", "document": "none"})
    opening.join(0.3)
    assert began == ["room"]
    go_on.set()
    entering.join(20)
    opening.join(20)
    assert began[:2] == ["room", "document"]
