"""Counts failed sign-ins and says how long to wait. It keeps them in memory; a restart forgets them."""

import math
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from collab.errors import TooManyTriesError
from knowledge.database import Clock

_KEPT = 10_000  # keys in memory, whoever tries whatever
_LONGEST_WAIT_S = 300
_TOLD_AGAIN_AFTER = timedelta(minutes=1)
_FORGOTTEN_AFTER = timedelta(hours=1)


@dataclass(slots=True)
class _Count:
    failures: int
    last: datetime


class Tries:
    """After 5 failures for a name or 20 from an address each further try waits: 2, 4, 8 … 300 seconds."""

    ALLOWED = {"name": 5, "address": 20}  # noqa: RUF012  an office shares one address

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._counts: OrderedDict[tuple[str, str], _Count] = OrderedDict()
        self._told: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def begin(self, name: str, address: str) -> None:
        """Counts a try as failed before it is made, so that many at once gain nothing. Raises TooManyTriesError."""
        keys = (("name", name), ("address", address))
        with self._lock:
            now = self._clock()
            wait_s = max(self._wait_s(key, now) for key in keys)
            if wait_s > 0:
                raise TooManyTriesError(retry_after_s=math.ceil(wait_s))
            self._count(keys, now)

    def is_news(self, name: str) -> bool:
        """Whether a refusal for the name is worth a line in the audit: one a minute is, so that nobody fills it."""
        with self._lock:
            now = self._clock()
            self._told = {key: at for key, at in self._told.items() if abs(now - at) < _TOLD_AGAIN_AFTER}
            if name in self._told or len(self._told) >= _KEPT:
                return False
            self._told[name] = now
            return True

    def succeed(self, name: str, address: str) -> None:
        """Forgets the name's failures and takes back the one that `begin` counted for the address."""
        with self._lock:
            self._counts.pop(("name", name), None)
            if count := self._counts.get(("address", address)):
                count.failures -= 1

    def _wait_s(self, key: tuple[str, str], now: datetime) -> float:
        count = self._counts.get(key)
        if count is None or count.failures < self.ALLOWED[key[0]]:
            return 0
        count.last = min(count.last, now)  # the clock was set back: what was left to wait begins anew
        over = min(count.failures - self.ALLOWED[key[0]] + 1, 20)
        return (count.last - now).total_seconds() + min(1 << over, _LONGEST_WAIT_S)

    def _count(self, keys: Iterable[tuple[str, str]], now: datetime) -> None:
        for key in keys:
            count = self._counts.setdefault(key, _Count(0, now))
            if now - count.last > _FORGOTTEN_AFTER:
                count.failures = 0
            count.failures, count.last = count.failures + 1, now
            self._counts.move_to_end(key)
        while len(self._counts) > _KEPT:
            self._counts.popitem(last=False)
