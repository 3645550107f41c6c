"""Who generates next: a bounded queue before one engine. Knows people by their id alone; knows no text and no model."""

import itertools
import math
import threading
import time
from bisect import insort
from collections import deque
from collections.abc import Callable, Iterator
from types import TracebackType

from collab.errors import QueueFullError

_POLL_S = 0.1  # how soon a waiting ticket notices that its question was cancelled
_UNKNOWN_DURATION_S = 10.0  # assumed until the first answer has been timed


class GenerationQueue:
    """One runs, at most `limit` wait, first come first served; a person's second question waits behind others' first.

    The order is start-time fair queueing (Goyal, Vin and Cheng, 1996) with every answer counted as one: a person who
    asks much cannot keep the rest waiting, and nobody waits for ever.
    """

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._changed = threading.Condition()
        self._numbers = itertools.count()
        self._running: Ticket | None = None
        self._waiting: list[Ticket] = []  # in the order of service
        self._round = 0  # of the ticket that runs, or ran last
        self._last_round: dict[str, int] = {}  # person -> the round of their latest ticket
        self._durations_s: deque[float] = deque(maxlen=20)

    def enter(self, person_id: str) -> "Ticket":
        """Takes a place. Use the ticket in a `with` statement, so that the place is given back.

        Raises QueueFullError with the seconds after which a place is likely to be free.
        """
        with self._changed:
            if self._running is not None and len(self._waiting) >= self._limit:
                raise QueueFullError(waiting=len(self._waiting), retry_after_s=self._retry_after_s())
            turn = max(self._round, self._last_round.get(person_id, -1) + 1)
            self._last_round[person_id] = turn
            ticket = Ticket(self, (turn, next(self._numbers)))
            insort(self._waiting, ticket, key=lambda waiting: waiting.order)
            self._advance()
            return ticket

    def place(self, ticket: "Ticket") -> int:
        """0 when it runs, 1 when it is next; -1 when it has left."""
        with self._changed:
            return self._place(ticket)

    def wait(self, ticket: "Ticket", cancel: threading.Event) -> Iterator[int]:
        """See Ticket.wait."""
        told: int | None = None
        while not cancel.is_set():
            with self._changed:
                if self._place(ticket) == told:
                    self._changed.wait(_POLL_S)
                place = self._place(ticket)
            if place < 0:
                return
            if place != told:
                yield (told := place)
            if place == 0:
                return
        self.leave(ticket)

    def leave(self, ticket: "Ticket") -> None:
        """Gives the place back; those behind move up. Leaving twice does nothing."""
        with self._changed:
            if ticket is self._running:
                self._durations_s.append(self._clock() - ticket.started_s)
                self._running = None
            elif ticket in self._waiting:
                self._waiting.remove(ticket)
            else:
                return
            self._advance()

    def _advance(self) -> None:
        if self._running is None and self._waiting:
            self._running = self._waiting.pop(0)
            self._running.started_s = self._clock()
            self._round = self._running.order[0]
        elif self._running is None:
            self._last_round.clear()
        self._changed.notify_all()

    def _place(self, ticket: "Ticket") -> int:
        if ticket is self._running:
            return 0
        return self._waiting.index(ticket) + 1 if ticket in self._waiting else -1

    def _retry_after_s(self) -> int:
        usual = sum(self._durations_s) / len(self._durations_s) if self._durations_s else _UNKNOWN_DURATION_S
        elapsed = self._clock() - self._running.started_s if self._running else 0.0
        return max(1, math.ceil(usual - elapsed))


class Ticket:
    """One question's place in the queue, from `GenerationQueue.enter`."""

    def __init__(self, line: GenerationQueue, order: tuple[int, int]) -> None:
        self.order = order
        self.started_s = 0.0
        self._line = line

    @property
    def place(self) -> int:
        """0 when it runs, 1 when it is next; -1 when it has left."""
        return self._line.place(self)

    def wait(self, cancel: threading.Event) -> Iterator[int]:
        """Yields the place now and whenever it changes; ends after 0, which means: run now.

        When `cancel` is set, it ends without 0 and the place is given back.
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
