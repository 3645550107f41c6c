"""Answers under way: each goes on to its end, whoever looks on, and is stopped by the person who asked alone."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest

from collab.dialogue.records import Delta, Done, Event, Waiting
from collab.errors import AnswersUnderWayError, EngineBrokenError, RequestUnreadableError, UnexpectedError
from collab.people.access import Actor, Role
from collab.ui.runs import Run, Runs
from tests.collab.ui.present.test_chat import record

MEL = Actor("mel", "Mel", Role.MEMBER)
OLI = Actor("oli", "Oli", Role.MEMBER)
WAITING = Waiting(1, 10)


def run(id: str, actor: Actor = MEL, conversation: str = "c1", clock: Callable[[], float] = time.monotonic) -> Run:
    return Run(id, actor, conversation, "What?", None, clock)


def until_stopped(cancel: threading.Event) -> Iterator[Event]:
    yield WAITING
    cancel.wait(60)
    yield Delta("Nine.")
    raise EngineBrokenError(reason="stopped")


def failing(cancel: threading.Event) -> Iterator[Event]:
    yield Delta("Nine")
    raise ValueError("secret")


def test_who_looks_on_later_sees_where_it_stands_and_the_end() -> None:
    runs = Runs()
    started = runs.start(run("r1"), until_stopped)
    follower = started.follow()
    while next(follower).waiting != WAITING:
        pass
    follower.close()  # type: ignore[attr-defined]  # a page that is closed
    (found,) = runs.of(MEL, "c1")
    assert (found.progress.waiting, found.cancel.is_set()) == (WAITING, False)
    runs.stop(MEL, "r1")
    *_, last = found.follow()
    assert (last.words, last.waiting, last.error is not None, last.is_over) == ("Nine.", None, True, True)


def test_an_answer_ends_once_no_page_of_its_person_has_looked_at_it_for_a_minute() -> None:
    now = 0.0
    runs = Runs(patience_s=60)
    started = runs.start(run("r1", clock=lambda: now), until_stopped)
    followers = started.follow(), started.follow()
    for follower in followers:
        next(follower)
    now = 100
    followers[0].close()  # type: ignore[attr-defined]
    assert started.unseen_s == 0
    followers[1].close()  # type: ignore[attr-defined]
    now = 159
    assert (started.unseen_s, runs.of(OLI)) == (59, [])
    assert runs.of(MEL) == [started]  # the page was loaded again
    now = 218
    assert (started.unseen_s, started.cancel.is_set()) == (59, False)
    now = 219
    assert started.cancel.wait(60)
    *_, last = started.follow()
    assert last.words == "Nine."


def test_who_has_waited_is_told_when_the_waiting_ends() -> None:
    waiting = run("r1")
    waiting.compute(iter([Waiting(2, 12)]))
    assert waiting.progress.waiting == Waiting(2, 12)
    waiting.compute(iter([Waiting(0, 0)]))
    assert waiting.progress.waiting is None


def test_only_the_person_who_asked_can_stop_an_answer() -> None:
    runs = Runs()
    started = runs.start(run("r1"), until_stopped)
    runs.stop(OLI, "r1")
    assert not started.cancel.is_set()
    assert runs.of(OLI) == runs.of(MEL, "c2") == []
    runs.stop(MEL, "r1")
    assert started.cancel.is_set()


def test_a_person_has_three_at_once_and_others_have_theirs() -> None:
    runs = Runs()
    mine = [runs.start(run(f"r{n}"), until_stopped) for n in range(3)]
    with pytest.raises(AnswersUnderWayError, match="3 answers"):
        runs.start(run("r4"), until_stopped)
    theirs = runs.start(run("r1", OLI), until_stopped)
    for one in (*mine, theirs):
        one.cancel.set()


def test_a_name_is_taken_while_its_answer_is_under_way() -> None:
    runs = Runs()
    first = runs.start(run("r1"), until_stopped)
    with pytest.raises(RequestUnreadableError, match="of this name"):
        runs.start(run("r1"), until_stopped)
    assert runs.of(MEL) == [first]
    first.cancel.set()


def test_what_is_over_is_not_under_way_any_more_whatever_its_thread_still_does() -> None:
    tidied, turn = threading.Event(), record("Nine.")

    def tidying(cancel: threading.Event) -> Iterator[Event]:
        yield Done(turn)
        tidied.wait(60)

    runs = Runs()
    *_, last = runs.start(run("r1"), tidying).follow()
    assert last.turn == turn
    assert runs.of(MEL) == []
    tidied.set()


def test_what_cannot_begin_is_not_under_way() -> None:
    def refuse(cancel: threading.Event) -> Iterator[Event]:
        raise EngineBrokenError(reason="at once")

    runs = Runs()
    with pytest.raises(EngineBrokenError):
        runs.start(run("r1"), refuse)
    assert runs.of(MEL) == []


def test_a_fault_is_told_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    *_, last = Runs().start(run("r1"), failing).follow()
    assert isinstance(last.error, UnexpectedError)
    assert "secret" in caplog.text
