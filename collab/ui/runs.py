"""The answers under way in this process. Each is computed to its end in a thread of its own, whoever looks on: a page
that is opened anew, or a second one, finds it where it stands. It knows no markup.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from collab.dialogue.records import Delta, Done, Event, Quoted, Source, TurnRecord, Waiting
from collab.errors import AnswersUnderWayError, RequestUnreadableError, UnexpectedError
from collab.people.access import Actor
from knowledge.errors import CollabError

MOST = 3  # at once, of one person

_log = logging.getLogger(__name__)

Begin = Callable[[threading.Event], Iterator[Event]]
"""Begins an answer that ends early once the event is set."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is: its quotes, the words so far, the place in the queue; at the end the turn, or the error."""

    quotes: Sequence[Source] = ()
    words: str = ""
    place: int | None = None
    turn: TurnRecord | None = None
    error: CollabError | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.turn is not None or self.error is not None


class Run:
    """One answer: what it answers, and how far it is."""

    def __init__(self, id: str, actor: Actor, conversation: str, question: str, previous: str | None) -> None:
        self.id = id
        self.actor = actor
        self.conversation = conversation
        self.question = question
        self.previous = previous
        self.cancel = threading.Event()
        self.progress = Progress()
        self._began = time.monotonic()
        self._changed = threading.Condition()

    @property
    def seconds(self) -> int:
        """Since it began."""
        return int(time.monotonic() - self._began)

    def follow(self) -> Iterator[Progress]:
        """How far it is now, and again whenever that has changed, to the end. Leaving off does not end the answer."""
        seen: Progress | None = None
        while seen is None or not seen.is_over:
            with self._changed:
                while self.progress is seen:
                    self._changed.wait()
                seen = self.progress
            yield seen

    def compute(self, events: Iterator[Event]) -> None:
        """Takes the answer to its end."""
        try:
            for event in events:
                self._tell(_after(self.progress, event))
        except CollabError as error:
            self._tell(replace(self.progress, error=error))
        except Exception:  # noqa: BLE001 - a thread ends here: the person is told, and the log has the trace
            _log.exception("An answer failed")
            self._tell(replace(self.progress, error=UnexpectedError()))

    def _tell(self, progress: Progress) -> None:
        with self._changed:
            self.progress = progress
            self._changed.notify_all()


class Runs:
    """The answers under way, each under the name that the page of its person gave it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str], Run] = {}

    def start(self, run: Run, begin: Begin) -> Run:
        """Begins to answer. Raises AnswersUnderWayError for one too many, RequestUnreadableError for a name that one of
        the person's answers has already, and what `begin` raises.
        """
        key = (run.actor.id, run.id)
        with self._lock:
            if sum(owner == run.actor.id for owner, _ in self._runs) >= MOST:
                raise AnswersUnderWayError(most=MOST)
            if key in self._runs:
                raise RequestUnreadableError(reason="an answer of this name is under way")
            self._runs[key] = run
        try:
            events = begin(run.cancel)
        except BaseException:
            self._forget(key)
            raise
        threading.Thread(target=self._compute, args=(key, run, events), name="answer", daemon=True).start()
        return run

    def of(self, actor: Actor, conversation: str | None = None) -> list[Run]:
        """The person's own that are not over, perhaps those of one conversation."""
        with self._lock:
            mine = [run for (owner, _), run in self._runs.items() if owner == actor.id]
        return [run for run in mine if conversation in (None, run.conversation) and not run.progress.is_over]

    def stop(self, actor: Actor, id: str) -> None:
        """Ends one of the person's own answers; one that is over already is no error."""
        for run in self.of(actor):
            if run.id == id:
                run.cancel.set()

    def _compute(self, key: tuple[str, str], run: Run, events: Iterator[Event]) -> None:
        try:
            run.compute(events)
        finally:
            self._forget(key)

    def _forget(self, key: tuple[str, str]) -> None:
        with self._lock:
            self._runs.pop(key, None)


def _after(progress: Progress, event: Event) -> Progress:
    match event:
        case Waiting():
            return replace(progress, place=event.place)
        case Quoted():
            return replace(progress, quotes=event.sources)
        case Delta():
            return replace(progress, words=progress.words + event.text, place=None)
        case Done():
            return replace(progress, turn=event.turn)
