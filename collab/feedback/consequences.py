"""What follows when a correction is decided or goes: who is told, and which thumbs down are resolved, or open again.

Everything happens in the caller's transaction, and goes back with the act when that is undone.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback import taught
from collab.feedback.notices import NoticeKind, tell, untell
from collab.feedback.standing import state_before
from collab.feedback.tables import Correction, Kind, Notice, Rating, State
from collab.people.access import EVERYONE, Actor
from knowledge.text import normalise

_TOLD = (NoticeKind.APPROVED, NoticeKind.REWORDED, NoticeKind.REJECTED, NoticeKind.FIXED)


def went_live(session: Session, actor: Actor, rows: Sequence[Correction], now: datetime) -> None:
    """Resolves the open thumbs down on the questions of live corrections, and tells whose they were.

    One that calls an answer unsafe only where the correction stands in the place of that very answer: a person has
    looked at it then, and it stays hidden. Style answers nobody, so that it resolves only what was rated for its style.
    """
    live = [row for row in rows if row.state == State.LIVE]
    if not live:
        return
    others = taught.aliases(session, [row.id for row in live])
    by_question = {normalise(text): row for row in live for text in (row.question, *others.get(row.id, ()))}
    by_turn = {row.turn_id: row for row in live if row.turn_id}
    is_safe = Rating.reason.is_distinct_from("unsafe")
    is_asked = sa.and_(Rating.normal_question.in_(by_question), is_safe)
    for rating in _open_thumbs(session, is_asked | Rating.turn_id.in_(by_turn)):
        row = by_turn.get(rating.turn_id) or by_question[rating.normal_question]
        _resolve(session, actor, rating, row, now)


def written_again(session: Session, actor: Actor, row: Correction, turn_id: str, now: datetime) -> bool:
    """Resolves the open thumb down on a turn that somebody has answered in the words of their own live correction.
    Returns whether there was one.
    """
    thumbs = _open_thumbs(session, Rating.turn_id == turn_id) if row.state == State.LIVE else []
    return any(_resolve(session, actor, rating, row, now) for rating in thumbs)


def _open_thumbs(session: Session, which: sa.ColumnElement[bool]) -> Sequence[Rating]:
    is_open = (Rating.rating == "down", Rating.resolved_at.is_(None))
    return session.scalars(sa.select(Rating).where(which, *is_open)).all()


def _resolve(session: Session, actor: Actor, rating: Rating, row: Correction, now: datetime) -> bool:
    """Returns whether the correction is an answer to this thumb at all."""
    if row.reach != EVERYONE and rating.person_id != row.author_id:
        return False
    if row.kind == Kind.STYLE and rating.reason != "style":
        return False
    rating.resolved_at, rating.resolved_by, rating.correction_id = now, actor.id, row.id
    if rating.person_id not in (actor.id, row.author_id):
        params: dict[str, str | int] = {"name": actor.name, "question": row.question}
        tell(session, {rating.person_id}, NoticeKind.FIXED, params, now, rating.turn_id, row.id)
    return True


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


def held(session: Session, row: Correction, now: datetime) -> None:
    """Tells an author that their words wait, which would have been live."""
    if row.held is not None:
        tell(session, {row.author_id}, NoticeKind.HELD, {"question": row.question}, now, row.turn_id, row.id)


def replaced(session: Session, actor: Actor, row: Correction, older: Sequence[Correction], now: datetime) -> None:
    """Tells those whose words answered everyone until somebody else's took their place."""
    for one in older:
        if state_before(one) is State.LIVE and one.author_id not in (actor.id, row.author_id):
            params: dict[str, str | int] = {"name": actor.name, "question": one.question}
            tell(session, {one.author_id}, NoticeKind.REPLACED, params, now, one.turn_id, row.id)


def withdrawn(session: Session, actor: Actor, row: Correction, now: datetime) -> None:
    """Nothing comes back in its place: what it had resolved is open again, and so is what those had resolved that it
    replaced. Tells the author whose words somebody else has withdrawn.
    """
    untell(session, _TOLD, Notice.correction_id == row.id)
    silent = [row.id]
    for id in silent:  # grows on the way
        silent += session.scalars(sa.select(Correction.id).where(Correction.superseded_by == id))
    _reopen(session, silent)
    if row.author_id != actor.id:
        params: dict[str, str | int] = {"name": actor.name, "question": row.question}
        tell(session, {row.author_id}, NoticeKind.WITHDRAWN, params, now, row.turn_id, row.id)


def undone(session: Session, row: Correction) -> None:
    """As if it had not been decided, replaced or withdrawn, or never been there: what it had resolved is open again."""
    untell(session, (*_TOLD, NoticeKind.REPLACED, NoticeKind.WITHDRAWN), Notice.correction_id == row.id)
    _reopen(session, [row.id])


def _reopen(session: Session, correction_ids: Sequence[str]) -> None:
    reopened = {"resolved_at": None, "resolved_by": None, "correction_id": None}
    session.execute(sa.update(Rating).where(Rating.correction_id.in_(correction_ids)).values(reopened))
