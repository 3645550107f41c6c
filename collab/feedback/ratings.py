"""Ratings: a person's thumb on an answer of their own, saved on the click, with what follows from its reason.

A thumb down is a case for review until somebody resolves it. *Outdated* names the source that is, *not relevant* may
name the passage that would have been right, *unsafe* hides the answer and alerts those who review.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.conversations import Conversations
from collab.dialogue.records import TurnRecord
from collab.dialogue.tables import Turn
from collab.feedback import impact, notices, tables, wording
from collab.feedback.notices import NoticeKind
from collab.people import audit
from collab.people.access import EVERYONE, Actor
from knowledge.database import Clock, Database
from knowledge.errors import NotFoundError
from knowledge.text import normalise

COMMENT_CHARS = 2_000

FindPassage = Callable[[Actor, int], object]
"""Raises NotFoundError for a passage that the person may not read."""


class Thumb(StrEnum):
    """Whether an answer helped."""

    UP = "up"
    DOWN = "down"


class Reason(StrEnum):
    """What was wrong with an answer."""

    WRONG_FACT = "wrong_fact"
    OUTDATED = "outdated"
    NOT_RELEVANT = "not_relevant"
    STYLE = "style"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class RatingRecord:
    """A thumb with what was said about it. `passage_id` is the outdated source, or the passage that would have been
    right; `resolution` is what was done about it, in the words of who did, and `correction_id` what answers now.
    """

    turn_id: str
    rating: Thumb
    reason: Reason | None
    comment: str | None
    passage_id: int | None = None
    resolved_at: datetime | None = None
    resolution: str | None = None
    correction_id: str | None = None


class Ratings:
    """One rating for a person and turn; a later one replaces it."""

    def __init__(
        self, database: Database, conversations: Conversations, find_passage: FindPassage, clock: Clock
    ) -> None:
        self._database = database
        self._conversations = conversations
        self._find_passage = find_passage
        self._clock = clock

    def rate(
        self,
        actor: Actor,
        turn_id: str,
        rating: str,
        reason: str | None = None,
        comment: str | None = None,
        passage_id: int | None = None,
    ) -> RatingRecord:
        """Keeps the thumb; the same one again without a word keeps what was said.

        A reason is what is wrong, so that of a thumb up is left alone. `passage_id` is a source of the turn for
        *outdated*, any that the person may read for *not relevant*, and left alone otherwise. Raises NotFoundError,
        ChoiceUnknownError, ConversationTemporaryError and TextTooLongError (comment over 2,000).
        """
        thumb = wording.choice(Thumb, rating, "rating")
        given = wording.choice(Reason, reason, "reason") if reason is not None else None
        chosen = given if thumb is Thumb.DOWN else None
        said = wording.remark(comment, "comment", COMMENT_CHARS)
        turn = self._conversations.kept_turn(actor, turn_id)
        passage = self._passage(actor, turn, chosen, passage_id)
        now = self._clock()
        with self._database.write() as session:
            row = session.get(tables.Rating, (turn_id, actor.id)) or _new(session, turn, actor)
            was_unsafe, was_resolved = row.reason == Reason.UNSAFE, row.resolved_at is not None
            if row.rating != thumb or reason is not None or comment is not None:
                row.rating, row.reason, row.comment, row.source_passage_id = thumb, chosen, said, passage
            row.created_at, row.wrong = now, impact.how_wrong(row.reason)
            row.resolved_at = row.resolved_by = row.resolution = row.correction_id = None
            session.add(row)
            if thumb is Thumb.DOWN:
                impact.raise_to(session, turn_id, row.wrong)
            is_unsafe = row.reason == Reason.UNSAFE
            if was_unsafe != is_unsafe or (is_unsafe and was_resolved):  # it may have been shown again since
                _hide(session, turn, actor, now, is_hidden=is_unsafe)
            _audit(session, actor, row)
            return _record(row)

    def of(self, actor: Actor, turn_ids: Sequence[str]) -> dict[str, RatingRecord]:
        """The person's own ratings of these turns, by turn."""
        query = sa.select(tables.Rating).where(tables.Rating.person_id == actor.id, tables.Rating.turn_id.in_(turn_ids))
        with self._database.read() as session:
            return {row.turn_id: _record(row) for row in session.scalars(query)}

    def _passage(self, actor: Actor, turn: TurnRecord, reason: Reason | None, passage_id: int | None) -> int | None:
        if passage_id is None or reason not in (Reason.OUTDATED, Reason.NOT_RELEVANT):
            return None
        if reason is Reason.NOT_RELEVANT:
            self._find_passage(actor, passage_id)
        elif passage_id not in {source.passage_id for source in turn.sources}:
            raise NotFoundError(what="source")
        return passage_id


def _new(session: Session, turn: TurnRecord, actor: Actor) -> tables.Rating:
    normal = normalise(turn.standalone)
    asked = impact.times_asked(session, normal)
    return tables.Rating(turn_id=turn.id, person_id=actor.id, normal_question=normal, asked=asked)


def _hide(session: Session, turn: TurnRecord, actor: Actor, now: datetime, *, is_hidden: bool) -> None:
    """Nobody reads an unsafe answer any more; those who review are told, and what it was only if it may reach them."""
    session.execute(sa.update(Turn).where(Turn.id == turn.id).values(is_hidden=is_hidden))
    notices.untell(session, [NoticeKind.UNSAFE], tables.Notice.turn_id == turn.id)
    if not is_hidden:
        return
    others = set(notices.reviewers(session)) - {actor.id}
    question = turn.question if turn.reach == EVERYONE else ""
    notices.tell(session, others, NoticeKind.UNSAFE, {"name": actor.name, "question": question}, now, turn.id)


def _audit(session: Session, actor: Actor, row: tables.Rating) -> None:
    audit.record(
        session,
        actor_id=actor.id,
        act="turn_rated",
        object_type="turn",
        object_id=row.turn_id,
        details={"rating": row.rating, "reason": row.reason},
        now=row.created_at,
    )


def _record(row: tables.Rating) -> RatingRecord:
    return RatingRecord(
        turn_id=row.turn_id,
        rating=Thumb(row.rating),
        reason=Reason(row.reason) if row.reason else None,
        comment=row.comment,
        passage_id=row.source_passage_id,
        resolved_at=row.resolved_at,
        resolution=row.resolution,
        correction_id=row.correction_id,
    )
