"""Waiting for what another thread or process does: a test that waits in vain fails, and does not hang."""

import threading
from collections.abc import Callable

ASK_AGAIN_S = 0.02
LONGEST_S = 60


def until(holds: Callable[[], bool]) -> None:
    """Returns as soon as it holds. Raises AssertionError after a minute."""
    pause = threading.Event()
    for _ in range(int(LONGEST_S / ASK_AGAIN_S)):
        if holds():
            return
        pause.wait(ASK_AGAIN_S)
    raise AssertionError("it never came to that")
