"""The server goes away while it answers, and comes back."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, sign_in
from tests.running import Application

pytestmark = [pytest.mark.journey, pytest.mark.slow_model]

STORY = "Write a very long story about a museum and all of its visitors"


def begin(page: Page, question: str) -> None:
    page.get_by_test_id("composer").fill(question)
    page.get_by_test_id("composer").press("Enter")
    expect(page.get_by_test_id("running").filter(visible=True)).to_be_visible()


@pytest.mark.parametrize("kind", ["killed", "asked to end"])
def test_the_question_comes_back_when_the_server_goes(application: Application, new_page: NewPage, kind: str) -> None:
    application.person("Mel", "member")
    page = new_page(may_lose=True)
    sign_in(page, application, "Mel")
    begin(page, STORY)
    if kind == "killed":
        application.kill()
    else:
        application.stop()
    expect(page.get_by_test_id("composer")).to_have_value(STORY)
    expect(page.get_by_test_id("running").filter(visible=True)).to_have_count(0)
    expect(page.get_by_test_id("send")).to_be_visible()

    # It comes back at the same address, and what is asked now is answered.
    application.settings["COLLAB_PORT"] = application.address.rsplit(":", 1)[1]
    application.start()
    page.reload()
    expect(page.get_by_test_id("composer")).to_have_value(STORY)
    ask(page, "hello")
