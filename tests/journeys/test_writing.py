"""What a person has typed is never lost, sent twice, or sent to where they are not."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, correct, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey


@pytest.fixture
def guide(application: Application, tmp_path: Path) -> None:
    """A guide that everyone reads, a member and an expert."""
    application.person("Mel", "member")
    application.person("Eve", "expert")
    path = tmp_path / "guide.md"
    path.write_text("# Guide\n\n## Tickets\nStudents pay 9 euros. Adults pay 14 euros.\n", encoding="utf-8")
    application.command("documents", "add", str(path))


@pytest.mark.usefixtures("guide")
def test_a_draft_outlives_thumbs_other_conversations_and_opening_anew(
    application: Application, new_page: NewPage
) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    turn = ask(page, "How much do students pay?")
    turn.hover()
    turn.get_by_test_id("edit").click()
    turn.get_by_test_id("editor").fill("Students pay seven.")
    turn.get_by_test_id("thumb-down").click()
    turn.get_by_test_id("comment").fill("It was seven last year")
    turn.get_by_test_id("thumb-up").click()
    expect(turn.get_by_test_id("note")).to_be_visible()
    expect(turn.get_by_test_id("reasons")).to_have_count(0)
    turn.get_by_test_id("thumb-down").click()
    expect(turn.get_by_test_id("comment")).to_have_value("It was seven last year")
    expect(turn.get_by_test_id("editor")).to_have_value("Students pay seven.")

    new_conversation(page)
    ask(page, "How much do adults pay?")
    there, here = page.get_by_test_id("conversation").nth(1), page.get_by_test_id("conversation").nth(0)
    here.click()
    there.click()  # at once after: whichever answer comes last, the address decides
    expect(page.get_by_test_id("question").first).to_have_text("How much do students pay?")
    expect(page.get_by_test_id("editor")).to_have_value("Students pay seven.")
    page.get_by_test_id("composer").fill("A question that is not sent yet")
    page.reload()
    expect(page.get_by_test_id("editor")).to_have_value("Students pay seven.")
    expect(page.get_by_test_id("composer")).to_have_value("A question that is not sent yet")

    page.get_by_test_id("editor").press("Control+Enter")
    expect(page.get_by_test_id("note")).to_contain_text("From now on you get this answer")
    expect(page.get_by_test_id("editor")).to_have_count(0)


@pytest.mark.usefixtures("guide")
def test_a_double_click_decides_one_case_and_each_keeps_its_words(application: Application, new_page: NewPage) -> None:
    member, expert = new_page(), new_page()
    sign_in(member, application, "Mel")
    correct(ask(member, "How much do students pay?"), "Students pay 7 euros.")
    expect(member.get_by_test_id("note")).to_be_visible()
    new_conversation(member)
    correct(ask(member, "How much do adults pay?"), "Adults pay 12 euros.")
    expect(member.get_by_test_id("note")).to_be_visible()

    sign_in(expert, application, "Eve")
    expert.get_by_test_id("room-review").click()
    entries = expert.get_by_test_id("case-entry")
    expect(entries).to_have_count(2)
    expert.get_by_test_id("case-reason").fill("Said at the desk")
    entries.nth(1).click()
    expect(entries.nth(1)).to_have_attribute("aria-current", "true")
    expect(expert.get_by_test_id("case-reason")).to_have_value("")
    expert.get_by_test_id("case-reason").fill("Read on the wall")
    entries.nth(0).click()
    expect(expert.get_by_test_id("case-reason")).to_have_value("Said at the desk")

    expert.get_by_test_id("approve").dblclick(delay=60)
    expect(entries).to_have_count(1)
    expect(expert.get_by_test_id("case-reason")).to_have_value("Read on the wall")
    expect(expert.get_by_test_id("waiting")).to_have_text("1")


@pytest.mark.usefixtures("guide")
def test_times_are_those_of_the_reader(application: Application, new_page: NewPage) -> None:
    page = new_page(timezone_id="Pacific/Kiritimati", locale="en-GB")  # fourteen hours ahead of UTC
    sign_in(page, application, "Mel")
    shown = ask(page, "How much do students pay?").locator("time")
    local = "(moment) => new Date(moment).toLocaleTimeString('en-GB', {hour: '2-digit', minute: '2-digit'})"
    expect(shown).to_have_text(page.evaluate(local, shown.get_attribute("datetime")))
