"""A correction of a similar question is offered beside the answer, and the turn says so however it ended."""

import pytest

from collab.dialogue.records import Decision, Delta, TurnRecord
from collab.people.access import EVERYONE, Actor
from collab.services import Services
from tests.fakes import EchoModel

GUIDE = b"# Tickets\nAdults pay 14 euros. Students pay 9 euros."
QUESTION = "How much do students pay?"
ALIKE = "How much must students pay on Sundays?"
SAID = "Students enter free."


@pytest.fixture
def engine() -> EchoModel:
    return EchoModel("Students pay 9 euros. Adults pay 14 euros.")


@pytest.fixture
def offered(services: Services, expert: Actor) -> str:
    """The id of what is offered: Eve's answer for everyone to QUESTION."""
    services.library.add("guide.md", GUIDE, EVERYONE)
    return services.corrections.submit(expert, question=QUESTION, answer=SAID).id


def newest(services: Services, actor: Actor) -> TurnRecord:
    return services.conversations.turns(actor, services.conversations.list(actor)[0].id)[-1]


def test_the_answer_is_the_sources_and_the_correction_stands_beside_it(
    services: Services, member: Actor, offered: str
) -> None:
    list(services.assistant.reply(member, None, ALIKE))
    turn = newest(services, member)
    assert (turn.decision, turn.correction_id) == (Decision.SUGGESTED, offered)
    assert turn.answer == "Students pay 9 euros. [1] Adults pay 14 euros. [1]"
    *why, last = turn.reasons
    assert (why, last) == (["why.other_time"], "why.quoted")
    known = services.corrections.attributions(member, [offered])[offered]
    assert (known.author, known.answer) == ("Eve", SAID)


def test_an_answer_that_the_reader_left_is_one_with_a_suggestion_too(
    services: Services, member: Actor, offered: str
) -> None:
    events = services.assistant.reply(member, None, ALIKE)
    next(event for event in events if isinstance(event, Delta))
    events.close()  # type: ignore[attr-defined]
    turn = newest(services, member)
    assert (turn.decision, turn.correction_id, turn.is_stopped) == (Decision.SUGGESTED, offered, True)
    assert turn.answer == "Students pay 9 euros. [1]"


def test_where_nothing_else_is_found_it_is_offered_all_the_same(
    services: Services, member: Actor, offered: str
) -> None:
    (guide,) = services.library.list((EVERYONE,))
    services.library.remove(guide.id)
    list(services.assistant.reply(member, None, ALIKE))
    turn = newest(services, member)
    assert (turn.decision, turn.correction_id, turn.sources) == (Decision.SUGGESTED, offered, ())


def test_a_task_says_why_something_is_offered(services: Services, member: Actor, offered: str) -> None:
    (guide,) = services.library.list((EVERYONE,))
    services.library.remove(guide.id)
    list(services.assistant.reply(member, None, "Write about how much students pay"))
    turn = newest(services, member)
    assert (turn.decision, turn.correction_id, turn.model) == (Decision.SUGGESTED, offered, "echo")
    *why, last = turn.reasons
    assert ("why.other_kind" in why, last) == (True, "why.no_sources_needed")


def test_what_waits_for_review_is_offered_to_its_author_alone(services: Services, member: Actor, other: Actor) -> None:
    made = services.corrections.submit(member, question=QUESTION, answer=SAID)
    found = {}
    for actor in (member, other):
        list(services.assistant.reply(actor, None, ALIKE))
        turn = newest(services, actor)
        found[actor.name] = (turn.decision, turn.correction_id)
    assert found == {"Mel": (Decision.SUGGESTED, made.id), "Oli": (Decision.NOT_FOUND, None)}
