"""Corrections, examples and ratings as rows, written many at a time, and the lessons that are made of them."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from collab.dialogue.engines import Message
from collab.dialogue.tables import Conversation, Turn
from collab.feedback.tables import Correction, Example, Lesson, Rating
from collab.learning.lessons import LessonBuilder
from collab.learning.records import LessonSet
from collab.learning.sameness import ScopeSameness
from collab.people.access import EVERYONE, Actor, Role
from knowledge.database import Database
from knowledge.text import normalise
from tests.fakes import WordEmbedder, add_people

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
NOW = START + timedelta(days=40)

MEL = Actor("mel", "Mel", Role.MEMBER)
OLI = Actor("oli", "Oli", Role.MEMBER)
EVE = Actor("eve", "Eve", Role.EXPERT)
EDO = Actor("edo", "Edo", Role.EXPERT)

DOG = {"question": "Can I bring my dog into the reading room?", "answer": "Only guide dogs."}
PASSWORD = {"question": "How do I reset my password?", "answer": "Press Forgotten on the first page."}
TICKET = {"question": "How much does a day ticket cost?", "answer": "12 pounds."}


def add_everybody(database: Database) -> None:
    """The four people, with a conversation each."""
    add_people(database, MEL, OLI, EVE, EDO)
    with database.write() as session:
        session.add_all(
            Conversation(id=f"of-{one.id}", person_id=one.id, title="", created_at=START, updated_at=START)
            for one in (MEL, OLI, EVE, EDO)
        )


def add_corrections(database: Database, *rows: dict[str, Any]) -> None:
    """Live facts of Eve's that reach everyone and wait as lessons, an hour apart, unless a row says otherwise."""
    with database.write() as session:
        corrections = [_correction(number, row) for number, row in enumerate(rows)]
        session.add_all(corrections)
        session.flush()
        session.add_all(
            Lesson(correction_id=one.id, created_at=one.created_at)
            for one, row in zip(corrections, rows, strict=True)
            if row.get("is_lesson", True)
        )


def _correction(number: int, row: dict[str, Any]) -> Correction:
    at = START + timedelta(hours=number)
    values: dict[str, Any] = {
        "id": f"c{number}",
        "author_id": EVE.id,
        "kind": "fact",
        "state": "live",
        "reach": EVERYONE,
        "before": None,
        "invisible_at": [],
        "created_at": at,
        "decided_at": at,
        **{name: value for name, value in row.items() if name != "is_lesson"},
    }
    return Correction(normal_question=normalise(values["question"]), number=number + 1, **values)


def add_examples(database: Database, correction_id: str, side: str, texts: Sequence[str], state: str = "live") -> None:
    """What Eve taught a correction."""
    with database.write() as session:
        session.add_all(
            Example(
                id=f"{correction_id}-{side}-{state}-{number}",
                correction_id=correction_id,
                text=text,
                normal=normalise(text),
                side=side,
                origin="alias",
                state=state,
                author_id=EVE.id,
                created_at=START,
            )
            for number, text in enumerate(texts)
        )


def add_turns(database: Database, *rows: dict[str, Any]) -> None:
    """Answers of the packaged model to Mel, an hour apart; with a `rating`, a thumb of hers."""
    with database.write() as session:
        for number, row in enumerate(rows):
            rating = row.get("rating")
            person = row.get("person", MEL)
            turn = _turn(number, person, {name: row[name] for name in row if name not in ("rating", "person")})
            session.add(turn)
            session.flush()
            if rating:
                session.add(
                    Rating(turn_id=turn.id, person_id=person.id, rating=rating, created_at=turn.created_at, wrong=2)
                )


def _turn(number: int, person: Actor, row: dict[str, Any]) -> Turn:
    values: dict[str, Any] = {
        "id": f"t{number}",
        "conversation_id": f"of-{person.id}",
        "position": number,
        "is_follow_up": False,
        "reach": EVERYONE,
        "language": "en",
        "decision": "model",
        "confidence": 0.5,
        "reasons": [],
        "model": "packaged",
        "completion_tokens": 5,
        "memory_seq": 0,
        "is_stopped": False,
        "considered": [],
        "created_at": START + timedelta(hours=number),
        **row,
    }
    return Turn(standalone=values["question"], normal=normalise(values["question"]), **values)


def builder(database: Database, **given: object) -> LessonBuilder:
    return LessonBuilder(database, ScopeSameness(WordEmbedder()), lambda: NOW, **given)  # type: ignore[arg-type]


def reasons(made: LessonSet) -> dict[str, str]:
    return {one.lesson_id: one.reason.removeprefix("learning.aside.") for one in made.asides}


def ids(made: LessonSet) -> list[str]:
    return [one.id for one in made.lessons]


def asked(prompt: Sequence[Message]) -> str:
    return prompt[-1]["content"]


def names(many: int) -> list[str]:
    """Words of no language that share no beginning: no rule takes one for another."""
    return [f"{chr(97 + n % 26)}{chr(97 + n // 26)}{'qvxz'[n % 4]}{'ouiae'[n % 5]}{'kprt'[n % 4]}" for n in range(many)]
