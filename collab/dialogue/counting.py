"""Where the end of a turn is counted, whoever asked: what was answered and how soon, refused, or failed. It decides
nothing and changes nothing.
"""

import logging
import time
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager

from collab import logs
from collab.dialogue.records import Decision, Delta, Done, Event, Quoted, TurnRecord
from collab.errors import (
    AnswersUnderWayError,
    EngineError,
    ModelsLoadingError,
    OwnAnswersError,
    QueueFullError,
    StoppingError,
    UnexpectedError,
)
from collab.metrics import Metrics, Ticks
from knowledge.errors import CollabError, StorageError

_log = logging.getLogger(__name__)

_LATER = (QueueFullError, OwnAnswersError, ModelsLoadingError, StoppingError)  # as are all with the status 429
_TOO_MANY = 429
_OWN_FAULT = 500


class Counting:
    """One turn, timed from the moment that this is made."""

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics
        self._began = metrics.ticks()
        self._first_s: float | None = None

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Counts what goes wrong inside, and lets it go on. A person's own mistake is none."""
        try:
            yield
        except CollabError as error:
            self._went_wrong(type(error))
            raise
        except Exception:  # counted and raised again: whoever called ends the request
            self._went_wrong(UnexpectedError)
            raise

    def events(self, events: Generator[Event, None, None]) -> Generator[Event, None, None]:
        """The same events; the last is counted before it is told."""
        with self.errors(), closing(events):
            for event in events:
                if self._first_s is None and isinstance(event, Quoted | Delta):
                    self._first_s = self._seconds()
                elif isinstance(event, Done):
                    self._answered(event.turn)
                yield event

    def _answered(self, turn: TurnRecord) -> None:
        seconds = self._seconds()
        first_s = seconds if self._first_s is None else self._first_s
        self._metrics.answered(turn.decision, first_s, seconds)
        with logs.belonging_to(turn=turn.id):
            _log.info("Answered (%s): first words after %.2f s, all after %.2f s", turn.decision, first_s, seconds)
        for kind in _kinds(EngineError):  # that left it at its quotes
            if f"why.{kind.code}" in turn.reasons:
                self._went_wrong(kind)

    def _went_wrong(self, kind: type[CollabError]) -> None:
        if _is_refusal(kind):
            self._metrics.refused(kind.code)
            _log.info("Refused for now (%s)", kind.code)
        elif kind.status >= _OWN_FAULT:
            self._metrics.failed(kind.code)
            _log.warning("Failed (%s)", kind.code)

    def _seconds(self) -> float:
        return self._metrics.ticks() - self._began


def new_metrics(ticks: Ticks = time.monotonic) -> Metrics:
    """Metrics that know beforehand how a turn may end."""
    kinds: list[type[CollabError]] = [
        UnexpectedError,
        AnswersUnderWayError,
        *_kinds(StorageError),
        *_kinds(EngineError),
    ]
    refusals = [kind.code for kind in kinds if _is_refusal(kind)]
    errors = [kind.code for kind in kinds if not _is_refusal(kind) and kind.status >= _OWN_FAULT]
    return Metrics(Decision, refusals, errors, ticks)


def _is_refusal(kind: type[CollabError]) -> bool:
    return issubclass(kind, _LATER) or kind.status == _TOO_MANY


def _kinds(root: type[CollabError]) -> Iterator[type[CollabError]]:
    yield root
    for kind in root.__subclasses__():
        yield from _kinds(kind)
