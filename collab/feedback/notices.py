"""What a person is told when they come back: what became of their words and thumbs, and what waits for them.

A notice is written in the transaction of the act that it tells of, and is kept until it is read. It names a turn or a
correction, whose own rules say who may open it.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Conversation, Turn
from collab.feedback.tables import Correction, Notice, Rating, State
from collab.feedback.thread import is_open_to
from collab.people.access import Actor, Role
from collab.people.tables import Person
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError

QUESTION_CHARS = 160  # of the question that a notice repeats
AT_ONCE = 50


class NoticeKind(StrEnum):
    """What happened."""

    APPROVED = "approved"
    REWORDED = "reworded"
    REJECTED = "rejected"
    FIXED = "fixed"
    RESOLVED = "resolved"
    UNSAFE = "unsafe"
    ASSIGNED = "assigned"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """One thing that happened, as the person it concerns reads it.

    `params` fill the text `told.<kind>`: `name` (who did it), `question`, `said` (their words), `days`. `case` is the
    case of the review that it leads to, for those who review; `turn_id` and `conversation_id` lead to one's own turn.
    """

    id: str
    kind: NoticeKind
    params: dict[str, str | int]
    turn_id: str | None
    conversation_id: str | None
    correction_id: str | None
    case: str | None
    created_at: datetime


class Notices:
    """A person's own. `review_days` is after how long a case is late."""

    def __init__(self, database: Database, clock: Clock, review_days: int) -> None:
        self._database = database
        self._clock = clock
        self._review_days = review_days

    def unread(self, actor: Actor) -> list[NoticeRecord]:
        """The newest first, at most 50. Whoever has late cases is reminded of each of them once."""
        self._remind(actor)
        query = (
            sa.select(Notice, Turn.conversation_id)
            .outerjoin(Turn, Turn.id == Notice.turn_id)
            .where(Notice.person_id == actor.id, Notice.read_at.is_(None))
            .order_by(Notice.created_at.desc(), Notice.id)
            .limit(AT_ONCE)
        )
        with self._database.read() as session:
            return [_record(row, conversation) for row, conversation in session.execute(query)]

    def read(self, actor: Actor, notice_id: str) -> None:
        """It is not told again. Raises NotFoundError."""
        with self._database.write() as session:
            row = session.get(Notice, notice_id)
            if row is None or row.person_id != actor.id:
                raise NotFoundError(what="notice")
            row.read_at = row.read_at or self._clock()

    def read_all(self, actor: Actor) -> None:
        """None of them is told again."""
        with self._database.write() as session:
            session.execute(
                sa.update(Notice)
                .where(Notice.person_id == actor.id, Notice.read_at.is_(None))
                .values(read_at=self._clock())
            )

    def _remind(self, actor: Actor) -> None:
        if not actor.role.includes(Role.EXPERT):
            return
        now = self._clock()
        with self._database.read() as session:
            if not _late(session, actor, now - timedelta(days=self._review_days)):
                return
        with self._database.write() as session:
            for late in _late(session, actor, now - timedelta(days=self._review_days)):
                params: dict[str, str | int] = {"question": late.question, "days": self._review_days}
                tell(session, {actor.id}, NoticeKind.LATE, params, now, late.turn_id, late.correction_id)


def tell(
    session: Session,
    people: Collection[str],
    kind: NoticeKind,
    params: dict[str, str | int],
    now: datetime,
    turn_id: str | None = None,
    correction_id: str | None = None,
) -> None:
    """Tells each of these people, by id, in the caller's transaction."""
    told = {name: _shortened(value) if isinstance(value, str) else value for name, value in params.items()}
    session.add_all(
        Notice(
            id=new_id(),
            person_id=person,
            kind=kind,
            params=told,
            turn_id=turn_id,
            correction_id=correction_id,
            created_at=now,
        )
        for person in sorted(people)
    )


def untell(session: Session, kinds: Collection[NoticeKind], *which: sa.ColumnElement[bool]) -> None:
    """Takes back what was told of an act that was undone, unless it has been read."""
    session.execute(sa.delete(Notice).where(Notice.kind.in_(kinds), Notice.read_at.is_(None), *which))


def reviewers(session: Session) -> dict[str, str]:
    """Everybody who may review, names by ids."""
    query = sa.select(Person.id, Person.name).where(Person.role.in_([Role.EXPERT, Role.ADMIN]), Person.is_active)
    return dict(session.execute(query.order_by(Person.name_key)).all())


@dataclass(frozen=True, slots=True)
class _Late:
    question: str
    turn_id: str | None
    correction_id: str | None


def _late(session: Session, actor: Actor, before: datetime) -> list[_Late]:
    """The person's cases from before that time of which they have not been reminded."""
    corrections = sa.select(Correction.question, Correction.id).where(
        Correction.assignee_id == actor.id,
        Correction.state == State.PENDING,
        Correction.created_at < before,
        ~_reminded(actor, Notice.correction_id == Correction.id),
    )
    ratings = (
        sa.select(Turn.question, Turn.id)
        .join(Rating, Rating.turn_id == Turn.id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(
            is_open_to(actor),
            Rating.assignee_id == actor.id,
            Rating.rating == "down",
            Rating.resolved_at.is_(None),
            Rating.created_at < before,
            ~_reminded(actor, Notice.turn_id == Turn.id),
        )
    )
    return [
        *(_Late(question, None, id) for question, id in session.execute(corrections)),
        *(_Late(question, id, None) for question, id in session.execute(ratings)),
    ]


def _reminded(actor: Actor, about: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    return sa.exists().where(Notice.person_id == actor.id, Notice.kind == NoticeKind.LATE, about)


def _record(row: Notice, conversation_id: str | None) -> NoticeRecord:
    kind = NoticeKind(row.kind)
    is_work = kind in (NoticeKind.UNSAFE, NoticeKind.ASSIGNED, NoticeKind.LATE)
    case = f"correction:{row.correction_id}" if row.correction_id else f"turn:{row.turn_id}"
    return NoticeRecord(
        id=row.id,
        kind=kind,
        params=row.params,
        turn_id=row.turn_id,
        conversation_id=conversation_id,
        correction_id=row.correction_id,
        case=case if is_work and (row.correction_id or row.turn_id) else None,
        created_at=row.created_at,
    )


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= QUESTION_CHARS else line[: QUESTION_CHARS - 1].rstrip() + "…"
