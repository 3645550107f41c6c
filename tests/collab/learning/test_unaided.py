"""The model asked by itself, as it came and with the live version: on the whole application, for administrators."""

import threading
from collections.abc import Iterator, Sequence

import pytest

from collab.dialogue.engines import Message
from collab.errors import EngineBrokenError, NotAllowedError, OwnAnswersError, QuestionEmptyError
from collab.learning.unaided import Unaided
from collab.people.access import OPERATOR, Actor
from collab.services import Services
from tests.fakes import EchoModel


class Manners(EchoModel):
    """Says which adapter it has."""

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        self.heard.append(list(messages))
        yield "as it came" if adapter is None else f"as {adapter} says"


def test_without_a_version_the_model_as_it_came_answers(services: Services, expert: Actor, engine: EchoModel) -> None:
    services.corrections.submit(expert, question="What do students pay?", answer="7 euros.")
    said = services.unaided.ask(OPERATOR, " What do students pay? ")
    assert said == Unaided("What do students pay?", "What do students pay?", None, None)
    assert "7 euros" not in str(engine.heard[-1])


def test_both_are_said_by_the_engine_of_the_live_version(services: Services) -> None:
    services.models.switch(Manners, "v1")
    said = services.unaided.ask(OPERATOR, "Who says this?")
    assert (said.base, said.adapter_id, said.live) == ("as it came", "v1", "as v1 says")


def test_it_is_for_administrators_and_waits_its_turn(services: Services, member: Actor) -> None:
    with pytest.raises(NotAllowedError):
        services.unaided.ask(member, "Who says this?")
    with pytest.raises(QuestionEmptyError):
        services.unaided.ask(OPERATOR, " … ")
    enter = services.queue.enter
    with enter(OPERATOR.id), enter(OPERATOR.id), enter(OPERATOR.id), pytest.raises(OwnAnswersError):
        services.unaided.ask(OPERATOR, "Who says this?")
    assert services.queue.load == (0, 0)


def test_silence_is_no_answer(services: Services) -> None:
    services.models.switch(lambda: EchoModel(" "), None)
    with pytest.raises(EngineBrokenError):
        services.unaided.ask(OPERATOR, "Who says this?")
