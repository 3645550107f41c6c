"""The chat every day: several answers at once, versions, the list, chats that are not kept, and what a thumb does."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.access import sideways, small_targets
from tests.journeys.conftest import NewPage
from tests.journeys.visits import ANSWER_MS, ask, correct, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey

GUIDE = """# Guide

## Tickets
Students pay 9 euros. Adults pay 14 euros.

## Lockers
The lockers take a 2 euro coin. Bags larger than 40 centimetres must be left in the lockers.

## Garage
The garage closes at 22:00.
"""
Tour = Callable[[Page, str], None]
LONG = "Write a very long story about a museum and all of its visitors"
SENT_AND_LEFT = """() => ["send", "new-conversation"].forEach(
    (name) => document.querySelector(`[data-testid=${name}]`).click())"""


@pytest.fixture(autouse=True)
def guide(application: Application, tmp_path: Path) -> None:
    """A guide that everyone reads, a member and an expert."""
    application.person("Mel", "member")
    application.person("Eve", "expert")
    path = tmp_path / "guide.md"
    path.write_text(GUIDE, encoding="utf-8")
    application.command("documents", "add", str(path))


def begin(page: Page, question: str) -> None:
    """Asks, and does not wait for the answer."""
    page.get_by_test_id("composer").fill(question)
    page.get_by_test_id("composer").press("Enter")


def seen(page: Page, name: str) -> Locator:
    """What of that name stands in the conversation that is open."""
    return page.get_by_test_id(name).filter(visible=True)


def menu(page: Page, title: str) -> Locator:
    """The open menu of the conversation with this title."""
    row = page.locator("[data-entry]").filter(has_text=title)
    row.hover()
    row.get_by_test_id("conversation-menu").click()
    return row


@pytest.mark.slow_model
def test_several_answers_at_once_also_in_a_second_tab(application: Application, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    begin(page, LONG)
    expect(seen(page, "running")).to_be_visible()
    expect(page.get_by_test_id("side-running")).to_have_count(1)  # it is listed already
    expect(page.get_by_test_id("stop")).to_be_visible()

    # The next question here waits in its field, and why is said until the answer is there.
    begin(page, "And for how many rooms?")
    expect(page.get_by_test_id("ask-error")).to_contain_text("still being written here")
    expect(page.get_by_test_id("composer")).to_have_value("And for how many rooms?")
    page.get_by_test_id("composer").fill("")
    expect(page.get_by_test_id("ask-error")).to_be_empty()

    # Another tab finds it where it stands.
    expect(page).to_have_url(re.compile(r"\?c="))
    second = page.context.new_page()
    second.goto(page.url)
    expect(seen(second, "running")).to_be_visible()

    # Meanwhile one asks elsewhere; Stop stands only where something is being written.
    new_conversation(page)
    expect(page.get_by_test_id("send")).to_be_visible()
    begin(page, "How much do students pay?")
    expect(seen(page, "question")).to_have_text("How much do students pay?")

    # The second tab stops its own; the first is answered all the same.
    second.get_by_test_id("stop").click()
    expect(second.get_by_test_id("stopped")).to_be_visible()
    expect(seen(page, "turn")).to_have_count(1, timeout=ANSWER_MS)
    expect(seen(page, "answer")).to_contain_text("9 euros")
    expect(page.get_by_test_id("side-running")).to_have_count(0)
    page.get_by_test_id("conversation").filter(has_text="Write a very long").click()
    expect(page.get_by_test_id("stopped")).to_be_visible()
    done_in_one_tab_it_is_seen_in_the_other(page, second)


def done_in_one_tab_it_is_seen_in_the_other(page: Page, second: Page) -> None:
    """Which keeps its place and what is being typed there, and leaves what is deleted."""
    second.set_viewport_size({"width": 1440, "height": 320})
    second.get_by_test_id("composer").press_sequentially("And for how ")
    second.evaluate("scrollTo(0, 30)")
    page.get_by_test_id("thumb-up").click()
    expect(second.get_by_test_id("thumb-up")).to_have_attribute("aria-pressed", "true")
    assert second.evaluate("scrollY") == 30
    second.keyboard.type("many rooms?")
    expect(second.get_by_test_id("composer")).to_have_value("And for how many rooms?")

    menu(page, "Write a very long").get_by_test_id("delete-conversation").click()
    expect(seen(second, "turn")).to_have_count(0)
    expect(second.get_by_test_id("conversation")).to_have_count(1)
    expect(second.get_by_test_id("composer")).to_have_value("And for how many rooms?")


def what_is_wrong_with_a_question_is_said_beside_it(page: Page) -> None:
    """Where it can be changed, until another one is asked."""
    begin(page, "a" * 9_000)
    expect(page.get_by_test_id("ask-error")).to_contain_text("9000 characters")
    expect(page.get_by_test_id("composer")).to_have_value("a" * 9_000)
    ask(page, "How much do students pay?")
    expect(page.get_by_test_id("ask-error")).to_be_empty()
    expect(seen(page, "error")).to_have_count(0)


def test_versions_and_branches_stay_of_a_question_that_was_refused_at_first(
    application: Application, new_page: NewPage, tour: Tour
) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    what_is_wrong_with_a_question_is_said_beside_it(page)
    turn = seen(page, "turn")
    turn.hover()
    turn.get_by_test_id("retry").click()
    expect(page.get_by_test_id("version")).to_have_text("2/2", timeout=ANSWER_MS)

    turn = page.get_by_test_id("turn").first
    turn.hover()
    turn.get_by_test_id("reword").click()
    turn.get_by_test_id("reword-text").fill("How much do adults pay?")
    turn.get_by_test_id("reword-text").press("Enter")
    expect(page.get_by_test_id("version")).to_have_text("3/3", timeout=ANSWER_MS)
    expect(page.get_by_test_id("answer")).to_contain_text("14 euros")
    tour(page, "versions")

    page.get_by_test_id("version-left").click()
    expect(page.get_by_test_id("question")).to_have_text("How much do students pay?")
    page.reload()
    expect(page.get_by_test_id("version")).to_have_text("2/3")
    expect(page.get_by_test_id("question")).to_have_text("How much do students pay?")


def test_conversations_are_found_named_pinned_taken_home_and_brought_back(
    application: Application, new_page: NewPage, tour: Tour
) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    ask(page, "How much do students pay?")
    new_conversation(page)
    ask(page, "What do the lockers take?")

    menu(page, "How much").get_by_test_id("rename").click()
    page.get_by_test_id("title").fill("Fees of the museum")
    page.get_by_test_id("title").press("Enter")
    menu(page, "Fees").get_by_test_id("pin").click()
    expect(page.get_by_test_id("conversation").first).to_have_text("Fees of the museum")

    find = page.get_by_test_id("find")
    find.fill("coin")  # it stands in an answer
    expect(page.get_by_test_id("conversation")).to_have_count(1)
    expect(page.get_by_test_id("conversation")).to_contain_text("What do the lockers take?")
    expect(page.get_by_test_id("excerpt")).to_contain_text("2 euro coin")
    find.press("Escape")
    expect(page.get_by_test_id("conversation")).to_have_count(2)
    tour(page, "conversations")

    with page.expect_download() as markdown:
        menu(page, "Fees").get_by_test_id("export-md").click()
    assert markdown.value.suggested_filename == "Fees of the museum.md"
    assert "Students pay 9 euros." in markdown.value.path().read_text(encoding="utf-8")
    with page.expect_download() as export:
        menu(page, "Fees").get_by_test_id("export-json").click()
    assert json.loads(export.value.path().read_bytes())["turns"][0]["question"] == "How much do students pay?"

    menu(page, "lockers").get_by_test_id("delete-conversation").click()
    expect(page.get_by_test_id("conversation")).to_have_count(1)
    expect(seen(page, "turn")).to_have_count(0)
    page.get_by_test_id("undo").click()
    expect(page.get_by_test_id("conversation")).to_have_count(2)
    expect(seen(page, "question")).to_have_text("What do the lockers take?")


@pytest.mark.slow_model
def test_a_chat_that_is_not_kept_leaves_nothing(application: Application, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    page.get_by_test_id("temporary").click()
    turn = ask(page, "How much do students pay?")
    expect(page.get_by_test_id("unkept")).to_be_visible()
    expect(page.get_by_test_id("conversation")).to_have_count(0)
    turn.hover()
    turn.get_by_test_id("thumb-up").click()
    expect(page.get_by_test_id("error")).to_contain_text("This chat is not kept")
    page.reload()
    expect(page.get_by_test_id("welcome")).to_be_visible()

    page.get_by_test_id("temporary").click()
    ask(page, "How much do adults pay?")
    page.get_by_test_id("keep").click()
    expect(page.get_by_test_id("conversation")).to_have_text(["How much do adults pay?"])
    page.reload()
    expect(seen(page, "question")).to_have_text("How much do adults pay?")

    # Left in the moment in which it was asked: it ends, nothing of it stays, and nothing is said of it.
    new_conversation(page)
    page.get_by_test_id("temporary").click()
    page.get_by_test_id("composer").fill(LONG)
    with page.expect_request(lambda request: '"act":"leave"' in (request.post_data or "").replace("\\", "")):
        page.evaluate(SENT_AND_LEFT)
    expect(page.locator("[id^=running][aria-busy=true]")).to_have_count(0)
    expect(seen(page, "error")).to_have_count(0)
    expect(page.get_by_test_id("welcome")).to_be_visible()


def test_a_thumb_down_leads_on_and_one_is_told_when_it_is_put_right(
    application: Application, new_page: NewPage, tour: Tour
) -> None:
    page, expert = new_page(), new_page()
    sign_in(page, application, "Mel")
    turn = ask(page, "How much do students pay?")
    turn.get_by_test_id("thumb-down").click()
    turn.get_by_test_id("reason-wrong_fact").click()
    expect(page.get_by_test_id("note")).to_be_visible()
    expect(page.get_by_test_id("editor")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("editor")).to_have_count(0)
    expect(page.get_by_test_id("reason-wrong_fact")).to_have_attribute("aria-pressed", "true")
    page.get_by_test_id("send-reason").click()  # nothing more to say: all is saved
    expect(page.get_by_test_id("reasons")).to_have_count(0)

    # Beside the point: the right passage is found, and its sentence stands in the edit.
    turn = seen(page, "turn").last
    turn.get_by_test_id("thumb-down").click()
    turn.get_by_test_id("reason-not_relevant").click()
    expect(page.get_by_test_id("picker")).to_be_visible()
    page.get_by_test_id("pick-text").fill("garage")
    page.get_by_test_id("pick-text").press("Enter")
    expect(page.get_by_test_id("pick").first).to_have_attribute("data-sentence", "The garage closes at 22:00.")
    tour(page, "picking")
    page.get_by_test_id("pick").first.click()
    expect(page.get_by_test_id("editor")).to_have_value("The garage closes at 22:00.")
    page.get_by_test_id("cancel-correction").click()

    # What is saved, with no word to keep, does not stand open when one comes back.
    expect(page.get_by_test_id("reasons")).to_be_visible()
    new_conversation(page)
    page.go_back()
    expect(seen(page, "turn")).to_have_count(1)
    expect(page.get_by_test_id("reasons")).to_have_count(0)

    # Unsafe: nobody reads it any more, and experts are told.
    new_conversation(page)
    turn = ask(page, "What do the lockers take?")
    turn.get_by_test_id("thumb-down").click()
    turn.get_by_test_id("reason-unsafe").click()
    expect(page.get_by_test_id("hidden")).to_have_text("This answer was hidden. Experts were told.")
    sign_in(expert, application, "Eve")
    expect(expert.get_by_test_id("notice")).to_contain_text("Mel called an answer unsafe")
    expect(expert.get_by_test_id("told-count")).to_have_text("1")

    # An expert puts the first one right; its reader is told, once.
    correct(ask(expert, "How much do students pay?"), "Students pay 8 euros.")
    expect(expert.get_by_test_id("note")).to_be_visible()
    new_conversation(page)
    expect(page.get_by_test_id("notice")).to_contain_text("was put right by Eve")
    page.get_by_test_id("read-notice").click()
    expect(page.get_by_test_id("notice")).to_have_count(0)


def test_of_two_sources_the_outdated_one_is_named_and_a_word_on_it_goes_with_it(
    application: Application, new_page: NewPage, tmp_path: Path
) -> None:
    for name, weight in (("Alpha", "2.4"), ("Beta", "5.9")):
        lamp = tmp_path / f"{name}.md"
        lamp.write_text(f"# {name} lamp\n\nThe {name} lamp weighs {weight} kg.\n", "utf-8")
        application.command("documents", "add", str(lamp))
    page, expert = new_page(), new_page()
    sign_in(page, application, "Mel")
    turn = ask(page, "What is the weight of the lamps?")
    turn.get_by_test_id("thumb-down").click()
    turn.get_by_test_id("reason-outdated").click()
    expect(turn.get_by_test_id("note")).to_contain_text("Saved with its reason")
    expect(turn.get_by_test_id("outdated-source")).to_have_count(2)
    turn.get_by_test_id("outdated-source").filter(has_text="Beta").click()
    expect(turn.get_by_test_id("outdated-source")).to_have_count(0)
    expect(turn.get_by_test_id("note")).to_contain_text("Experts see which source is outdated")
    turn.get_by_test_id("comment").fill("There is a lighter one now")
    turn.get_by_test_id("comment").press("Enter")
    expect(turn.get_by_test_id("reasons")).to_have_count(0)

    sign_in(expert, application, "Eve")
    expert.get_by_test_id("room-review").click()
    case = expert.get_by_test_id("case")
    expect(case.get_by_test_id("case-comment")).to_have_text("There is a lighter one now")
    expect(case.get_by_test_id("case-passage")).to_contain_text("The Beta lamp weighs 5.9 kg.")


def test_the_same_on_a_phone_in_chinese(application: Application, new_page: NewPage, tour: Tour) -> None:
    phone = new_page(width=360, height=740, has_touch=True, is_mobile=True, locale="zh-CN", color_scheme="dark")
    sign_in(phone, application, "Mel")
    turn = ask(phone, "How much do students pay?")
    turn.get_by_test_id("retry").tap()
    expect(phone.get_by_test_id("version")).to_have_text("2/2", timeout=ANSWER_MS)
    expect(phone.get_by_test_id("version")).to_have_attribute("aria-label", "第 2 版，共 2 版")
    seen(phone, "turn").last.get_by_test_id("thumb-down").tap()
    expect(phone.get_by_test_id("reasons")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    tour(phone, "phone-reasons")
    phone.get_by_test_id("reason-not_relevant").tap()
    expect(phone.get_by_test_id("picker")).to_be_visible()
    assert small_targets(phone) + sideways(phone) == []
    phone.get_by_test_id("close-panel").tap()
    phone.get_by_test_id("menu").tap()
    expect(phone.get_by_test_id("collapse")).to_be_focused()
    phone.get_by_test_id("conversation-menu").first.tap()
    expect(phone.get_by_test_id("rename")).to_be_visible()
    box = phone.get_by_test_id("rename").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_test_id("rename").tap()
    expect(phone.get_by_test_id("title")).to_be_focused()
    assert small_targets(phone) + sideways(phone) == []
