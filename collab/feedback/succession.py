"""Succession: whoever edits an answer that a correction gave changes that correction. The new one takes its place, at
once where it answers the same people, else when it is approved. It reads rows and writes none.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.records import Decision, TurnRecord
from collab.errors import AnsweredMeanwhileError
from collab.feedback import wording
from collab.feedback.records import correction_records
from collab.feedback.standing import in_the_way, place, state_before
from collab.feedback.tables import Choice, Correction, Kind, Settlement, State
from collab.people.access import Actor, personal

SHOWN_CHARS = 300  # of somebody else's answer, in an error
_STANDS = (State.PENDING, State.LIVE)


def line(session: Session, turn: TurnRecord | None) -> list[str]:
    """The ids of the correction that answered the turn and of those that took its place since, the newest last."""
    ids: list[str] = []
    id = turn.correction_id if turn and turn.decision is Decision.CORRECTED else None
    while id is not None and id not in ids:
        ids.append(id)
        superseded = sa.select(Correction.superseded_by).where(Correction.id == id)
        id = session.scalar(superseded.where(Correction.state == State.SUPERSEDED))
    return ids


def end(session: Session, ids: Sequence[str], now: datetime) -> datetime | None:
    """Until when the correction that answered a turn holds, given its `line`: so long do the words that take its place,
    too.
    """
    until = session.get_one(Correction, ids[-1]).valid_until if ids else None
    return until if until and until > now else None


def spoke(session: Session, actor: Actor, ids: Sequence[str], row: Correction) -> Correction | None:
    """What a new fact is to take the place of, given the `line` of a turn: the correction that answered it, or what
    stands for that by now.
    None where there is none, where the words are the same question's anyway, or where it answers others than `row`.
    """
    found = session.get(Correction, ids[-1]) if ids and row.kind == Kind.FACT else None
    if found is None or found.state not in _STANDS or found.normal_question == row.normal_question:
        return None
    return found if place(found, State(found.state)) in (personal(actor), row.reach) else None


def stepping_back(session: Session, actor: Actor, row: Correction, taken: Correction | None) -> list[Correction]:
    """What gives way at once to a new correction that takes the place of `taken`."""
    places = [personal(actor), place(row, State(row.state))]
    older = in_the_way(session, row, row.question, places)
    if taken and taken not in older and place(taken, State(taken.state)) in places:
        older.append(taken)
    return older


def settlement(actor: Actor, row: Correction, taken: Correction | None, now: datetime) -> list[Settlement]:
    """The decision that `row` replaces what was live, as an author makes it who edits it."""
    if taken is None or state_before(taken) is State.PENDING:
        return []
    values = {"about": "correction", "other_id": taken.id, "choice": Choice.REPLACE}
    return [Settlement(correction_id=row.id, person_id=actor.id, created_at=now, **values)]


def refuse_unseen(session: Session, actor: Actor, turn: TurnRecord, older: Sequence[Correction]) -> None:
    """Nobody replaces words that they have not read: the answer of the turn, or what they wrote or reviewed. Raises
    AnsweredMeanwhileError.
    """
    for one in older:
        if one.id != turn.correction_id and actor.id not in (one.author_id, one.reviewer_id):
            newest = correction_records(session, actor, [one])[0]
            said = wording.shortened(newest.answer, SHOWN_CHARS)
            raise AnsweredMeanwhileError(newest, author=newest.author, answer=said)
