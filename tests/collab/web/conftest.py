"""The real web application, with real accounts and no models; where a test needs it, around a tiny real Gradio page."""

import asyncio
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import gradio as gr
import pytest
from fastapi import APIRouter, Request
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from collab.config import Settings
from collab.dialogue.conversations import Conversations
from collab.dialogue.engines.queue import GenerationQueue
from collab.dialogue.engines.switching import Pinned
from collab.dialogue.models import Models
from collab.feedback.corrections import Corrections
from collab.metrics import Metrics
from collab.people.access import Role
from collab.people.accounts import Accounts
from collab.people.keys import Keys
from collab.people.links import Links
from collab.people.sessions import Sessions
from collab.people.setup import Setup
from collab.services import MIGRATIONS
from collab.vitals import DiskUsage, Vitals
from collab.web.app import assemble
from knowledge.database import Database, utc_now
from knowledge.library import Library
from knowledge.memory import CorrectionMemory
from tests.fakes import EchoModel, WordEmbedder

PASSWORD = "a long pass phrase 42"
HERE = "http://127.0.0.1:7860"
OPTIONS = {
    "footer_links": [],
    "run_history": False,
    "show_error": False,
    "ssr_mode": False,
    "mcp_server": False,
    "enable_monitoring": False,
    "pwa": False,
}


@dataclass
class Shell:
    """What the web application needs of the services, and whom its handlers saw."""

    settings: Settings
    database: Database
    accounts: Accounts
    sessions: Sessions
    keys: Keys
    links: Links
    setup: Setup
    conversations: Conversations
    corrections: Corrections
    models: Models
    metrics: Metrics
    vitals: Vitals
    seen: list[str | None] = field(default_factory=list)


def make_shell(database: Database, disk_usage: DiskUsage = shutil.disk_usage, **settings: Any) -> Shell:
    models = Models(lambda progress: None, lambda progress: Pinned(EchoModel(), None))
    settings = Settings(data=database.path.parent, **settings)
    sessions, conversations = Sessions(database, utc_now), Conversations(database, utc_now)
    memory, metrics = CorrectionMemory(database, WordEmbedder()), Metrics()
    library = Library(database, WordEmbedder(), utc_now)
    vitals = Vitals(database, library, memory, GenerationQueue(3, lambda: 1), 3, disk_usage)
    metrics.read_with(vitals)
    return Shell(
        settings,
        database,
        Accounts(database, utc_now),
        sessions,
        Keys(database, utc_now),
        Links(database, utc_now, sessions),
        Setup(database, utc_now, sessions),
        conversations,
        Corrections(database, memory, conversations, utc_now),
        models,
        metrics,
        vitals,
    )


def tiny_page(shell: Shell) -> gr.Blocks:
    def hear(text: str, request: gr.Request) -> str:
        shell.seen.append(request.username)
        return text.upper()

    def read(paths: list[str] | None) -> str:
        return "".join(Path(path).read_text() for path in paths or [])

    with gr.Blocks(analytics_enabled=False) as page:
        given, shown = gr.Textbox(), gr.Textbox()
        files = gr.File(file_count="multiple")
        given.change(hear, given, shown, api_visibility="private")
        files.upload(read, files, shown, api_visibility="private")
    page.queue(default_concurrency_limit=None)
    return page


def tiny_api() -> APIRouter:
    api = APIRouter(prefix="/v1")

    @api.post("/documents")
    async def documents(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    @api.get("/who")
    def who(request: Request) -> dict[str, bool]:
        return {"actor": hasattr(request.state, "actor")}

    return api


def without_screen(shell: Shell) -> ASGIApp:
    return assemble(shell, tiny_api(), {})


def with_screen(shell: Shell) -> ASGIApp:
    async def build() -> ASGIApp:  # Gradio opens an event loop that it never closes, unless one runs
        return assemble(shell, tiny_api(), {name: (tiny_page(shell), OPTIONS) for name in ("en", "zh")})

    return asyncio.run(build())


def visit(app: ASGIApp) -> TestClient:
    """A browser that is not signed in and does not follow redirects."""
    return TestClient(app, base_url=HERE, follow_redirects=False)


@pytest.fixture
def shell(database: Database) -> Shell:
    return make_shell(database)


@pytest.fixture
def visitor(shell: Shell) -> Iterator[TestClient]:
    """A stranger's browser on an application of its own, without a screen."""
    with visit(without_screen(shell)) as client:
        yield client


# --- with a screen: one application for all tests, because Gradio takes its time ------------------------------------


@pytest.fixture(scope="session")
def long_shell(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shell]:
    database = Database(tmp_path_factory.mktemp("web") / "collab.db")
    database.migrate(MIGRATIONS)
    shell = make_shell(database)
    for name in ("Mel", "Oli"):
        shell.accounts.add(name, PASSWORD, Role.MEMBER)
    yield shell
    database.close()


@pytest.fixture(scope="session")
def long_running(long_shell: Shell) -> Iterator[TestClient]:
    with visit(with_screen(long_shell)) as client:
        yield client


@pytest.fixture
def stranger(long_running: TestClient) -> TestClient:
    return _another(long_running)


@pytest.fixture
def mel(long_running: TestClient, long_shell: Shell) -> TestClient:
    return _another(long_running, long_shell.sessions.sign_in("Mel", PASSWORD))


@pytest.fixture
def oli(long_running: TestClient, long_shell: Shell) -> TestClient:
    return _another(long_running, long_shell.sessions.sign_in("Oli", PASSWORD))


def _another(running: TestClient, token: str = "") -> TestClient:
    client = visit(running.app)
    client.portal = running.portal
    if token:
        client.cookies.set("collab_session", token)
    return client
