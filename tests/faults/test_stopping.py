"""The end of the process with answers under way: each ends with a notice, and the words so far are kept."""

import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from collab.dialogue.records import Delta
from collab.dialogue.tables import Turn
from collab.errors import StoppingError
from collab.folder import DATABASE_FILE
from knowledge.database import Database
from tests.fakes import EchoModel
from tests.faults.conftest import POEM, QUOTED, STUDENTS, House, answer_of, told
from tests.model_server import Handler, ModelServer, delta, serving
from tests.running import PASSWORD, Application

NOTICE = "The server is being stopped or started again"


class TestInOneProcess:
    @pytest.fixture
    def engine(self) -> EchoModel:
        return EchoModel("word " * 1_000, delay_s=0.01)

    def test_what_is_being_said_is_kept_and_told_to_have_been_cut(self, house: House) -> None:
        events = house.services.assistant.reply(house.mel, None, POEM)
        said = [next(event.text for event in events if isinstance(event, Delta)) for _ in range(3)]
        house.services.assistant.end()
        with pytest.raises(StoppingError, match=NOTICE):
            list(events)
        (turn,) = house.turns()
        assert (turn.answer, turn.is_stopped) == ("".join(said).strip(), True)
        assert house.services.assistant.has_ended(0)

    def test_the_page_keeps_the_words_and_says_why_there_are_no_more(self, house: House, engine: EchoModel) -> None:
        with ThreadPoolExecutor() as beside:
            shown = beside.submit(house.ask_on_the_page, POEM)
            while engine.told < 3:
                threading.Event().wait(0.01)
            house.services.assistant.end()
        assert NOTICE in told(shown.result())
        (turn,) = house.turns()
        assert turn.answer in shown.result()["history"]
        assert shown.result()["running"] == ""

    def test_quotes_are_kept_where_the_model_is_cut_off(self, house: House, engine: EchoModel) -> None:
        with ThreadPoolExecutor() as beside:
            reply = beside.submit(house.ask, STUDENTS)
            while engine.told < 3:
                threading.Event().wait(0.01)
            house.services.assistant.end()
        assert (reply.result().status_code, reply.result().headers["retry-after"]) == (503, "5")
        assert [(turn.answer, turn.is_stopped) for turn in house.turns()] == [(QUOTED, True)]

    def test_nothing_begins_any_more(self, house: House) -> None:
        house.services.assistant.end()
        for more in ({}, {"stream": True}):
            reply = house.ask(STUDENTS, **more)
            assert (reply.status_code, reply.json()["error"]["code"]) == (503, "stopping")
        assert NOTICE in told(house.ask_on_the_page(STUDENTS))
        assert house.turns() == []

    def test_an_answer_that_is_whole_is_no_less_so(self, house: House) -> None:
        assert answer_of(house.ask("hello"))
        house.services.assistant.end()
        assert [turn.is_stopped for turn in house.turns()] == [False]


def _babble(server: ModelServer) -> None:
    """It says word after word until it is hung up on."""

    def answer(handler: Handler) -> None:
        handler.start()
        with pytest.raises(OSError):  # noqa: PT011 - whichever way the connection is lost
            while True:
                handler.say(delta("word "))
                threading.Event().wait(0.05)

    server.answer = answer


class _Reader:
    """Somebody who reads one stream to its end; it has begun with the first line that has the sign in it."""

    def __init__(self, client: httpx.Client, method: str, path: str, sign: str, **more: object) -> None:
        self.lines: list[str] = []
        self._sign = sign
        self.began = threading.Event()
        self._given = (client, method, path, more)
        self._thread = threading.Thread(target=self._read)
        self._thread.start()

    def _read(self) -> None:
        client, method, path, more = self._given
        with client.stream(method, path, **more) as stream:  # type: ignore[arg-type]
            for line in stream.iter_lines():
                self.lines.append(line)
                if self._sign in line:
                    self.began.set()

    def all(self) -> str:
        self._thread.join(60)
        assert not self._thread.is_alive()
        return "\n".join(self.lines)


def _ask_on_the_page(browser: httpx.Client) -> None:
    browser.post("/login", data={"name": "Ada", "password": PASSWORD})
    act = {"act": "ask", "run": "r1", "text": POEM}
    page = browser.get("/en/config").json()
    (box,) = (part["id"] for part in page["components"] if part["props"].get("elem_id") == "to-ask")
    (ask,) = (one["id"] for one in page["dependencies"] if one["targets"] == [[box, "change"]])
    job = {"fn_index": ask, "trigger_id": box, "data": [json.dumps(act)], "session_hash": "page1", "event_data": None}
    browser.post("/en/gradio_api/queue/join", json=job).raise_for_status()


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        _babble(server)
        yield server


@pytest.fixture
def application(tmp_path: Path, server: ModelServer) -> Iterator[Application]:
    application = Application(tmp_path, {"COLLAB_MODEL_URL": server.url, "COLLAB_MODEL_NAME": "big"}).start()
    yield application
    application.stop()


@pytest.mark.models
def test_sigterm_ends_each_stream_with_a_notice_and_loses_nothing(application: Application) -> None:
    """One that is answered by REST, one that may wait behind it on the page, and a page that only stays open."""
    application.person("Ada", "admin")
    headers = {"Authorization": f"Bearer {application.person('Ben', 'member')}"}
    question = {"messages": [{"role": "user", "content": POEM}], "stream": True}
    with (
        httpx.Client(base_url=application.address, headers=headers, trust_env=False, timeout=60) as program,
        httpx.Client(base_url=application.address, trust_env=False, timeout=60) as browser,
    ):
        rest = _Reader(program, "POST", "/v1/chat/completions", "word", json=question)
        assert rest.began.wait(60), application.log
        _ask_on_the_page(browser)
        page = _Reader(browser, "GET", "/en/gradio_api/queue/data?session_hash=page1", "answer-running")
        assert page.began.wait(60), application.log
        application.stop()
        told_by_rest, told_on_the_page = rest.all(), page.all()
    assert application.process is not None
    assert application.process.returncode == 0
    assert not re.findall("^.*(?:ERROR|Traceback).*$", application.log, re.MULTILINE)
    assert not (application.data / f"{DATABASE_FILE}-wal").exists()  # closed in order, not left
    assert NOTICE in told_by_rest
    assert NOTICE in told_on_the_page
    said = "".join(re.findall(r'"content": "(word )"', told_by_rest))
    kept = _kept(application)
    assert (said.strip(), True) in kept
    assert all(is_stopped and set(answer.split()) == {"word"} for answer, is_stopped in kept)


def _kept(application: Application) -> list[tuple[str, bool]]:
    database = Database(application.data / DATABASE_FILE)
    with database.read() as session:
        kept = [(turn.answer, turn.is_stopped) for turn in session.scalars(sa.select(Turn))]
    database.close()
    return kept
