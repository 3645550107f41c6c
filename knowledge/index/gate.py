"""Who may be at work at the same time: many who only look, or one who changes. It knows nothing of what they do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Gate:
    """Many may be inside together, or one alone; whoever waits to be alone goes before newcomers."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting = 0
        self._closed = False

    @contextmanager
    def together(self) -> Iterator[None]:
        """Inside with others who do not change anything."""
        with self._changed:
            self._changed.wait_for(lambda: not self._closed and not self._waiting)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Inside with nobody else."""
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: not self._closed and not self._inside)
            self._waiting -= 1
            self._closed = True
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()
