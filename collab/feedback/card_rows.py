"""What a card tells of rows: versions, uses, and how much of a correction those read who only get its answer."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.records import Decision
from collab.dialogue.tables import Conversation, Turn
from collab.feedback.records import CorrectionRecord, is_readable, names_of
from collab.feedback.tables import Correction, Example, ExampleState, Origin, State
from collab.people.access import Actor, Role, reaches_of


@dataclass(frozen=True, slots=True)
class Uses:
    """How many questions a correction has answered, of how many people."""

    questions: int
    people: int


@dataclass(frozen=True, slots=True)
class Version:
    """A correction of a chain, each of which took the place of the one before. `is_this` is the one of the card."""

    id: str
    question: str
    answer: str
    author: str
    reviewer: str | None
    state: State
    created_at: datetime
    decided_at: datetime | None
    is_this: bool


def uses(session: Session, ids: Collection[str]) -> dict[str, Uses]:
    """Of each of these corrections, counted from the turns that it answered, whoever asked, but for those of which
    somebody said that it did not.
    """
    denied = sa.exists().where(
        Example.correction_id == Turn.correction_id,
        Example.turn_id == Turn.id,
        Example.origin == Origin.NOT_ASKED,
        Example.state.in_([ExampleState.LIVE, ExampleState.PENDING]),
    )
    people = sa.func.count(sa.distinct(Conversation.person_id))
    query = sa.select(Turn.correction_id, sa.func.count(), people).join(Conversation).group_by(Turn.correction_id)
    found = query.where(
        Turn.correction_id.in_(ids),
        Turn.decision == Decision.CORRECTED,
        ~denied,
        Conversation.deleted_at.is_(None),
    )
    counted = {id: Uses(questions, people) for id, questions, people in session.execute(found)}
    return {id: counted.get(id, Uses(0, 0)) for id in ids}


def versions(session: Session, actor: Actor, row: Correction) -> tuple[Version, ...]:
    """The chain of superseded corrections around one, newest first, as far as the person may read it: what was live for
    them once, they may.
    """
    ids, last = {row.id}, row
    while last.superseded_by is not None and last.superseded_by not in ids:
        last = session.get_one(Correction, last.superseded_by)
        ids.add(last.id)
    chain = list(ids)
    for id in chain:  # grows on the way
        before = session.scalars(sa.select(Correction.id).where(Correction.superseded_by == id))
        chain += [one for one in before if one not in chain]
    once = sa.and_(
        Correction.state == State.SUPERSEDED,
        Correction.decided_at.is_not(None),
        Correction.reach.in_(reaches_of(actor)),
    )
    query = sa.select(Correction).where(Correction.id.in_(chain), is_readable(actor) | once)
    found = session.scalars(query.order_by(Correction.created_at.desc(), Correction.id)).all()
    names = names_of(session, {id for one in found for id in (one.author_id, one.reviewer_id) if id})
    return tuple(
        Version(
            id=one.id,
            question=one.question,
            answer=one.answer,
            author=names[one.author_id],
            reviewer=names.get(one.reviewer_id or ""),
            state=State(one.state),
            created_at=one.created_at,
            decided_at=one.decided_at,
            is_this=one.id == row.id,
        )
        for one in found
    )


def seen(actor: Actor, row: Correction, record: CorrectionRecord) -> CorrectionRecord:
    """The record without what is between its author and the reviewers, for whoever only gets its answer."""
    if row.author_id == actor.id or actor.role.includes(Role.EXPERT):
        return record
    return replace(
        record,
        turn_id=None,
        before=None,
        original_question=None,
        original_answer=None,
        invisible_at=(),
        sources=(),
        review_reason=None,
        assignee_id=None,
        assignee=None,
    )
