"""How the application is, in a real browser: seen by administrators alone, and again and again by itself."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, claim, sign_in
from tests.running import PASSWORD, Application

pytestmark = pytest.mark.journey

PHONE = {"width": 360, "height": 740, "has_touch": True}


def number(page: Page, fact: str) -> str:
    """What stands under a question."""
    return page.get_by_test_id(f"fact-{fact}").locator("strong").inner_text()


def test_an_admin_sees_how_it_is_while_others_ask(
    application: Application, new_page: NewPage, tour: Callable[[Page, str], None]
) -> None:
    ada, mel = new_page(), new_page()
    claim(ada, application, "Ada")
    application.command("people", "add", "Mel", stdin=PASSWORD + "\n")
    ada.get_by_test_id("room-system").focus()
    ada.keyboard.press("Enter")
    expect(ada.get_by_test_id("fact-answers")).to_be_visible()
    assert number(ada, "answers") == "0"
    assert number(ada, "unread") == "All of them"
    expect(ada.get_by_test_id("fact-model")).to_contain_text("SmolLM2")
    expect(ada.get_by_test_id("composer")).to_be_hidden()

    # Mel has no such room; what she asks is seen without a click.
    sign_in(mel, application, "Mel")
    expect(mel.get_by_test_id("room-system")).to_have_count(0)
    ask(mel, "Hello")
    expect(ada.get_by_test_id("fact-answers").locator("strong")).to_have_text("1")
    tour(ada, "system")

    # On a phone, and in Chinese.
    phone = new_page(**PHONE)
    sign_in(phone, application, "Ada")
    phone.get_by_test_id("menu").click()
    phone.get_by_test_id("room-system").click()
    expect(phone.get_by_test_id("fact-version")).to_be_attached()
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
    phone.goto(f"{application.address}/zh/?room=system")
    expect(phone.get_by_test_id("fact-unread").locator("strong")).to_have_text("都读完了")
    assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
