"""An answer is of one engine with one adapter from its first word to its last, and its turn tells which."""

from collections.abc import Iterator

import pytest

from collab.dialogue.records import Decision, Delta, Done, Event, TurnRecord, Waiting
from collab.people.access import EVERYONE, Actor
from collab.services import Services
from tests.collab.dialogue.engines.test_switching import NamedModel

TASK = "Write a short poem."


@pytest.fixture
def engine() -> NamedModel:
    """Writes one answer at a time."""
    return NamedModel("1")


def until(events: Iterator[Event], kind: type[Event]) -> None:
    """Reads on to the first of this kind."""
    next(event for event in events if isinstance(event, kind))


def rest(events: Iterator[Event]) -> TurnRecord:
    *_, done = events
    assert isinstance(done, Done)
    return done.turn


def told(turn: TurnRecord) -> tuple[str | None, str | None, set[str]]:
    return turn.model, turn.adapter, set(turn.answer.split())


def test_an_answer_under_way_ends_as_it_began_and_the_next_has_the_new_adapter(
    services: Services, member: Actor, engine: NamedModel
) -> None:
    begun = services.assistant.reply(member, None, TASK)
    until(begun, Delta)
    services.models.switch(lambda: NamedModel("two"), "b")
    assert (services.models.slots, engine.closed) == (3, 0)
    turn = rest(begun)
    assert told(turn) == ("1", None, {"1/None"})
    assert (len(turn.answer.split()), "why.trained" in turn.reasons, engine.closed) == (10, False, 1)
    turn = rest(services.assistant.reply(member, None, TASK))
    assert told(turn) == ("two", "b", {"two/b"})
    assert "why.trained" in turn.reasons
    assert services.conversations.turn(member, turn.id).adapter == "b"


def test_who_waits_while_it_is_switched_has_the_new_one(services: Services, member: Actor, engine: NamedModel) -> None:
    with services.queue.enter("somebody"):
        waiting = services.assistant.reply(member, None, TASK)
        until(waiting, Waiting)
        services.models.switch(lambda: NamedModel("2"), "b")
        assert engine.closed == 1
    assert told(rest(waiting)) == ("2", "b", {"2/b"})


def test_a_reader_who_leaves_lets_the_old_engine_go(services: Services, member: Actor, engine: NamedModel) -> None:
    begun = services.assistant.reply(member, None, TASK)
    until(begun, Delta)
    services.models.switch(lambda: NamedModel("two"), "b")
    begun.close()  # type: ignore[attr-defined]
    assert engine.closed == 1
    (conversation,) = services.conversations.list(member)
    (turn,) = services.conversations.turns(member, conversation.id)
    assert (turn.is_stopped, *told(turn)) == (True, "1", None, {"1/None"})


def test_an_answer_without_the_model_has_no_adapter(services: Services, member: Actor) -> None:
    services.models.switch(lambda: NamedModel("two"), "b")
    services.corrections.submit(member, question="Who opens the gate?", answer="The porter.")
    turn = rest(services.assistant.reply(member, None, "Who opens the gate?"))
    assert (turn.decision, *told(turn)) == (Decision.CORRECTED, None, None, {"The", "porter."})


def test_quotes_in_place_of_the_models_words_are_not_called_its_own(services: Services, member: Actor) -> None:
    services.library.add("guide.md", b"# Tickets\n\nStudents pay 9 euros on showing a valid card.\n", EVERYONE)
    services.models.switch(lambda: NamedModel("two"), "b")
    turn = rest(services.assistant.reply(member, None, "How much do students pay?"))
    assert "Students pay 9 euros" in turn.answer
    assert ("why.only_quotes" in turn.reasons, "why.trained" in turn.reasons) == (True, False)
