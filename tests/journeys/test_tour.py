"""The README's tour, walked in a real browser on the packaged models. `make tour` keeps its pictures."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, claim, correct, decision, load_handbook, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey

Tour = Callable[[Page, str], None]

SUNDAYS = "When is the Rotterdam store open on Sundays?"
OLD = "12:00 to 17:00"
NEW = "The Rotterdam store is open on Sundays from 11:00 to 18:30."


def test_ask_correct_ask_again(application: Application, new_page: NewPage, tour: Tour) -> None:
    page = new_page()
    claim(page, application, "Ada")
    expect(page.get_by_test_id("welcome-empty")).to_be_visible()
    tour(page, "welcome")
    load_handbook(page)

    # Ask: from sources, and the source opens with its sentence marked.
    new_conversation(page)
    turn = ask(page, SUNDAYS)
    decision(turn, "From sources")
    expect(turn.get_by_test_id("answer")).to_contain_text(OLD)
    turn.get_by_test_id("cite").first.click()
    expect(page.get_by_test_id("panel").locator("mark")).to_contain_text(OLD)
    expect(page.get_by_test_id("panel")).to_contain_text("stores.md")
    tour(page, "answer")
    page.get_by_test_id("close-panel").click()

    # A follow-up leans on the question before it.
    follow_up = ask(page, "and on Mondays?")
    expect(follow_up.get_by_test_id("answer")).to_contain_text("13:00")

    correct_take_back_correct_again(page, tour)

    # Ask again in other words: the person's text, with who and when.
    new_conversation(page)
    again = ask(page, "What are the opening hours of the Rotterdam store on Sundays?")
    decision(again, "Confirmed")
    expect(again.get_by_test_id("answer")).to_have_text(NEW)
    expect(again.get_by_test_id("corrected-by")).to_contain_text("Corrected by Ada on ")
    tour(page, "corrected")

    # A question that only looks similar is not hijacked; the subject is kept by a follow-up.
    other = ask(page, "When is the Antwerp store open on Sundays?")
    expect(other.get_by_test_id("answer")).not_to_contain_text("18:30")
    kept = ask(page, "and on Mondays?")
    expect(kept.get_by_test_id("answer")).to_contain_text("The Antwerp store is closed on Mondays")

    # Everything is there after a reload.
    page.reload()
    expect(page.get_by_test_id("turn")).to_have_count(3)
    expect(page.get_by_test_id("answer").first).to_have_text(NEW)


def correct_take_back_correct_again(page: Page, tour: Tour) -> None:
    """Undo leads back to the answer from sources; the second time the edit stays."""
    turn = page.get_by_test_id("turn").first
    turn.hover()
    turn.get_by_test_id("edit").click()
    turn.get_by_test_id("editor").fill(NEW)
    expect(turn.get_by_test_id("diff")).to_contain_text("18:30")
    tour(page, "edit")
    turn.get_by_test_id("editor").press("Control+Enter")
    expect(turn.get_by_test_id("note")).to_contain_text("everyone")
    turn.get_by_test_id("undo").first.click()
    expect(page.get_by_test_id("toast")).to_be_visible()
    new_conversation(page)
    expect(page.get_by_test_id("toast")).to_be_hidden(timeout=3_000)  # it would stay ten seconds over what comes next
    decision(ask(page, SUNDAYS), "From sources")
    correct(page.get_by_test_id("turn").last, NEW)
    expect(page.get_by_test_id("note")).to_contain_text("everyone")


def test_review(application: Application, new_page: NewPage, tour: Tour, tmp_path: Path) -> None:
    application.person("Mel", "member")
    application.person("Eve", "expert")
    guide = tmp_path / "guide.md"
    guide.write_text("# Guide\n\n## Tickets\nStudents pay 9 euros. Adults pay 14 euros.\n", encoding="utf-8")
    application.command("documents", "add", str(guide))
    member, expert = new_page(), new_page()
    sign_in(member, application, "Mel")
    a_members_words_answer_only_them(member)
    sign_in(expert, application, "Eve")
    both_answers_are_seen_and_other_words_approved(expert, tour)
    new_conversation(expert)
    decision(ask(expert, "What do students pay?"), "Confirmed")
    what_became_of_it_is_told_and_leads_there(member)
    a_rejection_says_why(member, expert)


def a_members_words_answer_only_them(member: Page) -> None:
    """Until they are reviewed, which the answer says."""
    correct(ask(member, "How much do students pay?"), "Students pay 7 euros.")
    expect(member.get_by_test_id("note")).to_contain_text("you")
    new_conversation(member)
    mine = ask(member, "How much do students pay?")
    decision(mine, "Your correction")
    expect(mine.get_by_test_id("pending")).to_be_visible()


def both_answers_are_seen_and_other_words_approved(expert: Page, tour: Tour) -> None:
    """What waits is not for others yet."""
    expect(ask(expert, "How much do students pay?").get_by_test_id("answer")).to_contain_text("9 euros")
    expect(expert.get_by_test_id("waiting")).to_have_text("1")
    expert.get_by_test_id("room-review").click()
    expect(expert.get_by_test_id("case-diff").locator("del")).to_have_text("9")
    expect(expert.get_by_test_id("case-diff").locator("ins")).to_have_text("7")
    tour(expert, "review")
    expert.get_by_test_id("case-answer").fill("Students pay 7 euros on Fridays.")
    expert.get_by_test_id("approve").click()
    expect(expert.get_by_test_id("empty")).to_be_visible()
    expect(expert.get_by_test_id("toast")).to_contain_text("Undo")


def what_became_of_it_is_told_and_leads_there(member: Page) -> None:
    """To where it was written; and it stands among one's own corrections."""
    new_conversation(member)
    expect(member.get_by_test_id("notice")).to_contain_text("Eve approved your answer to “How much do students pay?”")
    member.get_by_test_id("open-notice").click()
    expect(member.get_by_test_id("turn-correction")).to_contain_text("Eve changed your words")
    member.get_by_test_id("room-review").click()
    expect(member.get_by_test_id("own-correction")).to_contain_text("7 euros on Fridays.")
    expect(member.get_by_test_id("own-correction").get_by_test_id("state")).to_have_text("Live")


def a_rejection_says_why(member: Page, expert: Page) -> None:
    """Among one's own corrections and at the top of the chat; what stood before answers again."""
    new_conversation(member)
    correct(ask(member, "How much do adults pay?"), "Adults pay nothing.")
    expect(member.get_by_test_id("note")).to_be_visible()
    expert.get_by_test_id("room-review").click()
    expert.get_by_test_id("case-reason").fill("They pay 14 euros.")
    expert.get_by_test_id("reject").click()
    expect(expert.get_by_test_id("empty")).to_be_visible()
    member.get_by_test_id("room-review").click()
    expect(member.get_by_test_id("review-reason")).to_contain_text("They pay 14 euros.")
    new_conversation(member)
    expect(member.get_by_test_id("notice")).to_contain_text(re.compile("Eve did not approve .* They pay 14 euros"))
    expect(ask(member, "How much do adults pay?").get_by_test_id("answer")).to_contain_text("14 euros")


def test_uploads(application: Application, new_page: NewPage, tour: Tour, files: dict[str, Path]) -> None:
    application.person("Eve", "expert")
    page = new_page()
    sign_in(page, application, "Eve")
    page.get_by_test_id("room-knowledge").click()
    page.locator("#files input[type=file]").set_input_files(list(files.values()))
    rows = page.get_by_test_id("document-row")
    expect(rows).to_have_count(len(files))
    expect(page.get_by_test_id("document-state").filter(has_text="Ready")).to_have_count(5, timeout=60_000)
    for name, reason in {
        "locked.pdf": "password",
        "scan.pdf": "no text",
        "latin.txt": "UTF-8",
        "picture.pdf": "PNG",
    }.items():
        expect(rows.filter(has_text=name)).to_contain_text(re.compile(reason, re.IGNORECASE))
    tour(page, "knowledge")

    # The same file again is recognised; a new version replaces the old one's passages.
    page.locator("#files input[type=file]").set_input_files(files["notes.md"])
    expect(page.get_by_test_id("toast")).to_contain_text(re.compile("already", re.IGNORECASE))
    files["notes.md"].write_text("# Notes\nThe garage opens at 9:00.\n", encoding="utf-8")
    page.locator("#files input[type=file]").set_input_files(files["notes.md"])
    expect(rows.filter(has_text="notes.md")).to_have_count(1)
    expect(rows.filter(has_text="notes.md")).to_contain_text("Ready", timeout=60_000)
    page.get_by_test_id("room-chat").click()
    expect(ask(page, "When does the garage open?").get_by_test_id("answer")).to_contain_text("9:00")

    # Removing asks first.
    page.get_by_test_id("room-knowledge").click()
    locked = rows.filter(has_text="locked.pdf")
    locked.get_by_test_id("delete").click()
    locked.get_by_test_id("confirm-delete").click()
    expect(rows).to_have_count(len(files) - 1)


@pytest.mark.slow_model
def test_rate_stop_and_sign_out(application: Application, new_page: NewPage) -> None:
    application.person("Mel", "member")
    page = new_page()
    sign_in(page, application, "Mel")

    # Stop ends the computation; what was said is kept.
    page.get_by_test_id("composer").fill("Write a very long story about a museum and all of its visitors")
    page.get_by_test_id("composer").press("Enter")
    expect(page.get_by_test_id("answer-running")).to_be_visible(timeout=60_000)
    page.get_by_test_id("stop").click()
    expect(page.get_by_test_id("stopped")).to_be_visible(timeout=10_000)

    # A thumb is saved on the click and stands after a reload.
    turn = page.get_by_test_id("turn").last
    turn.hover()
    turn.get_by_test_id("thumb-down").click()
    turn.get_by_test_id("comment").fill("Too long")
    turn.get_by_test_id("send-reason").click()
    expect(page.get_by_test_id("note")).to_be_visible()
    page.reload()
    expect(page.get_by_test_id("thumb-down")).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_test_id("stopped")).to_be_visible()

    # A style edit teaches and does not answer.
    correct(page.get_by_test_id("turn").last, "There once was a museum.", kind="style")
    expect(page.get_by_test_id("note")).to_contain_text("teaches")

    page.get_by_test_id("me").click()
    page.get_by_test_id("sign-out").click()
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    page.goto(application.address + "/en/")
    expect(page.get_by_test_id("sign-in")).to_be_visible()


def test_chinese_dark_and_on_a_phone(application: Application, new_page: NewPage, tour: Tour, tmp_path: Path) -> None:
    application.person("Mei", "expert")
    guide = tmp_path / "指南.md"
    guide.write_text("# 指南\n\n## 退货\n鞋子可在收货后30天内退货。衣服可在收货后45天内退货。\n", encoding="utf-8")
    application.command("documents", "add", str(guide))
    page = new_page(color_scheme="dark", locale="zh-CN")
    sign_in(page, application, "Mei")
    turn = ask(page, "鞋子多少天内可以退货？")
    decision(turn, "有出处")
    expect(turn.get_by_test_id("answer")).to_contain_text("30天")
    correct(turn, "鞋子可在收货后60天内退货。")
    expect(page.get_by_test_id("note")).to_be_visible()
    new_conversation(page)
    decision(ask(page, "鞋子多少天内可以退货"), "已核实")
    tour(page, "chinese")

    phone = new_page(width=360, height=740, has_touch=True, is_mobile=True)
    sign_in(phone, application, "Mei")
    ask(phone, "鞋子多少天内可以退货？")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_test_id("menu").click()
    phone.get_by_test_id("room-knowledge").click()
    expect(phone.get_by_test_id("document-row")).to_have_count(1)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
    phone.get_by_test_id("menu").click()
    phone.get_by_test_id("room-chat").click()
    expect(phone.get_by_test_id("turn")).to_have_count(1)
    tour(phone, "phone")
