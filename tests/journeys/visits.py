"""What a person does in the browser, in the words of a person."""

import re

from playwright.sync_api import Locator, Page, expect

from tests.running import PASSWORD, Application

READING_MS = 120_000  # the handbook takes a while on a busy machine
ANSWER_MS = 120_000


def claim(page: Page, application: Application, name: str) -> None:
    """Spends the one-time link and becomes the first admin."""
    page.goto(application.link)
    page.get_by_test_id("name").fill(name)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("password-again").fill(PASSWORD)
    page.get_by_test_id("begin").click()
    expect(page.get_by_test_id("composer")).to_be_visible()


def sign_in(page: Page, application: Application, name: str) -> None:
    """Opens the page with name and password."""
    page.goto(application.address)
    page.get_by_test_id("name").fill(name)
    page.get_by_test_id("password").fill(PASSWORD)
    page.get_by_test_id("sign-in").click()
    expect(page.get_by_test_id("composer")).to_be_visible()


def load_handbook(page: Page) -> None:
    """Loads the sample handbook and waits until all of it is read."""
    page.get_by_test_id("load-sample").first.click()
    page.get_by_test_id("room-knowledge").click()
    expect(page.get_by_test_id("document-row")).to_have_count(20)
    expect(page.get_by_test_id("document-state").filter(has_text="Ready")).to_have_count(20, timeout=READING_MS)
    page.get_by_test_id("room-chat").click()


def new_conversation(page: Page) -> None:
    """Begins again."""
    page.get_by_test_id("new-conversation").first.click()
    expect(turns_in_sight(page)).to_have_count(0)


def turns_in_sight(page: Page) -> Locator:
    """Those that a person sees: an older page that arrives late stays hidden until the right one comes."""
    return page.get_by_test_id("turn").filter(visible=True)


def ask(page: Page, question: str) -> Locator:
    """Asks and returns the finished turn."""
    turns = turns_in_sight(page)
    before = turns.count()
    composer = page.get_by_test_id("composer")
    composer.fill(question)
    composer.press("Enter")
    expect(turns).to_have_count(before + 1, timeout=ANSWER_MS)
    return turns.last


def decision(turn: Locator, word: str) -> None:
    """The badge under the turn says `word`."""
    expect(turn.get_by_test_id("badge")).to_have_text(re.compile(word))


def correct(turn: Locator, answer: str, kind: str = "fact") -> None:
    """Edits the answer in place and saves with the keyboard."""
    turn.hover()
    turn.get_by_test_id("edit").click()
    if kind == "style":
        turn.get_by_test_id("kind-style").check()
    editor = turn.get_by_test_id("editor")
    editor.fill(answer)
    editor.press("Control+Enter")
