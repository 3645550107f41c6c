"""The conversation around a turn that is a case, as far as a reviewer may see it.

A reviewer sees a turn of somebody else when it was rated down or corrected, and what it rests on may reach them. Around
it they see the path that led there and what followed; a turn that rests on what they may not read is private.
"""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue import tree
from collab.dialogue.records import TurnRecord
from collab.dialogue.rows import turn_record, turn_records
from collab.dialogue.tables import Conversation, Turn
from collab.feedback.tables import Rating
from collab.people.access import Actor, Role, reaches_of
from knowledge.errors import NotFoundError

MOST_TURNS = 500  # of a conversation


@dataclass(frozen=True, slots=True)
class ThreadTurn:
    """A question and its answer; both are None where they are private to whose conversation it is."""

    turn_id: str
    question: str | None
    answer: str | None
    created_at: datetime
    is_case: bool


def is_open_to(actor: Actor, turn: type[Turn] = Turn) -> sa.ColumnElement[bool]:
    """The turns, joined to their conversations, that a reviewer may see: kept ones, whose sources reach them."""
    return sa.and_(
        turn.reach.in_(reaches_of(actor)), Conversation.deleted_at.is_(None), Conversation.is_temporary.is_(False)
    )


def rated_turn(session: Session, actor: Actor, turn_id: str) -> TurnRecord:
    """A turn that was rated down, for experts and admins. Raises NotFoundError."""
    query = (
        sa.select(Turn)
        .join(Conversation)
        .join(Rating, Rating.turn_id == Turn.id)
        .where(Turn.id == turn_id, Rating.rating == "down", is_open_to(actor))
    )
    row = session.scalar(query) if actor.role.includes(Role.EXPERT) else None
    if row is None:
        raise NotFoundError(what="turn")
    return turn_records(session, [row])[0]


def around(session: Session, actor: Actor, turn_id: str | None) -> tuple[ThreadTurn, ...]:
    """The turns before and after a case's, in order; nothing when its conversation is gone."""
    at = session.scalar(
        sa.select(Turn)
        .join(Conversation)
        .where(Turn.id == turn_id, Conversation.deleted_at.is_(None), Conversation.is_temporary.is_(False))
    )
    if at is None:
        return ()
    query = sa.select(Turn).where(Turn.conversation_id == at.conversation_id).order_by(Turn.position)
    turns = [turn_record(row, ()) for row in session.scalars(query.limit(MOST_TURNS))]
    shown = tree.path(turns, tree.newest(turns, at.id))
    reaches = reaches_of(actor)
    return tuple(_seen(turn, turn.reach in reaches, turn.id == at.id) for turn in shown)


def _seen(turn: TurnRecord, is_visible: bool, is_case: bool) -> ThreadTurn:
    question, answer = (turn.question, turn.answer) if is_visible else (None, None)
    return ThreadTurn(turn.id, question, answer, turn.created_at, is_case)
