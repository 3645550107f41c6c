"""Lines of the log: what stands in them, whose they are, and that no words of people do."""

import io
import json
import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.testclient import TestClient

from collab import api, logs
from collab.config import Settings
from collab.dialogue.engines import Message
from collab.people.access import Actor, Role
from collab.services import Services
from collab.texts import load_texts
from collab.ui import answering
from collab.ui.acts.chat import ASK_ACTS
from collab.ui.runs import Runs
from collab.ui.screen import REGIONS, Screen, on_message
from collab.web.app import assemble
from tests.fakes import EchoModel, WordEmbedder, add_people

HERE = "http://127.0.0.1:7860"
MEL = Actor("mel", "Melisande", Role.MEMBER)
WORDS = ("zebrafish", "marmalade", "Melisande", "waistcoat", "tarantella")


def record(
    message: str = "It is done", error: BaseException | None = None, level: int = logging.INFO
) -> logging.LogRecord:
    raised = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord("collab.x", level, "x.py", 1, message, None, raised)


def raised(words: str) -> Exception:
    try:
        try:
            raise ValueError(words)
        except ValueError as error:
            raise KeyError(words) from error
    except KeyError as error:
        return error


def test_json_is_one_object_on_one_line() -> None:
    with logs.belonging_to(request="r1", person="p1"), logs.belonging_to(turn="t1"):
        line = logs.formatter("json").format(record())
    told = json.loads(line)
    assert told.pop("time").endswith("+00:00")
    assert told == {
        "level": "INFO", "logger": "collab.x", "message": "It is done", "request": "r1", "person": "p1", "turn": "t1",
    }  # fmt: skip
    assert logs.ids() == {}


def test_text_ends_in_what_it_belongs_to() -> None:
    with logs.belonging_to(request="r1"):
        assert logs.formatter("text").format(record()).endswith(" INFO collab.x: It is done [request=r1]")
    assert logs.formatter("text").format(record()).endswith(" INFO collab.x: It is done")


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_trace_says_where_and_what_and_not_the_words(form: str) -> None:
    line = logs.formatter(form).format(record(error=raised("zebrafish")))
    assert "zebrafish" not in line
    assert "test_logs.py" in line
    assert line.index("builtins.ValueError") < line.index("builtins.KeyError"), "the cause comes first"
    assert "zebrafish" in logs.formatter(form, tells_all=True).format(record(error=raised("zebrafish")))


def test_of_the_system_and_of_ours_it_says_which() -> None:
    assert logs.trace(OSError(28, "No space left on device")) == "builtins.OSError (No space left on device)"
    group = ExceptionGroup("zebrafish", [ValueError("zebrafish")])
    assert logs.trace(group) == "builtins.ValueError\nbuiltins.ExceptionGroup"


def test_each_step_belongs_to_it_in_whatever_thread() -> None:
    def steps() -> Iterator[Any]:
        yield logs.ids()
        yield logs.ids()

    taken: list[dict[str, str]] = []
    told = logs.steps_belonging_to(steps(), request="r1", person="")  # type: ignore[type-var]
    for _ in range(2):
        thread = threading.Thread(target=lambda: taken.append(next(told)))
        thread.start()
        thread.join()
    assert taken == [{"request": "r1"}] * 2
    assert logs.ids() == {}


# --- a person asks, corrects and fails --------------------------------------------------------------------------------


class Quoting(EchoModel):
    """Fails, and its library quotes all that it was told."""

    def stream(self, messages: Sequence[Message], **given: Any) -> Iterator[str]:
        raise RuntimeError(f"cannot complete {messages}")
        yield ""


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Services]:
    services = Services(Settings(data=tmp_path), embedder=WordEmbedder(), engine=Quoting())
    services.models.load()
    add_people(services.database, MEL)
    yield services
    services.close()


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that the root logger is told, as the process would write it."""
    stream, root = io.StringIO(), logging.getLogger()
    handler, level = logging.StreamHandler(stream), root.level
    handler.setFormatter(logs.formatter(request.param))
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_words_of_people_are_in_any_line(services: Services, written: io.StringIO) -> None:
    with TestClient(assemble(services, api.router(services), {}), base_url=HERE) as client:
        headers = {"Authorization": f"Bearer {services.keys.make_for(MEL.name)}"}
        requests = [_over_http(client, headers), _failing_over_http(client, headers)]
    _on_the_page(services)
    lines = written.getvalue()
    assert "Answered (not_found)" in lines
    assert "Answered (corrected)" in lines
    assert "Failed (engine_broken)" in lines
    assert "builtins.RuntimeError" in lines, "the trace tells what kind of error it was"
    assert [word for word in WORDS if word.lower() in lines.lower()] == []
    for id in (*requests, "mel", "page-request"):
        assert id in lines
    assert all("mel" in line for line in lines.splitlines() if "nswered (" in line or "Failed (" in line)


def _over_http(client: TestClient, headers: dict[str, str]) -> str:
    """Asks, corrects, asks again and uploads; the id of the first request."""
    question = {"messages": [{"role": "user", "content": "How much zebrafish may I take?"}]}
    first = client.post("/v1/chat/completions", json=question, headers=headers)
    turn = first.json()["collab"]["turn_id"]
    saved = client.post("/v1/corrections", json={"turn_id": turn, "answer": "Marmalade only."}, headers=headers)
    assert saved.status_code == 201, saved.text
    client.post("/v1/chat/completions", json=question, headers=headers)
    client.post("/v1/documents", files={"file": ("waistcoat.pdf", b"%PDF-1.4 waistcoat")}, headers=headers)
    return first.headers["x-request-id"]


def _failing_over_http(client: TestClient, headers: dict[str, str]) -> str:
    """A task, for which the model fails."""
    task = {"messages": [{"role": "user", "content": "Write a poem about the tarantella"}]}
    reply = client.post("/v1/chat/completions", json=task, headers=headers)
    assert reply.status_code == 502
    return reply.headers["x-request-id"]


def _on_the_page(services: Services) -> None:
    """The same in the page, where an answer has a thread of its own."""
    screen = Screen(services, load_texts("en"), Runs())
    request: Any = SimpleNamespace(
        username=MEL.id, query_params={}, cookies={}, session_hash="s", state=SimpleNamespace(request_id="page-request")
    )
    ask = '{"act": "ask", "run": "r1", "text": "Write a poem about the tarantella"}'
    *_, last = on_message(screen, ASK_ACTS, answering.answer)(request, ask)
    assert 'role="alert"' in last[REGIONS.index("toast")]
