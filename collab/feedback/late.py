"""What waits too long: a reviewer's own open cases, and those that nobody has who reviews. It tells nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Conversation, Turn
from collab.feedback.queue import is_first_said, is_reviewable
from collab.feedback.tables import Correction, Example, ExampleState, Notice, Rating, State, looked_at
from collab.feedback.thread import is_open_to
from collab.people.access import Actor, Role
from collab.people.tables import Person

REVIEWS = sa.and_(Person.role.in_([Role.EXPERT, Role.ADMIN]), Person.is_active)
"""Of a person: that they review."""

IsTold = Callable[[sa.ColumnElement[bool]], sa.ColumnElement[bool]]
"""Of what a notice is about: that the person was told of it."""


@dataclass(frozen=True, slots=True)
class LateCase:
    """A correction, a rated turn, or an example of a correction."""

    question: str
    turn_id: str | None = None
    correction_id: str | None = None
    example_id: str | None = None


def of(session: Session, actor: Actor, before: datetime, is_told: IsTold) -> list[LateCase]:
    """The person's cases from before that time of which they have not been told."""
    corrections = sa.select(Correction.question, Correction.id).where(
        Correction.assignee_id == actor.id,
        looked_at(Correction.state) == State.PENDING,
        Correction.created_at < before,
        ~is_told(sa.and_(Notice.correction_id == Correction.id, Notice.params["example"].as_string().is_(None))),
    )
    ratings = (
        sa.select(Turn.question, Turn.id)
        .join(Rating, Rating.turn_id == Turn.id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(
            is_open_to(actor),
            Rating.assignee_id == actor.id,
            looked_at(Rating.rating) == "down",
            Rating.resolved_at.is_(None),
            Rating.created_at < before,
            ~is_told(Notice.turn_id == Turn.id),
        )
    )
    examples = sa.select(Example.text, Example.correction_id, Example.id).where(
        Example.assignee_id == actor.id,
        looked_at(Example.state) == ExampleState.PENDING,
        Example.created_at < before,
        is_reviewable(actor),
        is_first_said(actor),
        ~is_told(about_example(Example.id)),
    )
    return [
        *(LateCase(question, correction_id=id) for question, id in session.execute(corrections)),
        *(LateCase(question, turn_id=id) for question, id in session.execute(ratings)),
        *(LateCase(text, correction_id=of, example_id=id) for text, of, id in session.execute(examples)),
    ]


def untaken(actor: Actor, before: datetime, since: datetime | None = None) -> sa.ColumnElement[bool]:
    """There is an open case from between these times that nobody has who reviews."""

    def among(table: type[Correction] | type[Rating] | type[Example]) -> sa.ColumnElement[bool]:
        is_free = table.assignee_id.is_(None) | table.assignee_id.not_in(sa.select(Person.id).where(REVIEWS))
        is_late = table.created_at < before
        return sa.and_(is_free, is_late, table.created_at >= since) if since else sa.and_(is_free, is_late)

    waits = sa.select(Correction.id).where(Correction.state == State.PENDING, among(Correction))
    is_rated = (
        sa.select(Rating.turn_id)
        .join(Turn, Turn.id == Rating.turn_id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Rating.rating == "down", Rating.resolved_at.is_(None), among(Rating), is_open_to(actor))
    )
    is_said = sa.select(Example.id).where(Example.state == ExampleState.PENDING, among(Example), is_reviewable(actor))
    cases = (waits, is_rated, is_said)
    return sa.or_(*(found.correlate(None).exists() for found in cases))  # whatever stands around it


def about_example(example_id: str | sa.orm.InstrumentedAttribute[str]) -> sa.ColumnElement[bool]:
    """Of a notice: that it is about this example."""
    named: sa.ColumnElement[str] = Notice.params["example"].as_string()
    return named == example_id
