"""Who may do what with a correction, and whom it may reach at most. Plain questions to a row; it changes nothing."""

from sqlalchemy.orm import Session

from collab.dialogue.records import TurnRecord
from collab.errors import CorrectionStateError, OwnCorrectionError, ReasonMissingError
from collab.feedback.standing import in_the_way, place, state_before
from collab.feedback.tables import Correction, Example, State
from collab.people.access import EVERYONE, Actor, Role, personal


def widest_reach(session: Session, actor: Actor, turn: TurnRecord | None) -> str:
    """Everyone, unless the turn rests on what not everyone may read: a source, or the correction that answered it."""
    if turn is None:
        return EVERYONE
    reaches = {turn.reach}
    if turn.correction_id and (answered_by := session.get(Correction, turn.correction_id)):
        reaches.add(answered_by.reach)
    return EVERYONE if reaches <= {EVERYONE} else personal(actor)


def expect(row: Correction, *states: State) -> None:
    """Raises CorrectionStateError unless the correction is in one of the states."""
    if row.state not in states:
        raise CorrectionStateError(state=row.state)


def refuse_own(actor: Actor, row: Correction | Example, reason: str | None) -> None:
    """Somebody else has to look; an admin, who may be alone, says why not.

    Raises OwnCorrectionError and ReasonMissingError.
    """
    if row.author_id != actor.id:
        return
    if actor.role is not Role.ADMIN:
        raise OwnCorrectionError
    if reason is None:
        raise ReasonMissingError(act="approve your own correction")


def may_restore(actor: Actor, row: Correction) -> bool:
    """One's own withdrawal; what was live for everyone without a review needs somebody who may do that today."""
    was_trusted = state_before(row) is State.LIVE and row.reach == EVERYONE and row.reviewer_id is None
    may = actor.role.includes(Role.EXPERT) or not was_trusted
    return row.state == State.WITHDRAWN and row.withdrawn_by == actor.id and may


def may_reopen(actor: Actor, row: Correction) -> bool:
    """One's own review, as long as one may review; an admin may reopen anybody's."""
    is_reviewed = row.state in (State.LIVE, State.REJECTED) and row.reviewer_id is not None
    is_own = row.reviewer_id == actor.id and actor.role.includes(Role.EXPERT)
    return is_reviewed and (is_own or actor.role is Role.ADMIN)


def may_take_back(actor: Actor, row: Correction) -> bool:
    """One's own edit, as long as nobody has reviewed it."""
    return row.state in (State.PENDING, State.LIVE) and row.reviewer_id is None and row.author_id == actor.id


def can_restore(session: Session, actor: Actor, row: Correction) -> bool:
    """Whether one may bring it back, and its place is free: what it had replaced may stand there again."""
    here = place(row, state_before(row))
    return may_restore(actor, row) and not in_the_way(session, row, row.question, [here])


def can_undo(session: Session, actor: Actor, row: Correction) -> bool:
    """Whether there is an act of the person's own on it to take back, and nothing newer stands in the way."""
    if may_restore(actor, row):
        return can_restore(session, actor, row)
    if may_reopen(actor, row):
        question = row.original_question or row.question
        own = in_the_way(session, row, question, [place(row, State.PENDING)])
        return not any(one.created_at > row.created_at for one in own)
    return may_take_back(actor, row)
