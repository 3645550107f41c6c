"""How far a long command is: one line that changes on a terminal, a line for each tenth in a log."""

import sys
import time


class Progress:
    """Counts `what` towards a total, with the rate and the time that is left. Tells on standard error."""

    def __init__(self, what: str) -> None:
        self._what = what
        self._first: tuple[int, float] | None = None  # done and when, at the first call: what came before is loading
        self._tenths = 0

    def __call__(self, done: int, total: int) -> None:
        """Is told how many are done, of how many."""
        now = time.monotonic()
        before, begun = self._first = self._first or (done, now)
        line = told(self._what, done, total, (done - before) / (now - begun) if now > begun else 0.0)
        if sys.stderr.isatty():
            sys.stderr.write(f"\r\x1b[K{line}" + ("\n" if done >= total else ""))
        elif (tenths := 10 * done // max(1, total)) > self._tenths:
            self._tenths = tenths
            sys.stderr.write(line + "\n")
        sys.stderr.flush()


def told(what: str, done: int, total: int, per_s: float) -> str:
    """`1,200 of 10,000 rows, 100 a second, 1 min 28 s left`."""
    if not per_s:
        return f"{done:,} of {total:,} {what}"
    minutes, seconds = divmod(round((total - done) / per_s), 60)
    left = f"{minutes} min {seconds} s" if minutes else f"{seconds} s"
    return f"{done:,} of {total:,} {what}, {per_s:,.0f} a second, {left} left"
