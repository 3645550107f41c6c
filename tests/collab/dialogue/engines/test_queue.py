"""The queue before the engine: order, places, limits. Threads are used only where waiting itself is the matter."""

import threading
from collections import Counter
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.dialogue.engines.queue import MOST_OF_ONE, RUNS, GenerationQueue, Place, Ticket
from collab.errors import OwnAnswersError, QueueFullError


class Seconds:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def queue(limit: int = 9, slots: int = 1, clock: Seconds | None = None) -> GenerationQueue:
    return GenerationQueue(limit, lambda: slots, clock or Seconds())


def numbers(*tickets: Ticket) -> list[int | None]:
    return [ticket.place.number if ticket.place else None for ticket in tickets]


# --- order ------------------------------------------------------------------------------------------------------------


def test_the_first_runs_and_the_rest_wait_in_order() -> None:
    line = queue()
    assert numbers(*[line.enter(person) for person in ("ann", "bob", "cy")]) == [0, 1, 2]
    assert line.load == (1, 2)


def test_as_many_run_as_the_engine_has_slots() -> None:
    line = queue(slots=2)
    ann, bob, cy, di = (line.enter(person) for person in ("ann", "bob", "cy", "di"))
    assert numbers(ann, bob, cy, di) == [0, 0, 1, 2]
    bob.leave()
    assert numbers(ann, bob, cy, di) == [0, None, 0, 1]


def test_more_slots_are_used_as_soon_as_they_are_there() -> None:
    slots = 1
    line = GenerationQueue(9, lambda: slots, Seconds())
    ann, bob, cy = (line.enter(person) for person in ("ann", "bob", "cy"))
    slots = 8
    ann.leave()
    assert numbers(bob, cy) == [0, 0]


def test_who_leaves_while_waiting_moves_the_others_up() -> None:
    line = queue()
    ann, bob, cy = (line.enter(person) for person in ("ann", "bob", "cy"))
    bob.leave()
    assert numbers(ann, bob, cy) == [0, None, 1]
    ann.leave()
    assert cy.place == RUNS


def test_leaving_twice_frees_one_place_only() -> None:
    line = queue()
    ann, bob, cy = (line.enter(person) for person in ("ann", "bob", "cy"))
    ann.leave()
    ann.leave()
    assert numbers(bob, cy) == [0, 1]


def test_a_second_question_waits_behind_the_first_of_others() -> None:
    line = queue()
    line.enter("ann")
    again, third, bob = line.enter("ann"), line.enter("ann"), line.enter("bob")
    assert numbers(bob, again, third) == [1, 2, 3]


def test_who_runs_one_is_passed_over_and_holds_nobody_up() -> None:
    line = queue(slots=2)
    ann, again = line.enter("ann"), line.enter("ann")
    assert numbers(ann, again) == [0, 1]  # a slot is free, and she runs one already
    bob, cy = line.enter("bob"), line.enter("cy")
    assert numbers(bob, again, cy) == [0, 2, 1]
    ann.leave()
    assert numbers(cy, again) == [0, 1]
    bob.leave()
    assert again.place == RUNS


def test_nobody_is_overtaken_for_ever() -> None:
    line = queue()
    running = line.enter("ann")
    patient = line.enter("ann")
    for person in ("bob", "cy", "bob", "cy"):  # each asks again as soon as it was answered
        following = line.enter(person)
        running.leave()
        running = following
        if patient.place == RUNS:
            break
    assert patient.place == RUNS


def test_who_stops_questions_is_not_put_behind_for_them() -> None:
    line = queue()
    line.enter("ann")
    for _ in range(5):
        line.enter("bob").leave()
    cy, bob = line.enter("cy"), line.enter("bob")
    di = line.enter("di")
    assert numbers(cy, bob, di) == [1, 2, 3]


# --- limits -----------------------------------------------------------------------------------------------------------


def test_a_full_queue_says_when_to_come_back() -> None:
    clock = Seconds()
    line = queue(limit=1, clock=clock)
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
    line = queue(limit=1)
    ann, bob = line.enter("ann"), line.enter("bob")
    with pytest.raises(QueueFullError):
        line.enter("cy")
    ann.leave()
    assert bob.place == RUNS
    assert numbers(line.enter("cy")) == [1]


def test_a_person_has_one_that_runs_and_two_that_wait() -> None:
    clock = Seconds()
    line = queue(slots=8, clock=clock)
    first, second, third = (line.enter("ann") for _ in range(MOST_OF_ONE))
    assert numbers(first, second, third) == [0, 1, 2]
    clock.now += 4
    with pytest.raises(OwnAnswersError) as refused:
        line.enter("ann")
    assert refused.value.params == {"most": 3, "retry_after_s": 6}  # the first began 4 s ago, and takes 10 as it seems
    assert numbers(line.enter("bob")) == [0]
    third.leave()
    assert numbers(line.enter("ann")) == [2]


def test_an_error_while_running_gives_the_place_back() -> None:
    line = queue()
    with pytest.raises(ZeroDivisionError), line.enter("ann"):
        _ = 1 / 0
    assert line.enter("bob").place == RUNS


# --- what is told -----------------------------------------------------------------------------------------------------


def test_what_is_expected_follows_from_the_latest_answers_the_slots_and_those_before() -> None:
    clock = Seconds()
    line = queue(slots=2, clock=clock)
    for seconds in (4.0, 8.0):
        with line.enter("ann"):
            clock.now += seconds
    line.enter("ann")
    clock.now += 2
    line.enter("bob")
    clock.now += 1
    cy, di, eve = (line.enter(person) for person in ("cy", "di", "eve"))
    # answers take 6 s: ann's ends in 3, bob's in 5, and then cy's, begun in 3, in 9
    assert [cy.place, di.place, eve.place] == [Place(1, 3), Place(2, 5), Place(3, 9)]
    clock.now += 4  # ann's takes longer than usual
    assert [cy.place, di.place, eve.place] == [Place(1, 1), Place(2, 1), Place(3, 6)]


def test_a_persons_next_one_is_expected_when_their_own_ends() -> None:
    clock = Seconds()
    line = queue(slots=2, clock=clock)
    line.enter("bob")
    clock.now += 3
    line.enter("ann")
    again, cy = line.enter("ann"), line.enter("cy")
    assert [again.place, cy.place] == [Place(2, 10), Place(1, 7)]


def test_waiting_tells_each_place_once() -> None:
    clock = Seconds()
    line = queue(clock=clock)
    ann, bob, cy = (line.enter(person) for person in ("ann", "bob", "cy"))
    places: list[Place] = []
    told = threading.Semaphore(0)

    def wait() -> None:
        for place in cy.wait(threading.Event()):
            places.append(place)
            told.release()

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert told.acquire(timeout=10)
    clock.now += 2
    assert told.acquire(timeout=10)
    ann.leave()  # after 2 s, which is what is expected of the others from now on
    assert told.acquire(timeout=10)
    bob.leave()
    waiting.join(timeout=10)
    assert places == [Place(2, 20), Place(2, 18), Place(1, 2), RUNS]


def test_cancelling_while_waiting_frees_the_place() -> None:
    line = queue(limit=1)
    line.enter("ann")
    bob = line.enter("bob")
    cancel = threading.Event()
    places = bob.wait(cancel)
    assert next(places) == Place(1, 10)
    cancel.set()
    assert list(places) == []
    assert bob.place is None
    assert numbers(line.enter("cy")) == [1]


def test_many_threads_never_run_together() -> None:
    line = GenerationQueue(100, lambda: 2)
    lock = threading.Lock()
    inside: Counter[int] = Counter()
    most, served = 0, 0

    def ask(person: int) -> None:
        nonlocal most, served
        with line.enter(str(person)) as ticket:
            assert list(ticket.wait(threading.Event()))[-1] == RUNS
            with lock:
                inside[person] += 1
                assert inside[person] == 1
                most, served = max(most, inside.total()), served + 1
            with lock:
                inside[person] -= 1

    threads = [threading.Thread(target=ask, args=(n // 3,)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert (most <= 2, served) == (True, 40)


# --- whatever people do -----------------------------------------------------------------------------------------------

PEOPLE = st.sampled_from("abcde")
ACTS = st.lists(st.one_of(st.tuples(st.just("ask"), PEOPLE), st.tuples(st.just("end"), st.integers(0, 9))), max_size=60)


@given(ACTS, st.integers(1, 3))
def test_whatever_people_do_it_is_fair(acts: list[tuple[str, str | int]], slots: int) -> None:
    """One of each person runs, no slot stands empty in vain, places count on from 1 as their times do, and of what was
    asked later at most two questions of each other person are begun before, while none of one's own runs.
    """
    line = queue(limit=6, slots=slots)
    waiting: list[Ticket] = []  # in the order in which they were asked
    running: list[Ticket] = []
    passed: Counter[tuple[Ticket, str]] = Counter()
    for act, who in acts:
        if act == "end" and running:
            running.pop(int(who) % len(running)).leave()
        elif act == "ask":
            own = sum(ticket.person_id == who for ticket in (*running, *waiting))
            try:
                waiting.append(line.enter(str(who)))
            except OwnAnswersError:
                assert own == MOST_OF_ONE
            except QueueFullError:
                assert (own < MOST_OF_ONE, len(waiting)) == (True, 6)
        begun = [ticket for ticket in waiting if ticket.place == RUNS]
        running += begun
        busy = {ticket.person_id for ticket in running}
        for ticket in waiting:
            if ticket.person_id not in busy:
                later = waiting[waiting.index(ticket) + 1 :]
                passed.update((ticket, one.person_id) for one in begun if one in later)
        waiting = [ticket for ticket in waiting if ticket not in begun]
        places = sorted(place for ticket in waiting if (place := ticket.place))
        assert [place.number for place in places] == list(range(1, len(waiting) + 1))
        assert [place.seconds for place in places] == sorted(place.seconds for place in places)
        assert len(busy) == len(running) <= slots
        assert len(running) == slots or all(ticket.person_id in busy for ticket in waiting)
    assert max(passed.values(), default=0) <= 2


@given(st.lists(st.tuples(PEOPLE, st.integers(0, 3)), max_size=12), st.integers(1, 4))
def test_where_answers_take_as_long_as_the_latest_each_begins_when_it_was_told(
    asked: list[tuple[str, int]], slots: int
) -> None:
    clock = Seconds()
    line = queue(limit=12, slots=slots, clock=clock)
    left: list[Ticket] = []

    def second_passes() -> None:
        clock.now += 1
        for ticket in [ticket for ticket in left if ticket.place == RUNS and clock.now == ticket.started_s + 10]:
            left.remove(ticket)
            ticket.leave()

    for person, seconds in asked:
        with suppress(OwnAnswersError):
            left.append(line.enter(person))
        for _ in range(seconds):
            second_passes()
    told = {ticket: clock.now + ticket.place.seconds for ticket in left if ticket.place and ticket.place != RUNS}
    while left:
        second_passes()
    assert {ticket: ticket.started_s for ticket in told} == told
