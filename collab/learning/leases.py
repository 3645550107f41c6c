"""A worker's hold on a training run: claimed with a fence, kept by a heartbeat, ended with its result.

Every write names the fence. One that finds another there raises LeaseLostError and writes nothing, so that a worker
that was taken for dead cannot spoil what its successor does.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import LeaseLostError
from collab.learning.records import StepTold
from collab.learning.run_records import Stage
from collab.learning.tables import RunState as State
from collab.learning.tables import StoredAdapter, TaughtLesson, TrainingRun, TrainingStep
from collab.people import audit
from knowledge.database import Clock, Database
from knowledge.errors import CollabError

LEASE = timedelta(seconds=45)
"""Without a heartbeat for so long, a worker is taken for dead."""
BEAT_S = 5.0
TRIES = 3
"""So many workers take up a run, one after the other, before it is given up."""


class Lease:
    """One worker's hold on one run. Safe for threads."""

    def __init__(self, database: Database, clock: Clock, run_id: str, fence: int) -> None:
        self.run_id = run_id
        self._database = database
        self._clock = clock
        self._fence = fence
        self._stage: Stage | None = None

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
        """How far a stage is. Raises LeaseLostError."""
        with self._database.write() as session:
            row = self._row(session)
            if stage is not self._stage:
                self._log(session, stage, 0, {})
            self._stage = stage
            row.stage, row.done, row.count, row.heartbeat_at = stage, done, count, self._clock()

    def step(self, told: StepTold) -> None:
        """An update of the training, with its losses. Raises LeaseLostError."""
        self.progress(Stage(told.stage), told.step, told.steps)
        with self._database.write() as session:
            self._row(session)
            self._log(session, Stage(told.stage), told.step, told.losses)

    def froze(self, lessons: int, manifest_sha256: str) -> None:
        """The data of the run are fixed. Raises LeaseLostError."""
        with self._database.write() as session:
            row = self._row(session)
            row.lessons, row.manifest_sha256 = lessons, manifest_sha256

    def finish(self, report: str, adapter: StoredAdapter | None, taught: Mapping[str, bool | None]) -> None:
        """Ends the run with the gate's report, and the adapter with its lessons. Raises LeaseLostError."""
        with self._database.write() as session:
            row = self._row(session)
            row.report, row.ended_at, row.state = report, self._clock(), State.DONE
            if adapter is not None:
                if session.get(StoredAdapter, adapter.id) is None:  # the same lessons may give the same weights again
                    session.add(adapter)
                    session.flush()
                    session.add_all(
                        TaughtLesson(adapter_id=adapter.id, lesson_id=id, is_right=right)
                        for id, right in taught.items()
                    )
                row.adapter_id = adapter.id
            self._note(session, row, "training_run.done", {"adapter": row.adapter_id})

    def fail(self, error: CollabError, state: State = State.FAILED) -> None:
        """Ends the run without a result. Raises LeaseLostError."""
        with self._database.write() as session:
            row = self._row(session)
            end(row, error, state, self._clock)
            self._note(session, row, f"training_run.{state}", {"error": error.code})

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

    def _note(self, session: Session, row: TrainingRun, act: str, details: dict[str, Any]) -> None:
        audit.record(
            session,
            actor_id=row.person_id,
            act=act,
            object_type="training_run",
            object_id=row.id,
            details=details,
            now=self._clock(),
        )


def is_free(row: TrainingRun, clock: Clock) -> bool:
    """Whether a worker may take the run: nobody has it, or whoever had it is dead."""
    if row.state == State.QUEUED:
        return True
    return row.state == State.RUNNING and (row.heartbeat_at is None or clock() - row.heartbeat_at > LEASE)


def end(row: TrainingRun, error: CollabError, state: State, clock: Clock) -> None:
    """Ends a run without a result."""
    row.state, row.error, row.error_params = state, error.code, dict(error.params)
    row.ended_at = clock()
