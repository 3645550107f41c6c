"""The messages of one page, one after the other: each draws what those before it have changed, and nothing older."""

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager


class InOrder:
    """A line for each page that has sent something; a line that is empty takes no room."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._lines: dict[str, deque[threading.Event]] = {}

    @contextmanager
    def turn(self, page: str) -> Iterator[None]:
        """Waits until all that `page` sent before is answered. It may be left in another thread than it was entered."""
        mine = threading.Event()
        with self._lock:
            line = self._lines.setdefault(page, deque())
            line.append(mine)
            if line[0] is mine:
                mine.set()
        mine.wait()
        try:
            yield
        finally:
            with self._lock:
                line.popleft()
                if line:
                    line[0].set()
                else:
                    del self._lines[page]
