"""The queue before the engine: order, places, limits. Threads are used only where waiting itself is the matter."""

import threading

import pytest

from collab.dialogue.engines.queue import GenerationQueue, Ticket
from collab.errors import QueueFullError


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_the_first_runs_and_the_rest_wait_in_order() -> None:
    line = GenerationQueue(limit=5)
    tickets = [line.enter(person) for person in ("ann", "bob", "cy")]
    assert [ticket.place for ticket in tickets] == [0, 1, 2]


def test_who_leaves_while_waiting_moves_the_others_up() -> None:
    line = GenerationQueue(limit=5)
    ann, bob, cy = (line.enter(person) for person in ("ann", "bob", "cy"))
    bob.leave()
    assert (ann.place, bob.place, cy.place) == (0, -1, 1)
    ann.leave()
    assert cy.place == 0


def test_leaving_twice_frees_one_place_only() -> None:
    line = GenerationQueue(limit=5)
    ann, bob, cy = (line.enter(person) for person in ("ann", "bob", "cy"))
    ann.leave()
    ann.leave()
    assert (bob.place, cy.place) == (0, 1)


def test_a_second_question_waits_behind_the_first_of_others() -> None:
    line = GenerationQueue(limit=9)
    line.enter("ann")
    again, third, bob = line.enter("ann"), line.enter("ann"), line.enter("bob")
    assert (bob.place, again.place, third.place) == (1, 2, 3)


def test_nobody_is_overtaken_for_ever() -> None:
    line = GenerationQueue(limit=9)
    running = line.enter("ann")
    patient = line.enter("ann")
    for person in ("bob", "cy", "bob", "cy"):  # each asks again as soon as it was answered
        following = line.enter(person)
        running.leave()
        running = following
        if patient.place == 0:
            break
    assert patient.place == 0


def test_a_full_queue_says_when_to_come_back() -> None:
    clock = Seconds()
    line = GenerationQueue(limit=1, clock=clock)
    for seconds in (4.0, 8.0):
        with line.enter("ann"):
            clock.now += seconds
    line.enter("ann")
    line.enter("bob")
    clock.now += 1.5
    with pytest.raises(QueueFullError) as refused:
        line.enter("cy")
    assert refused.value.retry_after_s == 5  # answers take 6 s on average, and 1.5 s of this one are over: 4.5
    assert refused.value.params == {"waiting": 1, "retry_after_s": 5}


def test_a_refused_question_takes_no_place() -> None:
    line = GenerationQueue(limit=1)
    ann, bob = line.enter("ann"), line.enter("bob")
    with pytest.raises(QueueFullError):
        line.enter("cy")
    ann.leave()
    assert bob.place == 0
    assert line.enter("cy").place == 1


def test_an_error_while_running_gives_the_place_back() -> None:
    line = GenerationQueue(limit=1)
    with pytest.raises(ZeroDivisionError), line.enter("ann"):
        _ = 1 / 0
    assert line.enter("bob").place == 0


def test_waiting_tells_each_place_once() -> None:
    line = GenerationQueue(limit=5)
    ann, bob, cy = (line.enter(person) for person in ("ann", "bob", "cy"))
    places: list[int] = []
    told = threading.Semaphore(0)

    def wait() -> None:
        for place in cy.wait(threading.Event()):
            places.append(place)
            told.release()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert told.acquire(timeout=10)
    ann.leave()
    assert told.acquire(timeout=10)
    bob.leave()
    waiting.join(timeout=10)
    assert places == [2, 1, 0]


def test_cancelling_while_waiting_frees_the_place() -> None:
    line = GenerationQueue(limit=1)
    line.enter("ann")
    bob = line.enter("bob")
    cancel = threading.Event()
    places = bob.wait(cancel)
    assert next(places) == 1
    cancel.set()
    assert list(places) == []
    assert bob.place == -1
    assert line.enter("cy").place == 1


def test_many_threads_never_run_together() -> None:
    line = GenerationQueue(limit=100)
    inside, together, served = 0, 0, 0

    def ask(ticket: Ticket) -> None:
        nonlocal inside, together, served
        with ticket:
            if list(ticket.wait(threading.Event()))[-1] == 0:
                inside += 1
                together = max(together, inside)
                served += 1
                inside -= 1

    threads = [threading.Thread(target=ask, args=(line.enter(f"p{n % 7}"),)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (together, served) == (1, 40)
