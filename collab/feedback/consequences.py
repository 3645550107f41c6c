"""What follows when a correction is decided: its author is told, and open thumbs down on its question are resolved.

Everything happens in the caller's transaction, and goes back with the act when that is undone.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback.notices import NoticeKind, tell, untell
from collab.feedback.tables import Correction, Kind, Notice, Rating, State
from collab.people.access import EVERYONE, Actor

_TOLD = (NoticeKind.APPROVED, NoticeKind.REWORDED, NoticeKind.REJECTED, NoticeKind.FIXED)


def went_live(session: Session, actor: Actor, rows: Sequence[Correction], now: datetime) -> None:
    """Resolves the open thumbs down on the questions of live corrections, and tells whose they were.

    Not those that call an answer unsafe: a person has to look at that one. Style answers nobody, so that it resolves
    only what was rated for its style.
    """
    live = [row for row in rows if row.state == State.LIVE]
    by_question, by_turn = {row.normal_question: row for row in live}, {row.turn_id: row for row in live if row.turn_id}
    query = sa.select(Rating).where(
        Rating.normal_question.in_(by_question) | Rating.turn_id.in_(by_turn),
        Rating.rating == "down",
        Rating.resolved_at.is_(None),
        Rating.reason.is_distinct_from("unsafe"),
    )
    for rating in session.scalars(query).all():
        row = by_turn.get(rating.turn_id) or by_question[rating.normal_question]
        if row.reach != EVERYONE and rating.person_id != row.author_id:
            continue
        if row.kind == Kind.STYLE and rating.reason != "style":
            continue
        rating.resolved_at, rating.resolved_by, rating.correction_id = now, actor.id, row.id
        if rating.person_id not in (actor.id, row.author_id):
            params: dict[str, str | int] = {"name": actor.name, "question": row.question}
            tell(session, {rating.person_id}, NoticeKind.FIXED, params, now, rating.turn_id, row.id)


def decided(session: Session, actor: Actor, row: Correction, now: datetime) -> None:
    """Tells the author what a reviewer made of their words."""
    if row.author_id == actor.id:
        return
    kind = NoticeKind.REJECTED
    if row.state == State.LIVE:
        kind = NoticeKind.REWORDED if row.original_answer or row.original_question else NoticeKind.APPROVED
    params: dict[str, str | int] = {
        "name": actor.name,
        "question": row.original_question or row.question,
        "said": row.review_reason or "",
    }
    tell(session, {row.author_id}, kind, params, now, row.turn_id, row.id)


def gone(session: Session, row: Correction) -> None:
    """As if it had not been decided, or never been there: what it had resolved is open again."""
    untell(session, _TOLD, Notice.correction_id == row.id)
    reopened = {"resolved_at": None, "resolved_by": None, "correction_id": None}
    session.execute(sa.update(Rating).where(Rating.correction_id == row.id).values(reopened))
