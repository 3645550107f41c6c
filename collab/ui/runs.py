"""The answers under way in this process. Each is computed in a thread of its own: a page that is opened anew, or a
second one, finds it where it stands. It ends early once no page has looked at it for a minute. It knows no markup.
"""

import contextvars
import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from collab.dialogue.engines.queue import MOST_OF_ONE
from collab.dialogue.records import Delta, Done, Event, Quoted, Source, TurnRecord, Waiting
from collab.errors import AnswersUnderWayError, RequestUnreadableError, UnexpectedError
from collab.people.access import Actor
from knowledge.errors import CollabError

PATIENCE_S = 60  # without a page; whoever loads theirs again is back within that
_SIGN_S = 10  # after which a page is told again what it knows: only so it shows that it is gone
_WATCH_S = 1

_log = logging.getLogger(__name__)

Begin = Callable[[threading.Event], Iterator[Event]]
"""Begins an answer that ends early once the event is set."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an answer is: its quotes, the words so far, what it waits for; at the end the turn, or the error."""

    quotes: Sequence[Source] = ()
    words: str = ""
    waiting: Waiting | None = None
    turn: TurnRecord | None = None
    error: CollabError | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.turn is not None or self.error is not None


class Run:
    """One answer: what it answers, and how far it is."""

    def __init__(
        self,
        id: str,
        actor: Actor,
        conversation: str,
        question: str,
        previous: str | None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = id
        self.actor = actor
        self.conversation = conversation
        self.question = question
        self.previous = previous
        self.cancel = threading.Event()
        self.progress = Progress()
        self._clock = clock
        self._began_s = self._seen_s = clock()
        self._followers = 0
        self._changed = threading.Condition()

    @property
    def seconds(self) -> int:
        """Since it began."""
        return int(self._clock() - self._began_s)

    @property
    def unseen_s(self) -> float:
        """Seconds since a page last looked at it; 0 while one follows it."""
        with self._changed:
            return 0.0 if self._followers else self._clock() - self._seen_s

    def see(self) -> None:
        """A page looks at it."""
        self._seen_s = self._clock()

    def follow(self) -> Iterator[Progress]:
        """How far it is now, and again whenever that has changed, to the end. Leaving off does not end the answer."""
        with self._changed:
            self._followers += 1
        try:
            seen: Progress | None = None
            while seen is None or not seen.is_over:
                with self._changed:
                    if self.progress is seen:
                        self._changed.wait(_SIGN_S)
                    seen = self.progress
                yield seen
        finally:
            with self._changed:
                self._followers -= 1
                self.see()

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

    def __init__(self, patience_s: float = PATIENCE_S) -> None:
        self._patience_s = patience_s
        self._is_watching = False
        self._lock = threading.Lock()
        self._runs: dict[tuple[str, str], Run] = {}

    def start(self, run: Run, begin: Begin) -> Run:
        """Begins to answer. Raises AnswersUnderWayError for one too many, RequestUnreadableError for a name that one of
        the person's answers has already, and what `begin` raises.
        """
        key = (run.actor.id, run.id)
        with self._lock:
            if sum(owner == run.actor.id for owner, _ in self._runs) >= MOST_OF_ONE:
                raise AnswersUnderWayError(most=MOST_OF_ONE)
            if key in self._runs:
                raise RequestUnreadableError(reason="an answer of this name is under way")
            self._runs[key] = run
        try:
            events = begin(run.cancel)
        except BaseException:
            self._forget(key)
            raise
        known = contextvars.copy_context()  # what the log says that it belongs to
        threading.Thread(target=known.run, args=(self._compute, key, run, events), name="answer", daemon=True).start()
        self._watch()
        return run

    def of(self, actor: Actor, conversation: str | None = None) -> list[Run]:
        """The person's own that are not over, perhaps those of one conversation. A page of theirs sees them now."""
        with self._lock:
            mine = [run for (owner, _), run in self._runs.items() if owner == actor.id]
        for run in mine:
            run.see()
        return [run for run in mine if conversation in (None, run.conversation) and not run.progress.is_over]

    def stop(self, actor: Actor, id: str) -> None:
        """Ends one of the person's own answers; one that is over already is no error."""
        for run in self.of(actor):
            if run.id == id:
                run.cancel.set()

    def leave(self, actor: Actor, conversation: str) -> None:
        """Ends all that is being answered in one of the person's conversations."""
        for run in self.of(actor, conversation):
            run.cancel.set()

    def _compute(self, key: tuple[str, str], run: Run, events: Iterator[Event]) -> None:
        try:
            run.compute(events)
        finally:
            self._forget(key)

    def _watch(self) -> None:
        with self._lock:
            is_watching, self._is_watching = self._is_watching, True
        if not is_watching:
            threading.Thread(target=self._stop_unseen, name="unseen answers", daemon=True).start()

    def _stop_unseen(self) -> None:
        """Stops what no page looks at any more, for as long as anything is under way."""
        while True:
            with self._lock:
                under_way = list(self._runs.values())
                self._is_watching = bool(under_way)
            if not under_way:
                return
            for run in under_way:
                if run.unseen_s >= self._patience_s:
                    run.cancel.set()
            time.sleep(_WATCH_S)

    def _forget(self, key: tuple[str, str]) -> None:
        with self._lock:
            self._runs.pop(key, None)


def _after(progress: Progress, event: Event) -> Progress:
    match event:
        case Waiting():
            return replace(progress, waiting=event if event.place else None)
        case Quoted():
            return replace(progress, quotes=event.sources)
        case Delta():
            return replace(progress, words=progress.words + event.text, waiting=None)
        case Done():
            return replace(progress, turn=event.turn)
