"""The end of the process, as answers see it: those under way stop, and none begins any more. It knows no signals."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from collab.errors import StoppingError


class Ending:
    """Whether the process is about to end, told to every answer under way. Safe for threads."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._under_way: list[threading.Event] = []
        self._has_begun = False

    @contextmanager
    def told(self, cancel: threading.Event) -> Iterator[None]:
        """Sets `cancel` once the end begins meanwhile. Raises StoppingError where it has begun already."""
        with self._changed:
            self.refuse()
            self._under_way.append(cancel)
        try:
            yield
        finally:
            with self._changed:
                self._under_way.remove(cancel)
                self._changed.notify_all()

    def refuse(self) -> None:
        """Raises StoppingError once the end has begun."""
        if self._has_begun:
            raise StoppingError

    def begin(self) -> None:
        """Stops what is under way. Returns at once; beginning twice does nothing more."""
        with self._changed:
            self._has_begun = True
            for cancel in self._under_way:
                cancel.set()

    def wait(self, longest_s: float) -> bool:
        """Returns when nothing is under way any more, or after `longest_s` seconds; whether it is so."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, longest_s)
