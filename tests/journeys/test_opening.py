"""What a person does at once, before the page has settled, is not lost."""

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey

AT_ONCE = """new MutationObserver((_, watch) => {
  const field = document.querySelector("#composer textarea");
  if (!field) return;
  watch.disconnect();
  field.value = "How much do students pay?";
  field.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
}).observe(document, { childList: true, subtree: true });"""

# The server has ended its line, and the page does not know it yet: for so long it believes that answers will come.
LATE_END = """const LATE_MS = %d;
const real = fetch;
window.fetch = async (...given) => {
  const reply = await real(...given);
  if (!String(given[0].url ?? given[0]).includes("queue/data")) return reply;
  const late = new TransformStream({ async transform(piece, out) {
    const isEnd = new TextDecoder().decode(piece).includes("close_stream");
    if (isEnd) await new Promise((done) => setTimeout(done, LATE_MS));
    out.enqueue(piece);
  } });
  return new Response(reply.body.pipeThrough(late), reply);
};"""


# The answer to what was asked before arrives in the very moment in which the reader opens what it draws anew.
DRAWN_ANEW = """(summary) => {
  const markup = summary.closest(".md");
  const asItCame = markup.innerHTML;
  summary.click();
  markup.innerHTML = asItCame;
}"""


@pytest.fixture
def guide(application: Application, tmp_path: Path) -> None:
    """A guide that everyone reads, and a member."""
    application.person("Mel", "member")
    path = tmp_path / "guide.md"
    path.write_text("# Guide\n\n## Tickets\nStudents pay 9 euros.\n", encoding="utf-8")
    application.command("documents", "add", str(path))


@pytest.mark.usefixtures("guide")
def test_a_question_may_be_sent_as_soon_as_there_is_a_field(application: Application, new_page: NewPage) -> None:
    page = new_page()
    sign_in(page, application, "Mel")
    expect(page.get_by_test_id("welcome")).to_be_visible()
    page.add_init_script(AT_ONCE)
    page.goto(application.address + "/en/")
    expect(page.get_by_test_id("turn").get_by_test_id("answer")).to_contain_text("9 euros")
    expect(page.get_by_test_id("welcome")).to_be_hidden()


@pytest.mark.usefixtures("guide")
@pytest.mark.parametrize("late_ms", [700, 1_600])
def test_an_answer_comes_although_the_line_ended_while_it_was_asked(
    application: Application, new_page: NewPage, late_ms: int
) -> None:
    page = new_page()
    page.add_init_script(LATE_END % late_ms)
    sign_in(page, application, "Mel")
    for _ in range(3):
        new_conversation(page)  # its answer ends the line, just when the question is asked
        page.wait_for_timeout(300)
        expect(ask(page, "How much do students pay?").get_by_test_id("answer")).to_contain_text("9 euros")


@pytest.mark.usefixtures("guide")
def test_what_was_opened_just_now_is_open_when_its_room_is_drawn_anew(
    application: Application, new_page: NewPage
) -> None:
    application.person("Eve", "expert")
    page = new_page()
    sign_in(page, application, "Eve")
    page.get_by_test_id("room-knowledge").click()
    row = page.get_by_test_id("document-row").filter(has_text="guide.md")
    expect(row.get_by_test_id("delete")).to_be_visible()
    row.get_by_test_id("delete").evaluate(DRAWN_ANEW)
    expect(row.get_by_test_id("confirm-delete")).to_be_visible()
    page.get_by_test_id("drop").evaluate("(other) => other.closest('.md').innerHTML = other.closest('.md').innerHTML")
    expect(row.get_by_test_id("confirm-delete")).to_be_visible()

    # The press of a button ends on the button, although it was drawn anew while it was held.
    button = row.get_by_test_id("confirm-delete")
    button.hover()
    page.mouse.down()
    button.evaluate("(button) => button.closest('.md').innerHTML = button.closest('.md').innerHTML")
    page.mouse.up()
    expect(row).to_have_count(0)
