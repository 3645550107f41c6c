"""Until when corrections hold: set by their authors and by experts, and asked about once it is over."""

from datetime import UTC, date, datetime, time, timedelta

from collab.errors import NotAllowedError, ValidityPastError
from collab.feedback import notices, rules
from collab.feedback.notices import NoticeKind
from collab.feedback.records import CorrectionRecord, correction_records, readable
from collab.feedback.standing import Standing
from collab.feedback.tables import Correction, Notice, State
from collab.people import audit
from collab.people.access import Actor, Role
from knowledge.database import Clock, Database
from knowledge.memory import CorrectionMemory


class Validity:
    """The end of corrections. One that is over answers nobody, stays as it is otherwise, and can be given more time."""

    def __init__(self, database: Database, memory: CorrectionMemory, clock: Clock) -> None:
        self._database = database
        self._memory = memory
        self._standing = Standing(memory)
        self._clock = clock

    def set(self, actor: Actor, correction_id: str, valid_until: datetime | None) -> CorrectionRecord:
        """Until when it answers, exclusive; None for always. For its author, experts and admins. A time without a zone
        is UTC. Raises NotFoundError, NotAllowedError, CorrectionStateError and ValidityPastError.
        """
        with self._database.read() as session:
            _may(actor, readable(session, actor, correction_id))
            texts = self._standing.texts(session, [correction_id])
        drafts = self._memory.prepare_all(texts)
        now = self._clock()
        until = checked(valid_until, now)
        with self._database.write() as session:
            row = readable(session, actor, correction_id)
            _may(actor, row)
            rules.expect(row, State.PENDING, State.LIVE)
            row.valid_until = until
            row.revision += 1
            session.flush()
            self._standing.relearn(session, row, drafts)
            notices.untell(session, [NoticeKind.EXPIRED], Notice.correction_id == row.id)
            audit.record(
                session,
                actor_id=actor.id,
                act="correction_dated",
                object_type="correction",
                object_id=row.id,
                details={"valid_until": until.isoformat() if until else None},
                now=now,
            )
            return correction_records(session, actor, [row])[0]


def checked(valid_until: datetime | None, now: datetime) -> datetime | None:
    """The time in UTC. Raises ValidityPastError."""
    if valid_until is None:
        return None
    until = in_utc(valid_until)
    if until <= now:
        day = valid_until.date()
        if valid_until.time() == time() and day > date.min:  # the end of the day before
            day -= timedelta(days=1)
        raise ValidityPastError(at=day.isoformat())
    return until


def end_of(text: str) -> datetime:
    """What a person writes as an end: a day counts to its end, and a time without a zone is UTC. The moment from which
    it holds no more, in UTC. Raises ValueError.
    """
    try:
        return in_utc(datetime.combine(date.fromisoformat(text), time()) + timedelta(days=1))
    except OverflowError:  # the last day of the calendar
        return datetime.max.replace(tzinfo=UTC)
    except ValueError:
        pass
    try:
        return in_utc(datetime.fromisoformat(text))
    except ValueError as error:
        raise ValueError(f"{text[:40]!r} is neither a day like 2027-03-31 nor a time like 2027-03-31T18:00Z") from error


def in_utc(moment: datetime) -> datetime:
    """The same moment in UTC, in which one without a zone is already."""
    try:
        return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
    except OverflowError:  # the last hours of the calendar west of Greenwich, or its first ones east of it
        return (datetime.max if moment.year > 1 else datetime.min).replace(tzinfo=UTC)


def may_date(actor: Actor, row: Correction) -> bool:
    """Its author, and those who review."""
    return row.author_id == actor.id or actor.role.includes(Role.EXPERT)


def _may(actor: Actor, row: Correction) -> None:
    if not may_date(actor, row):
        raise NotAllowedError(needed=Role.EXPERT.value, role=actor.role.value)
