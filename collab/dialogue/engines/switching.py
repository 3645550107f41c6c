"""From one engine to the next while answers are written. Knows engines and names of adapters; knows no files.

An answer that has begun stays with its engine and its adapter to its end; answers that begin later have the new ones.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from collab.dialogue.engines import LanguageModel, Message
from collab.errors import EngineBrokenError


class Pinned:
    """An engine with one of its adapters, as an answer has it from its beginning to its end. A LanguageModel."""

    def __init__(self, engine: LanguageModel, adapter: str | None) -> None:
        """`adapter` is what the engine knows it by; None is the model as it came."""
        self.adapter = adapter
        self.engine = engine

    @property
    def name(self) -> str:
        return self.engine.name

    @property
    def languages(self) -> frozenset[str] | None:
        return self.engine.languages

    @property
    def slots(self) -> int:
        return self.engine.slots

    @property
    def kind(self) -> str:
        """The name of the module that runs the model."""
        return type(self.engine).__module__.rpartition(".")[2]

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        """See LanguageModel. Without an `adapter` it is the pinned one."""
        chosen = self.adapter if adapter is None else adapter
        return self.engine.stream(messages, max_tokens=max_tokens, cancel=cancel, adapter=chosen)

    def close(self) -> None:
        """See LanguageModel."""
        self.engine.close()


class SwitchingModel:
    """The engine that answers now, which can be another one later. A LanguageModel; safe for threads."""

    def __init__(self, engine: LanguageModel, adapter: str | None = None) -> None:
        self._live = Pinned(engine, adapter)
        self._answers: dict[Pinned, int] = {self._live: 0}  # engines that are open -> answers under way
        self._changing = threading.Lock()
        self._switching = threading.Lock()
        self._is_closed = False

    @property
    def name(self) -> str:
        return self._live.name

    @property
    def languages(self) -> frozenset[str] | None:
        return self._live.languages

    @property
    def slots(self) -> int:
        return self._live.slots

    @property
    def kind(self) -> str:
        """See Pinned."""
        return self._live.kind

    @property
    def adapter(self) -> str | None:
        """The adapter with which an answer would be written that begins now."""
        return self._live.adapter

    @property
    def draining(self) -> int:
        """Engines that are open for the sake of answers under way only."""
        with self._changing:
            return len(self._answers) - 1 if not self._is_closed else 0

    @contextmanager
    def pinned(self) -> Iterator[Pinned]:
        """What writes one answer, whatever is switched meanwhile."""
        with self._changing:
            pinned = self._live
            self._answers[pinned] = self._answers.get(pinned, 0) + 1
        try:
            yield pinned
        finally:
            self._give_back(pinned)

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        """See LanguageModel. The engine is pinned with the first piece."""
        with self.pinned() as live:
            yield from live.stream(messages, max_tokens=max_tokens, cancel=cancel, adapter=adapter)

    def switch(self, make: Callable[[], LanguageModel], adapter: str | None) -> None:
        """Starts another engine beside the present one and lets it write every answer that begins from then on.

        The present one is closed when its last answer has ended. When `make` raises, that reaches the caller, and
        nothing has changed. Of two switches at once the second begins when the first is done.
        """
        with self._switching:
            new = Pinned(make(), adapter)
            with self._changing:
                if self._is_closed:
                    left = new
                else:
                    left, self._live = self._live, new
                    self._answers[new] = 0
                is_idle = not self._answers.get(left)
                if is_idle:
                    self._answers.pop(left, None)
            if is_idle:
                left.close()
            if left is new:
                raise EngineBrokenError(reason="it has been closed")

    def close(self) -> None:
        """Stops what is running, also in engines that were left."""
        with self._changing:
            self._is_closed = True
            open_ones = list(self._answers)
        for engine in open_ones:
            engine.close()

    def _give_back(self, pinned: Pinned) -> None:
        with self._changing:
            self._answers[pinned] -= 1
            is_last = pinned is not self._live and not self._answers[pinned]
            if is_last:
                del self._answers[pinned]
        if is_last:
            pinned.close()
