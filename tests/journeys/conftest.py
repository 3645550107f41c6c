"""A real browser on the real application, with the packaged models."""

import contextlib
import io
import os
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docx
import pypdf
import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright
from reportlab.pdfgen import canvas

from tests import warm
from tests.model_server import Handler, delta, serving
from tests.running import ROOT, Application

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
expect.set_options(timeout=45_000)  # milliseconds; an answer of the model takes a few seconds


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    with sync_playwright() as playwright:
        with warm.every_core():
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def settings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Where a journey is about what happens meanwhile, the model takes its time: it is one behind HTTP."""
    if request.node.get_closest_marker("slow_model") is None:
        yield {}
        return
    with serving() as server:
        server.answer = tell_slowly
        yield {"COLLAB_MODEL_URL": server.url}


def tell_slowly(handler: Handler) -> None:
    """A story of five words a second, until nobody listens; anything else is answered at once."""
    is_story = "story" in handler.server.seen[-1]["body"]["messages"][-1]["content"]  # type: ignore[index]
    handler.start()
    with contextlib.suppress(OSError):  # whoever asked has gone
        for _ in range(300 if is_story else 1):
            handler.say(delta("The museum was full. " if is_story else "Look at the sources."))
            time.sleep(0.8 if is_story else 0)
        handler.say(delta(None, "stop"), b"[DONE]")


@pytest.fixture
def application(data: Path, settings: dict[str, str]) -> Iterator[Application]:
    """The application on an empty database."""
    application = Application(data, settings, is_warm=True).start()
    yield application
    application.stop()


NewPage = Callable[..., Page]


# What Gradio says of a request that ends because its page is left.
LEFT = re.compile("AbortError: signal is aborted|errored out")


# What a browser says of a server that is gone.
AWAY = re.compile("net::ERR_|Failed to fetch|network error|Connection errored out")


def _is_problem(message: ConsoleMessage) -> bool:
    return message.type == "error" and not LEFT.search(message.text)


@pytest.fixture
def new_page(browser: Browser) -> Iterator[NewPage]:
    """Makes the page of one more person: own cookies, and any error in the page's console fails the journey; not, where
    it `may_lose` the server, what is said of that.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def make(width: int = 1440, height: int = 900, *, may_lose: bool = False, **options: object) -> Page:
        def note(text: str) -> None:
            if not (may_lose and AWAY.search(text)):
                problems.append(text)

        context = browser.new_context(viewport={"width": width, "height": height}, reduced_motion="reduce", **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: note(f"error: {error}"))
        page.on("console", lambda message: note(message.text) if _is_problem(message) else None)
        return page

    yield make
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def tour() -> Callable[[Page, str], None]:
    """Takes a screenshot for the README when COLLAB_TOUR names a folder."""
    folder = os.environ.get("COLLAB_TOUR")

    def take(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=ROOT / folder / f"{name}.png")

    return take


@pytest.fixture
def files(tmp_path: Path) -> dict[str, Path]:
    """A file of each type, and four that cannot be read, by name."""
    folder = tmp_path / "files"
    folder.mkdir()
    word = docx.Document()
    word.add_heading("Lockers", 1)
    word.add_paragraph("The lockers take a 2 euro coin.")
    word.save(str(folder / "lockers.docx"))
    (folder / "notes.md").write_text("# Notes\nThe garage opens at 8:00.\n", encoding="utf-8")
    (folder / "plain.txt").write_text("The cloakroom is on the first floor.", encoding="utf-8")
    (folder / "page.html").write_text("<h1>Shop</h1><p>The shop closes at 17:30.</p>", encoding="utf-8")
    (folder / "tours.pdf").write_bytes(_pdf("Guided tours begin at 11:00 every Sunday."))
    (folder / "scan.pdf").write_bytes(_pdf(""))
    locked = pypdf.PdfWriter(clone_from=io.BytesIO(_pdf("Secret")))
    locked.encrypt("a password")
    locked.write(folder / "locked.pdf")
    (folder / "latin.txt").write_bytes("Café geöffnet".encode("latin-1"))
    (folder / "picture.pdf").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(64))
    return {path.name: path for path in sorted(folder.iterdir())}


def _pdf(text: str) -> bytes:
    content = io.BytesIO()
    page = canvas.Canvas(content)
    page.drawString(72, 700, text)
    page.showPage()
    page.save()
    return content.getvalue()
