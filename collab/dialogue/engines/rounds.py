"""Who reads and who writes next in a model of transformers, round by round, in the one thread that owns the model.

A round reads one part of one prompt and writes one token of every text. Requests join between rounds, and leave when
they are whole or stopped. Knows tokens and adapters by their names; knows no words and no people.
"""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Any, TypeVar

import torch

from collab.dialogue.engines.decoding import Batch, Choosing, Reading, Request, can_share, layers_of
from collab.dialogue.engines.prefixes import Prefixes

if TYPE_CHECKING:
    from transformers import PreTrainedModel

T = TypeVar("T")

PART = 256  # tokens of a prompt that are read at once
SLOTS = {"cpu": 4, "cuda": 8}
KEPT_BYTES = {"cpu": 2**28, "cuda": 2**30}


class Rounds:
    """Computes what is asked for at the same time together, as far as the model allows.

    In float32 a text is the same alone and among others. In bfloat16 the order of a sum can decide between two words
    that are nearly as good. One adapter acts at a time: texts of another one have steps of their own.
    """

    def __init__(
        self, model: "PreTrainedModel", acting: Callable[[str | None], AbstractContextManager[None]], threads: int
    ) -> None:
        """`acting` lets an adapter act; `threads` compute on a processor."""
        self._model = model
        self._acting = acting
        self._is_shared = can_share(model)
        self.slots = SLOTS.get(model.device.type, 1) if self._is_shared else 1
        self._choosing = Choosing(model)
        self._prefixes = Prefixes(KEPT_BYTES.get(model.device.type, 0))
        self._waiting: deque[Request] = deque()
        self._reading: dict[Request, Reading | None] = {}  # None: nothing of it is read yet
        self._writing: dict[str | None, Batch] = {}
        self._is_turning = False
        # One long-lived thread: torch keeps a pool of compute threads for each thread that calls it.
        self._owner = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        others = torch.get_num_threads()
        self.run(torch.get_num_threads)  # else the thread would take the others' number when it first computes
        self._owner.submit(torch.set_num_threads, threads).result()
        torch.set_num_threads(others)  # a thread keeps its own number: this is for those that come, such as an embedder

    def add(self, request: Request) -> None:
        """It has its turn as soon as there is a place."""
        try:
            joining = self._owner.submit(self._admit, request)
        except RuntimeError:  # closed meanwhile
            request.end()
        else:
            joining.add_done_callback(lambda done: request.end() if done.cancelled() else None)

    def run(self, work: Callable[[], T]) -> T:
        """Does something else with the model, between two rounds."""
        return self._owner.submit(work).result()

    def close(self) -> None:
        """Ends after the round that runs, and with it every request. May be called twice."""
        self._owner.shutdown(wait=True, cancel_futures=True)
        self._end_all(None)

    def _admit(self, request: Request) -> None:
        self._waiting.append(request)
        if not self._is_turning:
            self._again()

    def _again(self) -> None:
        try:
            self._owner.submit(self._round)
            self._is_turning = True
        except RuntimeError:  # closed, or the process ends
            self._end_all(None)

    def _round(self) -> None:
        self._is_turning = False
        try:
            self._begin()
            adapters = [*dict.fromkeys([*(request.adapter for request in self._reading), *self._writing])]
            for adapter in adapters:
                with self._acting(adapter), torch.inference_mode():
                    self._read(adapter)
                    self._write(adapter)
        except Exception as error:  # noqa: BLE001 - where requests end: whoever waits for one has to be told
            self._end_all(error)
        if self._waiting or self._reading or self._writing:
            self._again()

    def _begin(self) -> None:
        """Lets those in that have a place now."""
        for request in [one for one in self._waiting if one.is_stopped]:
            self._waiting.remove(request)
            request.end()
        taken = len(self._reading) + sum(len(batch.requests) for batch in self._writing.values())
        while self._waiting and taken < self.slots:
            request = self._waiting.popleft()
            if not self._is_shared:
                self._alone(request)
                return
            self._reading[request] = None
            taken += 1

    def _read(self, adapter: str | None) -> None:
        """A part of the prompt that came first."""
        request = next((one for one in self._reading if one.adapter == adapter), None)
        if request is None:
            return
        try:
            if not request.is_stopped and not self._has_read(request):
                return
            reading = self._reading.pop(request)
            if reading is None or self._ended(request):
                request.end()
            else:
                self._writing.setdefault(adapter, Batch(self._model)).join(request, reading.cache)
        except Exception as error:  # noqa: BLE001 - where one request ends: a library raises whatever it likes
            self._reading.pop(request, None)
            self._failed([request], error)

    def _has_read(self, request: Request) -> bool:
        """Reads on. Whether the prompt is whole, and the first token there."""
        reading = self._reading[request]
        if reading is None:
            self._choosing.begin(request)
            reading = Reading(request, self._prefixes.longest(request.adapter, request.prompt))
            self._reading[request] = reading
        logits = reading.step(self._model, PART)
        if logits is None:
            return False
        self._prefixes.keep(request.adapter, request.prompt, layers_of(reading.cache))
        self._choosing.next([request], logits)
        return True

    def _write(self, adapter: str | None) -> None:
        """A token of every text that is under way."""
        batch = self._writing.get(adapter)
        if batch is None:
            return
        try:
            self._let_go(batch, adapter)
            if batch.requests:
                self._choosing.next(batch.requests, batch.step())
                self._let_go(batch, adapter)
        except Exception as error:  # noqa: BLE001 - where requests end: half a step cannot be taken back
            self._failed(batch.requests, error)
            batch.requests = []
        if not batch.requests:
            del self._writing[adapter]

    def _let_go(self, batch: Batch, adapter: str | None) -> None:
        gone = [request for request in batch.requests if self._ended(request)]
        if not gone:
            return
        for request in gone:
            self._prefixes.keep(adapter, *batch.known(request))
        batch.leave(gone)
        for request in gone:
            request.end()

    def _ended(self, request: Request) -> bool:
        return request.is_stopped or self._choosing.is_whole(request)

    def _alone(self, request: Request) -> None:
        """A whole text at once, by the means of the library: for models whose texts cannot stand side by side."""

        def watch(ids: torch.Tensor, _scores: Any) -> torch.Tensor:  # a stopping criterion: called after each token
            request.take(int(ids[0, -1]))
            return torch.full((ids.shape[0],), request.is_stopped, dtype=torch.bool, device=ids.device)

        ids = torch.tensor([request.prompt], device=self._model.device)
        try:
            with self._acting(request.adapter), torch.inference_mode():
                generate: Any = self._model.generate
                generate(
                    ids,
                    attention_mask=torch.ones_like(ids),
                    max_new_tokens=request.max_tokens,
                    do_sample=False,
                    stopping_criteria=[watch],
                )
        except Exception as error:  # noqa: BLE001 - where one request ends: a library raises whatever it likes
            self._failed([request], error)
        else:
            request.end()

    def _failed(self, requests: Sequence[Request], error: Exception) -> None:
        self._prefixes.clear()  # it may be the memory that was missing
        for request in requests:
            request.end(error)

    def _end_all(self, error: Exception | None) -> None:
        written = [request for batch in self._writing.values() for request in batch.requests]
        everyone = [*self._waiting, *self._reading, *written]
        self._waiting.clear()
        self._reading.clear()
        self._writing.clear()
        self._prefixes.clear()
        for request in everyone:
            request.end(error)
