"""One thread computes vectors for all that ask: questions first and together, then what is stored, a piece at a time.

It knows what is asked for only as things of which vectors are made; it knows no model, no texts and no documents.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Generic, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

Rows: TypeAlias = NDArray[np.float32]
Thing = TypeVar("Thing")


@dataclass(frozen=True, slots=True)
class _Asked(Generic[Thing]):
    things: Sequence[Thing]
    rows: "Future[Rows]" = field(default_factory=Future)


class Batching(Generic[Thing]):
    """Brings to `compute` what several threads ask for. Safe to share between threads.

    Nobody waits for company: what has come while the last batch was computed makes up the next one, at most `most`
    questions. Each piece of what is stored is a batch of its own, and a question waits for one of them at most.
    `compute` makes one row of each thing; only one thread ever calls it, which ends with this object.
    """

    def __init__(self, compute: Callable[[Sequence[Thing]], Rows], most: int) -> None:
        self._compute = compute
        self._most = most
        self._questions: deque[_Asked[Thing]] = deque()
        self._pieces: deque[_Asked[Thing]] = deque()
        self._owner = ThreadPoolExecutor(1, thread_name_prefix="vectors")

    @property
    def waiting(self) -> int:
        """Questions and pieces that nobody computes yet."""
        return len(self._questions) + len(self._pieces)

    def question(self, thing: Thing) -> Rows:
        """The row of one thing that somebody waits for  # (1, dims). Raises what `compute` raises for it."""
        asked = _Asked([thing])
        self._questions.append(asked)
        self._owner.submit(self._next)
        return asked.rows.result()

    def pieces(self, pieces: Sequence[Sequence[Thing]]) -> list[Rows]:
        """The rows of each piece  # each (things, dims). Raises what `compute` raises for the first that fails."""
        asked = [_Asked(piece) for piece in pieces]
        self._pieces.extend(asked)
        for _ in asked:
            self._owner.submit(self._next)
        return [one.rows.result() for one in asked]

    def _next(self) -> None:
        """Computes the next batch. It is called once for each that asks, so that nobody is left over."""
        batch = [self._questions.popleft() for _ in range(min(self._most, len(self._questions)))]
        if not batch and self._pieces:
            batch = [self._pieces.popleft()]
        if batch:
            self._answer(batch)

    def _answer(self, batch: Sequence[_Asked[Thing]]) -> None:
        try:
            rows = self._compute([thing for asked in batch for thing in asked.things])
        except Exception as error:  # noqa: BLE001 - a request ends here: whoever asked is told, and nobody else
            if len(batch) == 1:
                batch[0].rows.set_exception(error)
            else:
                for asked in batch:
                    self._answer([asked])
            return
        start = 0
        for asked in batch:
            asked.rows.set_result(rows[start : start + len(asked.things)].copy())  # not to keep the whole batch
            start += len(asked.things)
