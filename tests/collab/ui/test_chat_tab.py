"""The chat's handlers on real services: what a person sees after each act."""

import re
import threading

import pytest

from collab.people.access import Actor
from collab.ui import answering, chat_tab, frame
from collab.ui.acts.chat import Ask, Correct, Rate, Source, Undo, Why
from collab.ui.acts.frame import Read
from collab.ui.screen import Screen
from knowledge.errors import NotFoundError
from tests.fakes import EchoModel

FEES = b"# Fees\n\nThe guided tour costs 14 euros. Students pay 9 euros on showing a valid card.\n"
QUESTION = "What do students pay?"


@pytest.fixture
def asked(screen: Screen, expert: Actor) -> str:
    """The id of a turn that an expert has asked, of a document that everyone reads."""
    screen.services.library.add("fees.md", FEES, "everyone")
    return ask(screen, expert, QUESTION)


def ask(screen: Screen, actor: Actor, question: str, conversation: str = "") -> str:
    updates = list(answering.answer(screen, actor, Ask(act="ask", run="r1", text=question, conversation=conversation)))
    found = re.search(r'data-done.*?data-turn="([^"]+)"', updates[-1]["running"])
    assert found is not None, updates[-1]
    return found[1]


class TestAModelThatWaits:
    """Until the page has shown the quotes, so that on a busy machine it comes to show them."""

    @pytest.fixture
    def engine(self) -> EchoModel:
        self.is_shown = threading.Event()
        return EchoModel(lambda messages: "9 euros." if self.is_shown.wait(60) else "")

    def test_a_question_shows_quotes_then_the_answer_with_its_source(self, screen: Screen, member: Actor) -> None:
        screen.services.library.add("fees.md", FEES, "everyone")
        updates = []
        for update in answering.answer(screen, member, Ask(act="ask", run="r1", text=QUESTION)):
            updates.append(update)
            if 'data-testid="quotes"' in update.get("running", ""):
                self.is_shown.set()
        assert self.is_shown.is_set()
        assert 'data-testid="welcome"' not in updates[0]["history"]
        assert "Students pay 9 euros on showing a valid card." in updates[-1]["running"]
        assert 'class="badge grounded"' in updates[-1]["running"]
        assert QUESTION in updates[-1]["side"]


def test_an_empty_question_is_answered_with_what_to_do(screen: Screen, member: Actor) -> None:
    (update,) = answering.answer(screen, member, Ask(act="ask", run="r1", text="  \u200b"))
    assert "There is no question" in update["toast"]
    assert 'data-about="r1"' in update["toast"]
    assert update["running"] == ""


def test_an_empty_library_invites(screen: Screen, member: Actor) -> None:
    assert 'data-testid="welcome-empty"' in chat_tab.opened(screen, member, "")["history"]


def test_where_there_are_no_documents_an_answer_that_found_nothing_says_so(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    turn = screen.services.conversations.turn(member, ask(screen, member, "What do students pay?"))
    assert 'data-testid="no-documents"' in chat_tab.opened(screen, member, turn.conversation_id)["history"]
    screen.services.documents.add(expert, "fees.md", FEES)
    assert 'data-testid="no-documents"' not in chat_tab.opened(screen, member, turn.conversation_id)["history"]


def test_only_an_answer_itself_touches_the_running_turn(screen: Screen, expert: Actor, asked: str) -> None:
    """A conversation is shown at any moment, and what it shows may be older than the answer."""
    conversation = screen.services.conversations.turn(expert, asked).conversation_id
    assert "running" not in chat_tab.opened(screen, expert, conversation) | chat_tab.opened(screen, expert, "")
    (rated,) = chat_tab.handle(screen, expert, Rate(act="rate", turn=asked, rating="up"))
    assert "running" not in rated


def test_an_answer_that_was_put_right_says_so_and_can_be_asked_again(
    screen: Screen, member: Actor, expert: Actor
) -> None:
    """Whoever follows the notice has read it, and finds the new answer where the old one stands."""
    screen.services.library.add("fees.md", FEES, "everyone")
    turn = ask(screen, member, QUESTION)
    list(chat_tab.handle(screen, member, Rate(act="rate", turn=turn, rating="down", reason="unsafe")))
    screen.services.corrections.submit(expert, turn_id=turn, answer="Students pay <7> euros.")
    (notice,) = screen.services.notices.unread(member)
    new = chat_tab.opened(screen, member, "")["history"]
    assert f'data-notice="{notice.id}" data-testid="open-notice"' in new
    (update,) = frame.handle(screen, member, Read(act="read", notice=notice.id))
    assert "told-count" not in update["top"]
    assert screen.services.notices.unread(member) == []
    old = chat_tab.opened(screen, member, notice.conversation_id or "")["history"]
    assert "Eve put this right on " in old
    assert 'data-testid="put-right-answer">Students pay &lt;7&gt; euros.<' in old
    assert f'data-act="ask.retry" data-turn="{turn}" data-testid="ask-put-right"' in old
    assert 'data-testid="hidden"' in old


def test_somebody_elses_conversation_is_not_found(screen: Screen, member: Actor, expert: Actor, asked: str) -> None:
    conversation = screen.services.conversations.turn(expert, asked).conversation_id
    with pytest.raises(NotFoundError):
        chat_tab.opened(screen, member, conversation)


def test_a_thumb_is_pressed_after_reloading(screen: Screen, expert: Actor, asked: str) -> None:
    list(chat_tab.handle(screen, expert, Rate(act="rate", turn=asked, rating="up")))
    conversation = screen.services.conversations.turn(expert, asked).conversation_id
    assert 'aria-pressed="true"' in chat_tab.opened(screen, expert, conversation)["history"]


def test_the_same_act_again_is_drawn_again(screen: Screen, expert: Actor, asked: str) -> None:
    """Gradio leaves a region alone whose value is the one it had; the form would wait for ever."""
    act = Rate(act="rate", turn=asked, rating="down", reason="style")
    (first,), (again,) = (chat_tab.handle(screen, expert, act) for _ in range(2))
    assert first["history"] != again["history"]
    conversation = screen.services.conversations.turn(expert, asked).conversation_id
    assert chat_tab.opened(screen, expert, conversation) == chat_tab.opened(screen, expert, conversation)


def test_a_correction_says_for_whom_and_can_be_undone(screen: Screen, member: Actor, asked: str) -> None:
    turn = ask(screen, member, QUESTION)
    edit = Correct(act="correct", turn=turn, answer="Students pay nothing.")
    saved, _, card = chat_tab.handle(screen, member, edit)
    assert "Only you get this yet; an expert will look." in card["panel"]
    assert "From now on you get this answer; an expert will look at it for everyone." in saved["history"]
    correction = re.search(r'data-act="chat.undo" data-correction="([^"]+)"', saved["history"])
    assert correction is not None

    again = list(answering.answer(screen, member, Ask(act="ask", run="r2", text=QUESTION)))[-1]["running"]
    assert "Corrected by Mel on" in again
    assert "Only you see this yet" in again

    list(chat_tab.handle(screen, member, Undo(act="undo", correction=correction[1], turn=turn)))
    after = list(answering.answer(screen, member, Ask(act="ask", run="r3", text=QUESTION)))[-1]["running"]
    assert 'class="badge grounded"' in after


def page(screen: Screen, actor: Actor, turn: str) -> str:
    """The conversation of a turn as it is after reloading."""
    return chat_tab.opened(screen, actor, screen.services.conversations.turn(actor, turn).conversation_id)["history"]


def test_an_edit_stays_under_its_turn_with_what_became_of_it(screen: Screen, member: Actor, expert: Actor) -> None:
    screen.services.library.add("fees.md", FEES, "everyone")
    turn = ask(screen, member, QUESTION)
    assert 'data-testid="turn-correction"' not in page(screen, member, turn)
    saved, *_ = chat_tab.handle(screen, member, Correct(act="correct", turn=turn, answer="Students pay nothing."))
    assert saved["history"].count('data-testid="undo"') == 1

    reloaded = page(screen, member, turn)
    assert "Students pay nothing." in reloaded
    assert "Only you see this yet; it waits for review." in reloaded
    assert 'data-testid="note"' not in reloaded
    assert reloaded.count('data-testid="undo"') == 1

    (made,) = screen.services.corrections.list(member)
    screen.services.corrections.approve(expert, made.id, answer="Students pay nothing on Sundays.")
    approved = page(screen, member, turn)
    assert "Live for everyone." in approved
    assert "Approved by Eve on" in approved
    assert 'data-old="Students pay nothing." data-new="Students pay nothing on Sundays."' in approved
    assert 'data-testid="undo"' not in approved

    screen.services.corrections.undo(expert, made.id)
    screen.services.corrections.reject(expert, made.id, "Only on Sundays.")
    assert "Rejected by Eve: Only on Sundays." in page(screen, member, turn)


def test_what_is_undone_is_gone_from_its_turn(screen: Screen, expert: Actor, asked: str) -> None:
    list(chat_tab.handle(screen, expert, Correct(act="correct", turn=asked, answer="Students pay nothing.")))
    (made,) = screen.services.corrections.list(expert)
    undone = list(chat_tab.handle(screen, expert, Undo(act="undo", correction=made.id, turn=asked)))[-1]
    assert 'data-testid="turn-correction"' not in undone["history"]


def test_a_badge_tells_why(screen: Screen, member: Actor, expert: Actor, asked: str) -> None:
    (update,) = chat_tab.handle(screen, expert, Why(act="why", turn=asked))
    assert "These sentences of your documents answer the question best." in update["panel"]
    screen.services.corrections.submit(expert, turn_id=asked, answer="Students pay nothing.")
    corrected = ask(screen, member, QUESTION)
    (update,) = chat_tab.handle(screen, member, Why(act="why", turn=corrected))
    assert "Written by Eve, " in update["panel"]
    assert "The question was corrected in these very words." in update["panel"]
    with pytest.raises(NotFoundError):
        list(chat_tab.handle(screen, expert, Why(act="why", turn=corrected)))


def test_an_unchanged_edit_tells_the_editor_and_loses_nothing(screen: Screen, expert: Actor, asked: str) -> None:
    shown = "Students pay 9 euros on showing a valid card."
    (update,) = chat_tab.handle(screen, expert, Correct(act="correct", turn=asked, answer=shown))
    assert f'data-about="editor:{asked}"' in update["toast"]
    assert "history" not in update
    assert screen.services.corrections.list(expert) == []


def test_a_number_opens_its_passage(screen: Screen, expert: Actor, asked: str) -> None:
    (update,) = chat_tab.handle(screen, expert, Source(act="source", turn=asked, n=1))
    assert "<mark>Students pay 9 euros on showing a valid card.</mark>" in update["panel"]


def test_a_number_without_a_source_is_not_found(screen: Screen, expert: Actor, asked: str) -> None:
    with pytest.raises(NotFoundError):
        list(chat_tab.handle(screen, expert, Source(act="source", turn=asked, n=99)))
