"""Teaching in the chat on real services: what a person sees after each yes, no and undo."""

import re

import pytest

from collab.people.access import EVERYONE, Actor
from collab.ui import answering, chat_tab
from collab.ui.acts.chat import Another, Ask, Choose, Correct, Different, Same, Undo, Unteach, Why
from collab.ui.screen import Screen, Update

GUIDE = b"# Tickets\nAdults pay 14 euros. Students pay 9 euros."
QUESTION = "How much do students pay?"
ALIKE = "How much must students pay on Sundays?"


@pytest.fixture
def correction(screen: Screen, expert: Actor) -> str:
    """Eve's answer for everyone to QUESTION, which is only suggested for ALIKE."""
    screen.services.library.add("guide.md", GUIDE, EVERYONE)
    return screen.services.corrections.submit(expert, question=QUESTION, answer="Students enter free.").id


def ask(screen: Screen, actor: Actor, text: str, conversation: str = "") -> str:
    """The markup of the turn, once it is answered."""
    act = Ask(act="ask", run="r", text=text, conversation=conversation)
    return list(answering.answer(screen, actor, act))[-1]["running"]


def found(pattern: str, markup: str) -> str:
    match = re.search(pattern, markup)
    assert match is not None, markup
    return match[1]


def turn_in(markup: str) -> str:
    return found(r'class="turn" data-turn="([^"]+)"', markup)


def do(screen: Screen, actor: Actor, act: Same | Different | Unteach | Choose | Correct | Undo | Why) -> Update:
    update, *_ = chat_tab.handle(screen, actor, act)
    return update


def test_yes_shows_the_human_words_and_what_was_learned(screen: Screen, member: Actor, correction: str) -> None:
    turn = turn_in(ask(screen, member, ALIKE))
    said = do(screen, member, Same(act="same", turn=turn))["history"]
    assert "Students enter free." in said
    assert 'class="badge corrected"' in said
    assert 'role="status" data-testid="note"' in said
    assert "From now on you get this answer to this question; an expert will look at it for everyone." in said
    assert "2/2" in said

    example = found(r'data-act="chat.unteach" data-turn="[^"]+" data-example="([^"]+)"', said)
    undone = do(screen, member, Unteach(act="unteach", turn=turn, example=example))
    assert 'class="badge suggested"' in undone["history"]
    assert 'data-act="chat.same"' in undone["history"]
    assert "Things are as they were before" in undone["toast"]


def test_no_takes_the_suggestion_away(screen: Screen, member: Actor, correction: str) -> None:
    turn = turn_in(ask(screen, member, ALIKE))
    said = do(screen, member, Different(act="different", turn=turn))["history"]
    assert 'class="badge grounded"' in said
    assert 'data-testid="suggestion"' not in said
    assert "That correction no longer answers this question for you" in said

    conversation = screen.services.conversations.turn(member, turn).conversation_id
    reloaded = chat_tab.opened(screen, member, conversation)["history"]
    assert 'data-testid="suggestion"' not in reloaded
    assert 'data-testid="note"' not in reloaded
    assert 'data-act="chat.unteach"' in reloaded


def test_yes_to_another_one_shows_it_in_the_turn_before_too(screen: Screen, expert: Actor, member: Actor) -> None:
    """Of three that are alike, the likest first: two of three words in common, one of one, one of two."""
    for text in ("Is my card still mine?", "Where is my card?", "How do I freeze my card?"):
        screen.services.corrections.submit(expert, question=text, answer=f"On {text}")
    asked = ask(screen, member, "My card is still not here")
    turn, other = turn_in(asked), found(r'data-correction="([^"]+)" data-testid="alternative"', asked)
    assert "Eve answered “Is my card still mine?”:" in asked
    said = do(screen, member, Same(act="same", turn=turn, correction=other))["history"]
    assert "On Where is my card?" in said
    assert 'class="badge corrected"' in said

    before = do(screen, member, Choose(act="choose", turn=turn))["history"]
    assert "Eve answered “Where is my card?”:" in before
    assert "Or is it one of these?" not in before

    example = found(r'data-example="([^"]+)"', before)
    do(screen, member, Unteach(act="unteach", turn=turn, example=example))
    refused = do(screen, member, Different(act="different", turn=turn))["history"]
    assert 'data-testid="suggestion"' not in refused
    assert "None of those corrections answers this question for you any more" in refused


@pytest.mark.parametrize(("question", "badge"), [(ALIKE, "not_found"), ("Write about how much students pay", "model")])
def test_without_the_suggestion_the_badge_is_that_of_the_answer(
    screen: Screen, member: Actor, correction: str, question: str, badge: str
) -> None:
    (guide,) = screen.services.library.list((EVERYONE,))
    screen.services.library.remove(guide.id)
    turn = turn_in(ask(screen, member, question))
    assert f'class="badge {badge}"' in do(screen, member, Different(act="different", turn=turn))["history"]


def test_not_what_i_asked_answers_again_without_it(
    screen: Screen, expert: Actor, member: Actor, correction: str
) -> None:
    screen.services.examples.add(expert, correction, ALIKE, "will")
    wrong = ask(screen, member, ALIKE)
    assert 'data-act="ask.another"' in wrong
    again = list(answering.answer(screen, member, Another(act="another", run="r2", turn=turn_in(wrong))))[-1]["running"]
    assert 'class="badge grounded"' in again
    assert "2/2" in again
    assert 'data-testid="note"' in again
    assert "That correction no longer answers this question for you" in again

    example = found(r'data-example="([^"]+)"', again)
    undone = do(screen, member, Unteach(act="unteach", turn=turn_in(wrong), example=example))["history"]
    assert "Students enter free." in undone
    assert 'class="badge corrected"' in undone


def test_where_nothing_is_learned_it_says_so(screen: Screen, member: Actor, correction: str) -> None:
    wrong = ask(screen, member, QUESTION)
    again = list(answering.answer(screen, member, Another(act="another", run="r2", turn=turn_in(wrong))))[-1]["running"]
    assert "Answered without that correction, this once." in again
    assert "chat.unteach" not in again


def test_beside_an_answer_without_a_correction_nothing_is_taken_back(screen: Screen, member: Actor) -> None:
    screen.services.library.add("guide.md", GUIDE, EVERYONE)
    turn = turn_in(ask(screen, member, QUESTION))
    (update,) = answering.answer(screen, member, Another(act="another", run="r2", turn=turn))
    assert "there is nothing to say about it" in update["toast"]


def test_saying_it_in_the_chat_offers_it_and_saves_nothing(screen: Screen, member: Actor) -> None:
    screen.services.library.add("guide.md", b"# Returns\nClothes can be returned within 30 days.", EVERYONE)
    first = ask(screen, member, "How long can I return clothes?")
    conversation = found(r'data-view="([^"]+)"', first)
    offered = ask(screen, member, "No, it's 45 days", conversation)
    assert f'data-do="offer" data-for="{turn_in(first)}"' in offered
    assert 'data-answer="Clothes can be returned within 45 days."' in offered
    assert 'class="badge clarify"' in offered
    assert screen.services.corrections.list(member) == []

    # What was corrected is not offered again.
    edit = Correct(act="correct", turn=turn_in(first), answer="Clothes can be returned within 45 days.")
    assert 'data-do="offer"' not in do(screen, member, edit)["history"]
    assert "Clothes can be returned within 45 days." in ask(screen, member, "How long can I return clothes?")


def test_why_says_what_was_considered(screen: Screen, member: Actor, correction: str) -> None:
    turn = turn_in(ask(screen, member, ALIKE))
    panel = do(screen, member, Why(act="why", turn=turn))["panel"]
    assert f'<q dir="auto">{QUESTION}</q> (Eve)' in panel
    assert "It answers this question: " in panel
