"""The engine that calls a model server, against a real HTTP server on loopback."""

import json
import socket
import threading
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from collab.dialogue.engines import Message
from collab.dialogue.engines.openai_server import RemoteModel, _like_tokens
from collab.errors import AdapterUnknownError, EngineAwayError, EngineBrokenError, EngineRefusedError
from tests.model_server import Handler, ModelServer, delta, serving

KEY = "sk-secret-1234"
QUESTION: list[Message] = [{"role": "user", "content": "What do students pay?"}]


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with serving() as server:
        yield server


def engine(server: ModelServer, *, name: str = "big", silence_s: float = 30) -> RemoteModel:
    return RemoteModel(server.url, key=SecretStr(KEY), name=name, silence_s=silence_s)


def ask(model: RemoteModel, cancel: threading.Event | None = None) -> Iterator[str]:
    return model.stream(QUESTION, max_tokens=20, cancel=cancel or threading.Event())


def test_streams_the_deltas_and_sends_what_was_asked(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.wfile.write(b": keep-alive\n\n")
        handler.say({"choices": [{"delta": {"role": "assistant", "content": ""}}]}, delta("Nine"), delta(None))
        handler.say(delta(" €."), delta(None, "stop"), {"choices": [], "usage": {"total_tokens": 7}}, b"[DONE]")

    server.answer = answer
    assert list(ask(engine(server))) == ["Nine", " €."]
    assert server.seen == [
        {
            "path": "/v1/chat/completions",
            "key": f"Bearer {KEY}",
            "body": {"model": "big", "messages": QUESTION, "max_tokens": 20, "temperature": 0, "stream": True},
        }
    ]


def test_bytes_cut_anywhere_are_put_together(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        event = json.dumps(delta("票价九欧元", "stop"), ensure_ascii=False).encode()
        for byte in b"data:" + event + b"\r\n\r\ndata: [DONE]":
            handler.wfile.write(bytes([byte]))
            handler.wfile.flush()

    server.answer = answer
    assert list(ask(engine(server))) == ["票价", "九欧", "元"]


def test_a_sentence_that_comes_at_once_is_counted_by_its_words(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta("Nine euros.\n\nAnd "), delta("four for children.", "stop"), b"[DONE]")

    server.answer = answer
    assert list(ask(engine(server))) == ["Nine ", "euros.\n\n", "And ", "four ", "for ", "children."]


@given(st.text())
def test_nothing_is_lost_between_pieces(text: str) -> None:
    pieces = _like_tokens(text)
    assert "".join(pieces) == text
    assert all(pieces)


def test_without_a_name_the_first_listed_model_is_asked(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta("yes", "stop"))

    server.answer = answer
    model = engine(server, name="")
    assert list(ask(model)) == ["yes"]
    assert model.name == "first-model"
    assert [request["path"] for request in server.seen] == ["/v1/models", "/v1/chat/completions"]


@pytest.mark.parametrize(
    ("status", "body", "words", "advice"),
    [
        (401, {"error": {"message": f"Incorrect API key: {KEY}"}}, "Incorrect API key: …", "COLLAB_MODEL_KEY"),
        (404, {"error": {"message": "model 'big' not found"}}, "model 'big' not found", "COLLAB_MODEL_NAME"),
        (400, {"detail": "context too long"}, "context too long", "log"),
        (429, {"error": "slow down"}, "slow down", "busy"),
        (500, {}, "{}", "log"),
    ],
)
def test_a_refusal_is_told_in_the_servers_words_without_the_key(
    server: ModelServer, status: int, body: object, words: str, advice: str
) -> None:
    server.answer = lambda handler: handler.reply(status, json.dumps(body).encode())
    with pytest.raises(EngineRefusedError) as refused:
        list(ask(engine(server)))
    message = str(refused.value)
    assert f"HTTP {status}): {words}. " in message
    assert advice in message
    assert KEY not in message


def test_the_oldest_turns_are_left_out_until_the_server_takes_the_rest(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        if len(server.seen) < 3:  # vLLM's words
            reason = b'{"error": {"message": "This model\'s maximum context length is 4096 tokens."}}'
            return handler.reply(400, reason)
        handler.start()
        handler.say(delta("yes", "stop"))

    server.answer = answer
    old: list[Message] = [
        {"role": "system", "content": "Be short."},
        {"role": "user", "content": "First"},
        {"role": "assistant", "content": "One"},
        {"role": "user", "content": "Second"},
        {"role": "assistant", "content": "Two"},
    ]
    stream = engine(server).stream([*old, *QUESTION], max_tokens=20, cancel=threading.Event())
    assert list(stream) == ["yes"]
    sent = [[message["content"] for message in seen["body"]["messages"]] for seen in server.seen]  # type: ignore[index]
    last = QUESTION[0]["content"]
    assert sent == [
        ["Be short.", "First", "One", "Second", "Two", last],
        ["Be short.", "Second", "Two", last],
        ["Be short.", last],
    ]


def test_nobody_at_the_address() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    model = RemoteModel(f"http://me:password@127.0.0.1:{port}/v1", key=SecretStr(KEY), name="big")
    with pytest.raises(EngineAwayError, match="COLLAB_MODEL_URL") as away:
        list(ask(model))
    assert f"http://127.0.0.1:{port}/v1" in str(away.value)
    assert "password" not in str(away.value)


@pytest.mark.parametrize("url", ["localhost:8000/v1", "http://", "http://127.0.0.1:port/v1"])
def test_an_address_that_is_none(url: str) -> None:
    with pytest.raises(EngineAwayError):
        list(ask(RemoteModel(url, key=SecretStr(""), name="big")))


def test_a_key_that_no_header_can_carry_is_not_shown(server: ModelServer) -> None:
    model = RemoteModel(server.url, key=SecretStr("se\ncret"), name="big")
    with pytest.raises(EngineAwayError, match="COLLAB_MODEL_KEY") as away:
        list(ask(model))
    assert away.value.__cause__ is None
    assert "cret" not in str(away.value)


def test_a_server_that_stays_silent_is_away(server: ModelServer) -> None:
    server.answer = server.wait_for_hang_up
    with pytest.raises(EngineAwayError, match=r"silent for 0\.2 seconds"):
        list(ask(engine(server, silence_s=0.2)))
    assert server.hung_up.wait(timeout=10)


def test_a_server_that_falls_silent_in_the_middle(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta("Nine"))
        server.wait_for_hang_up(handler)

    server.answer = answer
    answering = ask(engine(server, silence_s=0.2))
    assert next(answering) == "Nine"
    with pytest.raises(EngineBrokenError, match="silent"):
        next(answering)


def test_a_connection_that_is_cut_in_the_middle(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta("Nine"))

    server.answer = answer
    answering = ask(engine(server))
    assert next(answering) == "Nine"
    with pytest.raises(EngineBrokenError, match="too early"):
        next(answering)


@pytest.mark.parametrize(
    "content",
    [
        b"<html>Welcome</html>",
        b"data: nine euros\n\n",
        b'{"answer": 42}',
        b"data: []\n\n",
        b'data: {"choices": ["nine"]}\n\n',
        b'data: {"choices": [{"delta": "nine"}]}\n\n',
    ],
)
def test_nonsense_is_told_as_nonsense(server: ModelServer, content: bytes) -> None:
    server.answer = lambda handler: handler.reply(200, content)
    with pytest.raises(EngineBrokenError, match="COLLAB_MODEL_URL"):
        list(ask(engine(server)))


def test_an_error_inside_the_stream(server: ModelServer) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta("Nine"), {"error": {"message": "out of memory"}})

    server.answer = answer
    with pytest.raises(EngineBrokenError, match="out of memory"):
        list(ask(engine(server)))


def test_cancelling_hangs_up_on_a_silent_server(server: ModelServer) -> None:
    asked, cancel = threading.Event(), threading.Event()

    def answer(handler: Handler) -> None:
        asked.set()
        server.wait_for_hang_up(handler)

    server.answer = answer
    told: list[str] = []
    reader = threading.Thread(target=lambda: told.extend(ask(engine(server), cancel)))
    reader.start()
    assert asked.wait(timeout=10)
    cancel.set()
    assert server.hung_up.wait(timeout=10)
    reader.join(timeout=10)
    assert told == []


@pytest.mark.parametrize("how", ["iterator", "engine"])
def test_closing_hangs_up(server: ModelServer, how: str) -> None:
    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta("Nine"))
        server.wait_for_hang_up(handler)

    server.answer = answer
    model = engine(server)
    answering = ask(model)
    assert next(answering) == "Nine"
    if how == "iterator":
        answering.close()  # type: ignore[attr-defined]
    else:
        model.close()
        assert list(answering) == []
    assert server.hung_up.wait(timeout=10)


def test_adapters_are_refused(server: ModelServer) -> None:
    with pytest.raises(AdapterUnknownError, match="big has no adapter named v2"):
        list(engine(server).stream(QUESTION, max_tokens=5, cancel=threading.Event(), adapter="v2"))
