"""A browser that goes away, over a real socket: the page is not followed any more, and its answer ends."""

import asyncio
import json
import threading
from collections.abc import Iterator

import gradio as gr
import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from collab import ui
from collab.people.access import Actor
from collab.services import Services
from collab.ui.runs import Runs
from tests.fakes import EchoModel
from tests.waiting import until

HASH = "page1"


@pytest.fixture
def engine() -> EchoModel:
    return EchoModel("word " * 1_000, delay_s=0.3)


@pytest.fixture
def runs() -> Runs:
    return Runs(patience_s=3)


@pytest.fixture
def url(services: Services, runs: Runs, member: Actor) -> Iterator[str]:
    """The English page, on which Mel is signed in."""

    async def build() -> FastAPI:  # Gradio opens an event loop that it never closes, unless one runs
        page = ui.build(services, "en", runs)
        return gr.mount_gradio_app(
            FastAPI(), page, "/en", auth_dependency=lambda request: member.id, **ui.mount_options("en")
        )

    server = uvicorn.Server(uvicorn.Config(asyncio.run(build()), port=0, log_level="error"))
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/en/gradio_api/queue"
    server.should_exit = True
    thread.join()


def test_an_answer_goes_on_while_its_page_is_there_and_ends_when_it_is_gone(
    url: str, services: Services, runs: Runs, member: Actor, engine: EchoModel
) -> None:
    dependencies = httpx.get(url.replace("gradio_api/queue", "config"), trust_env=False).json()
    (box,) = (part["id"] for part in dependencies["components"] if part["props"].get("elem_id") == "to-ask")
    (ask,) = (one["id"] for one in dependencies["dependencies"] if one["targets"] == [[box, "change"]])
    message = json.dumps({"act": "ask", "run": "r1", "text": "Write a poem"})
    job = {"fn_index": ask, "data": [message], "session_hash": HASH}
    with httpx.Client(trust_env=False, timeout=60) as browser:
        assert browser.post(f"{url}/join", json=job).status_code == 200
        with browser.stream("GET", f"{url}/data", params={"session_hash": HASH}) as stream:
            lines = stream.iter_lines()
            while engine.told < 12:  # for longer than it would go on without a page
                next(lines)
            (run,) = runs.of(member)
            assert (run.unseen_s, run.cancel.is_set()) == (0, False)
    assert run.cancel.wait(60)
    until(lambda: run.progress.is_over)
    (turn,) = services.conversations.turns(member, run.conversation)
    assert turn.is_stopped
