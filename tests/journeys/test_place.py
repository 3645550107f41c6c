"""One finds things where one left them: in a long list, after opening the page anew, and after signing in again."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from collab.config import Settings
from collab.services import Services
from tests.fakes import EchoModel, WordEmbedder
from tests.journeys.conftest import NewPage
from tests.journeys.visits import ANSWER_MS, ask, correct, new_conversation, sign_in
from tests.running import PASSWORD, Application

pytestmark = pytest.mark.journey

LONG = "Write a very long story about a museum and all of its visitors"
SCROLLED = "() => Math.round(document.querySelector('.conversations').scrollTop)"


@pytest.fixture(autouse=True)
def people(application: Application) -> None:
    """A member and an expert."""
    application.person("Mel", "member")
    application.person("Eve", "expert")


def begin(page: Page, question: str) -> None:
    """Asks, and does not wait for the answer."""
    page.get_by_test_id("composer").fill(question)
    page.get_by_test_id("composer").press("Enter")


def scroll_to(page: Page, pixels: int) -> None:
    """Scrolls the list of conversations."""
    page.evaluate("(to) => (document.querySelector('.conversations').scrollTop = to)", pixels)


@pytest.mark.slow_model
def test_a_long_list_keeps_its_place_and_a_title_that_is_being_written(
    application: Application, new_page: NewPage
) -> None:
    services = Services(Settings(data=application.data), embedder=WordEmbedder(), engine=EchoModel())
    mel = services.sessions.actor_of(services.sessions.sign_in("Mel", PASSWORD))
    for n in range(130):
        services.conversations.begin(mel, f"Ticket {n}")
    services.close()
    page = new_page()
    sign_in(page, application, "Mel")
    listed = page.get_by_test_id("conversation")
    expect(listed).to_have_count(100)
    scroll_to(page, 1_500)
    listed.nth(50).click()
    expect(listed.nth(50)).to_have_attribute("aria-current", "page")
    page.wait_for_timeout(1_500)
    assert page.evaluate(SCROLLED) == 1_500

    # There are more of them, and they stay while answers come.
    page.get_by_test_id("more-listed").click()
    expect(listed).to_have_count(130)
    expect(page.get_by_test_id("more-listed")).to_have_count(0)
    new_conversation(page)
    begin(page, LONG)
    expect(page.get_by_test_id("side-running")).to_have_count(1)
    expect(listed).to_have_count(131)

    # Meanwhile another is renamed; the answer's end takes nothing of what is typed.
    row = page.locator('[data-title="Ticket 15"]')
    row.hover()
    row.get_by_test_id("conversation-menu").click()
    row.get_by_test_id("rename").click()
    page.get_by_test_id("title").press_sequentially("Fees of the mu")
    here = page.evaluate(SCROLLED)
    page.evaluate("document.querySelector('.stop').click()")
    expect(page.get_by_test_id("side-running")).to_have_count(0, timeout=ANSWER_MS)
    expect(listed).to_have_count(131)
    page.keyboard.type("seum")
    page.keyboard.press("Enter")
    expect(listed.filter(has_text="Fees of the museum")).to_have_count(1)
    page.wait_for_function(f"(here) => Math.abs(({SCROLLED})() - here) < 100", arg=here)


@pytest.mark.slow_model
def test_an_answer_goes_on_in_the_other_language(application: Application, browser: Browser) -> None:
    context = browser.new_context(locale="en-GB")
    page = context.new_page()  # whose console says that a line was cut off
    sign_in(page, application, "Mel")
    begin(page, LONG)
    expect(page).to_have_url(re.compile(r"\?c="))
    page.get_by_test_id("language").click()
    expect(page).to_have_url(re.compile(r"/zh/\?c="))
    expect(page.get_by_test_id("running").filter(visible=True)).to_contain_text(LONG)
    expect(page.get_by_test_id("stop")).to_have_attribute("aria-label", "停止")
    expect(page.get_by_test_id("side-running")).to_have_count(1)

    # Elsewhere in the page, which did not ask for it, the sign goes when it is over.
    new_conversation(page)
    expect(page.get_by_test_id("side-running")).to_have_count(1)
    second = context.new_page()
    second.goto(application.address)
    second.get_by_test_id("conversation").filter(has_text="Write a very long").click()
    second.get_by_test_id("stop").click()
    expect(page.get_by_test_id("side-running")).to_have_count(0)
    page.get_by_test_id("conversation").filter(has_text="Write a very long").click()
    expect(page.get_by_test_id("stopped")).to_have_text("已停止")
    context.close()


def test_who_is_shut_out_comes_to_the_sign_in_and_finds_the_question_again(
    application: Application, browser: Browser
) -> None:
    page = browser.new_context(locale="en-GB").new_page()  # its console says that it was refused
    sign_in(page, application, "Mel")
    application.command("people", "disable", "Mel")
    page.get_by_test_id("composer").fill("How much do students pay?")
    page.get_by_test_id("send").click()
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    application.command("people", "enable", "Mel")
    page.add_init_script("delete PerformanceResourceTiming.prototype.responseStatus")  # from now on as in Safari
    page.get_by_test_id("name").fill("Mel")
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("composer")).to_have_value("How much do students pay?")

    # Somebody else who signs in there does not, and has the other tabs as well.
    second = page.context.new_page()
    second.goto(application.address)
    expect(second.get_by_test_id("me")).to_have_text("M")
    application.command("people", "disable", "Mel")
    page.get_by_test_id("room-knowledge").click()
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    page.get_by_test_id("name").fill("Eve")
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("me")).to_have_text("E")
    page.get_by_test_id("room-chat").click()
    expect(page.get_by_test_id("composer")).to_have_value("")
    second.get_by_test_id("room-knowledge").click()
    expect(second.get_by_test_id("me")).to_have_text("E")
    expect(second.get_by_test_id("drop")).to_be_visible()
    page.context.close()


def test_the_desk_is_as_one_left_it(application: Application, new_page: NewPage, browser: Browser) -> None:
    member, expert = new_page(), browser.new_page()  # whose console says that a line was cut off when it is opened anew
    sign_in(member, application, "Mel")
    for question in ("Who opens the gate?", "Who shuts the gate?", "Who paints the fence?"):
        new_conversation(member)
        correct(ask(member, question), "The porter does.")
        expect(member.get_by_test_id("note")).to_be_visible()
    sign_in(expert, application, "Eve")
    expert.get_by_test_id("room-review").click()
    entries = expert.get_by_test_id("case-entry")
    expect(entries).to_have_count(3)
    expert.get_by_test_id("filters").click()
    expert.get_by_test_id("filter-order").select_option("newest")
    expect(entries.first).to_contain_text("fence")
    expert.get_by_test_id("search-cases").fill("gate")
    expect(entries).to_have_count(2)
    entries.nth(1).click()
    expect(entries.nth(1)).to_have_attribute("aria-current", "true")
    expert.get_by_test_id("case-answer").fill("The guard does.")
    expert.reload()
    expect(entries).to_have_count(2)
    expect(entries.nth(1)).to_have_attribute("aria-current", "true")
    expect(expert.get_by_test_id("case-answer")).to_have_value("The guard does.")
    expect(expert.get_by_test_id("search-cases")).to_have_value("gate")
    expect(expert.get_by_test_id("filters")).to_have_text("Filters: 1 in use")
    expert.get_by_test_id("room-knowledge").click()
    expect(expert.get_by_test_id("drop")).to_be_visible()
    expert.go_back()
    expect(entries).to_have_count(2)

    # Several are chosen, one reads another meanwhile, and what was done to them is taken back at once.
    for box in expert.get_by_test_id("choose").all():
        box.check()
    expert.get_by_test_id("bulk-reason").fill("Only the guard may.")
    entries.nth(1).click()
    expect(entries.nth(1)).to_have_attribute("aria-current", "true")
    expect(expert.get_by_test_id("bulk-reason")).to_have_value("Only the guard may.")
    expert.get_by_test_id("bulk-reject").click()
    expect(expert.get_by_test_id("toast")).to_contain_text("Done: 2.")
    expect(expert.get_by_test_id("bulk")).to_be_hidden()
    expert.get_by_test_id("undo-review").click()
    expect(expert.get_by_test_id("toast")).to_contain_text("Taken back: 2.")
    expect(entries).to_have_count(2)
    expect(expert.get_by_test_id("bulk-reason")).to_have_value("")
    expert.context.close()


def test_the_focus_goes_back_to_what_opened_something(
    application: Application, new_page: NewPage, tmp_path: Path
) -> None:
    path = tmp_path / "guide.md"
    path.write_text("# Guide\n\n## Tickets\nStudents pay 9 euros.\n", encoding="utf-8")
    application.command("documents", "add", str(path))
    page = new_page()
    sign_in(page, application, "Eve")
    cite = ask(page, "How much do students pay?").get_by_test_id("cite")
    cite.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("close-panel")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("panel")).to_be_hidden()
    expect(cite).to_be_focused()

    page.get_by_test_id("me").focus()
    page.keyboard.press("Enter")
    page.get_by_test_id("my-account").focus()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("me")).to_be_focused()

    page.get_by_test_id("room-knowledge").click()
    expect(page.get_by_test_id("drop")).to_be_visible()
    page.keyboard.press("/")
    expect(page.get_by_test_id("composer")).to_be_focused()
    expect(cite).to_be_visible()
    page.get_by_test_id("room-knowledge").click()
    page.get_by_test_id("delete").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Cancel").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_test_id("delete")).to_be_focused()
    page.get_by_test_id("open-document").click()
    page.get_by_text("Correct", exact=True).first.focus()
    page.locator("details.rewrite summary").first.press("Enter")
    expect(page.get_by_test_id("passage-text").first).to_be_focused()
