"""Small real objects in place of models, and people without passwords: deterministic, quick, easy to reason about."""

import functools
import re
import threading
import zlib
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from collab.dialogue.engines import Message
from collab.people.access import Actor
from collab.people.passwords import Passwords
from collab.people.tables import Person
from knowledge.database import Database, utc_now
from knowledge.embedding import Vectors
from knowledge.text import content_words, is_chinese, words
from tests.running import PASSWORD


class WordEmbedder:
    """Likeness is the share of common content words: each hashed stem is a direction. It reads no Chinese."""

    name = "words"
    dims = 512
    max_tokens = 254

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in content_words(text) or words(text) or [text]:
                place = zlib.crc32(word.encode())
                row[place % self.dims] += 1 if place & 0x10000 else -1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def can_read(self, text: str) -> bool:
        tokens = words(text)
        return bool(tokens) and sum(map(is_chinese, tokens)) <= 0.1 * len(tokens)


class EchoModel:
    """Says what it is told to: a text, or what a function makes of the messages; word by word, until cancelled.

    Without a reply it repeats the last message. `told` counts the words given out, also of answers that were stopped.
    """

    name = "echo"
    languages: frozenset[str] | None = None
    slots = 1

    def __init__(self, reply: str | Callable[[Sequence[Message]], str] | None = None, delay_s: float = 0) -> None:
        self._reply = reply
        self._delay_s = delay_s
        self.told = 0
        self.heard: list[list[Message]] = []

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        self.heard.append(list(messages))
        for word in re.findall(r"\S+\s*", self._text(messages))[:max_tokens]:
            if cancel.wait(self._delay_s):
                return
            self.told += 1
            yield word

    def _text(self, messages: Sequence[Message]) -> str:
        if self._reply is None:
            return messages[-1]["content"]
        return self._reply if isinstance(self._reply, str) else self._reply(messages)

    def close(self) -> None:
        pass


class Watch:
    """A clock in seconds that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


class TimedModel(EchoModel):
    """Takes some seconds of the watch for each of its three words."""

    def __init__(self, watch: Watch, seconds: float = 2) -> None:
        super().__init__("one two three")
        self._watch = watch
        self._seconds = seconds

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        for word in super().stream(messages, max_tokens=max_tokens, cancel=cancel):
            self._watch.now += self._seconds
            yield word


class FailingModel(EchoModel):
    """Fails at once."""

    def __init__(self, error: Exception) -> None:
        super().__init__("")
        self._error = error

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        raise self._error
        yield ""


class StillRunner:
    """A TrainingRunner that starts nothing: every run waits. `started` has the ids that it was told."""

    def __init__(self) -> None:
        self.started: list[str] = []

    def start(self, run_id: str) -> None:
        self.started.append(run_id)

    def outcome(self, run_id: str) -> str | None:
        return None


@functools.cache
def _hash_of(password: str) -> str:
    return Passwords().hash(password)


def add_people(database: Database, *people: Actor) -> None:
    """Rows for these people, who sign in with `PASSWORD`; its hash, which takes its time, is made once."""
    with database.write() as session:
        session.add_all(
            Person(
                id=person.id,
                name=person.name,
                name_key=person.name.casefold(),
                role=person.role.value,
                password_hash=_hash_of(PASSWORD),
                is_active=True,
                created_at=utc_now(),
            )
            for person in people
        )
