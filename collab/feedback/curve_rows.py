"""The rows behind the curve: which questions are known to be right or wrong for live corrections, and the last result.

It checks no role, and it asks no memory.
"""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from collab.feedback import taught
from collab.feedback.curve_records import KnownQuestion, Seen
from collab.feedback.tables import Correction, Example, ExampleState, Kind, Side, State
from collab.people.access import EVERYONE
from collab.people.tables import Person
from knowledge.database import Base

MOST = 200  # corrections that are looked at
MOST_SAID = 20  # questions that people judged, of a correction
SEED = 0


class StoredCurve(Base):
    """The last result: its questions with what memory said to each. There is one row."""

    __tablename__ = "curves"

    id: Mapped[int] = mapped_column(primary_key=True)
    corrections: Mapped[int]
    live: Mapped[int]
    cases: Mapped[list[list[Any]]] = mapped_column(sa.JSON)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    created_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Said:
    """On which side people put a question; where that holds for everyone (`is_live`), memory knows these words."""

    text: str
    side: Side
    is_live: bool


@dataclass(frozen=True, slots=True)
class Sampled:
    """A live fact for everyone: its question, and what people said of others."""

    id: str
    question: str
    said: tuple[Said, ...]


def sampled(session: Session, now: datetime) -> tuple[list[Sampled], int]:
    """At most 200 of the facts that answer everyone, always the same ones of the same facts; and how many there are."""
    answers = (
        Correction.state == State.LIVE,
        Correction.kind == Kind.FACT,
        Correction.reach == EVERYONE,
        sa.or_(Correction.valid_until.is_(None), Correction.valid_until > now),
    )
    ids = list(session.scalars(sa.select(Correction.id).where(*answers).order_by(Correction.id)))
    chosen = random.Random(SEED).sample(ids, MOST) if len(ids) > MOST else ids
    questions = questions_of(session, chosen)
    said = taught.of(session, chosen, ExampleState.LIVE, ExampleState.PENDING)
    return [Sampled(id, questions[id], _said(said.get(id, ()))) for id in chosen], len(ids)


def _said(examples: Iterable[Example]) -> tuple[Said, ...]:
    """The newest word on each question; what was reviewed goes before what waits."""
    ranked = sorted(examples, key=lambda one: (one.state == ExampleState.LIVE, one.created_at))
    by_normal = {one.normal: Said(one.text, Side(one.side), one.state == ExampleState.LIVE) for one in ranked}
    return tuple(list(by_normal.values())[-MOST_SAID:])


def store(
    session: Session, known: Sequence[KnownQuestion], corrections: int, live: int, person_id: str, now: datetime
) -> None:
    """Puts a result in the place of the one before."""
    session.execute(sa.delete(StoredCurve))
    row = StoredCurve(corrections=corrections, live=live, cases=[list(astuple(one)) for one in known])
    row.person_id, row.created_at = person_id, now
    session.add(row)


def stored(session: Session) -> StoredCurve | None:
    """The last result."""
    return session.scalars(sa.select(StoredCurve)).first()


def known_questions(row: StoredCurve) -> list[KnownQuestion]:
    """The questions of a result, as they were kept."""
    return [
        KnownQuestion(text, id, Side(side), is_said, in_same_words, _seen(*careful), _seen(*careless))
        for text, id, side, is_said, in_same_words, careful, careless in row.cases
    ]


def _seen(applies: str | None, probability: float, offered: Sequence[str]) -> Seen:
    return Seen(applies, probability, tuple(offered))


def questions_of(session: Session, ids: Iterable[str]) -> Mapping[str, str]:
    """The questions of corrections, by id."""
    query = sa.select(Correction.id, Correction.question).where(Correction.id.in_(set(ids)))
    return dict(session.execute(query).all())
