"""Knowledge as a person lives with it: folders and archives come in, passages are changed, and nothing is lost."""

import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.journeys.access import sideways, small_targets, violations
from tests.journeys.conftest import NewPage
from tests.journeys.visits import ask, correct, new_conversation, sign_in
from tests.running import Application

pytestmark = pytest.mark.journey

Tour = Callable[[Page, str], None]

LOCKERS = "# House rules\n\n## Lockers\n\nThe lockers take a 2 euro coin.\n\n## Lift\n\nThe lift is behind the shop.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Documents in folders, one file that cannot be read, and what a system leaves behind."""
    folder = tmp_path / "museum"
    (folder / "house").mkdir(parents=True)
    (folder / "house" / "rules.md").write_text(LOCKERS, encoding="utf-8")
    (folder / "prices.csv").write_text("Ticket,Price\nAdult,14 euros\nStudent,9 euros\n", encoding="utf-8")
    (folder / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    (folder / ".hidden.md").write_text("Not for anybody.", encoding="utf-8")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    """The same kind of things in a ZIP."""
    path = tmp_path / "shop.zip"
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("opening.txt", "The shop opens at 9:30.")
        parts.writestr("scan.pdf", b"\x89PNG\r\n\x1a\n" + bytes(64))
    return path


def wide(page: Page) -> bool:
    """The README's pictures are taken in a wide window."""
    return page.viewport_size is not None and page.viewport_size["width"] > 760


def enter(page: Page, application: Application, name: str) -> None:
    """Signs in and goes to Knowledge, on a phone through the drawer."""
    sign_in(page, application, name)
    room(page, "room-knowledge")


def room(page: Page, testid: str) -> None:
    """Goes to a room."""
    if not wide(page):
        page.get_by_test_id("menu").click()
    page.get_by_test_id(testid).click()


def chat(page: Page) -> None:
    """Begins a conversation."""
    if not wide(page):
        page.get_by_test_id("menu").click()
    new_conversation(page)


def drop(page: Page, path: Path) -> None:
    """Drags a file or folder from the desktop into the drop area."""
    expect(page.get_by_test_id("empty")).to_be_visible()
    box = page.get_by_test_id("drop").bounding_box()
    assert box is not None
    place = {"x": box["x"] + 40, "y": box["y"] + 20}
    dragged = {"items": [], "files": [str(path)], "dragOperationsMask": 1}
    browser = page.context.new_cdp_session(page)
    for kind in ("dragEnter", "dragOver", "drop"):
        browser.send("Input.dispatchDragEvent", {"type": kind, **place, "data": dragged})


def row(page: Page, name: str) -> Locator:
    """The line of a document."""
    return page.get_by_test_id("document-row").filter(has_text=name)


def ready(page: Page, name: str) -> None:
    """Waits until it has been read."""
    expect(row(page, name).get_by_test_id("document-state")).to_have_text("Ready", timeout=60_000)


def fits(page: Page) -> None:
    """Nothing makes the page wider than the window, nothing keeps people out, and a finger hits what it aims at."""
    assert sideways(page) == []
    assert violations(page) == []
    if not wide(page):
        assert small_targets(page) == []


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (360, 740)], ids=["desktop", "phone"])
def test_a_library_is_kept(
    application: Application, new_page: NewPage, tour: Tour, folder: Path, archive: Path, width: int, height: int
) -> None:
    application.person("Eve", "expert")
    page = new_page(width=width, height=height)
    enter(page, application, "Eve")

    # A folder and an archive come in with their folders' names; what cannot be read says why.
    if wide(page):
        drop(page, folder)
    else:
        page.get_by_test_id("folder").set_input_files(folder)
    expect(page.get_by_test_id("error")).to_contain_text("2 files arrived and are being read.")
    expect(page.get_by_test_id("error")).to_contain_text("museum/photo.png was not read")
    page.locator("#files input[type=file]").set_input_files(archive)
    expect(page.get_by_test_id("document-row")).to_have_count(4)
    for name in ("museum/house/rules.md", "museum/prices.csv", "shop/opening.txt"):
        ready(page, name)
    expect(row(page, "shop/scan.pdf")).to_contain_text("its content is PNG")
    expect(page.get_by_test_id("reading-status")).to_contain_text("Could not be read: 1.")
    expect(row(page, "museum/prices.csv")).to_contain_text("Eve")
    fits(page)

    change_passages(page, tour)
    try_out(page, tour)
    delete_and_bring_back(page)

    # Everything can be taken along.
    with page.expect_download() as download:
        page.get_by_test_id("export-documents").click()
    with zipfile.ZipFile(download.value.path()) as parts:
        assert parts.read("everyone/museum/house/rules.md").decode() == LOCKERS
        listed = [entry["name"] for entry in json.loads(parts.read("manifest.json"))["documents"]]
    assert sorted(listed) == ["museum/house/rules.md", "museum/prices.csv", "shop/opening.txt", "shop/scan.pdf"]


def change_passages(page: Page, tour: Tour) -> None:
    """A passage is corrected and answers in the new words; one that is disabled answers no more; both come back."""
    chat(page)
    expect(ask(page, "What coin do the lockers take?").get_by_test_id("answer")).to_contain_text("2 euro coin")
    room(page, "room-knowledge")
    expect(row(page, "rules.md").locator("td.cited")).to_have_text("1")
    row(page, "rules.md").get_by_test_id("open-document").click()
    passages = page.get_by_test_id("document-passage")
    expect(passages).to_have_count(2)
    lockers, lift = passages.filter(has_text="coin"), passages.filter(has_text="The lift")
    expect(lockers).to_contain_text("Cited: 1")
    lockers.locator("details.rewrite summary").click()
    lockers.get_by_test_id("passage-text").fill("The lockers take a token from the desk.")
    if wide(page):
        tour(page, "passage")
    lockers.get_by_test_id("passage-text").press("Control+Enter")
    changed = passages.filter(has_text="token from the desk")
    expect(changed.get_by_test_id("passage-corrected")).to_be_visible()
    expect(changed.get_by_test_id("passage-text")).to_be_hidden()
    lift.get_by_test_id("disable-passage").click()
    expect(lift.get_by_test_id("passage-disabled")).to_be_visible()
    expect(page.get_by_test_id("toast")).to_contain_text("Undo")
    fits(page)

    chat(page)
    expect(ask(page, "What do the lockers take?").get_by_test_id("answer")).to_contain_text("token")
    expect(ask(page, "Where is the lift?").get_by_test_id("answer")).not_to_contain_text("behind the shop")
    room(page, "room-knowledge")
    expect(row(page, "rules.md")).to_contain_text("Disabled: 1")
    row(page, "rules.md").get_by_test_id("open-document").click()
    lift.get_by_test_id("enable-passage").click()
    expect(lift.get_by_test_id("passage-disabled")).to_have_count(0)
    changed.get_by_test_id("restore-passage").click()
    expect(passages.filter(has_text="2 euro coin")).to_be_visible()
    page.get_by_test_id("undo-passage").click()
    expect(passages.filter(has_text="token from the desk")).to_be_visible()
    page.get_by_test_id("back").click()


def try_out(page: Page, tour: Tour) -> None:
    """The search test shows each stage."""
    page.get_by_test_id("try").click()
    page.get_by_test_id("try-run").click()
    expect(page.get_by_test_id("try-question")).to_be_focused()
    page.get_by_test_id("try-question").fill("What do the lockers take?")
    page.get_by_test_id("try-question").press("Enter")
    expect(page.get_by_test_id("stage-answer")).to_contain_text("token from the desk")
    for stage in ("meaning", "words", "fused"):
        expect(page.get_by_test_id(f"stage-{stage}").get_by_test_id("found").first).to_contain_text("rules.md")
    expect(page.get_by_test_id("stage-corrections")).to_contain_text("No correction answers it.")
    expect(page.get_by_test_id("stage-words")).to_contain_text(re.compile(r"strong \(\d"))
    fits(page)
    if wide(page):
        tour(page, "search-test")
    page.get_by_test_id("try-question").fill("How much do students pay?")
    page.get_by_test_id("try-run").click()
    expect(page.get_by_test_id("stage-answer")).to_contain_text("9 euros")
    page.get_by_test_id("back").click()


def delete_and_bring_back(page: Page) -> None:
    """What depends on a document is shown first; deleting it can be undone, at once and later."""
    chat(page)
    correct(ask(page, "How much do students pay?"), "Students pay 7 euros.")
    expect(page.get_by_test_id("note")).to_be_visible()
    if not wide(page):
        page.get_by_test_id("close-panel").click()  # of the correction's card
    room(page, "room-knowledge")
    prices = row(page, "museum/prices.csv")
    prices.get_by_test_id("delete").click()
    expect(prices.get_by_test_id("depends")).to_contain_text("Answers that cite it: 1.")
    expect(prices).to_contain_text("How much do students pay?")
    prices.get_by_test_id("confirm-delete").click()
    expect(prices).to_have_count(0)
    page.get_by_test_id("undo-delete").click()
    ready(page, "museum/prices.csv")
    prices.get_by_test_id("delete").click()
    prices.get_by_test_id("confirm-delete").click()
    expect(prices).to_have_count(0)
    page.reload()
    page.get_by_test_id("gone").click()
    page.get_by_role("button", name="Bring museum/prices.csv back").click()
    ready(page, "museum/prices.csv")


def test_a_document_gets_its_next_version(application: Application, new_page: NewPage, tmp_path: Path) -> None:
    application.person("Eve", "expert")
    application.person("Mel", "member")
    page = new_page()
    enter(page, application, "Eve")
    first, second = tmp_path / "rules.md", tmp_path / "rules 2027.md"
    first.write_text(LOCKERS, encoding="utf-8")
    second.write_text(LOCKERS.replace("2 euro coin", "1 euro coin"), encoding="utf-8")
    page.locator("#files input[type=file]").set_input_files(first)
    ready(page, "rules.md")
    with page.expect_file_chooser() as chooser:
        row(page, "rules.md").get_by_test_id("replace").click()
    chooser.value.set_files(second)
    expect(page.get_by_test_id("toast")).to_contain_text("rules.md is a new version.")
    expect(page.get_by_test_id("document-row")).to_have_count(1)
    ready(page, "rules.md")
    row(page, "rules.md").get_by_test_id("open-document").click()
    expect(page.get_by_test_id("document-passage").first).to_contain_text("1 euro coin")
    page.get_by_test_id("back").click()

    # The next files that are chosen are documents of their own again.
    page.locator("#files input[type=file]").set_input_files(second)
    expect(page.get_by_test_id("toast")).to_contain_text("rules 2027.md is here already, as rules.md.")

    # A member reads it, and is offered nothing that changes what is everyone's.
    member = new_page()
    enter(member, application, "Mel")
    expect(row(member, "rules.md")).to_be_visible()
    for testid in ("delete", "replace"):
        expect(member.get_by_test_id(testid)).to_have_count(0)
    row(member, "rules.md").get_by_test_id("open-document").click()
    expect(member.get_by_test_id("document-passage").first).to_contain_text("1 euro coin")
    expect(member.get_by_test_id("disable-passage")).to_have_count(0)
