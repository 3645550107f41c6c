"""People with their turns, real services, a real memory that compares words."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.records import Decision, Source
from collab.feedback.cases import Cases
from collab.feedback.corrections import Corrections
from collab.feedback.examples import Examples
from collab.feedback.notices import Notices
from collab.feedback.ratings import Ratings
from collab.feedback.tables import Lesson
from collab.people.access import Actor, Role, personal, reaches_of
from collab.people.tables import AuditEntry
from knowledge.database import Database
from knowledge.errors import NotFoundError
from knowledge.memory import CorrectionMemory
from tests.fakes import WordEmbedder, add_people

START = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

MEL = Actor("mel", "Mel", Role.MEMBER)
OLI = Actor("oli", "Oli", Role.MEMBER)
EVE = Actor("eve", "Eve", Role.EXPERT)
EDO = Actor("edo", "Edo", Role.EXPERT)
ADA = Actor("ada", "Ada", Role.ADMIN)
PEOPLE = (MEL, OLI, EVE, EDO, ADA)

QUESTION = "Is the museum open on Mondays?"
BEFORE = "On Mondays it is closed. [1]"
AFTER = "It is open from 12:00 to 17:00."


class TickingClock:
    """Each look is a second later than the one before."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


@dataclass(frozen=True)
class House:
    """The services under test and what a test asks of them."""

    database: Database
    memory: CorrectionMemory
    conversations: Conversations
    corrections: Corrections
    ratings: Ratings
    notices: Notices
    cases: Cases
    examples: Examples
    clock: TickingClock

    def turn(self, actor: Actor, question: str = QUESTION, answer: str = BEFORE, **changes: object) -> str:
        """A turn of the person's own, with one source for everyone; returns its id."""
        sources: tuple[Source, ...] = changes.pop("sources", (source("everyone"),))  # type: ignore[assignment]
        reach = "everyone" if all(one.reach == "everyone" for one in sources) else personal(actor)
        values = {"standalone": question, "sources": sources, "reach": reach, "decision": Decision.GROUNDED, **changes}
        new = NewTurn(
            question=question,
            is_follow_up=False,
            language="en",
            answer=answer,
            confidence=0.9,
            **values,  # type: ignore[arg-type]
        )
        return self.conversations.record(actor, None, new).id

    def follow(
        self, actor: Actor, conversation_id: str, previous_id: str | None, question: str, reach: str = "everyone"
    ) -> str:
        """A turn that follows another one; returns its id."""
        new = NewTurn(
            question=question,
            standalone=question,
            is_follow_up=False,
            language="en",
            answer=AFTER,
            decision=Decision.MODEL,
            confidence=0.5,
            reach=reach,
            previous_id=previous_id,
        )
        return self.conversations.record(actor, conversation_id, new).id

    def answers(self, actor: Actor, question: str = QUESTION) -> str | None:
        """The text with which memory answers a person, if it applies."""
        recall = self.memory.recall(question, reaches_of(actor), START)
        if recall.decision != "apply" or recall.correction_id is None:
            return None
        return self.corrections.attributions(actor, [recall.correction_id])[recall.correction_id].answer

    def everybody(self, question: str = QUESTION) -> dict[str, str | None]:
        """What memory answers to Mel, Oli and Eve."""
        return {person.id: self.answers(person, question) for person in (MEL, OLI, EVE)}

    def acts(self) -> list[str]:
        """The acts in the audit, in order."""
        with self.database.read() as session:
            return list(session.scalars(sa.select(AuditEntry.act).order_by(AuditEntry.seq)))

    def lessons(self) -> set[str]:
        """The corrections that wait as lessons."""
        with self.database.read() as session:
            return set(session.scalars(sa.select(Lesson.correction_id)))


def source(reach: str, n: int = 1) -> Source:
    """A cited passage for a reach."""
    return Source(n, f"d{n}", "guide.md", reach, n, "Opening hours", None, "On Mondays it is closed.", 0, 24)


@pytest.fixture
def house(database: Database) -> House:
    """Services on a database in which the five people exist."""
    add_people(database, *PEOPLE)
    clock = TickingClock()
    memory = CorrectionMemory(database, WordEmbedder())
    conversations = Conversations(database, clock)
    corrections = Corrections(database, memory, conversations, clock)
    ratings = Ratings(database, conversations, _readable, clock)
    notices = Notices(database, clock, review_days=3)
    examples = Examples(database, memory, clock)
    cases = Cases(database, corrections, examples, clock, review_days=3)
    return House(database, memory, conversations, corrections, ratings, notices, cases, examples, clock)


def _readable(actor: Actor, passage_id: int) -> None:
    """There are ten passages."""
    if passage_id > 10:
        raise NotFoundError(what="passage")
