"""Every room is for everybody: with the keyboard alone, on a phone, read aloud, light and dark, in both languages."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Locator, Page, expect

from collab.people.sessions import COOKIE
from tests.conftest import with_model
from tests.journeys.access import sideways, small_targets, violations
from tests.journeys.conftest import NewPage
from tests.running import Application

pytestmark = pytest.mark.journey

WIDE, NARROW = 1280, 360
# With several workers, each walks in one language: what they walk through is built but once for all of its tests.
SIZES = [
    pytest.param(language, width, id=f"{language}-{width}", marks=pytest.mark.xdist_group(f"access-{language}"))
    for language in ("en", "zh")
    for width in (WIDE, NARROW)
]


@dataclass(frozen=True)
class House:
    """A running application that people live in, and the links and the session with which one comes in as Ada."""

    application: Application
    session: str
    conversation: str
    invitation: str

    def page(self, new_page: NewPage, language: str, width: int) -> Page:
        """A browser in which Ada is signed in."""
        page = _browser(new_page, language, width)
        page.context.add_cookies([{"name": COOKIE, "value": self.session, "url": self.application.address}])
        return page

    def address(self, language: str, query: str = "") -> str:
        """A place in the application."""
        return f"{self.application.address}/{language}/{query}"


def _browser(new_page: NewPage, language: str, width: int) -> Page:
    is_phone = width == NARROW
    return new_page(width, 780, locale={"en": "en-GB", "zh": "zh-CN"}[language], has_touch=is_phone, is_mobile=is_phone)


@pytest.fixture(scope="module")
def empty(packaged_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Application]:
    """An application that nobody has entered."""
    data = with_model(tmp_path_factory.mktemp("access"), packaged_folder)
    application = Application(data, is_warm=True).start()
    yield application
    application.stop()


@pytest.fixture(scope="module")
def house(empty: Application) -> House:
    """The same application, with something of everything in it."""
    return House(empty, **json.loads(empty.program("tests.journeys.house", str(empty.data))))


class Inspection:
    """Collects what is wrong in each place, so that one run tells all of it."""

    def __init__(self, page: Page, width: int) -> None:
        self._page = page
        self._is_narrow = width == NARROW
        self.found: list[str] = []

    def look(self, place: str) -> None:
        """Everything in light; in dark the colours, which is all that changes."""
        found = violations(self._page)
        if self._is_narrow:
            found += small_targets(self._page) + sideways(self._page)
        self._light("dark")
        found += [f"dark: {one}" for one in violations(self._page, "color-contrast")]
        self._light("light")
        self.found += [f"{place}: {one}" for one in found]

    def unfold(self, place: str) -> None:
        """The same with all menus, and everything that asks before it acts, standing open."""
        self._page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
        self.look(f"{place}, unfolded")
        self._page.evaluate("for (const one of document.querySelectorAll('details')) one.open = false")

    def _light(self, scheme: Literal["light", "dark"]) -> None:
        self._page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        self._page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_the_first_page_of_all(empty: Application, new_page: NewPage, language: str, width: int) -> None:
    page = _browser(new_page, language, width)
    inspection = Inspection(page, width)
    page.goto(empty.link)
    expect(page.get_by_test_id("begin")).to_be_visible()
    inspection.look("setup")
    assert inspection.found == []


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_doors(house: House, new_page: NewPage, language: str, width: int) -> None:
    page = _browser(new_page, language, width)
    inspection = Inspection(page, width)
    page.goto(house.application.address + "/login")
    expect(page.get_by_test_id("sign-in")).to_be_visible()
    inspection.look("sign-in")
    page.goto(f"{house.application.address}/invite?token={house.invitation}")
    expect(page.get_by_test_id("password-again")).to_be_visible()
    inspection.look("invitation")
    assert inspection.found == []


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_the_chat(house: House, new_page: NewPage, language: str, width: int) -> None:
    page = house.page(new_page, language, width)
    inspection = Inspection(page, width)
    page.goto(house.address(language))
    expect(page.get_by_test_id("welcome")).to_be_visible()
    inspection.look("chat, empty")
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("?")
    expect(page.locator("dialog kbd")).to_have_text(KEYS)
    inspection.look("keys")
    page.keyboard.press("Escape")

    _open(page, page.locator(f'[data-testid="conversation"][data-conversation="{house.conversation}"]'))
    turns = page.get_by_test_id("turn")
    expect(turns).to_have_count(4)
    turns.nth(1).hover()
    turns.nth(1).get_by_test_id("thumb-down").click()
    expect(turns.nth(1).get_by_test_id("reasons")).to_be_visible()
    turns.nth(0).hover()
    turns.nth(0).get_by_test_id("edit").click()
    turns.nth(0).get_by_test_id("editor").fill("Students pay 7 euros.")
    inspection.look("chat, forms")
    turns.nth(0).get_by_test_id("cite").first.click()
    expect(page.get_by_test_id("panel")).to_be_visible()
    inspection.look("chat, source")
    page.get_by_test_id("close-panel").click()
    if width == NARROW:
        page.get_by_test_id("menu").click()
        expect(page.get_by_test_id("new-conversation").first).to_be_visible()
        inspection.look("drawer")
    assert inspection.found == []


@pytest.mark.parametrize(("language", "width"), SIZES)
def test_the_other_rooms(house: House, new_page: NewPage, language: str, width: int) -> None:
    page = house.page(new_page, language, width)
    inspection = Inspection(page, width)
    page.goto(house.address(language))
    expect(page.get_by_test_id("welcome")).to_be_visible()
    for room, look in ROOMS.items():
        _open(page, page.get_by_test_id(f"room-{room}"))
        look(page, inspection)
    page.get_by_test_id("me").click()
    page.get_by_test_id("my-account").click()
    expect(page.get_by_test_id("sessions-block")).to_be_visible()
    inspection.look("my account")
    inspection.unfold("my account")
    assert inspection.found == []


KEYS = ["Enter", "Shift+Enter", "Ctrl+Enter", "Esc", "/", "Ctrl+K", "?", "j", "k", "a", "e", "r", "u", "x"]


def _open(page: Page, entry: Locator) -> None:
    """Opens what the side leads to, which is a drawer where the page is narrow."""
    if page.get_by_test_id("menu").is_visible():
        page.get_by_test_id("menu").click()
    entry.click()


def _review(page: Page, inspection: Inspection) -> None:
    expect(page.get_by_test_id("case-entry").first).to_be_visible()
    inspection.look("review")
    page.get_by_test_id("choose").first.check()
    expect(page.get_by_test_id("bulk")).to_be_visible()
    inspection.unfold("review")


def _knowledge(page: Page, inspection: Inspection) -> None:
    expect(page.get_by_test_id("document-row")).to_have_count(3)
    inspection.look("knowledge")
    inspection.unfold("knowledge")
    page.get_by_test_id("open-document").last.click()
    expect(page.get_by_test_id("document-passage").first).to_be_visible()
    inspection.look("knowledge, a document")


def _learning(page: Page, inspection: Inspection) -> None:
    expect(page.get_by_test_id("train")).to_be_visible()
    inspection.look("learning")
    inspection.unfold("learning")


def _people(page: Page, inspection: Inspection) -> None:
    expect(page.get_by_test_id("people-row")).to_have_count(4)
    inspection.look("people")
    inspection.unfold("people")


def _system(page: Page, inspection: Inspection) -> None:
    expect(page.get_by_test_id("fact-memory")).to_be_visible()
    inspection.look("system")


ROOMS: dict[str, Callable[[Page, Inspection], None]] = {
    "review": _review,
    "knowledge": _knowledge,
    "learning": _learning,
    "people": _people,
    "system": _system,
}


@pytest.mark.xdist_group("access-en")
def test_the_keyboard_leads_through_the_page(house: House, new_page: NewPage) -> None:
    page = house.page(new_page, "en", WIDE)
    page.goto(house.address("en", f"?c={house.conversation}"))
    expect(page.get_by_test_id("turn")).to_have_count(4)
    page.evaluate("document.activeElement.blur()")
    reached: list[str] = []
    for _ in range(100):
        page.keyboard.press("Tab")
        testid, has_ring = page.evaluate(FOCUSED)
        assert has_ring, testid
        reached.append(testid)
        if testid == "send":
            break
    first = {testid: reached.index(testid) for testid in IN_ORDER if testid in reached}
    assert sorted(first, key=lambda testid: first[testid]) == list(IN_ORDER)

    # Back from the composer one comes to what one can do with the newest answer.
    page.get_by_test_id("composer").focus()
    back = [_back(page) for _ in range(8)]
    assert back[: back.index("copy") + 1][-5:] == ["edit", "thumb-down", "thumb-up", "retry", "copy"]


IN_ORDER = (
    *("theme", "me", "new-conversation", "find", "conversation", "room-chat", "room-review", "room-knowledge"),
    *(
        "room-learning",
        "room-people",
        "room-system",
        "cite",
        "badge",
        "copy",
        "retry",
        "thumb-up",
        "thumb-down",
        "edit",
        "composer",
        "send",
    ),
)
FOCUSED = """() => {
  const one = document.activeElement;
  const isRinged = [one, one.parentElement].map((place) => getComputedStyle(place)).some(
    (style) => style.outlineStyle !== 'none' && style.outlineWidth !== '0px');
  const edge = () => getComputedStyle(one.parentElement).borderColor;
  const withFocus = edge();
  one.blur();
  const hasEdge = edge() !== withFocus;
  one.focus({ focusVisible: true });
  return [one.dataset.testid ?? one.tagName, isRinged || hasEdge];
}"""


def _back(page: Page) -> str:
    page.keyboard.press("Shift+Tab")
    return str(page.evaluate(FOCUSED)[0])
