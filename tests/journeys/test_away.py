"""The server goes away while it answers, and comes back: the question is not lost."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, sign_in
from tests.running import Application

pytestmark = [pytest.mark.journey, pytest.mark.slow_model]

STORY = "Write a very long story about a museum and all of its visitors"
PATIENCE_S = 45


def begin(page: Page, question: str) -> None:
    page.get_by_test_id("composer").fill(question)
    page.get_by_test_id("composer").press("Enter")
    expect(page.get_by_test_id("running").filter(visible=True)).to_be_visible()


def expect_not_lost(page: Page) -> None:
    """It is in the history, with what was said, or again where it was asked."""
    asked = page.get_by_test_id("question").filter(has_text=STORY)
    for _ in range(PATIENCE_S * 5):
        if page.get_by_test_id("composer").input_value() == STORY or asked.count():
            return
        page.wait_for_timeout(200)
    raise AssertionError("the question is nowhere")


def again(application: Application) -> None:
    """At the same address."""
    application.settings["COLLAB_PORT"] = application.address.rsplit(":", 1)[1]
    application.start()


def test_of_a_server_that_is_killed_the_question_comes_back(application: Application, new_page: NewPage) -> None:
    application.person("Mel", "member")
    page = new_page(may_lose=True)
    sign_in(page, application, "Mel")
    begin(page, STORY)
    application.kill()
    expect(page.get_by_test_id("composer")).to_have_value(STORY)
    expect(page.get_by_test_id("running").filter(visible=True)).to_have_count(0)
    expect(page.get_by_test_id("send")).to_be_visible()

    again(application)
    page.reload()
    expect(page.get_by_test_id("composer")).to_have_value(STORY)
    ask(page, "hello")


def test_a_server_that_is_asked_to_end_keeps_what_it_said_or_gives_the_question_back(
    application: Application, new_page: NewPage
) -> None:
    application.person("Mel", "member")
    page = new_page(may_lose=True)
    sign_in(page, application, "Mel")
    begin(page, STORY)
    application.stop()
    expect_not_lost(page)
    expect(page.get_by_test_id("running").filter(visible=True)).to_have_count(0)
    expect(page.get_by_test_id("send")).to_be_visible()

    again(application)
    page.reload()
    expect_not_lost(page)
    page.get_by_test_id("composer").fill("")
    ask(page, "hello")
