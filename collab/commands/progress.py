"""How far a long command is: one line that changes on a terminal, a line for each tenth in a log."""

import sys
import time


class Progress:
    """Counts `what` towards a total, with the rate and the time that is left. Tells on standard error."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._begun = time.monotonic()
        self._tenths = 0

    def __call__(self, done: int, total: int) -> None:
        """Is told how many are done, of how many."""
        line = told(self._what, done, total, time.monotonic() - self._begun)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{line}" + ("\n" if done >= total else ""))
        elif (tenths := 10 * done // max(1, total)) > self._tenths:
            self._tenths = tenths
            sys.stderr.write(line + "\n")
        sys.stderr.flush()


def told(what: str, done: int, total: int, elapsed_s: float) -> str:
    """`1,200 of 10,000 rows, 85 a second, 1 min 44 s left`."""
    rate = done / elapsed_s if elapsed_s > 0 else 0.0
    if not rate:
        return f"{done:,} of {total:,} {what}"
    minutes, seconds = divmod(round((total - done) / rate), 60)
    left = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"{done:,} of {total:,} {what}, {rate:,.0f} a second, {left} left"
