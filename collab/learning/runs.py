"""Training runs as administrators have them: start one, watch it, cancel it. The work itself is done by a worker.

It trains nothing and loads no model. A run whose worker has died is taken up by another, and given up after some tries.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from functools import lru_cache
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collab.errors import (
    NothingToTrainError,
    ReportDamagedError,
    TrainingCancelledError,
    TrainingEndedError,
    TrainingUnderWayError,
    WorkerLostError,
)
from collab.feedback.records import names_of
from collab.learning.leases import TRIES, end, is_free
from collab.learning.lessons import LessonBuilder, Waiting
from collab.learning.pointer import live_id, taught_ids
from collab.learning.records import Effort, TrainingSettings
from collab.learning.report import Report
from collab.learning.run_records import LoggedStep, Run, Stage, settings_from
from collab.learning.tables import UNDER_WAY, RunState, TrainingRun, TrainingStep
from collab.learning.verdict import unjudged
from collab.people import audit
from collab.people.access import Actor
from collab.people.acting import require_admin
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError

LISTED = 50
STEPS = 2_000
THOROUGH_STEPS = 960
ALPHA_OF_RANK = 2


def settings_of(effort: Effort, **said: int | float | None) -> TrainingSettings:
    """How a run of this effort trains, but for what is said otherwise; what is None is not said. With another rank goes
    an alpha of twice that, so that it changes how much can be learned and not how strongly.
    """
    usual = TrainingSettings(effort=effort, steps=THOROUGH_STEPS) if effort is Effort.THOROUGH else TrainingSettings()
    chosen: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if "rank" in chosen:
        chosen["alpha"] = ALPHA_OF_RANK * chosen["rank"]
    return replace(usual, **chosen)


class TrainingRunner(Protocol):
    """Where workers run. Implemented by LocalRunner (a process here) and, in tests, by one that runs when told."""

    def start(self, run_id: str) -> None:
        """Starts a worker for a run and returns at once, unless one works. What becomes of it, the run's row tells."""
        ...

    def outcome(self, run_id: str) -> str | None:
        """How the worker that was started last for this run has ended, or why none could be started, in words; None
        where it works or that is not known.
        """
        ...


class TrainingRuns:
    """The runs of one installation. `can_train` raises TrainingImpossibleError where the model cannot be trained."""

    def __init__(
        self,
        database: Database,
        lessons: LessonBuilder,
        runner: TrainingRunner,
        can_train: Callable[[], object],
        clock: Clock,
    ) -> None:
        self._database = database
        self._lessons = lessons
        self._runner = runner
        self._can_train = can_train
        self._clock = clock
        self._ended = Counter[str]()  # by run: workers of ours that ended before the run did

    def waiting(self, actor: Actor) -> Waiting:
        """What the next run would teach. Raises NotAllowedError."""
        with self._database.read() as session:
            require_admin(session, actor)
            earlier = taught_ids(session, live_id(session))
        return self._lessons.waiting(earlier)

    def start(self, actor: Actor, settings: TrainingSettings | None = None) -> Run:
        """Queues a run and starts its worker.

        Raises NotAllowedError, TrainingImpossibleError, NothingToTrainError and TrainingUnderWayError.
        """
        settings = settings or TrainingSettings()
        waiting = self.waiting(actor)
        self._can_train()
        if not waiting.kinds:
            raise NothingToTrainError
        try:
            with self._database.write() as session:
                require_admin(session, actor)
                row = TrainingRun(
                    id=new_id(),
                    state=RunState.QUEUED,
                    stage=Stage.QUEUED,
                    done=0,
                    count=0,
                    effort=settings.effort,
                    settings=asdict(settings),
                    person_id=actor.id or None,
                    created_at=self._clock(),
                    fence=0,
                    is_cancel_asked=False,
                    parent_id=live_id(session),
                )
                session.add(row)
                session.flush()
                self._note(session, actor, "training_run.start", row.id)
                run = _run(row, actor.name if actor.id else "")
        except IntegrityError as error:
            raise TrainingUnderWayError from error
        self._runner.start(run.id)
        return run

    def newest(self, actor: Actor) -> Sequence[Run]:
        """The newest first, at most 50. Raises NotAllowedError."""
        with self._database.read() as session:
            require_admin(session, actor)
            rows = session.scalars(
                sa.select(TrainingRun).order_by(TrainingRun.created_at.desc(), TrainingRun.id).limit(LISTED)
            ).all()
            names = names_of(session, {row.person_id for row in rows if row.person_id})
            return [_run(row, names.get(row.person_id or "", "")) for row in rows]

    def get(self, actor: Actor, run_id: str) -> Run:
        """One run. Raises NotAllowedError and NotFoundError."""
        with self._database.read() as session:
            require_admin(session, actor)
            row = _found(session, run_id)
            names = names_of(session, {row.person_id} if row.person_id else set())
            return _run(row, names.get(row.person_id or "", ""))

    def steps(self, actor: Actor, run_id: str) -> Sequence[LoggedStep]:
        """The log of a run, oldest first. Raises NotAllowedError and NotFoundError."""
        with self._database.read() as session:
            require_admin(session, actor)
            _found(session, run_id)
            rows = session.scalars(
                sa.select(TrainingStep).where(TrainingStep.run_id == run_id).order_by(TrainingStep.seq).limit(STEPS)
            )
            return [LoggedStep(Stage(row.stage), row.step, row.losses, row.at) for row in rows]

    def cancel(self, actor: Actor, run_id: str) -> Run:
        """Ends a run that waits at once, and one that is worked on within seconds.

        Raises NotAllowedError, NotFoundError and TrainingEndedError.
        """
        with self._database.write() as session:
            require_admin(session, actor)
            row = _found(session, run_id)
            if row.state not in UNDER_WAY:
                raise TrainingEndedError
            row.is_cancel_asked = True
            if is_free(row, self._clock):
                end(session, row, TrainingCancelledError(), RunState.CANCELLED, self._clock)
            self._note(session, actor, "training_run.cancel", run_id)
        return self.get(actor, run_id)

    def look_after(self) -> None:
        """Starts a worker for a run that has none, or gives it up. For the process that serves, now and then."""
        with self._database.read() as session:
            free = [row.id for row in session.scalars(_under_way()) if is_free(row, self._clock)]
        for run_id in free:
            if self._is_to_be_worked_on(run_id):
                self._runner.start(run_id)

    def _is_to_be_worked_on(self, run_id: str) -> bool:
        """Unless it has been taken up meanwhile, or is at its end."""
        outcome = self._runner.outcome(run_id)
        self._ended[run_id] += outcome is not None  # also one that ended before it could take the run
        with self._database.write() as session:
            row = session.get_one(TrainingRun, run_id)
            if not is_free(row, self._clock):
                return False
            if row.is_cancel_asked:
                end(session, row, TrainingCancelledError(), RunState.CANCELLED, self._clock)
                return False
            times = max(row.fence, self._ended[run_id])
            if times >= TRIES:
                lost = WorkerLostError(times=times, reason=outcome or "no word of why", run=run_id)
                end(session, row, lost, RunState.FAILED, self._clock)
                return False
        return True

    def _note(self, session: Session, actor: Actor, act: str, run_id: str) -> None:
        audit.record(
            session,
            actor_id=actor.id or None,
            act=act,
            object_type="training_run",
            object_id=run_id,
            details={},
            now=self._clock(),
        )


def _under_way() -> sa.Select[TrainingRun]:
    return sa.select(TrainingRun).where(TrainingRun.state.in_(UNDER_WAY))


def _found(session: Session, run_id: str) -> TrainingRun:
    row = session.get(TrainingRun, run_id)
    if row is None:
        raise NotFoundError(what="training_run")
    return row


def _run(row: TrainingRun, by: str) -> Run:
    return Run(
        id=row.id,
        state=RunState(row.state),
        stage=Stage(row.stage),
        done=row.done,
        count=row.count,
        effort=Effort(row.effort),
        settings=settings_from(row.settings),
        by=by,
        created_at=row.created_at,
        started_at=row.started_at,
        ended_at=row.ended_at,
        lessons=row.lessons,
        adapter_id=row.adapter_id,
        report=_report(row.report) if row.report else None,
        error=row.error,
        error_params=row.error_params or {},
    )


@lru_cache(maxsize=2 * LISTED)  # all that are listed, and older ones that are open
def _report(text: str) -> Report:
    """One that cannot be read says so, and does not hide the others. Each is read once, as a room asks every 2 s."""
    try:
        return Report.from_json(text)
    except ReportDamagedError as error:
        return Report(unjudged(f"error.{error.code}", dict(error.params)), None)
