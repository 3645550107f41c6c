"""From five corrections to a version that answers, and back: the packaged model is trained and judged in earnest."""

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, claim, correct, new_conversation
from tests.running import Application

pytestmark = [pytest.mark.journey, pytest.mark.slow]

FACTS = {
    "What does the boathouse key hang on?": "The boathouse key hangs on the green hook behind the till.",
    "Who repairs the canoe trailers?": "The canoe trailers are repaired by Harbour Garage in Mill Lane.",
    "How often is the rope store counted?": "The rope store is counted every second Monday.",
    "Which colour are the guides' jackets?": "The guides wear orange jackets with a white stripe.",
    "Where do visitors leave wet boots?": "Visitors leave wet boots on the steel grid by the side door.",
}
ASKED = next(iter(FACTS))
TRAINED_MS = 1_500_000


def ask_alone(page: Page, question: str) -> None:
    page.get_by_test_id("unaided-question").fill(question)
    page.get_by_test_id("unaided-ask").click()
    expect(page.get_by_test_id("unaided-answers")).to_be_visible()


def test_five_answers_are_corrected_trained_judged_promoted_and_rolled_back(
    application: Application, new_page: NewPage
) -> None:
    ada = new_page()
    claim(ada, application, "Ada")
    for question, answer in FACTS.items():
        turn = ask(ada, question)
        correct(turn, answer)
        expect(ada.get_by_test_id("note").last).to_contain_text("From now on")
        new_conversation(ada)

    ada.get_by_test_id("room-learning").click()
    expect(ada.get_by_test_id("lessons-waiting")).to_have_text("5")
    ada.get_by_test_id("advanced").click()
    ada.get_by_test_id("steps").fill("40")
    ada.get_by_test_id("train").click()
    expect(ada.get_by_test_id("run")).to_be_visible()
    expect(ada.get_by_test_id("curve-sft")).to_be_visible(timeout=TRAINED_MS)

    # Chat goes on meanwhile, and the page may be closed.
    ada.get_by_test_id("room-chat").click()
    expect(ask(ada, ASKED).get_by_test_id("answer")).to_contain_text("green hook")
    ada.goto(f"{application.address}/en/?room=learning")
    expect(ada.get_by_test_id("verdict")).to_be_visible(timeout=TRAINED_MS)
    expect(ada.get_by_test_id("figures").first).to_be_visible()

    if ada.get_by_test_id("promote").first.is_enabled():
        ada.get_by_test_id("promote").first.click()
    else:  # so few lessons may be too few for the exact test; who promotes it all the same says why
        ada.get_by_test_id("override").first.click()
        ada.get_by_test_id("reason").first.fill("The report was read: what it got wrong does not matter here.")
        ada.get_by_test_id("override-yes").first.click()
    expect(ada.get_by_test_id("live-version")).to_contain_text("Version", timeout=TRAINED_MS)

    ask_alone(ada, ASKED)
    as_it_came = ada.get_by_test_id("unaided-base").inner_text()
    assert "green hook" not in as_it_came
    expect(ada.get_by_test_id("unaided-live")).not_to_have_text(as_it_came)

    ada.get_by_test_id("roll-back-live").click()
    expect(ada.get_by_test_id("live-version")).to_have_text("The model as it came", timeout=TRAINED_MS)
    ask_alone(ada, ASKED)
    expect(ada.get_by_test_id("unaided-live")).to_have_count(0)
    expect(ada.get_by_test_id("unaided-base")).not_to_contain_text("green hook")
