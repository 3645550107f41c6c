"""What a case is worth looking at: how often its question is asked, times how wrong the answer is.

Here a new row gets its first figures; from then on a trigger counts each time that the question is asked again.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Turn
from collab.feedback.tables import Correction, Kind, Rating

FACT, STYLE, UNSAID = 4, 1, 2
WRONG = {"unsafe": 5, "wrong_fact": FACT, "outdated": 3, "not_relevant": 2, "style": STYLE}
"""By reason, from 1 to 5: harm before a wrong fact, and that before what is only said badly."""


def how_wrong(reason: str | None) -> int:
    """What a thumb down with this reason says about the answer."""
    return WRONG.get(reason or "", UNSAID)


def times_asked(session: Session, normal: str) -> int:
    """How often a question was asked, in these words."""
    return session.scalar(sa.select(sa.func.count()).where(Turn.normal == normal)) or 0


def weigh(session: Session, row: Correction) -> None:
    """The first figures of a new correction. A worse thumb on the same turn counts."""
    row.asked = (row.asked or 0) + times_asked(session, row.normal_question)
    row.wrong = FACT if row.kind == Kind.FACT else STYLE
    thumbs = sa.select(sa.func.max(Rating.wrong)).where(Rating.turn_id == row.turn_id, Rating.rating == "down")
    if row.turn_id is not None and (worst := session.scalar(thumbs)):
        row.wrong = max(row.wrong, worst)


def raise_to(session: Session, turn_id: str, wrong: int) -> None:
    """A thumb on a turn makes the corrections of it at least as urgent."""
    session.execute(
        sa.update(Correction).where(Correction.turn_id == turn_id, Correction.wrong < wrong).values(wrong=wrong)
    )
