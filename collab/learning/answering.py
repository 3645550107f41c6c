"""What the compared models answer: several prompts at once, none twice, and all of them kept.

It judges nothing but that there is an answer.
"""

import hashlib
import json
import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

from collab.dialogue.engines import LanguageModel, Message
from collab.errors import AnswerMissingError, GateCancelledError
from collab.learning.matching import is_stuck
from collab.learning.records import HeldOut

ANSWER_TOKENS = 48  # of a probe, and of most answers: two short sentences, as the instructions ask for
MOST_TOKENS = 512
_BYTES = 3  # of a token, at least; English has four or five

Answer = Callable[[str | None, Sequence[Message]], str]
"""The greedy answer of a model with the adapter of this key, or of the bare model (None). Called from threads."""

Prompt = tuple[Message, ...]

Room = Callable[[Sequence[Message]], int]
"""How many tokens an answer to these messages may have at most."""


def room_of(items: Sequence[HeldOut]) -> Room:
    """As much as most answers need; for one to `items`, what was taught fits as well."""
    known = {item.prompt[-1]["content"]: len(item.taught.encode()) // _BYTES for item in items}
    return lambda messages: min(MOST_TOKENS, max(ANSWER_TOKENS, known.get(messages[-1]["content"], 0)))


def through(model: LanguageModel, cancel: threading.Event, room: Room) -> Answer:
    """Answers of an engine by itself: no memory, no documents.

    One that goes round in circles is not heard to its end: it would not get better.
    """

    def answer(adapter: str | None, messages: Sequence[Message]) -> str:
        said = ""
        for piece in model.stream(messages, max_tokens=room(messages), cancel=cancel, adapter=adapter):
            said += piece
            if is_stuck(said):
                break
        return said

    return answer


class Answers:
    """Asks and remembers: answers are files of `cache`, named by the hash of what was asked, and of whom. So keys of
    adapters must be hashes of what is in them.
    """

    def __init__(
        self,
        answer: Answer,
        *,
        base_id: str,
        cache: Path | None = None,
        room: Room = lambda messages: 0,
        at_once: int = 1,
        may_be_empty: bool = False,
        cancel: threading.Event | None = None,
    ) -> None:
        """`base_id` names the bare model and how it is asked, such as its hash. What was kept of an answer that had
        another `room` is not taken for it. An empty answer is an error, unless it `may_be_empty`.

        `at_once` above 1 is quicker and noisier: llama.cpp rounds otherwise when several answers share a step, so that
        the same model wrote the same words to 10 of 22 prompts the second time; one at a time to 15, since what it
        keeps of earlier prompts does the same; and without that to all of 15. Noise costs the gate power, not safety.
        """
        self._answer = answer
        self._base_id = base_id
        self._cache = cache
        self._room = room
        self._at_once = at_once
        self._may_be_empty = may_be_empty
        self._cancel = cancel or threading.Event()
        self._known: dict[tuple[str | None, str], str] = {}

    def all(self, key: str | None, prompts: Sequence[Prompt], told: Callable[[int], None]) -> list[str]:
        """The answers in the order of the prompts; `told` hears how many are there.

        Raises AnswerMissingError for an empty one that may not be, GateCancelledError, and what the engine raises.
        """
        names = [json.dumps(prompt, ensure_ascii=False, sort_keys=True) for prompt in prompts]
        missing = {name: prompt for name, prompt in zip(names, prompts, strict=True) if (key, name) not in self._known}
        told(len(names) - len(missing))
        with ThreadPoolExecutor(self._at_once) as pool:
            futures = {pool.submit(self._one, key, name, prompt): name for name, prompt in missing.items()}
            try:
                for done, future in enumerate(as_completed(futures), start=len(names) - len(missing) + 1):
                    self._known[key, futures[future]] = future.result()
                    told(done)
            except BaseException:
                for future in futures:
                    future.cancel()
                raise
        if self._cancel.is_set():
            raise GateCancelledError
        return [self._known[key, name] for name in names]

    def _one(self, key: str | None, name: str, prompt: Prompt) -> str:
        if self._cancel.is_set():
            raise GateCancelledError
        path = self._place(key, name, self._room(prompt))
        said = _kept(path) or self._answer(key, prompt)
        if self._cancel.is_set():  # then it may have stopped in the middle
            raise GateCancelledError
        if not isinstance(said, str) or not (said.strip() or self._may_be_empty):
            raise AnswerMissingError(question=prompt[-1]["content"][-200:] if prompt else "")
        if path is not None and said:
            _keep(path, said)
        return said

    def _place(self, key: str | None, name: str, room: int) -> Path | None:
        if self._cache is None:
            return None
        asked = json.dumps([self._base_id, key, name, room]).encode()
        return self._cache / f"{hashlib.sha256(asked).hexdigest()}.txt"


def _kept(path: Path | None) -> str:
    """What was kept; empty where there is nothing, or nothing that can be read."""
    try:
        return path.read_text(encoding="utf-8") if path is not None else ""
    except (OSError, UnicodeDecodeError):
        return ""


def _keep(path: Path, said: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}.{threading.get_ident()}")
    part.write_text(said, encoding="utf-8")
    part.replace(path)
