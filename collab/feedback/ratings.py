"""Ratings: a person's thumb on an answer of their own, saved on the click. It teaches nothing by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import sqlalchemy as sa

from collab.dialogue.conversations import Conversations
from collab.feedback import tables, wording
from collab.people import audit
from collab.people.access import Actor
from knowledge.database import Clock, Database

COMMENT_CHARS = 2_000


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
    """A thumb with what was said about it."""

    turn_id: str
    rating: Thumb
    reason: Reason | None
    comment: str | None


class Ratings:
    """One rating for a person and turn; a later one replaces it."""

    def __init__(self, database: Database, conversations: Conversations, clock: Clock) -> None:
        self._database = database
        self._conversations = conversations
        self._clock = clock

    def rate(
        self, actor: Actor, turn_id: str, rating: str, reason: str | None = None, comment: str | None = None
    ) -> RatingRecord:
        """Keeps the thumb; the same one again without a word keeps what was said.

        Raises NotFoundError, ChoiceUnknownError and TextTooLongError (comment over 2,000).
        """
        thumb = wording.choice(Thumb, rating, "rating")
        chosen = wording.choice(Reason, reason, "reason") if reason is not None else None
        said = wording.remark(comment, "comment", COMMENT_CHARS)
        self._conversations.turn(actor, turn_id)
        now = self._clock()
        with self._database.write() as session:
            row = session.get(tables.Rating, (turn_id, actor.id)) or tables.Rating(turn_id=turn_id, person_id=actor.id)
            if row.rating != thumb or reason is not None or comment is not None:
                row.rating, row.reason, row.comment = thumb, chosen, said
            row.created_at = now
            session.add(row)
            audit.record(
                session,
                actor_id=actor.id,
                act="turn_rated",
                object_type="turn",
                object_id=turn_id,
                details={"rating": thumb, "reason": row.reason},
                now=now,
            )
            return _record(row)

    def of(self, actor: Actor, turn_ids: Sequence[str]) -> dict[str, RatingRecord]:
        """The person's own ratings of these turns, by turn."""
        query = sa.select(tables.Rating).where(tables.Rating.person_id == actor.id, tables.Rating.turn_id.in_(turn_ids))
        with self._database.read() as session:
            return {row.turn_id: _record(row) for row in session.scalars(query)}


def _record(row: tables.Rating) -> RatingRecord:
    return RatingRecord(row.turn_id, Thumb(row.rating), Reason(row.reason) if row.reason else None, row.comment)
