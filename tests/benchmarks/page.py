"""What the page weighs and how soon one can write in it, in Chromium, with an empty cache and with a filled one.

    python -m tests.benchmarks.page [--runs N] [--json FILE]

Bytes are those over the wire, heads included; `own` is what this repository serves, the rest is the framework's. The
first paint is the browser's own figure for the first text or picture; the composer is there when it is drawn and can
be written in. The peer is a page of the bare framework with one text field, served by the same server in the same run.
"""

import os
import statistics
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import gradio as gr
import uvicorn
from fastapi import FastAPI
from playwright.sync_api import Browser, BrowserContext, CDPSession, sync_playwright

from collab.config import Settings
from collab.people.access import Role
from collab.people.sessions import COOKIE
from collab.services import Services
from tests.benchmarks import report
from tests.running import PASSWORD, Application

CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
COMPOSER, PEERS = "#composer textarea", "textarea"

# Looks at each frame whether the field is there and can be written in.
_WATCH = """(() => { const look = () => {
  const field = document.querySelector(%r);
  if (field?.checkVisibility() && !field.disabled) window.fieldAt = performance.now();
  else requestAnimationFrame(look);
}; look(); })()"""
_WRITABLE = """new Promise((done) => {
  const look = () => window.fieldAt ? done() : requestAnimationFrame(look);
  look();
})"""
_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"

Figures = dict[str, float]


@dataclass
class Wire:
    """What came over the wire for one page, as the browser counts it."""

    kib: dict[bool, float] = field(default_factory=lambda: {True: 0.0, False: 0.0})  # by whether it is our own
    requests: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})
    _owners: dict[str, bool] = field(default_factory=dict)
    _cached: set[str] = field(default_factory=set)

    def follow(self, session: CDPSession) -> None:
        """Counts from now on."""
        session.on("Network.requestWillBeSent", self._sent)
        session.on("Network.requestServedFromCache", lambda told: self._cached.add(told["requestId"]))
        session.on("Network.responseReceived", self._received)
        session.on("Network.dataReceived", lambda told: self._add(told["requestId"], told["encodedDataLength"]))
        session.send("Network.enable")

    def _sent(self, told: dict) -> None:  # type: ignore[type-arg]
        self._owners[told["requestId"]] = urlsplit(told["request"]["url"]).path.startswith("/static/")

    def _received(self, told: dict) -> None:  # type: ignore[type-arg]
        id, response = told["requestId"], told["response"]
        if id in self._owners and id not in self._cached and not response.get("fromDiskCache"):
            self.requests[self._owners[id]] += 1
            self._add(id, response["encodedDataLength"])

    def _add(self, id: str, size_bytes: int) -> None:
        if id in self._owners:
            self.kib[self._owners[id]] += size_bytes / 1024


def open_page(context: BrowserContext, address: str, selector: str) -> Figures:
    """Opens a page, waits until one can write in it and nothing more comes, and counts."""
    page = context.new_page()
    wire = Wire()
    wire.follow(context.new_cdp_session(page))
    page.add_init_script(_WATCH % selector)
    page.goto(address)
    page.evaluate(_WRITABLE)
    page.wait_for_timeout(1_000)  # what is loaded behind; a stream that stays open never lets the network be idle
    figures = {
        "own, requests": float(wire.requests[True]),
        "others": float(wire.requests[False]),
        "own, KiB": wire.kib[True],
        "others, KiB": wire.kib[False],
        "painted_ms": float(page.evaluate(_PAINT)),
        "writable_ms": float(page.evaluate("window.fieldAt")),
    }
    page.close()
    return figures


def measure(browser: Browser, address: str, selector: str, cookie: str, runs: int) -> dict[str, Figures]:
    """The median of each figure; each run has a browser's profile of its own, and opens the page twice."""
    opened: dict[str, list[Figures]] = {"empty cache": [], "filled cache": []}
    for _ in range(runs):
        context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB")
        context.add_cookies([{"name": COOKIE, "value": cookie, "url": address}])
        for figures in opened.values():
            figures.append(open_page(context, address, selector))
        context.close()
    return {
        name: {key: statistics.median(one[key] for one in figures) for key in figures[0]}
        for name, figures in opened.items()
    }


@contextmanager
def bare_framework() -> Iterator[str]:
    """The address of a page with a text field, and nothing of ours."""
    with gr.Blocks() as page:
        gr.Textbox()
    server = uvicorn.Server(
        uvicorn.Config(gr.mount_gradio_app(FastAPI(), page, "/en"), port=0, log_level="error", lifespan="on")
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.05)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/en/"
    server.should_exit = True
    thread.join()


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--runs", type=int, default=5, help="each with an empty and then a filled cache")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        services = Services(Settings(data=Path(folder)))
        services.accounts.add("Ada", PASSWORD, Role.ADMIN)
        cookie = services.sessions.sign_in("Ada", PASSWORD)
        services.close()
        application = Application(Path(folder)).start()
        try:
            ours = measure(browser, application.address + "/en/", COMPOSER, cookie, options.runs)
        finally:
            application.stop()
        with bare_framework() as address:
            peers = measure(browser, address, PEERS, cookie, options.runs)
        browser.close()
    report.table(ours | {f"peer: bare framework, {name}": figures for name, figures in peers.items()}, options.json)


if __name__ == "__main__":
    main()
