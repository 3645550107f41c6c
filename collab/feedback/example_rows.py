"""Examples read from rows: as one person may see them, and what stands in whose place. It changes nothing."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Conversation, Turn
from collab.errors import ExampleQuestionError, ExampleStateError, ExampleStyleError
from collab.feedback import rules, taught
from collab.feedback.queue import is_reviewable
from collab.feedback.records import names_of, readable
from collab.feedback.standing import place
from collab.feedback.tables import Correction, Example, ExampleState, Kind, Origin, Side, State, looked_at
from collab.people.access import Actor, Role, personal
from knowledge.errors import NotFoundError

_STANDS = (State.PENDING, State.LIVE)
LEFT = (ExampleState.PENDING, ExampleState.LIVE)
"""An example that holds for somebody."""


@dataclass(frozen=True, slots=True)
class ExampleRecord:
    """A question that a correction answers in these words (`will`), or must not answer (`will_not`), as one person may
    see it. A pending one holds for its author only. `may_remove` says whether the reader may take it away, `may_decide`
    whether they may approve or reject it; for the other fields see `collab.feedback.tables.Example`.
    """

    id: str
    correction_id: str
    text: str
    side: Side
    origin: Origin
    state: ExampleState
    author_id: str
    author: str
    reviewer: str | None
    review_reason: str | None
    turn_id: str | None
    created_at: datetime
    decided_at: datetime | None
    may_remove: bool
    may_decide: bool


def stands_at_once(actor: Actor, row: Correction) -> bool:
    """Whether what the person teaches this correction needs no review: an expert's, or on what only they get."""
    return actor.role.includes(Role.EXPERT) or place(row, State(row.state)) == personal(actor)


def may_remove(actor: Actor, row: Correction, example: Example) -> bool:
    """One's own while it waits; what stands, for those whose examples stand at once."""
    if example.state == ExampleState.PENDING:
        return example.author_id == actor.id
    return example.state == ExampleState.LIVE and row.state in _STANDS and stands_at_once(actor, row)


def may_undo(session: Session, actor: Actor, example: Example) -> bool:
    """One's own review, or anybody's for an admin, unless its author has said the same again since."""
    is_reviewed = example.state in (ExampleState.LIVE, ExampleState.REJECTED) and example.reviewer_id is not None
    waiting = taught.of(session, [example.correction_id], ExampleState.PENDING).get(example.correction_id, [])
    again = any((one.normal, one.author_id) == (example.normal, example.author_id) for one in waiting)
    return is_reviewed and not again and (actor.role is Role.ADMIN or example.reviewer_id == actor.id)


def records(session: Session, actor: Actor, row: Correction, examples: list[Example]) -> list[ExampleRecord]:
    """Those of a correction's examples that the person may see, in the same order."""
    seen = [one for one in examples if _may_see(actor, one)]
    names = names_of(session, {id for one in seen for id in (one.author_id, one.reviewer_id) if id})
    reviews = actor.role.includes(Role.EXPERT)
    return [
        ExampleRecord(
            id=one.id,
            correction_id=row.id,
            text=one.text,
            side=Side(one.side),
            origin=Origin(one.origin),
            state=ExampleState(one.state),
            author_id=one.author_id,
            author=names[one.author_id],
            reviewer=names.get(one.reviewer_id or ""),
            review_reason=one.review_reason,
            turn_id=one.turn_id if one.author_id == actor.id else None,
            created_at=one.created_at,
            decided_at=one.decided_at,
            may_remove=may_remove(actor, row, one),
            may_decide=reviews and one.state == ExampleState.PENDING and row.state == State.LIVE,
        )
        for one in seen
    ]


def _may_see(actor: Actor, example: Example) -> bool:
    is_own = example.author_id == actor.id
    return is_own or actor.role.includes(Role.EXPERT) or example.state == ExampleState.LIVE


def found(session: Session, actor: Actor, example_id: str) -> tuple[Example, Correction]:
    """The example with its correction. Raises NotFoundError where the person may not see both."""
    example = session.get(Example, example_id)
    if example is None or not _may_see(actor, example):
        raise NotFoundError(what="example")
    return example, readable(session, actor, example.correction_id)


def waiting(session: Session, actor: Actor, example_id: str) -> tuple[Example, Correction]:
    """One that can be decided. Raises NotFoundError, ExampleStateError and CorrectionStateError."""
    example, row = found(session, actor, example_id)
    if example.state != ExampleState.PENDING:
        raise ExampleStateError(state=example.state)
    rules.expect(row, State.LIVE)
    return example, row


def said_together(session: Session, actor: Actor, example: Example) -> list[Example]:
    """The others that wait and were said with one that waits, such as a no to several corrections, oldest first."""
    if example.state != ExampleState.PENDING or example.turn_id is None:
        return []
    same = (Example.turn_id, Example.author_id, Example.normal, Example.side)
    own = (example.turn_id, example.author_id, example.normal, example.side)
    query = sa.select(Example).where(
        *(one == mine for one, mine in zip(same, own, strict=True)),
        Example.id != example.id,
        looked_at(Example.state) == ExampleState.PENDING,
        is_reviewable(actor),
    )
    return list(session.scalars(query.order_by(Example.created_at, Example.id)))


def expect_teachable(row: Correction, normal: str) -> None:
    """Raises CorrectionStateError, ExampleStyleError and ExampleQuestionError."""
    rules.expect(row, State.PENDING, State.LIVE)
    if row.kind == Kind.STYLE:
        raise ExampleStyleError
    if normal == row.normal_question:
        raise ExampleQuestionError


def waits(session: Session, actor: Actor, row: Correction, normal: str) -> bool:
    """Whether the person has said already that it is answered in these words, and somebody else has not agreed."""
    own = (normal, actor.id, Side.WILL)
    said = taught.of(session, [row.id], ExampleState.PENDING, ExampleState.REJECTED).get(row.id, [])
    return any((one.normal, one.author_id, one.side) == own for one in said)


def _of_words(session: Session, row: Correction, normal: str) -> list[Example]:
    stand = taught.of(session, [row.id], *LEFT).get(row.id, [])
    return [one for one in stand if one.normal == normal]


def holding(
    session: Session, actor: Actor, row: Correction, normal: str, side: Side, *, is_live: bool
) -> Example | None:
    """What holds for the person in these words already, if it is on this side: their own before the live one. What they
    say `is_live` where it needs no review.
    """
    stand = _of_words(session, row, normal)
    own = next((one for one in stand if one.state == ExampleState.PENDING and one.author_id == actor.id), None)
    live = next((one for one in stand if one.state == ExampleState.LIVE), None)
    if own is not None and is_live:  # of when they had another role: what stands counts
        own = None
    holds = own or live
    return holds if holds is not None and holds.side == side else None


def replaced(session: Session, row: Correction, example: Example, *, is_live: bool) -> list[Example]:
    """What gives way to an example: its author's own in the same words; once it is live, the live one too, and what
    others wait for on the same side.
    """
    stand = [one for one in _of_words(session, row, example.normal) if one.id != example.id]
    if not is_live:
        return [one for one in stand if one.state == ExampleState.PENDING and one.author_id == example.author_id]
    return [
        one
        for one in stand
        if one.state == ExampleState.LIVE or one.author_id == example.author_id or one.side == example.side
    ]


def said_by_others(replaced: list[Example], example: Example) -> list[Example]:
    """Of what gives way to an example that is live, what waited for the same: it holds with it from now on."""
    return [one for one in replaced if one.state == ExampleState.PENDING and one.side == example.side]


def held_with(session: Session, example: Example) -> list[Example]:
    """What had waited for the same and gave way to a live example of its correction."""
    same = (Example.correction_id, Example.superseded_by, Example.normal, Example.side)
    own = (example.correction_id, example.correction_id, example.normal, example.side)
    query = sa.select(Example).where(*(one == mine for one, mine in zip(same, own, strict=True)))
    return list(session.scalars(query)) if example.state == ExampleState.LIVE else []


def before(session: Session, example: Example) -> Example | None:
    """What had given way to an example on the other side of the same correction."""
    query = sa.select(Example).where(
        Example.correction_id == example.correction_id,
        Example.superseded_by == example.correction_id,
        Example.normal == example.normal,
        Example.side != example.side,
    )
    if example.state == ExampleState.PENDING:
        query = query.where(Example.decided_at.is_(None), Example.author_id == example.author_id)
    else:
        query = query.where(Example.decided_at.is_not(None))
    return session.scalars(query.order_by(Example.created_at.desc()).limit(1)).first()


def own_turn(session: Session, actor: Actor, turn_id: str | None) -> str | None:
    """The turn, if it is the person's own. Raises NotFoundError."""
    if turn_id is None:
        return None
    own = sa.select(Turn.id).join(Conversation).where(Turn.id == turn_id, Conversation.person_id == actor.id)
    if session.scalar(own) is None:
        raise NotFoundError(what="turn")
    return turn_id
