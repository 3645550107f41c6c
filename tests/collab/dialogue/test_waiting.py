"""What is answered while somebody else holds the model for ever: all that needs no model at once, and quotes first."""

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from collab.config import Settings
from collab.dialogue.records import Decision, Delta, Done, Event, Quoted, TurnRecord, Waiting
from collab.errors import OwnAnswersError, QueueFullError
from collab.people.access import EVERYONE, Actor
from collab.services import Services
from tests.fakes import EchoModel, WordEmbedder

GUIDE = b"# Visitor guide\n\n## Tickets\nAdults pay 14 euros. Students pay 9 euros on showing a valid card.\n"
QUESTION = "How much do students pay?"
QUOTE = "Students pay 9 euros on showing a valid card."
TASK = "Write a poem"


@pytest.fixture
def services(tmp_path: Path, engine: EchoModel, migrated: Path) -> Iterator[Services]:
    """Two may wait, behind somebody who holds the only slot for ever."""
    shutil.copy(migrated, tmp_path)
    services = Services(Settings(data=tmp_path, queue_limit=2), embedder=WordEmbedder(), engine=engine)
    services.models.load()
    services.library.add("guide.md", GUIDE, EVERYONE)
    services.queue.enter("somebody")
    yield services
    services.close()


def ask(services: Services, actor: Actor, text: str, conversation: str | None = None) -> TurnRecord:
    """The answer, for which nobody waited."""
    events = list(services.assistant.reply(actor, conversation, text))
    assert not any(isinstance(event, Waiting) for event in events)
    assert isinstance(events[-1], Done)
    return events[-1].turn


def waits(event: Event) -> bool:
    """Whether one is next, as soon as an answer ends that takes 10 seconds and began a little while ago."""
    return isinstance(event, Waiting) and event.place == 1 and 1 <= event.seconds <= 10


def test_a_correction_answers_at_once(services: Services, member: Actor) -> None:
    services.corrections.submit(member, question="Who opens the gate?", answer="The porter.")
    turn = ask(services, member, "Who opens the gate?")
    assert (turn.decision, turn.answer) == (Decision.CORRECTED, "The porter.")


@pytest.mark.parametrize(
    ("text", "decision"),
    [
        ("Where do whales sleep?", Decision.NOT_FOUND),
        ("Hello!", Decision.MODEL),
        ("And what about it?", Decision.NOT_FOUND),
    ],
)
def test_what_needs_no_model_is_answered_at_once(
    services: Services, member: Actor, text: str, decision: Decision
) -> None:
    turn = ask(services, member, text)
    assert (turn.decision, turn.model) == (decision, None)


class TestAModelOfAnotherLanguage:
    @pytest.fixture
    def engine(self) -> EchoModel:
        engine = EchoModel()
        engine.languages = frozenset({"zh"})
        return engine

    def test_quotes_that_it_would_not_word_are_the_answer_at_once(self, services: Services, member: Actor) -> None:
        assert ask(services, member, QUESTION).answer == f"{QUOTE} [1]"

    def test_a_task_is_declined_at_once(self, services: Services, member: Actor) -> None:
        assert "language" in ask(services, member, TASK).answer


def test_quotes_are_there_while_their_wording_waits_and_are_the_answer_when_it_is_stopped(
    services: Services, member: Actor, engine: EchoModel
) -> None:
    cancel = threading.Event()
    events = services.assistant.reply(member, None, QUESTION, cancel=cancel)
    first = next(events)
    assert isinstance(first, Quoted)
    assert [source.quote for source in first.sources] == [QUOTE]
    assert waits(next(events))
    assert services.queue.load == (1, 1)
    cancel.set()
    rest = [event for event in events if not isinstance(event, Waiting)]
    assert rest[0] == Delta(f"{QUOTE} [1]")
    assert isinstance(rest[1], Done)
    assert (rest[1].turn.is_stopped, engine.heard, services.queue.load) == (True, [], (1, 0))


def test_the_waiting_ends_before_the_first_word(services: Services, member: Actor, engine: EchoModel) -> None:
    engine.slots = 2
    second = services.queue.enter("somebody else")
    events = services.assistant.reply(member, None, TASK)
    assert waits(next(events))
    second.leave()
    told = [event for event in events if not (isinstance(event, Waiting) and event.place)]
    assert told[0] == Waiting(0, 0)
    assert isinstance(told[1], Delta)


def test_past_the_limit_quotes_answer_at_once_and_a_task_is_told_when_to_come_back(
    services: Services, member: Actor
) -> None:
    for person in ("somebody else", "and another"):
        services.queue.enter(person)
    turn = ask(services, member, QUESTION)
    assert (turn.answer, turn.reasons) == (f"{QUOTE} [1]", ("why.quoted", "why.queue_full", "why.only_quotes"))
    with pytest.raises(QueueFullError) as refused:
        ask(services, member, TASK)
    assert 1 <= refused.value.retry_after_s <= 10


def test_a_fourth_answer_of_ones_own_is_its_quotes_and_a_fourth_task_is_told_why(
    services: Services, member: Actor, engine: EchoModel
) -> None:
    engine.slots = 2
    for _ in range(3):
        services.queue.enter(member.id)
    turn = ask(services, member, QUESTION)
    assert (turn.answer, turn.reasons) == (f"{QUOTE} [1]", ("why.quoted", "why.own_answers", "why.only_quotes"))
    with pytest.raises(OwnAnswersError, match="3 answers are under way for you already") as refused:
        ask(services, member, TASK)
    assert 1 <= refused.value.retry_after_s <= 10
