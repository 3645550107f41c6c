"""A worker's hold on a training run: claimed with a fence, kept by a heartbeat, ended with its result.

Every write names the fence. One that finds another there raises LeaseLostError and writes nothing, so that a worker
that was taken for dead cannot spoil what its successor does. A database that is busy costs a line of the log at most:
how far a stage is may stay untold, and the result of an hour's work is offered again and again.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import LeaseLostError, TrainingCancelledError
from collab.learning.records import StepTold, TrainingSettings
from collab.learning.run_records import Stage
from collab.learning.tables import RunState as State
from collab.learning.tables import StoredAdapter, TaughtLesson, TrainingRun, TrainingStep
from collab.people import audit
from knowledge.database import Clock, Database
from knowledge.errors import CollabError, StorageBusyError, StorageError

LEASE = timedelta(seconds=45)
"""Without a heartbeat for so long, a worker is taken for dead."""
BEAT_S = 5.0
TRIES = 3
"""So many workers take up a run, one after the other, before it is given up."""
_OFFERED = 12  # times that a result is offered to a busy database, each of which waits by itself
_PAUSE_S = 1.0
_TELL_S = 0.25  # every write waits for the disk, and others write as well

_log = logging.getLogger(__name__)


class Lease:
    """One worker's hold on one run. Safe for threads."""

    def __init__(self, database: Database, clock: Clock, run_id: str, fence: int) -> None:
        self.run_id = run_id
        self._database = database
        self._clock = clock
        self._fence = fence
        self._stage: Stage | None = None
        self.told_at = time.monotonic()
        """When the work was last heard of, whether or not that could be written."""

    @classmethod
    def claim(cls, database: Database, clock: Clock, run_id: str) -> "Lease":
        """Takes a run that is queued, or whose worker is dead. Raises LeaseLostError where there is nothing to take."""
        now = clock()
        with database.write() as session:
            row = session.get(TrainingRun, run_id)
            if row is None or not is_free(row, clock):
                raise LeaseLostError
            row.state, row.fence, row.heartbeat_at = State.RUNNING, row.fence + 1, now
            row.started_at = row.started_at or now
            return cls(database, clock, run_id, row.fence)

    def beat(self) -> bool:
        """Says that the worker lives; whether somebody wants the run cancelled. Raises LeaseLostError."""
        with self._database.write() as session:
            row = self._row(session)
            row.heartbeat_at = self._clock()
            return row.is_cancel_asked

    def progress(self, stage: Stage, done: int, count: int) -> None:
        """How far a stage is; what follows at once is not written. Raises LeaseLostError."""
        now = time.monotonic()
        if stage is self._stage and done < count and now - self.told_at < _TELL_S:
            return
        self._tell(stage, done, count)

    def step(self, told: StepTold) -> None:
        """An update of the training, with its losses. Raises LeaseLostError."""
        self._tell(Stage(told.stage), told.step, told.steps, told.losses)

    def froze(self, lessons: int, manifest_sha256: str) -> None:
        """The data of the run are fixed. Raises LeaseLostError."""

        def write(session: Session, row: TrainingRun) -> None:
            row.lessons, row.manifest_sha256 = lessons, manifest_sha256

        self._offer(write)

    def settled(self, settings: TrainingSettings) -> None:
        """How it was trained in the end. Raises LeaseLostError."""

        def write(session: Session, row: TrainingRun) -> None:
            row.settings = asdict(settings)

        self._offer(write)

    def finish(self, report: str, adapter: StoredAdapter | None, taught: Mapping[str, bool | None]) -> None:
        """Ends the run with the gate's report, and the adapter with its lessons.

        Raises LeaseLostError, and TrainingCancelledError where somebody wanted it cancelled before.
        """

        def write(session: Session, row: TrainingRun) -> None:
            if row.is_cancel_asked:
                raise TrainingCancelledError
            row.report, row.ended_at, row.state = report, self._clock(), State.DONE
            if adapter is not None:
                _keep(session, adapter, taught)
                row.adapter_id = adapter.id
            _note(session, row, "training_run.done", {"adapter": row.adapter_id}, self._clock)

        self._offer(write)

    def fail(self, error: CollabError, state: State = State.FAILED) -> None:
        """Ends the run without a result. Raises LeaseLostError."""
        self._offer(lambda session, row: end(session, row, error, state, self._clock))

    def _tell(self, stage: Stage, done: int, count: int, losses: Mapping[str, float] | None = None) -> None:
        self.told_at = time.monotonic()
        try:
            with self._database.write() as session:
                row = self._row(session)
                if stage is not self._stage:
                    self._log(session, stage, 0, {})
                if losses is not None:
                    self._log(session, stage, done, losses)
                row.stage, row.done, row.count, row.heartbeat_at = stage, done, count, self._clock()
            self._stage = stage
        except StorageError as error:  # busy or full for a moment: the work is worth more than the news of it
            _log.warning("How far the training run %s is could not be told: %s", self.run_id, error)

    def _offer(self, write: Callable[[Session, TrainingRun], None]) -> None:
        """Writes what must not be lost, as soon as the database lets it."""
        pause = threading.Event()
        for left in reversed(range(_OFFERED)):
            try:
                with self._database.write() as session:
                    write(session, self._row(session))
                return
            except StorageBusyError:
                if not left:
                    raise
            pause.wait(_PAUSE_S)

    def _row(self, session: Session) -> TrainingRun:
        row = session.get(TrainingRun, self.run_id)
        if row is None or row.fence != self._fence or row.state != State.RUNNING:
            raise LeaseLostError
        return row

    def _log(self, session: Session, stage: Stage, step: int, losses: Mapping[str, float]) -> None:
        known = session.scalar(
            sa.select(TrainingStep.seq).where(
                TrainingStep.run_id == self.run_id, TrainingStep.stage == stage, TrainingStep.step == step
            )
        )
        if known is None:  # a run that was taken up does some of its work again
            session.add(TrainingStep(run_id=self.run_id, stage=stage, step=step, losses=dict(losses), at=self._clock()))


def is_free(row: TrainingRun, clock: Clock) -> bool:
    """Whether a worker may take the run: nobody has it, or whoever had it is dead."""
    if row.state == State.QUEUED:
        return True
    if row.state != State.RUNNING:
        return False
    return row.heartbeat_at is None or abs(clock() - row.heartbeat_at) > LEASE  # a clock can be set back


def end(session: Session, row: TrainingRun, error: CollabError, state: State, clock: Clock) -> None:
    """Ends a run without a result."""
    row.state, row.error, row.error_params = state, error.code, dict(error.params)
    row.ended_at = clock()
    _note(session, row, f"training_run.{state}", {"error": error.code}, clock)


def _keep(session: Session, adapter: StoredAdapter, taught: Mapping[str, bool | None]) -> None:
    """The same weights may come again, or may have been imported: then what the gate says now counts."""
    known = session.get(StoredAdapter, adapter.id)
    if known is None:
        session.add(adapter)
        session.flush()
    else:
        known.run_id, known.is_passed, known.strength = adapter.run_id, adapter.is_passed, adapter.strength
    for lesson_id, is_right in taught.items():
        session.merge(TaughtLesson(adapter_id=adapter.id, lesson_id=lesson_id, is_right=is_right))


def _note(session: Session, row: TrainingRun, act: str, details: dict[str, Any], clock: Clock) -> None:
    audit.record(
        session,
        actor_id=row.person_id,
        act=act,
        object_type="training_run",
        object_id=row.id,
        details=details,
        now=clock(),
    )
