"""A GGUF model on plain processors, by llama.cpp: several answers at once, quick also where the machine is busy.

llama.cpp's threads wait for each other after every step. While other work has one of their cores, all of them wait for
it, and an answer takes thirty times as long as with fewer threads. So the model is computed on all cores as long as
that goes well; an answer that stalls goes on, word for word, in a second server on half of them, and so does every
other answer for a while. Both read the same file, whose weights are in memory once.
"""

import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from collab.dialogue.engines import Message, Progress
from collab.dialogue.engines.context import without_oldest
from collab.dialogue.engines.cores import usable_physical_cores
from collab.dialogue.engines.llama_server import SLOTS, End, LlamaServer
from collab.errors import AdapterUnknownError, EngineBrokenError, PromptTooLongError

FIRST_WORDS = "Count to one hundred. " * 28  # more than one batch
_FIRST_WORDS_S = 5.0
_CROWDED = 8  # times that an answer begins again, as others needed more room than was likely
CALM_S = 60.0  # for so long a machine that was busy is taken for busy


class LlamaCppModel:
    """A chat model of llama.cpp; greedy. Safe for threads."""

    slots = SLOTS

    def __init__(
        self,
        path: Path,
        *,
        name: str = "",
        languages: frozenset[str] | None = None,
        adapters: Mapping[str, Path] | None = None,
        context: int | None = None,
        is_repeatable: bool = False,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Reads a `.gguf` file, and those of `adapters` by their names; `context` in tokens, else what fits the file.

        `is_repeatable`: an answer, when it is the only one at the time, is the same whatever was asked before; nothing
        that was read for an earlier one is used again.

        Raises ModelFolderMissingError where there is none, and ModelLoadError.
        """
        self.name = name or path.stem
        self.languages = languages
        self.adapters = frozenset(adapters or ())
        self._clock = clock
        self._closed = threading.Event()
        self._cores = usable_physical_cores()
        self._start: Callable[[int], LlamaServer] = lambda threads: LlamaServer(
            path, threads, adapters or {}, context, keeps_prompts=not is_repeatable
        )
        self._quick = self._start(self._cores)
        self._steady: LlamaServer | None = self._quick if self._cores == 1 else None  # on half of the cores
        self._loading = threading.Lock()
        self._busy_until = 0.0

    @classmethod
    def load(
        cls,
        path: Path,
        progress: Progress,
        *,
        name: str = "",
        languages: frozenset[str] | None = None,
        adapters: Mapping[str, Path] | None = None,
    ) -> "LlamaCppModel":
        """The same with progress, and with something read and said, by which its pace on several cores is known."""
        progress("model_loading", 0.0)
        model = cls(path, name=name, languages=languages, adapters=adapters)
        if model._cores > 1:
            enough = threading.Event()
            timer = threading.Timer(_FIRST_WORDS_S, enough.set)  # on a busy machine, nothing is learned from more of it
            timer.start()
            for _ in model.stream([{"role": "user", "content": FIRST_WORDS}], max_tokens=18, cancel=enough):
                pass
            timer.cancel()
        progress("model_loading", 1.0)
        return model

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        """See LanguageModel. As many run together as there are slots; any more wait for one."""
        if self._closed.is_set():
            raise EngineBrokenError(reason="it has been closed")
        if adapter is not None and adapter not in self.adapters:
            raise AdapterUnknownError(model=self.name, adapter=adapter)
        if max_tokens >= self._quick.limit:
            raise PromptTooLongError(tokens=max_tokens, limit=self._quick.limit)
        fitting, said, known, crowded = list(messages), list[str](), 0, 0
        while not self._closed.is_set():
            server = self._server()
            answer = server.answer(
                [*fitting, *_begun(said)],
                max_tokens=max_tokens - len(said),
                adapter=adapter,
                stops=(cancel, self._closed),
                prompt_tokens=known,
            )
            for piece in answer.pieces(is_patient=server is not self._quick or self._cores == 1):
                said.append(piece)
                yield piece
            match answer.end:
                case End.STALLED:
                    self._busy_until, known = self._clock() + CALM_S, 0
                case End.CROWDED if crowded < _CROWDED:
                    known, crowded = answer.prompt_tokens, crowded + 1
                case End.CROWDED:
                    raise EngineBrokenError(reason="there was no room for it beside the others")
                case End.TOO_LONG:
                    fitting, known = _shorter(fitting, answer.prompt_tokens, server.limit - max_tokens), 0
                case End.BROKEN:
                    raise EngineBrokenError(reason=answer.reason)
                case End.WHOLE:
                    return

    def close(self) -> None:
        """Stops what is running. The memory is given back with the object."""
        self._closed.set()

    def _server(self) -> LlamaServer:
        """The one for the next answer, or for the rest of one. The second is given back after calm of the same length;
        answers under way in it keep it until they end.
        """
        calm_s = self._clock() - self._busy_until
        if calm_s >= 0 and self._cores > 1:
            if calm_s >= CALM_S:
                self._steady = None
            return self._quick
        with self._loading:
            if self._steady is None:
                self._steady = self._start(max(1, self._cores // 2))
            return self._steady


def _begun(said: Sequence[str]) -> list[Message]:
    return [{"role": "assistant", "content": "".join(said)}] if said else []


def _shorter(messages: Sequence[Message], tokens: int, room: int) -> list[Message]:
    shorter = without_oldest(messages)
    if shorter is None:
        raise PromptTooLongError(tokens=tokens, limit=room)
    return shorter
