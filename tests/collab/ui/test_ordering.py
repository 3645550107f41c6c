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
from knowledge.errors import NotFoundError
from tests.waiting import until


def answers(receive: Any, page: str, actor: Actor) -> threading.Thread:
    request: Any = SimpleNamespace(username=actor.id, query_params={}, cookies={}, session_hash=page)
    thread = threading.Thread(target=lambda: list(receive(request, '{"act": "knock"}')), daemon=True)
    thread.start()
    return thread


def finish(go_on: threading.Event, *sent: threading.Thread) -> None:
    """Lets go of what was held up, and waits until all that was sent is answered."""
    go_on.set()
    for one in sent:
        one.join(20)


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
    finish(go_on, first, second)
    assert begun == ["one", "two", "one"]


def test_a_line_goes_on_after_a_failure_and_takes_no_room_once_it_is_empty() -> None:
    order = InOrder()
    for _ in range(2):
        try:
            with order.turn("page"):
                raise ZeroDivisionError
        except ZeroDivisionError:
            pass
    assert order._last == {}


def test_who_never_fetches_the_rest_of_an_answer_holds_up_what_comes_later_for_a_while_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("collab.ui.ordering.PATIENCE_S", 0.05)
    order = InOrder()
    left = order.turn("page")
    left.__enter__()

    def come() -> None:
        with order.turn("page"):
            pass

    for later in [threading.Thread(target=come, daemon=True) for _ in range(2)]:
        later.start()
        later.join(20)
        assert not later.is_alive()
    left.__exit__(None, None, None)
    assert order._last == {}


class Page:
    """One page of the built application: what it sends is answered in threads, as Gradio's queue does."""

    def __init__(self, services: Services, actor: Actor) -> None:
        async def build() -> dict[str | None, Any]:  # Gradio opens an event loop that it never closes, unless one runs
            page = ui.build(services, "en", Runs())
            rooms = {block._id: block.elem_id for block in page.blocks.values()}
            return {rooms.get(fn.targets[0][0]): fn.fn for fn in page.fns.values()}

        self._receive = asyncio.run(build())
        self._request: Any = SimpleNamespace(username=actor.id, query_params={}, cookies={}, session_hash="page")

    def send(self, room: str, message: Any) -> threading.Thread:
        receive = self._receive[f"to-{room}"]
        thread = threading.Thread(target=lambda: list(receive(self._request, json.dumps(message))), daemon=True)
        thread.start()
        return thread


def test_a_room_that_was_entered_late_is_not_drawn_over_what_was_opened_in_it(
    services: Services, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page sends where it goes and what it opens there as two messages, one right after the other."""
    page = Page(services, member)
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
    entering = page.send("frame", {"act": "go", "room": "knowledge"})
    until(lambda: began == ["room"])
    opening = page.send("knowledge", {"act": "open", "document": "none"})
    opening.join(0.3)
    assert began == ["room"]
    finish(go_on, entering, opening)
    assert began[:2] == ["room", "document"]


def test_a_conversation_that_was_asked_for_before_is_not_drawn_over_a_rated_one_and_stop_waits_for_nothing(
    services: Services, member: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Page(services, member)
    did: list[str] = []
    go_on = threading.Event()

    def slow(actor: Actor, *_: Any) -> Any:
        did.append("look")
        assert go_on.wait(20)
        raise NotFoundError(what="conversation")

    monkeypatch.setattr(services.conversations, "get", slow)
    monkeypatch.setattr(services.ratings, "rate", lambda *_, **__: did.append("rate"))
    monkeypatch.setattr(Runs, "stop", lambda *_: did.append("stop"))
    looking = page.send("frame", {"act": "go", "room": "chat", "conversation": "c1"})
    until(lambda: did == ["look"])
    rating = page.send("chat", {"act": "rate", "turn": "t1", "rating": "up"})
    page.send("ask", {"act": "stop", "run": "r1"}).join(20)
    rating.join(0.3)
    assert did == ["look", "stop"]
    finish(go_on, looking, rating)
    assert did[2:] == ["rate"]
