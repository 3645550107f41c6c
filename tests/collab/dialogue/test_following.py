"""What follows an answer keeps its subject, or what was asked of it: a table of models, asked from row to row."""

import pytest

from collab.dialogue.records import Decision, Done, TurnRecord
from collab.people.access import EVERYONE, Actor
from collab.services import Services

BIKES = b"""Model,Weight kg,Price per day,Tyre pressure bar
Kestrel,8.4,24 euros,7.5
Wren,14.2,12 euros,4.0
Heron,23.5,35 euros,4.5
"""
HEAVY = "How heavy is the Kestrel?"


@pytest.fixture(autouse=True)
def bikes(services: Services) -> None:
    services.library.add("bikes.csv", BIKES, EVERYONE)


def talk(services: Services, actor: Actor, *texts: str) -> list[TurnRecord]:
    """The turns of one conversation."""
    turns: list[TurnRecord] = []
    for text in texts:
        *_, done = services.assistant.reply(actor, turns[-1].conversation_id if turns else None, text)
        assert isinstance(done, Done)
        turns.append(done.turn)
    return turns


def rows(turns: list[TurnRecord]) -> list[list[str]]:
    """The models that each answer quotes."""
    return [[source.quote.split("; ")[0] for source in turn.sources] for turn in turns]


def test_a_bare_name_changes_the_subject_and_keeps_what_was_asked(services: Services, member: Actor) -> None:
    turns = talk(services, member, HEAVY, "what does it cost per day?", "and the Heron?", "No, I meant the Wren")
    assert rows(turns)[1:] == [["Model: Kestrel"], ["Model: Heron"], ["Model: Wren"]]
    assert turns[-1].standalone == f"{HEAVY} what does it cost per day? the Wren"


def test_a_turn_that_a_correction_answered_keeps_its_subject_like_any_other(services: Services, expert: Actor) -> None:
    services.corrections.submit(expert, question=HEAVY, answer="The Kestrel weighs 8.9 kg since June.")
    turns = talk(services, expert, HEAVY, "what does it cost per day?", "and the Heron?")
    assert turns[0].decision is Decision.CORRECTED
    assert turns[1].standalone == f"{HEAVY} what does it cost per day?"
    assert rows(turns) == [[], ["Model: Kestrel"], ["Model: Heron"]]
    assert Decision.CORRECTED not in {turn.decision for turn in turns[1:]}


def test_what_the_table_does_not_tell_of_it_is_not_found(services: Services, member: Actor) -> None:
    turns = talk(services, member, HEAVY, "and how wide is it?", "How heavy is the Condor?")
    assert [turn.decision for turn in turns[1:]] == [Decision.NOT_FOUND, Decision.NOT_FOUND]


def test_of_a_row_the_cell_that_is_asked_for_is_the_answer(services: Services, member: Actor) -> None:
    turns = talk(services, member, "What does the Kestrel cost per day?", "And the Wren?", "how heavy is it?")
    assert [turn.answer for turn in turns] == [
        "Model: Kestrel; Price per day: 24 euros [1]",
        "Model: Wren; Price per day: 12 euros [1]",
        "Model: Wren; Weight kg: 14.2 [1]",
    ]
    assert turns[1].sources[0].quote == "Model: Wren; Weight kg: 14.2; Price per day: 12 euros; Tyre pressure bar: 4.0"


def test_what_nobody_named_is_asked_back_until_it_is_named(services: Services, member: Actor) -> None:
    turns = talk(services, member, "what does it cost per day?", "how heavy is it?", "The Heron")
    asked_back = "What do you mean by that? Ask once more and name the thing you are asking about."
    assert [turn.answer for turn in turns[:2]] == [asked_back, asked_back]
    assert [turn.decision for turn in turns] == [Decision.NOT_FOUND, Decision.NOT_FOUND, Decision.GROUNDED]
    assert turns[2].answer == "Model: Heron; Weight kg: 23.5 [1]"


def test_a_price_of_no_thing_is_asked_back_where_several_have_one(services: Services, member: Actor) -> None:
    turns = talk(services, member, "What is the price per day?", "The Heron")
    assert turns[0].answer == "What do you mean by that? Ask once more and name the thing you are asking about."
    assert (turns[0].decision, turns[0].confidence) == (Decision.NOT_FOUND, 0.0)
    assert turns[1].decision == Decision.GROUNDED
    assert turns[1].answer.startswith("Model: Heron; Price per day: ")


def test_what_it_does_not_cost_is_not_what_it_costs(services: Services, member: Actor) -> None:
    (turn,) = talk(services, member, "How much does the Kestrel not cost?")
    assert (turn.decision, turn.sources) == (Decision.NOT_FOUND, ())
