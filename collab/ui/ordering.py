"""The messages of one page, one after the other: each draws what those before it have changed, and nothing older."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE_S = 10
"""How long a message waits for the one before it. A page that was left may never fetch the rest of an answer."""


class InOrder:
    """A line for each page: who comes waits for whoever came last; a line that is empty takes no room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._last: dict[str, threading.Event] = {}

    @contextmanager
    def turn(self, page: str) -> Iterator[None]:
        """Waits until what `page` sent before is answered. It may be left in another thread than it was entered."""
        mine = threading.Event()
        with self._lock:
            before = self._last.get(page)
            self._last[page] = mine
        if before is not None:
            before.wait(PATIENCE_S)
        try:
            yield
        finally:
            mine.set()
            with self._lock:
                if self._last.get(page) is mine:
                    del self._last[page]
