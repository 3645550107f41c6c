"""Reads what may become lessons: live corrections that reach everyone, and thumbs on what a model wrote.

Two queries for the words and one for the examples, however many rows there are. It masks nothing and judges nothing but
what the rows say: whether a source was restricted, whether an answer holds only for a time, who wrote it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.records import Decision
from collab.dialogue.tables import Conversation, Turn, TurnSource
from collab.feedback import tables
from collab.feedback.tables import Correction, Example, ExampleState, Rating, Side, State, looked_at
from collab.learning.records import Aside, Lesson, LessonKind, Source
from collab.people.access import EVERYONE, Role
from collab.people.tables import Person
from knowledge.text import is_chinese

IsStronger = Callable[[str], bool]
"""Whether a model, by its name, is a remote one that is stronger than the one that is trained."""

RESTRICTED, PASSING = "learning.aside.restricted", "learning.aside.passing"

_WRITTEN = (Decision.MODEL, Decision.GROUNDED, Decision.SUGGESTED)  # decisions in which a model may have written
_NOT_ITS_WORDS = frozenset({"why.only_quotes", "why.cut_short", "why.time_limit"})


@dataclass(frozen=True, slots=True)
class Gathered:
    """A lesson as it was read, with what else people said about its question."""

    lesson: Lesson
    created_at: datetime
    is_trusted: bool  # an expert or an admin wrote it
    same: tuple[str, ...] = ()  # other questions that people said it answers
    different: tuple[str, ...] = ()  # questions that people said it does not answer


def gather(session: Session, is_stronger: IsStronger) -> tuple[list[Gathered], list[Aside]]:
    """All that waits, oldest first, corrections before ratings; and what may not be taught, whatever it says."""
    corrected, asides = _corrections(session)
    return [*corrected, *_ratings(session, is_stronger)], asides


def _corrections(session: Session) -> tuple[list[Gathered], list[Aside]]:
    restricted = sa.exists().where(TurnSource.turn_id == Turn.id, TurnSource.reach != EVERYONE)
    query = (
        sa.select(
            Correction.id,
            Correction.author_id,
            Correction.kind,
            Correction.question,
            Correction.answer,
            Correction.before,
            Correction.created_at,
            Correction.valid_until,
            Person.role,
            Turn.decision,
            Turn.reasons,
            sa.func.coalesce(sa.or_(Turn.reach != EVERYONE, restricted), sa.false()).label("is_restricted"),
        )
        .join(tables.Lesson, tables.Lesson.correction_id == Correction.id)
        .join(Person, Person.id == Correction.author_id)
        .outerjoin(Turn, Turn.id == Correction.turn_id)
        .where(looked_at(Correction.state) == State.LIVE, looked_at(Correction.reach) == EVERYONE)
        .order_by(Correction.created_at, Correction.id)
    )
    same, different = _examples(session, Side.WILL), _examples(session, Side.WILL_NOT)
    found, asides = [], []
    for row in session.execute(query):
        if row.is_restricted or row.valid_until is not None:
            asides.append(Aside(row.id, RESTRICTED if row.is_restricted else PASSING))
            continue
        is_its_words = row.decision is None or _is_written(row.decision, row.reasons)
        lesson = Lesson(
            id=row.id,
            kind=LessonKind(row.kind),
            source=Source.PERSON,
            author_id=row.author_id,
            question=row.question,
            answer=row.answer,
            replaced=(row.before or "") if is_its_words else "",
            language=language_of(row.question),
        )
        taught = same.get(row.id, ()), different.get(row.id, ())
        found.append(Gathered(lesson, row.created_at, _is_trusted(row.role), *taught))
    return found, asides


def _examples(session: Session, side: Side) -> dict[str, tuple[str, ...]]:
    """By correction that waits as a lesson, the questions that stand on a side for everyone."""
    query = (
        sa.select(Example.correction_id, Example.text)
        .join(tables.Lesson, tables.Lesson.correction_id == Example.correction_id)
        .where(looked_at(Example.state) == ExampleState.LIVE, Example.side == side)
        .order_by(Example.created_at, Example.id)
    )
    found: dict[str, list[str]] = {}
    for id, text in session.execute(query):
        found.setdefault(id, []).append(text)
    return {id: tuple(texts) for id, texts in found.items()}


def _ratings(session: Session, is_stronger: IsStronger) -> list[Gathered]:
    """Thumbs on whole answers of a model, that reach everyone and stand in conversations that were kept."""
    query = (
        sa.select(
            Turn.id,
            Turn.standalone,
            Turn.answer,
            Turn.model,
            Turn.decision,
            Turn.reasons,
            Rating.person_id,
            Rating.rating,
            Rating.created_at,
            Person.role,
        )
        .join(Rating, Rating.turn_id == Turn.id)
        .join(Person, Person.id == Rating.person_id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(
            Turn.model.is_not(None),
            Turn.reach == EVERYONE,
            ~Turn.is_stopped,
            ~Turn.is_hidden,
            Conversation.deleted_at.is_(None),
            ~Conversation.is_temporary,
            ~sa.exists().where(TurnSource.turn_id == Turn.id, TurnSource.reach != EVERYONE),
        )
        .order_by(Rating.created_at, Turn.id)
    )
    found = []
    for row in session.execute(query):
        if not _is_written(row.decision, row.reasons):
            continue
        is_liked = row.rating == "up"
        lesson = Lesson(
            id=row.id,
            kind=LessonKind.RATING,
            source=Source.STRONGER if is_stronger(row.model) else Source.MODEL,
            author_id=row.person_id,
            question=row.standalone,
            answer=row.answer,
            replaced="",
            language=language_of(row.standalone),
            liked=is_liked,
        )
        found.append(Gathered(lesson, row.created_at, _is_trusted(row.role)))
    return found


def language_of(question: str) -> str:
    """The language in which the model is asked."""
    return "zh" if is_chinese(question) else "en"


def _is_written(decision: str, reasons: list[str]) -> bool:
    """Whether the model wrote it, whole; not: quotes, another correction, or that nothing was found."""
    return decision in _WRITTEN and not _NOT_ITS_WORDS.intersection(reasons)


def _is_trusted(role: str) -> bool:
    return Role(role).includes(Role.EXPERT)
