"""Who generates next: a bounded queue before one engine. Knows people by their id alone; knows no text and no model."""

import itertools
import math
import threading
import time
from bisect import bisect_right, insort
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import NamedTuple

from collab.errors import OwnAnswersError, QueueFullError

MOST_OF_ONE = 3  # answers of one person: one is written, two wait
_POLL_S = 0.1  # how soon a waiting ticket notices that its question was cancelled
_LOOK_S = 1.0  # how long what is expected is told without another look
_UNKNOWN_DURATION_S = 10.0  # assumed until the first answer has been timed


class Place(NamedTuple):
    """Where a ticket stands: 0 runs, 1 is next; and in how many seconds, at least 1, it is likely to run."""

    number: int
    seconds: int


RUNS = Place(0, 0)


class GenerationQueue:
    """As many run as the engine has slots, one of each person; at most `limit` wait, and two of each person.

    The order is start-time fair queueing (Goyal, Vin and Cheng, 1996) with every answer counted as one: a person who
    asks much cannot keep the rest waiting, and nobody waits for ever. Whoever runs one already is passed over.
    """

    def __init__(self, limit: int, slots: Callable[[], int], clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._slots = slots
        self._clock = clock
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._running: list[Ticket] = []
        self._waiting: list[Ticket] = []  # in the order of service
        self._round = 0  # the highest that was begun
        self._last_round: dict[str, int] = {}  # person -> the round of theirs that was begun last
        self._durations_s: deque[float] = deque(maxlen=20)
        self._places: dict[Ticket, Place] = {}
        self._looked_s = 0.0

    def enter(self, person_id: str) -> "Ticket":
        """Takes a place. Use the ticket in a `with` statement, so that the place is given back.

        Raises OwnAnswersError and QueueFullError with the seconds after which a place is likely to be free.
        """
        with self._changed:
            own = [ticket for ticket in (*self._running, *self._waiting) if ticket.person_id == person_id]
            if len(own) >= MOST_OF_ONE:
                first_s = min(map(self._starts_s().__getitem__, own)) + self._usual_s
                raise OwnAnswersError(most=MOST_OF_ONE, retry_after_s=_whole(first_s))
            if (own or len(self._running) >= self._slots()) and len(self._waiting) >= self._limit:
                next_s = min(map(self._starts_s().__getitem__, self._waiting))
                raise QueueFullError(waiting=len(self._waiting), retry_after_s=_whole(next_s))
            last = max((ticket.order[0] for ticket in own), default=self._last_round.get(person_id, -1))
            ticket = Ticket(self, person_id, (max(self._round, last + 1), next(self._numbers)))
            insort(self._waiting, ticket, key=lambda waiting: waiting.order)
            self._advance()
            return ticket

    def place(self, ticket: "Ticket") -> Place | None:
        """Where it stands; None when it has left."""
        with self._changed:
            return self._place(ticket)

    @property
    def load(self) -> tuple[int, int]:
        """How many run now, and how many wait."""
        with self._changed:
            return len(self._running), len(self._waiting)

    def wait(self, ticket: "Ticket", cancel: threading.Event) -> Iterator[Place]:
        """See Ticket.wait."""
        told: Place | None = None
        while not cancel.is_set():
            with self._changed:
                if (place := self._place(ticket)) == told:
                    self._changed.wait(_POLL_S)
                    continue
            if place is None:
                return
            yield (told := place)
            if place == RUNS:
                return
        self.leave(ticket)

    def leave(self, ticket: "Ticket") -> None:
        """Gives the place back; those behind move up. Leaving twice does nothing."""
        with self._changed:
            if ticket in self._running:
                self._durations_s.append(self._clock() - ticket.started_s)
                self._running.remove(ticket)
            elif ticket in self._waiting:
                self._waiting.remove(ticket)
            else:
                return
            self._advance()

    def _advance(self) -> None:
        while len(self._running) < self._slots() and (ticket := self._next()):
            self._waiting.remove(ticket)
            self._running.append(ticket)
            ticket.started_s = self._clock()
            self._last_round[ticket.person_id] = ticket.order[0]
            self._round = max(self._round, ticket.order[0])
        if not self._running:
            self._last_round.clear()
        self._look()
        self._changed.notify_all()

    def _next(self) -> "Ticket | None":
        busy = {ticket.person_id for ticket in self._running}
        return next((ticket for ticket in self._waiting if ticket.person_id not in busy), None)

    def _place(self, ticket: "Ticket") -> Place | None:
        if self._clock() - self._looked_s >= _LOOK_S:
            self._look()
        return self._places.get(ticket)

    def _look(self) -> None:
        """Works out what everybody is told until the next look."""
        self._looked_s, starts = self._clock(), self._starts_s()
        in_turn = enumerate(sorted(self._waiting, key=starts.__getitem__), start=1)
        self._places = dict.fromkeys(self._running, RUNS)
        self._places |= {ticket: Place(number, _whole(starts[ticket])) for number, ticket in in_turn}

    def _starts_s(self) -> dict["Ticket", float]:
        """When each begins, from now, or began (below 0), if answers go on to take as long as the latest did."""
        now, usual = self._clock(), self._usual_s
        starts = {ticket: ticket.started_s - now for ticket in self._running}
        ready = {ticket.person_id: max(0.0, begun + usual) for ticket, begun in starts.items()}
        free = sorted([*ready.values(), *[0.0] * (self._slots() - len(self._running))])
        for ticket in self._waiting:
            start = starts[ticket] = max(free[0], ready.get(ticket.person_id, 0.0))
            del free[bisect_right(free, start) - 1]  # of the slots that are free then, the one that became so last
            ready[ticket.person_id] = start + usual
            insort(free, start + usual)
        return starts

    @property
    def _usual_s(self) -> float:
        return sum(self._durations_s) / len(self._durations_s) if self._durations_s else _UNKNOWN_DURATION_S


class Ticket:
    """One question's place in the queue, from `GenerationQueue.enter`."""

    def __init__(self, line: GenerationQueue, person_id: str, order: tuple[int, int]) -> None:
        self.person_id = person_id
        self.order = order
        self.started_s = 0.0
        self._line = line

    @property
    def place(self) -> Place | None:
        """Where it stands; None when it has left."""
        return self._line.place(self)

    def wait(self, cancel: threading.Event) -> Iterator[Place]:
        """Yields the place now and whenever its number or its seconds change; ends after RUNS, which means: run now.

        When `cancel` is set, it ends without that and the place is given back.
        """
        return self._line.wait(self, cancel)

    def leave(self) -> None:
        """Gives the place back; those behind move up."""
        self._line.leave(self)

    def __enter__(self) -> "Ticket":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.leave()


def _whole(seconds: float) -> int:
    """Fit for people and for a Retry-After header."""
    return max(1, math.ceil(seconds))
