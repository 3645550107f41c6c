"""Teaching in the chat: a suggestion is taken or refused, a correction left aside, and what is said is saved."""

from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ANSWER_MS, ask, correct, decision, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey

GUIDE = """# Guide

## Tickets
Students pay 9 euros. Adults pay 14 euros.

## Returns
Clothes can be returned within 30 days.
"""
QUESTION = "How much do students pay?"
ALIKE = "How much must students pay on Sundays?"
FREE = "Students enter free."
CARDS = """question,answer
When does my new card come?,Within five working days.
How is a card delivered?,By post.
How do I track the card that you sent me?,The link is in our mail.
"""
LATE = "I ordered a card and it is not here yet"


@pytest.fixture(autouse=True)
def taught(application: Application, new_page: NewPage, tmp_path: Path) -> None:
    """A guide that everyone reads, a member, and an expert's correction."""
    application.person("Mel", "member")
    application.person("Eve", "expert")
    path = tmp_path / "guide.md"
    path.write_text(GUIDE, encoding="utf-8")
    application.command("documents", "add", str(path))
    page = new_page()
    sign_in(page, application, "Eve")
    turn = ask(page, QUESTION)
    correct(turn, FREE)
    expect(page.get_by_test_id("note")).to_contain_text("everyone gets this answer")


def test_yes_no_and_not_what_i_asked(application: Application, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    turn = ask(page, ALIKE)
    decision(turn, "A similar answer exists")
    expect(turn.get_by_test_id("answer")).to_contain_text("9 euros")

    # An unlikely suggestion is folded beside an answer from the sources. No: it is gone, and back with the undo.
    expect(turn.get_by_test_id("different")).not_to_be_visible()
    turn.get_by_test_id("similar").click()
    turn.get_by_test_id("different").click()
    turn = shown(page)
    decision(turn, "From sources")
    expect(turn.get_by_test_id("suggestion")).to_have_count(0)
    expect(turn.get_by_test_id("note")).to_contain_text("no longer answers this question for you")
    turn.get_by_test_id("unteach").click()
    expect(shown(page).get_by_test_id("suggestion")).to_be_visible()

    # Why: what was considered, in words.
    shown(page).get_by_test_id("badge").click()
    expect(page.get_by_test_id("considered")).to_contain_text(QUESTION)
    page.get_by_test_id("close-panel").click()

    # Yes: the human's words, in another version; and from then on at once.
    shown(page).get_by_test_id("same").click()
    expect(shown(page).get_by_test_id("answer")).to_have_text(FREE)
    decision(shown(page), "Confirmed")
    expect(shown(page).get_by_test_id("version")).to_have_text("2/2")
    expect(shown(page).get_by_test_id("note")).to_contain_text("From now on you get this answer to this question")
    new_conversation(page)
    turn = ask(page, ALIKE)
    decision(turn, "Confirmed")

    # Not what I asked: the normal answer, and the correction knows its limit.
    turn.hover()
    turn.get_by_test_id("not-asked").click()
    expect(page.get_by_test_id("version").filter(visible=True)).to_have_text("2/2", timeout=ANSWER_MS)
    decision(shown(page), "From sources")
    expect(shown(page).get_by_test_id("answer")).to_contain_text("9 euros")
    expect(shown(page).get_by_test_id("note")).to_contain_text("no longer answers this question for you")
    shown(page).get_by_test_id("unteach").click()
    expect(shown(page).get_by_test_id("answer")).to_have_text(FREE)


def test_of_several_that_may_be_meant_one_is_taken(application: Application, new_page: NewPage, tmp_path: Path) -> None:
    """None of the questions has a name in it that would tell which is meant; the likest comes first."""
    path = tmp_path / "cards.csv"
    path.write_text(CARDS, encoding="utf-8")
    application.command("corrections", "import", str(path), "--as", "Eve")
    page = new_page()
    sign_in(page, application, "Mel")
    turn = ask(page, LATE)
    expect(turn.get_by_test_id("suggestion")).to_contain_text("Eve answered “When does my new card come?”:")
    others = turn.get_by_test_id("alternative")
    expect(others).to_contain_text(["How is a card delivered?", "How do I track the card that you sent me?"])
    for one in others.all():
        assert (one.bounding_box() or {"height": 0})["height"] >= 44  # a finger hits it

    # No is to all of them, and so is its undo.
    turn.get_by_test_id("different").click()
    expect(shown(page).get_by_test_id("note")).to_contain_text("None of those corrections answers this question")
    expect(shown(page).get_by_test_id("suggestion")).to_have_count(0)
    shown(page).get_by_test_id("unteach").click()
    expect(shown(page).get_by_test_id("alternative")).to_have_count(2)

    # Yes to another one: its words, from now on.
    shown(page).get_by_test_id("alternative").last.click()
    expect(shown(page).get_by_test_id("answer")).to_have_text("The link is in our mail.")
    decision(shown(page), "Confirmed")
    new_conversation(page)
    expect(ask(page, LATE).get_by_test_id("answer")).to_have_text("The link is in our mail.")


def test_what_a_member_teaches_is_for_everyone_once_an_expert_approves_it(
    application: Application, new_page: NewPage
) -> None:
    member, expert = new_page(), new_page()
    sign_in(member, application, "Mel")
    turn = ask(member, ALIKE)
    turn.get_by_test_id("similar").click()
    turn.get_by_test_id("same").click()
    expect(shown(member).get_by_test_id("note")).to_contain_text("an expert will look at it for everyone")
    sign_in(expert, application, "Eve")
    expect(expert.get_by_test_id("waiting")).to_have_text("1")
    expert.get_by_test_id("room-review").click()
    expect(expert.get_by_test_id("side")).to_have_text("will answer")
    expect(expert.get_by_test_id("case-example")).to_have_text(ALIKE)
    expect(expert.get_by_test_id("case-side")).to_have_text("Mel says that this question has the same answer.")
    expert.keyboard.press("a")
    expect(expert.get_by_test_id("empty")).to_be_visible()
    expect(expert.get_by_test_id("toast")).to_contain_text("Done: 1.")
    new_conversation(expert)
    decision(ask(expert, ALIKE), "Confirmed")
    new_conversation(member)
    expect(member.get_by_test_id("notice")).to_contain_text(f"Eve approved your example “{ALIKE}”.")


def test_what_is_said_in_the_chat_is_saved_on_a_click_alone(application: Application, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    ask(page, "How long can clothes be returned?")
    objection = ask(page, "No, it's 45 days")
    decision(objection, "A question back")
    first = page.get_by_test_id("turn").first
    expect(first.get_by_test_id("editor")).to_have_value("Clothes can be returned within 45 days.")
    expect(first.get_by_test_id("editor")).to_be_focused()
    expect(first.get_by_test_id("diff")).to_contain_text("45")

    # Nothing is saved without the click; the offer stays.
    first.get_by_test_id("cancel-correction").click()
    expect(page.get_by_test_id("turn-correction")).to_have_count(0)
    page.get_by_test_id("offer").filter(visible=True).click()
    first.get_by_test_id("editor").press("Control+Enter")
    expect(page.get_by_test_id("note")).to_contain_text("From now on you get this answer")
    expect(page.get_by_test_id("offer")).to_have_count(0)
    new_conversation(page)
    turn = ask(page, "How long can clothes be returned?")
    expect(turn.get_by_test_id("answer")).to_have_text("Clothes can be returned within 45 days.")
    decision(turn, "Your correction")


def shown(page: Page) -> Locator:
    """The turn that the conversation shows last."""
    return page.get_by_test_id("turn").filter(visible=True).last
