"""Each message of a page is answered before its next one; other pages do not wait for it."""

import threading
from types import SimpleNamespace
from typing import Any

from collab.people.access import Actor
from collab.ui.acts.frame import FRAME_ACTS
from collab.ui.ordering import InOrder
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
