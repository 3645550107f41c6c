"""A correction's row, made from what a person wrote, or put into a reviewer's words. It writes nothing itself."""

from datetime import datetime

from collab.dialogue.records import TurnRecord
from collab.feedback import wording
from collab.feedback.tables import Correction, Kind, State
from collab.people.access import EVERYONE, Actor, Role
from knowledge.database import new_id
from knowledge.text import normalise


def asked(turn: TurnRecord | None, question: str) -> str:
    """The question that is answered: the turn's on its own, or the one that was sent."""
    if turn is None:
        return wording.question(question)
    return wording.question(turn.standalone, wording.STANDALONE_CHARS)


def new_row(
    actor: Actor,
    turn: TurnRecord | None,
    kind: Kind,
    question: str,
    written: wording.Written,
    reach: str,
    now: datetime,
) -> Correction:
    """Live for its reach at once, or pending where somebody has to review it first."""
    is_live = reach != EVERYONE or actor.role.includes(Role.EXPERT)
    return Correction(
        id=new_id(),
        turn_id=turn.id if turn else None,
        author_id=actor.id,
        kind=kind,
        state=State.LIVE if is_live else State.PENDING,
        reach=reach,
        question=question,
        normal_question=normalise(question),
        answer=written.text,
        before=turn.answer if turn else None,
        invisible_at=list(written.invisible_at),
        asked=0,
        created_at=now,
        decided_at=now if is_live else None,
    )


def reword(row: Correction, question: str, answer: str) -> None:
    """The reviewer's words; the author's stay beside them."""
    row.original_question = row.question if question != row.question else None
    row.original_answer = row.answer if answer != row.answer else None
    row.question, row.normal_question, row.answer = question, normalise(question), answer
