"""A reviewer's day in a real browser: the desk by keyboard, two at once, ratings that lead to the fix, the phone."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, correct, decision, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey


THREE = {
    "Who opens the gate?": "The porter opens it.",
    "Who shuts the gate?": "The guard shuts it.",
    "Who paints the gate?": "Nobody paints it.",
}


def suggest_three(page: Page) -> None:
    """A member corrects the answers to three questions."""
    for question, answer in THREE.items():
        new_conversation(page)
        correct(ask(page, question), answer)
        expect(page.get_by_test_id("note")).to_be_visible()


def rate(turn: Locator, reason: str, comment: str) -> None:
    """A thumb down with a reason, which is saved on the click, and a word afterwards."""
    turn.hover()
    turn.get_by_test_id("thumb-down").click()
    turn.get_by_test_id(f"reason-{reason}").click()
    expect(turn.get_by_test_id("note")).to_be_visible()
    turn.get_by_test_id("comment").fill(comment)
    turn.get_by_test_id("send-reason").click()
    expect(turn.get_by_test_id("reasons")).to_have_count(0)


def open_review(page: Page, cases: int) -> None:
    """Enters the room, where so many cases wait."""
    if page.viewport_size and page.viewport_size["width"] <= 760:
        page.get_by_test_id("menu").click()
    page.get_by_test_id("room-review").click()
    expect(page.get_by_test_id("case-entry")).to_have_count(cases)


def test_the_desk_by_keyboard(application: Application, new_page: NewPage) -> None:
    application.person("Mel", "member")
    application.person("Eve", "expert")
    member, expert = new_page(), new_page(1280, 800)
    sign_in(member, application, "Mel")
    suggest_three(member)
    sign_in(expert, application, "Eve")
    open_review(expert, 3)
    expect(expert).to_have_title("(3) Review · Collab")
    expect(expert.get_by_test_id("approve")).to_be_in_viewport(ratio=1)
    j_and_k_walk_as_fast_as_one_likes(expert)
    x_chooses_and_the_verdict_is_about_what_is_chosen(expert)
    the_words_are_changed_and_approved_and_the_next_case_has_the_keys(expert)
    u_takes_back_a_approves_r_rejects_with_a_reason(expert)

    # The author reads what became of it when they come back.
    member.reload()
    expect(member.get_by_test_id("composer")).to_be_visible()
    member.get_by_test_id("room-review").click()
    expect(member.get_by_test_id("review-reason")).to_contain_text("The porter does both.")


def j_and_k_walk_as_fast_as_one_likes(expert: Page) -> None:
    """And until a case is there, no key is about it."""
    case = expert.get_by_test_id("case")
    expert.keyboard.press("j")
    expert.keyboard.press("a")  # too early: the case that it would be about is not there yet
    expect(case.get_by_test_id("case-question")).to_have_value("Who shuts the gate?")
    expect(expert.get_by_test_id("case-entry")).to_have_count(3)
    expert.keyboard.press("j")
    expect(case.get_by_test_id("case-question")).to_have_value("Who paints the gate?")
    for _ in range(2):  # faster than cases come
        expert.keyboard.press("k")
    expect(case.get_by_test_id("case-question")).to_have_value("Who opens the gate?")


def x_chooses_and_the_verdict_is_about_what_is_chosen(expert: Page) -> None:
    """Which needs a reason to reject."""
    expert.keyboard.press("x")
    expect(expert.get_by_test_id("bulk-count")).to_have_text("1 chosen")
    expert.keyboard.press("r")
    expect(expert.get_by_test_id("bulk-error")).to_have_text("A reason is needed to reject: the authors see it.")
    expect(expert.get_by_test_id("bulk-reason")).to_be_focused()
    expert.get_by_test_id("bulk-clear").click()
    expect(expert.get_by_test_id("bulk")).to_be_hidden()


def the_words_are_changed_and_approved_and_the_next_case_has_the_keys(expert: Page) -> None:
    """With e and Ctrl+Enter."""
    case = expert.get_by_test_id("case")
    expert.keyboard.press("e")
    expect(case.get_by_test_id("case-answer")).to_be_focused()
    expert.keyboard.type(" At eight.")
    expert.keyboard.press("Control+Enter")
    expect(expert.get_by_test_id("toast")).to_contain_text("From now on everyone gets this answer.")
    expect(case.get_by_test_id("case-question")).to_have_value("Who shuts the gate?")
    expect(case).to_be_focused()


def u_takes_back_a_approves_r_rejects_with_a_reason(expert: Page) -> None:
    """The approved one is back in its author's words, and approved as it stands."""
    case = expert.get_by_test_id("case")
    expert.keyboard.press("u")
    expect(expert.get_by_test_id("case-entry")).to_have_count(3)
    expect(case.get_by_test_id("case-question")).to_have_value("Who opens the gate?")
    expert.wait_for_timeout(1_100)  # a second key within a second may be half of a double press
    expert.keyboard.press("a")
    expect(expert.get_by_test_id("case-entry")).to_have_count(2)
    expert.wait_for_timeout(1_100)
    expert.keyboard.press("r")
    expect(case.get_by_test_id("case-reason")).to_be_focused()
    expert.keyboard.type("The porter does both.")
    expert.keyboard.press("Control+Enter")
    expect(expert.get_by_test_id("case-entry")).to_have_count(1)


def test_two_reviewers_at_once_and_several_cases(application: Application, new_page: NewPage) -> None:
    application.person("Mel", "member")
    for name in ("Eve", "Edda"):
        application.person(name, "expert")
    member, eve, edda = new_page(), new_page(1280, 800), new_page(1280, 800)
    sign_in(member, application, "Mel")
    suggest_three(member)
    for page, name in ((eve, "Eve"), (edda, "Edda")):
        sign_in(page, application, name)
        open_review(page, 3)

    # The second sees the words of the first beside their own, and chooses.
    edda.get_by_test_id("case-answer").fill("The night porter opens it.")
    edda.get_by_test_id("approve").click()
    expect(edda.get_by_test_id("case-entry")).to_have_count(2)
    eve.get_by_test_id("case-answer").fill("Eve opens it.")
    eve.get_by_test_id("approve").click()
    expect(eve.get_by_test_id("conflict")).to_contain_text("Edda changed this")
    expect(eve.get_by_test_id("theirs")).to_have_text("The night porter opens it.")
    expect(eve.get_by_test_id("case-answer")).to_have_value("Eve opens it.")
    eve.get_by_test_id("use-mine").click()
    expect(eve.get_by_test_id("toast")).to_contain_text("Your words stand now.")
    new_conversation(eve)
    again = ask(eve, "Who opens the gate?")
    decision(again, "Confirmed")
    expect(again.get_by_test_id("answer")).to_have_text("Eve opens it.")

    # A search keeps what it is looking for; several are decided at once, each for itself.
    open_review(eve, 2)
    eve.get_by_test_id("search-cases").fill("paints")
    expect(eve.get_by_test_id("case-entry")).to_have_count(1)
    expect(eve.get_by_test_id("search-cases")).to_have_value("paints")
    eve.get_by_test_id("search-cases").fill("")
    expect(eve.get_by_test_id("case-entry")).to_have_count(2)
    for box in eve.get_by_test_id("choose").all():
        box.check()
    eve.get_by_test_id("bulk-approve").click()
    expect(eve.get_by_test_id("toast")).to_contain_text("Done: 2.")
    expect(eve.get_by_test_id("empty")).to_be_visible()


def test_a_rated_answer_leads_to_the_fix_on_a_phone(application: Application, new_page: NewPage) -> None:
    application.person("Mel", "member")
    application.person("Eve", "expert")
    member = new_page()
    phone = new_page(360, 740, has_touch=True, is_mobile=True, color_scheme="dark")
    sign_in(member, application, "Mel")
    turn = ask(member, "Who opens the gate?")
    rate(turn, "style", "Say it shorter, please.")
    expect(member.get_by_test_id("thumb-down").last).to_have_attribute("aria-pressed", "true")

    sign_in(phone, application, "Eve")
    open_review(phone, 1)
    expect(phone.get_by_test_id("case")).to_be_hidden()
    phone.get_by_test_id("case-entry").tap()
    case = phone.get_by_test_id("case")
    expect(case).to_be_visible()
    expect(case.get_by_test_id("case-comment")).to_have_text("Say it shorter, please.")
    expect(case.get_by_test_id("case-style")).to_be_checked()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    small = case.locator("button:visible, select:visible, textarea:visible").evaluate_all(
        "all => all.filter(one => one.getBoundingClientRect().height < 44).map(one => one.outerHTML)"
    )
    assert small == []
    case.get_by_test_id("case-fact").check()
    case.get_by_test_id("case-answer").fill("The porter.")
    case.get_by_test_id("approve").tap()
    expect(phone.get_by_test_id("toast")).to_contain_text(re.compile("everyone gets this answer"))
    expect(phone.get_by_test_id("empty")).to_be_visible()

    # Whoever rated it is told, and gets the answer.
    member.reload()
    new_conversation(member)
    expect(ask(member, "Who opens the gate?").get_by_test_id("answer")).to_have_text("The porter.")
