"""A model server that hangs, refuses, hangs up or speaks nonsense: the quotes or a clear error; then all goes on."""

import re
from collections.abc import Callable, Iterator

import pytest
from pydantic import SecretStr

from collab.dialogue.engines.openai_server import RemoteModel
from tests.faults.conftest import POEM, QUOTED, STUDENTS, House, answer_of, told
from tests.model_server import Handler, ModelServer, delta, serving

KEY = "sk-secret-1234"
VERSE = "Spring is here. "


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


@pytest.fixture
def engine(server: ModelServer) -> RemoteModel:
    return RemoteModel(server.url, key=SecretStr(KEY), name="big", silence_s=0.3)


def hangs(handler: Handler) -> None:
    handler.server.wait_for_hang_up(handler)


def fails(handler: Handler) -> None:
    handler.reply(500, b'{"error": {"message": "out of memory with %s"}}' % KEY.encode())


def hangs_up(handler: Handler) -> None:
    handler.close_connection = True


def babbles(handler: Handler) -> None:
    handler.reply(200, b"<html>Welcome</html>")


def tells_of_nothing(handler: Handler) -> None:
    handler.start()
    handler.say(b'{"choices": [{"delta": "nine"}]}')


BEFORE = [
    (hangs, 503, "engine_away", "silent for 0.3 seconds"),
    (fails, 502, "engine_refused", "HTTP 500): out of memory with …"),
    (hangs_up, 503, "engine_away", "COLLAB_MODEL_URL"),
    (babbles, 502, "engine_broken", "COLLAB_MODEL_URL"),
    (tells_of_nothing, 502, "engine_broken", "COLLAB_MODEL_URL"),
]
Answer = Callable[[Handler], None]


def _well(handler: Handler) -> None:
    handler.start()
    handler.say(delta(VERSE), delta(None, "stop"), b"[DONE]")


@pytest.mark.parametrize(("answer", "status", "code", "why"), BEFORE, ids=lambda given: getattr(given, "__name__", ""))
def test_before_its_first_word(
    house: House, server: ModelServer, answer: Answer, status: int, code: str, why: str
) -> None:
    server.answer = answer
    quoted = house.ask(STUDENTS)
    assert answer_of(quoted) == QUOTED
    assert quoted.json()["collab"]["decision"] == "grounded"

    refused = house.ask(POEM)
    assert (refused.status_code, refused.json()["error"]["code"]) == (status, code)
    for message in (refused.json()["error"]["message"], told(house.ask_on_the_page(POEM))):
        assert why in message
        assert KEY not in message
    assert [turn.question for turn in house.turns()] == [STUDENTS]

    server.answer = _well
    assert answer_of(house.ask(POEM)) == VERSE.strip()


def _begins(then: Answer) -> Answer:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta(VERSE))
        then(handler)

    return answer


def says_out_of_memory(handler: Handler) -> None:
    handler.say({"error": {"message": "out of memory"}})


def says_nonsense(handler: Handler) -> None:
    handler.say(b"nine euros")


AMID = [
    (hangs, "silent for 0.3 seconds"),
    (hangs_up, "too early"),
    (says_out_of_memory, "out of memory"),
    (says_nonsense, "COLLAB_MODEL_URL"),
]


@pytest.mark.parametrize(("then", "why"), AMID, ids=lambda given: getattr(given, "__name__", ""))
def test_amid_its_answer(house: House, server: ModelServer, then: Answer, why: str) -> None:
    server.answer = _begins(then)
    assert answer_of(house.ask(STUDENTS)) == QUOTED
    streamed = house.ask(POEM, stream=True).text
    assert "".join(re.findall(r'"content": ?"([^"]*)"', streamed)).strip() == VERSE.strip()
    assert [streamed.count(words) for words in (why, "[DONE]")] == [1, 0]
    assert why in told(house.ask_on_the_page(POEM))
    kept = [(turn.answer, turn.is_stopped) for turn in house.turns() if turn.question == POEM]
    assert kept == [(VERSE.strip(), True)] * 2

    server.answer = _well
    assert answer_of(house.ask(POEM)) == VERSE.strip()
