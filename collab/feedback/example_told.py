"""What people are told of the questions that they said a correction answers, or must not. It decides nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from collab.feedback import example_rows, late, notices
from collab.feedback.notices import NoticeKind
from collab.feedback.tables import Correction, Example
from collab.people.access import Actor

_TOLD = (NoticeKind.TAUGHT, NoticeKind.NOT_TAUGHT)


def taught(
    session: Session,
    actor: Actor,
    row: Correction,
    examples: Iterable[Example],
    now: datetime,
    reason: str | None = None,
) -> None:
    """Tells others that what they said holds for everybody now."""
    for one in examples:
        _tell(session, actor, row, one, NoticeKind.TAUGHT, reason, now)


def refused(
    session: Session, actor: Actor, row: Correction, example: Example, now: datetime, reason: str | None
) -> None:
    """Tells somebody else that what they said does not hold, and why."""
    _tell(session, actor, row, example, NoticeKind.NOT_TAUGHT, reason, now)


def untell(session: Session, example: Example) -> None:
    """Takes back what was told of an example that is undone, or goes, and of those that it had made hold with it."""
    for one in (example, *example_rows.held_with(session, example)):
        notices.untell(session, _TOLD, late.about_example(one.id))


def _tell(
    session: Session, actor: Actor, row: Correction, one: Example, kind: NoticeKind, reason: str | None, now: datetime
) -> None:
    if one.author_id != actor.id:
        params: dict[str, str | int] = {
            "name": actor.name,
            "question": one.text,
            "said": reason or "",
            "example": one.id,
        }
        notices.tell(session, {one.author_id}, kind, params, now, None, row.id)
