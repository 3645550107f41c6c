"""What is said against an answer is offered as its correction, and is no question to memory, documents or the model."""

import pytest

from collab.dialogue.offering import Offer, offer_of
from collab.dialogue.records import Decision, Done, TurnRecord
from collab.people.access import EVERYONE, Actor
from collab.services import Services
from knowledge.errors import NotFoundError
from tests.fakes import EchoModel

GUIDE = b"# Returns\nClothes can be returned within 30 days."
QUESTION = "How long can I return clothes?"


@pytest.fixture(autouse=True)
def guide(services: Services) -> None:
    services.library.add("guide.md", GUIDE, EVERYONE)


def ask(services: Services, actor: Actor, text: str, conversation: str | None = None, **more: object) -> TurnRecord:
    *_, done = services.assistant.reply(actor, conversation, text, **more)  # type: ignore[arg-type]
    assert isinstance(done, Done)
    return done.turn


def offer(services: Services, actor: Actor, turn: TurnRecord) -> Offer | None:
    return offer_of(services.conversations, actor, turn)


def test_the_answer_before_is_offered_with_its_value_replaced(
    services: Services, member: Actor, engine: EchoModel
) -> None:
    first = ask(services, member, QUESTION)
    engine.heard.clear()
    turn = ask(services, member, "No, it's 45 days", first.conversation_id)
    assert (turn.decision, turn.sources, turn.considered, engine.heard) == (Decision.CLARIFY, (), (), [])
    assert turn.reasons == ("why.you_know_better",)
    assert "Nothing is saved until you do" in turn.answer
    assert offer(services, member, turn) == Offer(first.id, "Clothes can be returned within 45 days.")
    assert services.corrections.list(member) == []


def test_in_chinese(services: Services, member: Actor) -> None:
    first = ask(services, member, QUESTION)
    turn = ask(services, member, "不对,是45天", first.conversation_id)
    assert "保存之前什么都不会改变" in turn.answer
    assert offer(services, member, turn) == Offer(first.id, "是45天。")


def test_said_again_it_is_still_about_the_answer(services: Services, member: Actor) -> None:
    first = ask(services, member, QUESTION)
    ask(services, member, "No, it's 45 days", first.conversation_id)
    turn = ask(services, member, "Actually, it's 60 days", first.conversation_id)
    assert offer(services, member, turn) == Offer(first.id, "Clothes can be returned within 60 days.")


def test_who_only_said_that_it_is_wrong_may_say_what_is_right(services: Services, member: Actor) -> None:
    first = ask(services, member, QUESTION)
    wrong = ask(services, member, "that's wrong", first.conversation_id)
    assert (wrong.decision, wrong.answer[:15], offer(services, member, wrong)) == (
        Decision.MODEL,
        "What is right? ",
        None,
    )
    turn = ask(services, member, "No, it's 45 days", first.conversation_id)
    assert offer(services, member, turn) == Offer(first.id, "Clothes can be returned within 45 days.")


def test_where_nothing_was_found_ones_own_sentence_is_offered(services: Services, member: Actor) -> None:
    first = ask(services, member, "Who designed the roof garden of the castle?")
    assert first.decision is Decision.NOT_FOUND
    turn = ask(services, member, "Actually, it was designed by Ann Lee in 1990", first.conversation_id)
    assert offer(services, member, turn) == Offer(first.id, "It was designed by Ann Lee in 1990.")


def test_a_correction_is_corrected_in_the_same_way(services: Services, expert: Actor) -> None:
    services.corrections.submit(expert, question=QUESTION, answer="You have 40 days.")
    first = ask(services, expert, QUESTION)
    turn = ask(services, expert, "No, it's 45 days", first.conversation_id)
    assert offer(services, expert, turn) == Offer(first.id, "You have 45 days.")


@pytest.mark.parametrize("text", ["No, I meant shoes?", "No, for shoes", "Is it 45 days?"])
def test_a_question_stays_a_question(services: Services, member: Actor, text: str) -> None:
    first = ask(services, member, QUESTION)
    turn = ask(services, member, text, first.conversation_id)
    assert turn.decision is not Decision.CLARIFY
    assert offer(services, member, turn) is None


def test_without_an_answer_before_there_is_nothing_to_offer(services: Services, member: Actor) -> None:
    assert ask(services, member, "No, it's 45 days").decision is not Decision.CLARIFY
    hello = ask(services, member, "Hello!")
    assert ask(services, member, "No, it's 45 days", hello.conversation_id).decision is not Decision.CLARIFY
    told = ask(services, member, "No, it's 45 days", earlier=[(QUESTION, "30 days.")])
    assert told.decision is not Decision.CLARIFY


def test_what_follows_leans_on_the_question_and_not_on_the_objection(services: Services, member: Actor) -> None:
    first = ask(services, member, QUESTION)
    ask(services, member, "No, it's 45 days", first.conversation_id)
    ask(services, member, "Thanks!", first.conversation_id)
    assert ask(services, member, "and for shoes?", first.conversation_id).standalone == f"{QUESTION} and for shoes?"


def test_somebody_elses_offer_is_not_found(services: Services, member: Actor, other: Actor) -> None:
    first = ask(services, member, QUESTION)
    turn = ask(services, member, "No, it's 45 days", first.conversation_id)
    with pytest.raises(NotFoundError):
        offer(services, other, turn)
