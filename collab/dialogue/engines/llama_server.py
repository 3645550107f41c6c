"""One server of llama.cpp in this process, and one request to it. Knows tokens, slots and threads; knows no people.

The library decodes the answers in its slots together, one token of each at a time, and keeps what it has read, so that
instructions and earlier turns are read once. It is called directly; the address on which it listens besides is shut
with a key that nobody is told.
"""

import contextlib
import os
import queue
import secrets
import sys
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum
from pathlib import Path
from typing import Any, TypeVar

from collab.dialogue.engines import Message
from collab.dialogue.engines.gguf_header import require_gguf, trained_context
from collab.dialogue.engines.pace import Pace
from collab.dialogue.engines.room import Room
from collab.errors import ModelLoadError

SLOTS = 8
CONTEXT = 8192  # tokens of all slots together: what was read for them, and what they write
LONGEST_CONTEXT = 16_384  # of a model that reads more: each token takes memory, up to half a MiB in one of 7 billion
BATCH = 128  # tokens of a prompt that are read at a time; between two of them an answer can be stopped
_STRETCH = 16  # tokens, by which the pace is measured
_LOOK_S = 0.2  # how often an answer looks how it goes
_KEPT_MIB = 32  # of what was read for conversations that have no slot at the moment
_NICE = 5  # of 19
_EXCEEDED = "Context size has been exceeded."  # told to all whose tokens were to be computed together

Made = TypeVar("Made")


class End(Enum):
    """How an answer came to its end."""

    WHOLE = "whole, or stopped by whom it was for"
    STALLED = "stalled"
    CROWDED = "no room beside the others"
    TOO_LONG = "too long"
    BROKEN = "broken"


class LlamaServer:
    """A model file with its adapters, computed by `threads`."""

    def __init__(
        self,
        path: Path,
        threads: int,
        adapters: Mapping[str, Path],
        context: int | None = None,
        *,
        keeps_prompts: bool = True,
    ) -> None:
        """Takes well under a second. Without a `context` it follows the file. Raises ModelFolderMissingError and
        ModelLoadError.
        """
        require_gguf(path)
        context = context or fitting_context(trained_context(path))
        for adapter in adapters.values():
            require_gguf(adapter)
        from xllamacpp import Server

        self.pace = Pace()
        self.limit = context - SLOTS * BATCH  # for what is likely; what prompts have beyond it is known once they begin
        self.room = Room(self.limit)
        self._adapters = list(adapters)
        self._asked_for: set[str | None] = set()
        self._keeps_prompts = keeps_prompts
        try:
            self._server = _yielding(lambda: Server(_parameters(path, threads, adapters.values(), context)))
        except (RuntimeError, ValueError) as error:
            raise ModelLoadError(model=str(path), reason="llama.cpp cannot read the file") from error

    def answer(
        self,
        messages: Sequence[Message],
        *,
        max_tokens: int,
        adapter: str | None,
        stops: Sequence[threading.Event],
        prompt_tokens: int = 0,
    ) -> "LlamaAnswer":
        """An answer; last words of the assistant are gone on with. It waits until there is room for a prompt of so many
        tokens, or where that is not known, of as many as it is likely to have.
        """
        self._asked_for.add(adapter)
        request: dict[str, Any] = {
            "messages": list(messages),
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
            # llama.cpp would go on with what was read with another adapter
            "cache_prompt": self._keeps_prompts and len(self._asked_for) == 1,
            "return_progress": True,
            "timings_per_token": True,
        }
        if self._adapters:
            scales = [{"id": i, "scale": float(name == adapter)} for i, name in enumerate(self._adapters)]
            request["lora"] = scales
        needed = min(self.limit, (prompt_tokens or _likely_tokens(messages)) + max_tokens)
        return LlamaAnswer(self, request, max_tokens, needed, stops)

    def run(self, request: dict[str, Any], take: Callable[[dict[str, Any]], bool]) -> None:
        """Blocks until the request is done, or `take`, which is called with each piece of news, says so."""
        self._server.handle_chat_completions(request, take)


class LlamaAnswer:
    """One request, in a thread of its own, and what came of it."""

    def __init__(
        self,
        server: LlamaServer,
        request: dict[str, Any],
        max_tokens: int,
        needed: int,
        stops: Sequence[threading.Event],
    ) -> None:
        self.end = End.WHOLE
        self.prompt_tokens = 0  # until it is told
        self.reason = ""  # of a broken one
        self._server = server
        self._max_tokens = max_tokens
        self._needed = needed  # tokens of the server's room, at the start
        self._held = 0
        self._left = threading.Event()  # the reader has gone
        self._stops = (*stops, self._left)
        self._news: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._done, self._done_ms = 0, 0.0  # tokens of the prompt, and until when they took
        self._written, self._written_ms = 0, 0.0  # tokens of the text, and until when the latest stretch took
        self._thread = threading.Thread(target=self._run, args=(request,), name="engine", daemon=True)

    def pieces(self, *, is_patient: bool) -> Iterator[str]:
        """The text, piece by piece; ends when the computation has, or without patience once the server is slow."""
        if not self._server.room.wait(self._needed, self._is_stopped):
            return
        self._held = self._needed
        self._thread.start()
        try:
            while (piece := self._next()) is not None:
                if piece:
                    yield piece
                if not is_patient and self._server.pace.is_slow:
                    self.end = End.STALLED
                    return
        finally:
            self._left.set()
            if self.end is not End.STALLED:  # that one ends by itself, at its next token
                self._thread.join()

    def _next(self) -> str | None:
        """The next piece, empty where there is none yet; None at the end."""
        with contextlib.suppress(queue.Empty):
            return self._news.get(timeout=_LOOK_S)
        return ""

    def _run(self, request: dict[str, Any]) -> None:
        self._server.pace.begin()
        try:
            if not self._is_stopped():
                self._server.run(request, self._take)
        except (RuntimeError, ValueError, MemoryError) as error:
            self._break(str(error))
        finally:
            self._server.pace.end()
            self._server.room.give(self._held)
            self._news.put(None)

    def _take(self, event: dict[str, Any]) -> bool:
        """Called for each batch of the prompt and each token of the answer; whether to stop."""
        if error := event.get("error"):
            self._fail(error)
            return True
        if read := event.get("prompt_progress"):
            return self._read(read)
        for choice in event.get("choices", ()):
            if text := choice["delta"].get("content"):
                self._wrote(event["timings"]["predicted_ms"])
                self._news.put(text)
        return self._is_stopped()

    def _read(self, progress: dict[str, Any]) -> bool:
        self.prompt_tokens = progress["total"]
        if not self._has_room():
            return True
        pace, tokens = self._server.pace, progress["processed"] - max(self._done, progress["cache"])
        if tokens >= BATCH:
            pace.took("read", tokens, (progress["time_ms"] - self._done_ms) / 1_000)
        pace.did("read", tokens)
        self._done, self._done_ms = progress["processed"], progress["time_ms"]
        return self._is_stopped()

    def _has_room(self) -> bool:
        """Holds what the whole prompt and the longest answer need, once the prompt's length is known."""
        needed = self.prompt_tokens + self._max_tokens
        if needed > self._server.limit:
            self.end = End.TOO_LONG
        elif needed > self._held and not self._server.room.take(needed - self._held):
            self.end = End.CROWDED
        else:
            self._server.room.give(max(0, self._held - needed))
            self._held = needed
        return self.end is End.WHOLE

    def _wrote(self, until_ms: float) -> None:
        pace = self._server.pace
        if self._written % _STRETCH == 0:
            if self._written:
                pace.took("written", _STRETCH, (until_ms - self._written_ms) / 1_000)
            self._written_ms = until_ms
        self._written += 1
        pace.did("written", 1)

    def _fail(self, error: dict[str, Any]) -> None:
        if error.get("type") == "exceed_context_size_error":
            self.prompt_tokens = int(error["n_prompt_tokens"])
            self.end = End.TOO_LONG
        elif error.get("message") == _EXCEEDED:  # some of the others had more to read than was likely
            self.prompt_tokens = self.prompt_tokens or self._server.limit - self._max_tokens
            self.end = End.CROWDED
        else:
            self._break(str(error.get("message") or error))

    def _break(self, reason: str) -> None:
        self.end, self.reason = End.BROKEN, reason[:200]

    def _is_stopped(self) -> bool:
        return any(event.is_set() for event in self._stops)


def fitting_context(trained: int | None) -> int:
    """Tokens of all slots together for a model that reads so many; a short one still has them all for an answer."""
    if trained is None:
        return CONTEXT
    return min(trained, LONGEST_CONTEXT) if trained >= CONTEXT else min(trained + SLOTS * BATCH, CONTEXT)


def _likely_tokens(messages: Sequence[Message]) -> int:
    """More than most texts have: a letter is a quarter of a token, a Chinese character up to two."""
    texts = [message["content"] for message in messages]
    plain = sum(character.isascii() for text in texts for character in text)
    return plain // 3 + 2 * (sum(map(len, texts)) - plain) + 16 * (len(texts) + 1)


def _yielding(start: Callable[[], Made]) -> Made:
    """Starts something whose threads leave the cores to whoever waits for a page: they are as nice as their maker."""

    def started() -> Made:
        if sys.platform == "linux":  # elsewhere a thread has no niceness of its own
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        return start()

    with ThreadPoolExecutor(1) as maker:
        return maker.submit(started).result()


def _parameters(path: Path, threads: int, adapters: Iterable[Path], context: int) -> Any:
    from xllamacpp import CommonAdapterLoraInfo, CommonParams

    parameters = CommonParams()
    parameters.model.path = str(path)
    parameters.n_parallel = SLOTS
    parameters.n_ctx = context
    parameters.kv_unified = True  # one answer may use what others leave
    parameters.n_batch = BATCH
    parameters.cache_ram_mib = _KEPT_MIB
    parameters.lora_adapters = [CommonAdapterLoraInfo(str(adapter), 1.0) for adapter in adapters]
    for processors in (parameters.cpuparams, parameters.cpuparams_batch):
        processors.n_threads = threads
    parameters.api_keys = [secrets.token_urlsafe(32)]
    parameters.verbosity = -1  # it would write each request's text into the log
    return parameters
