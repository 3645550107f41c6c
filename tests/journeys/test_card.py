"""The proof of a correction in a real browser: what it answers and what not, what it contradicts, how it ends."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.access import sideways, small_targets, violations
from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, correct, decision, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey

GUIDE = """# Guide

## Returns
Shoes can be returned within 30 days. Clothes can be returned within 30 days. Gift cards cannot be returned.

## Repairs
Shoes are repaired within 14 days.
"""
SHOES, BOOTS = "How long can I return shoes?", "What is the return period for boots?"
Tour = Callable[[Page, str], None]


@pytest.fixture(autouse=True)
def guide(application: Application, tmp_path: Path) -> None:
    """A guide that everyone reads, a member and an expert."""
    application.person("Mel", "member")
    application.person("Eve", "expert")
    path = tmp_path / "guide.md"
    path.write_text(GUIDE, encoding="utf-8")
    application.command("documents", "add", str(path))


def card(page: Page) -> Locator:
    """The card, once all of it is there."""
    expect(page.get_by_test_id("card").get_by_test_id("card-versions")).to_be_visible()
    return page.get_by_test_id("card")


def edited(page: Page, question: str, answer: str) -> Locator:
    """Asks, corrects the answer, and returns the card that opens."""
    correct(ask(page, question), answer)
    expect(page.get_by_test_id("note")).to_be_visible()
    expect(page.get_by_test_id("card").get_by_test_id("card-answer")).to_have_text(answer)
    return card(page)


def inspected(page: Page) -> list[str]:
    """What keeps people out of the card, light and dark."""
    found = violations(page)
    page.emulate_media(color_scheme="dark", reduced_motion="reduce")
    found += [f"dark: {one}" for one in violations(page, "color-contrast")]
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    return found


def test_an_edit_with_its_proof(application: Application, new_page: NewPage, tour: Tour) -> None:
    page = new_page()
    sign_in(page, application, "Eve")

    # Edit: the card opens, and says what else it will answer and what not.
    found = edited(page, SHOES, "Shoes can be returned within 45 days.")
    expect(found.get_by_test_id("card-for")).to_have_text("Live for everyone.")
    a_near_miss_is_moved_and_comes_back(page, found)
    an_own_wording_is_taught(found)
    it_is_tested_before_and_after(page, found, tour)

    # Esc closes, and the focus is where it was.
    page.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(page.get_by_test_id("turn").last.get_by_test_id("edit")).to_be_focused()

    what_was_taught_is_answered_and_a_near_miss_is_not(page)
    not_what_i_asked_is_its_limit(page)
    how_careful_the_memory_is(page)


def a_near_miss_is_moved_and_comes_back(page: Page, found: Locator) -> None:
    """By keyboard: it is on the other side, has the focus there, and comes back with Undo."""
    will, will_not = found.get_by_test_id("will"), found.get_by_test_id("will_not")
    expect(will.get_by_test_id("example").first).to_be_visible()
    expect(will_not.get_by_test_id("example").first).to_be_visible()
    row = will_not.get_by_test_id("example").first.get_attribute("data-row")
    moved = will.locator(f'[data-row="{row}"]')
    will_not.locator(f'[data-row="{row}"]').get_by_test_id("move").focus()
    page.keyboard.press("Enter")
    expect(moved).to_be_visible()
    expect(moved.get_by_test_id("move")).to_be_focused()
    found.get_by_test_id("card-undo").click()
    expect(will_not.locator(f'[data-row="{row}"]')).to_be_visible()


def an_own_wording_is_taught(found: Locator) -> None:
    """It stands on its side, and its field is free again."""
    found.get_by_test_id("own-wording").fill(BOOTS)
    found.get_by_test_id("own-will").click()
    expect(found.get_by_test_id("will")).to_contain_text(BOOTS)
    expect(found.get_by_test_id("own-wording")).to_have_value("")


def it_is_tested_before_and_after(page: Page, found: Locator, tour: Tour) -> None:
    """As a table, and a word for all of it."""
    expect(found.get_by_test_id("proof")).to_have_text("Not yet verified")
    found.get_by_test_id("test-it").click()
    expect(found.get_by_test_id("tested-case").first).to_contain_text(SHOES)
    expect(found.get_by_test_id("card-note")).to_contain_text("Tested")
    page.set_viewport_size({"width": 1440, "height": 1500})  # all of it in one picture
    found.evaluate("one => one.scrollTo(0, 0)")
    tour(page, "card")
    page.set_viewport_size({"width": 1440, "height": 900})
    assert inspected(page) == []


def what_was_taught_is_answered_and_a_near_miss_is_not(page: Page) -> None:
    """Which gets the normal answer."""
    new_conversation(page)
    near = ask(page, "How long does the repair of shoes take?")
    expect(near.get_by_test_id("badge")).not_to_have_text("Confirmed")
    expect(near.get_by_test_id("answer")).not_to_contain_text("45 days")
    decision(ask(page, BOOTS), "Confirmed")


def not_what_i_asked_is_its_limit(page: Page) -> None:
    """The normal answer is given, and the correction learns of it."""
    page.get_by_test_id("turn").last.get_by_test_id("not-asked").click()
    expect(page.get_by_test_id("taught").last).to_be_visible()
    expect(page.get_by_test_id("turn").last.get_by_test_id("badge")).not_to_have_text("Confirmed")
    page.get_by_test_id("room-review").click()
    page.get_by_test_id("own-correction").first.get_by_test_id("open-card").click()
    expect(card(page).get_by_test_id("will_not")).to_contain_text(BOOTS)
    page.keyboard.press("Escape")


def how_careful_the_memory_is(page: Page) -> None:
    """It is asked behind the page, which shows the curve; its address leads there again."""
    page.get_by_test_id("careful").click()
    page.get_by_test_id("compute-curve").click()
    expect(page.get_by_test_id("chart-right")).to_be_visible()
    expect(page.get_by_test_id("figures").locator("[aria-current]")).to_contain_text("as set")
    expect(page.get_by_test_id("curve-about")).to_contain_text("1 of 1 live corrections")
    assert [*inspected(page), *sideways(page)] == []
    page.reload()
    expect(page.get_by_test_id("chart-wrong")).to_be_visible()
    page.get_by_test_id("all-cases").click()
    expect(page.get_by_test_id("careful")).to_be_visible()


def test_what_it_contradicts_and_how_it_ends(application: Application, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, application, "Eve")
    old = edited(page, SHOES, "Shoes can be returned within 40 days.")
    expect(old.get_by_test_id("conflicts")).to_contain_text("30 days")  # what the guide says
    page.keyboard.press("Escape")
    new_conversation(page)
    found = edited(page, "Until when can shoes be returned?", "Shoes can be returned within 45 days.")

    # Supersede: the other correction gives way, and is back with Undo.
    other = found.get_by_test_id("conflict-item").filter(has_text="Correction by Eve")
    expect(other).to_contain_text("Here 45 days, there 40 days.")
    other.get_by_test_id("replace").click()
    expect(found.get_by_test_id("card-note")).to_contain_text("Replaced")
    expect(other.get_by_test_id("chosen")).to_have_text("Replaced")
    passage = found.get_by_test_id("conflict-item").filter(has_text="Passage")
    passage.get_by_test_id("retire").first.click()
    expect(found.get_by_test_id("card-note")).to_contain_text("Retired")
    new_conversation(page)
    expect(ask(page, SHOES).get_by_test_id("answer")).to_contain_text("45 days")

    # Whoever edits a confirmed answer edits what spoke, and reads so; one Undo brings all of it back.
    correct(page.get_by_test_id("turn").last, "Shoes can be returned within 50 days.")
    expect(page.get_by_test_id("note")).to_contain_text("Replaces your answer to “Until when can shoes be returned?”.")
    expect(card(page).get_by_test_id("card-facts")).to_contain_text("Replaces your answer to “Until when")
    page.keyboard.press("Escape")
    page.get_by_test_id("note").get_by_test_id("undo").click()
    expect(page.get_by_test_id("note")).to_have_count(0)

    # The badge opens the card; a day on which it ends can be said and unsaid.
    page.get_by_test_id("turn").last.get_by_test_id("badge").click()
    found = card(page)
    expect(found.get_by_test_id("card-facts")).to_contain_text("Answered")
    found.get_by_test_id("valid-until").fill("2099-12-31")
    found.get_by_test_id("save-date").click()
    expect(found.get_by_test_id("card-note")).to_contain_text("31 Dec 2099")
    found.get_by_test_id("clear-date").click()
    expect(found.get_by_test_id("card-note")).to_contain_text("no end")

    # Withdraw, with the way back.
    found.get_by_test_id("withdraw-card").click()
    expect(found.get_by_test_id("card-for")).to_have_text("It answers nobody any more.")
    expect(found.get_by_test_id("card-undo")).to_be_visible()
    page.keyboard.press("Escape")
    new_conversation(page)
    expect(ask(page, SHOES).get_by_test_id("answer")).not_to_contain_text("45 days")


def test_a_member_on_a_phone(application: Application, new_page: NewPage) -> None:
    phone = new_page(360, 740, has_touch=True, is_mobile=True)
    sign_in(phone, application, "Mel")
    found = edited(phone, SHOES, "Shoes can be returned within 45 days.")
    expect(found.get_by_test_id("card-for")).to_have_text("Only you get this yet; an expert will look.")
    box = found.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 360)
    found.get_by_test_id("will_not").get_by_test_id("move").first.tap()
    expect(found.get_by_test_id("card-note")).to_contain_text("From now on it answers")
    found.get_by_test_id("test-it").tap()
    expect(found.get_by_test_id("tested-case").first).to_be_visible()
    assert [*inspected(phone), *small_targets(phone), *sideways(phone)] == []
    found.get_by_test_id("close-panel").tap()
    expect(found).to_be_hidden()

    # The same card among one's own corrections, where one also reads whether it is verified.
    phone.get_by_test_id("menu").tap()
    phone.get_by_test_id("room-review").tap()
    own = phone.get_by_test_id("own-correction")
    expect(own.get_by_test_id("proof")).to_have_text(re.compile("erified"))
    own.get_by_test_id("open-card").tap()
    expect(card(phone).get_by_test_id("card-answer")).to_be_visible()
    phone.keyboard.press("Escape")
    expect(found).to_be_hidden()
    expect(own.get_by_test_id("open-card")).to_be_focused()
