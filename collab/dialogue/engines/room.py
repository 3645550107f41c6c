"""Room for tokens that answers under way share. Knows counts and who came first; knows no model."""

import threading
from collections import deque
from collections.abc import Callable

_LOOK_S = 0.2  # how often one who waits looks whether it still has to


class Room:
    """So many tokens in all. Whoever waits for some comes before those who ask later. Safe for threads."""

    def __init__(self, tokens: int) -> None:
        self._free = tokens
        self._line: deque[object] = deque()
        self._changed = threading.Condition()

    def take(self, tokens: int) -> bool:
        """Takes so many at once, or none."""
        with self._changed:
            if self._line or tokens > self._free:
                return False
            self._free -= tokens
            return True

    def wait(self, tokens: int, is_over: Callable[[], bool]) -> bool:
        """Takes so many as soon as they are free; False where that is no longer wanted before."""
        me = object()
        with self._changed:
            self._line.append(me)
            try:
                while self._line[0] is not me or tokens > self._free:
                    if is_over():
                        return False
                    self._changed.wait(_LOOK_S)
                self._free -= tokens
                return True
            finally:
                self._line.remove(me)
                self._changed.notify_all()

    def give(self, tokens: int) -> None:
        """Gives back what was taken."""
        with self._changed:
            self._free += tokens
            self._changed.notify_all()
