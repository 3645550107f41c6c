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
from collab.feedback import late
from collab.feedback.tables import Correction, Example, ExampleState, Notice, Rating, State, looked_at
from collab.feedback.wording import shortened
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
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"
    FIXED = "fixed"
    RESOLVED = "resolved"
    UNSAFE = "unsafe"
    ASSIGNED = "assigned"
    LATE = "late"
    UNTAKEN = "untaken"
    TAUGHT = "taught"
    NOT_TAUGHT = "not_taught"
    EXPIRED = "expired"
    HELD = "held"


_ABOUT_A_CASE = (NoticeKind.UNSAFE, NoticeKind.ASSIGNED, NoticeKind.LATE)


@dataclass(frozen=True, slots=True)
class NoticeRecord:
    """One thing that happened, as the person it concerns reads it.

    `params` fill the text `told.<kind>`: `name` (who did it), `question`, `said` (their words), `days`. `case` is the
    case of the review that it leads to, for those who review; `conversation_id` leads to one's own chat.
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
        self._late_after = timedelta(days=review_days)

    def unread(self, actor: Actor) -> list[NoticeRecord]:
        """The newest first, at most 50, without the cases that wait no more.

        Whoever reviews is reminded of each of their own late cases once, and of late ones that nobody has taken
        whenever there are more of them.
        """
        self._remind(actor)
        self._ask_owner(actor)
        is_unread = (Notice.person_id == actor.id, Notice.read_at.is_(None))
        with self._database.read() as session:
            if session.scalar(sa.select(Notice.id).where(*is_unread).limit(1)) is None:  # so it is with most pages
                return []
            found = self._with_conversations(actor).where(*is_unread, self._still_waits(actor)).limit(AT_ONCE)
            return [_record(row, conversation) for row, conversation in session.execute(found)]

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

    def _with_conversations(self, actor: Actor) -> sa.Select[Notice, str | None]:
        """Notices, each with the chat of the person's own that it leads to, the newest first."""
        own_chat = sa.and_(
            Conversation.id == Turn.conversation_id,
            Conversation.person_id == actor.id,
            Conversation.deleted_at.is_(None),
        )
        return (
            sa.select(Notice, Conversation.id)
            .outerjoin(Turn, Turn.id == Notice.turn_id)
            .outerjoin(Conversation, own_chat)
            .order_by(Notice.created_at.desc(), Notice.id)
        )

    def _remind(self, actor: Actor) -> None:
        if not actor.role.includes(Role.EXPERT):
            return
        now = self._clock()
        before = now - self._late_after
        with self._database.read() as session:
            if not (self._late(session, actor, before) or self._has_more_untaken(session, actor, before)):
                return
        days: dict[str, str | int] = {"days": self._late_after.days}
        with self._database.write() as session:
            for one in self._late(session, actor, before):
                params = {"question": one.question, **days, **({"example": one.example_id} if one.example_id else {})}
                tell(session, {actor.id}, NoticeKind.LATE, params, now, one.turn_id, one.correction_id)
            if self._has_more_untaken(session, actor, before):
                untell(session, [NoticeKind.UNTAKEN], Notice.person_id == actor.id)
                tell(session, {actor.id}, NoticeKind.UNTAKEN, days, now)

    def _ask_owner(self, actor: Actor) -> None:
        """Whoever wrote what is over now is asked about it, once for each end."""
        now = self._clock()
        told = sa.exists().where(
            Notice.kind == NoticeKind.EXPIRED,
            Notice.correction_id == Correction.id,
            Notice.created_at >= Correction.valid_until,
        )
        stands = looked_at(Correction.state).in_([State.PENDING, State.LIVE])
        over = sa.select(Correction).where(
            looked_at(Correction.author_id) == actor.id, stands, Correction.valid_until <= now, ~told
        )
        with self._database.read() as session:
            if session.scalar(over.with_only_columns(Correction.id).limit(1)) is None:
                return
        with self._database.write() as session:
            for row in session.scalars(over).all():
                tell(session, {actor.id}, NoticeKind.EXPIRED, {"question": row.question}, now, None, row.id)

    def _late(self, session: Session, actor: Actor, before: datetime) -> list[late.LateCase]:
        """The person's late cases of which they have not been reminded."""
        told = sa.and_(Notice.person_id == actor.id, Notice.kind == NoticeKind.LATE)
        return late.of(session, actor, before, lambda about: sa.exists().where(told, about))

    def _has_more_untaken(self, session: Session, actor: Actor, before: datetime) -> bool:
        """Whether a case that nobody has taken became late since the person was last told of such."""
        told = sa.select(sa.func.max(Notice.created_at)).where(
            Notice.person_id == actor.id, Notice.kind == NoticeKind.UNTAKEN
        )
        last = session.scalar(told)
        since = last - self._late_after if last else None
        return bool(session.scalar(sa.select(late.untaken(actor, before, since))))

    def _still_waits(self, actor: Actor) -> sa.ColumnElement[bool]:
        """Of a notice: that the case is open which it is about, if it is about any."""
        waits = sa.exists().where(Correction.id == Notice.correction_id, Correction.state == State.PENDING)
        is_rated = sa.exists().where(
            Rating.turn_id == Notice.turn_id, Rating.rating == "down", Rating.resolved_at.is_(None)
        )
        is_said = sa.exists().where(late.about_example(Example.id), Example.state == ExampleState.PENDING)
        untaken = late.untaken(actor, self._clock() - self._late_after)
        return sa.case(
            (Notice.kind.in_(_ABOUT_A_CASE), waits | is_rated | is_said),
            (Notice.kind == NoticeKind.UNTAKEN, untaken),
            else_=True,
        )


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
    told = {
        name: shortened(value, QUESTION_CHARS) if isinstance(value, str) else value for name, value in params.items()
    }
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
    query = sa.select(Person.id, Person.name).where(late.REVIEWS).order_by(Person.name_key)
    return dict(session.execute(query).all())


def _record(row: Notice, conversation_id: str | None) -> NoticeRecord:
    kind = NoticeKind(row.kind)
    case = f"correction:{row.correction_id}" if row.correction_id else f"turn:{row.turn_id}"
    if example := row.params.get("example"):
        case = f"example:{example}"
    return NoticeRecord(
        id=row.id,
        kind=kind,
        params=row.params,
        turn_id=row.turn_id,
        conversation_id=conversation_id,
        correction_id=row.correction_id,
        case=case if kind in _ABOUT_A_CASE else None,
        created_at=row.created_at,
    )
