"""Training that nobody starts: at night, or once enough lessons have come. It reads no lesson, and itself trains none.

What it did, the database tells, so that a restart forgets nothing. Whatever came before a run, whoever started it and
however it ended, is no reason for another; its own runs stand in the audit. Only what came and was not enough is
remembered by the process alone, and counted again by the next one.
"""

import logging
from datetime import datetime, timedelta
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import TrainingUnderWayError
from collab.feedback.tables import Correction, Rating, State
from collab.feedback.tables import Lesson as WaitingLesson
from collab.learning.adapters import Adapters
from collab.learning.pointer import live_id
from collab.learning.records import Effort
from collab.learning.runs import TrainingRuns, settings_of
from collab.learning.tables import UNDER_WAY, Promotion, TrainingRun
from collab.people import audit
from collab.people.access import OPERATOR
from collab.people.tables import AuditEntry
from knowledge.database import Clock, Database
from knowledge.errors import CollabError, StorageError

NIGHT_HOUR = 3  # UTC
NIGHT = timedelta(hours=2)
"""A night's run begins within so long from its hour, or not at all: who is started by day does not train by day."""
PAUSE = timedelta(minutes=10)
"""Between two looks at the lessons, as counting them may take seconds."""
SCHEDULED = "training_run.schedule"

_log = logging.getLogger(__name__)


class Came(NamedTuple):
    """What came since the last run was started; some of it may be set aside. `newest` is None where nothing came."""

    lessons: int
    newest: datetime | None


class Schedule:
    """Trains thoroughly at night (`is_nightly`), quickly once `after` lessons came (0: never), each time only if
    something came since the last run. Where `promotes`, a run of its own that passed goes live, unless another version
    did meanwhile. It acts as the operator of the machine.
    """

    def __init__(
        self,
        database: Database,
        training: TrainingRuns,
        adapters: Adapters,
        clock: Clock,
        *,
        is_nightly: bool,
        after: int,
        promotes: bool,
    ) -> None:
        self._database = database
        self._training = training
        self._adapters = adapters
        self._clock = clock
        self._is_nightly = is_nightly
        self._after = after
        self._promotes = promotes
        self._looked_at: datetime | None = None
        self._too_few: Came | None = None
        self._refused: Came | None = None
        self._settled: str | None = None  # the run of which there is nothing more to decide

    def look(self) -> None:
        """Does what is due. For the process that serves, every few seconds. Raises StorageError."""
        if not (self._is_nightly or self._after):
            return
        if self._promotes:
            self._promote()
        now = self._clock()
        if self._looked_at is None or now - self._looked_at >= PAUSE:
            self._looked_at = now
            self._train(now)

    # --- training -----------------------------------------------------------------------------------------------------

    def _train(self, now: datetime) -> None:
        with self._database.read() as session:
            last = session.scalar(_newest())
            is_busy = last is not None and last.state in UNDER_WAY
            began = last.created_at if last else None
            came = _came(session, began)
        if is_busy or came.lessons == 0 or came == self._refused:
            return
        if self._is_nightly and _is_night(now, began):
            self._start(Effort.THOROUGH, came)
        elif self._after and self._is_enough(came):
            self._start(Effort.QUICK, came)

    def _is_enough(self, came: Came) -> bool:
        """Counted exactly only where there may be enough, and once."""
        if came.lessons < self._after or came == self._too_few:
            return False
        if sum(self._training.waiting(OPERATOR).kinds.values()) >= self._after:
            return True
        self._too_few = came
        return False

    def _start(self, effort: Effort, came: Came) -> None:
        try:
            run = self._training.start(OPERATOR, settings_of(effort))
        except (StorageError, TrainingUnderWayError):
            return  # tried again at the next look
        except CollabError as error:
            self._refused = came
            _log.warning("The training that was due could not be started: %s", error)
            return
        _log.info("The training run %s was started by the schedule", run.id)
        with self._database.write() as session:
            audit.record(
                session,
                actor_id=None,
                act=SCHEDULED,
                object_type="training_run",
                object_id=run.id,
                details={"effort": effort.value},
                now=self._clock(),
            )

    # --- promotion ----------------------------------------------------------------------------------------------------

    def _promote(self) -> None:
        with self._database.read() as session:
            last = session.scalar(_newest())
            if last is None or last.id == self._settled or last.state in UNDER_WAY:
                return
            run_id, adapter_id = last.id, last.adapter_id
            is_due = adapter_id is not None and _is_scheduled(session, run_id) and _is_next(session, last)
        if is_due and adapter_id is not None:
            try:
                report = self._training.get(OPERATOR, run_id).report
                if report is not None and report.verdict.is_passed:
                    self._adapters.promote(OPERATOR, adapter_id)
            except StorageError:
                raise
            except CollabError as error:
                _log.error("The version %s, which has passed, could not be promoted: %s", adapter_id, error)
        self._settled = run_id


def _newest() -> sa.Select[TrainingRun]:
    return sa.select(TrainingRun).order_by(TrainingRun.created_at.desc(), TrainingRun.id).limit(1)


def _is_night(now: datetime, began: datetime | None) -> bool:
    """Whether it is the hour, and no run was started tonight."""
    hour = now.replace(hour=NIGHT_HOUR, minute=0, second=0, microsecond=0)
    return hour <= now < hour + NIGHT and (began is None or began < hour)


def _came(session: Session, since: datetime | None) -> Came:
    corrections = (
        sa.select(sa.func.count(), sa.func.max(Correction.decided_at))
        .join(WaitingLesson, WaitingLesson.correction_id == Correction.id)
        .where(Correction.state == State.LIVE)
    )
    ratings = sa.select(sa.func.count(), sa.func.max(Rating.created_at))
    if since is not None:
        corrections, ratings = (
            corrections.where(Correction.decided_at > since),
            ratings.where(Rating.created_at > since),
        )
    found = [session.execute(query).one() for query in (corrections, ratings)]
    return Came(sum(count for count, _ in found), max((at for _, at in found if at is not None), default=None))


def _is_scheduled(session: Session, run_id: str) -> bool:
    """Whether the schedule has started the run."""
    query = sa.select(AuditEntry.seq).where(AuditEntry.act == SCHEDULED, AuditEntry.object_id == run_id).limit(1)
    return session.scalar(query) is not None


def _is_next(session: Session, run: TrainingRun) -> bool:
    """Whether what the run began from is still live, and what it made never was: nobody has taken it back."""
    was_live = session.scalar(sa.select(Promotion.seq).where(Promotion.adapter_id == run.adapter_id).limit(1))
    return run.parent_id == live_id(session) and was_live is None
