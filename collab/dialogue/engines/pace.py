"""How fast a server is now, against the fastest that it was. Knows times and counts of tokens; knows no model."""

import threading
import time
from collections import deque
from collections.abc import Callable

WINDOW_S = 1.0
KINDS = 2  # of work, reading and writing; neither is judged before both are known
STEPS = 4  # at least, where they are long
ENOUGH = 0.6  # of the window, to judge by
SLOW = 0.4  # of the best pace; half of the cores give about half of it


class Pace:
    """The work of the last second or of some steps, in seconds that it took at best. Safe for threads.

    Tokens of several answers are computed together, each of them faster than alone: a server that nothing disturbs is
    therefore never taken for a slow one.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._running = 0
        self._since = 0.0  # something runs without a break
        self._done: deque[tuple[float, float]] = deque()  # when, and how many seconds it takes at best
        self._best: dict[str, float] = {}  # kind of work -> seconds for one token
        self._longest = 0.0  # step, in seconds that it takes at best

    def begin(self) -> None:
        """An answer begins."""
        with self._lock:
            if not self._running:
                self._since = self._clock()
                self._done.clear()
            self._running += 1

    def end(self) -> None:
        """An answer has ended."""
        with self._lock:
            self._running -= 1

    def did(self, kind: str, tokens: int) -> None:
        """So many tokens were read or written just now."""
        with self._lock:
            if best := self._best.get(kind):
                self._done.append((self._clock(), tokens * best))
                self._longest = max(self._longest, tokens * best)

    def took(self, kind: str, tokens: int, seconds: float) -> None:
        """One answer did so many tokens, enough for a mean, in so long by the server's own clock: what is told late
        comes together with the next, and would seem to be quick.
        """
        with self._lock:
            each = seconds / tokens
            self._best[kind] = min(self._best.get(kind, each), each)

    @property
    def is_slow(self) -> bool:
        """Whether it did less than it could in the last second, in which it always had something to do."""
        with self._lock:
            now = self._clock()
            window_s = max(WINDOW_S, STEPS * self._longest)
            begin = max(self._since, now - window_s)
            while self._done and self._done[0][0] <= begin:
                self._done.popleft()
            if not self._running or len(self._best) < KINDS or now - begin < ENOUGH * window_s:
                return False
            return sum(seconds for _, seconds in self._done) < SLOW * (now - begin)
