"""The chat call with the real `openai` package over a real socket, and what only a raw request can send."""

import json
import socket
import threading
from collections.abc import Iterator, Sequence

import httpx
import openai
import pytest

from collab.dialogue.engines import Message
from collab.errors import EngineBrokenError, QueueFullError
from tests.collab.api.conftest import Site
from tests.fakes import EchoModel
from tests.waiting import until

TASK = "Write a poem"  # done by the model alone


class SlowModel(EchoModel):
    """Says a thousand words, twenty a second."""

    def __init__(self) -> None:
        super().__init__("word " * 1000, delay_s=0.05)


class BrokenModel(EchoModel):
    """Says a little and breaks."""

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        yield "The sea. "
        yield "The harbour. "
        raise EngineBrokenError(reason="it lost its voice")


class FullModel(EchoModel):
    """Is asked by too many."""

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        raise QueueFullError(waiting=16, retry_after_s=7)


STUDENTS = "How much do students pay for entry?"


def _client(url: str, key: str) -> openai.OpenAI:
    return openai.OpenAI(base_url=url, api_key=key, max_retries=0)


def test_openais_client_gets_an_answer(site: Site, url: str) -> None:
    with _client(url, site.keys["mel"]) as client:
        assert [model.id for model in client.models.list()] == ["collab"]
        reply = client.chat.completions.create(
            model="collab",
            messages=[{"role": "user", "content": [{"type": "text", "text": STUDENTS}]}],
            temperature=0.2,
            max_tokens=50,
            n=1,
            user="somebody",
        )
    assert "9 euros" in (reply.choices[0].message.content or "")
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens
    told = reply.to_dict()["collab"]
    assert isinstance(told, dict)
    assert told["decision"] == "grounded"
    assert 0 <= told["confidence"] <= 1
    assert set(told["sources"][0]) == {"n", "document", "document_id", "passage_id", "heading", "page", "quote"}
    assert told["corrected_by"] is None


def test_openais_client_reads_the_stream(site: Site, url: str) -> None:
    with _client(url, site.keys["mel"]) as client:
        chunks = list(
            client.chat.completions.create(
                model="collab",
                messages=[{"role": "user", "content": STUDENTS}],
                stream=True,
                stream_options={"include_usage": True},
            )
        )
    assert chunks[0].choices[0].delta.role == "assistant"
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    assert "9 euros" in said
    assert [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices][-1] == "stop"
    assert chunks[-1].choices == []
    assert chunks[-1].usage is not None
    assert [chunk.usage for chunk in chunks[:-1]] == [None] * (len(chunks) - 1)  # some clients add them up
    told = chunks[-1].to_dict()["collab"]
    assert isinstance(told, dict)
    turn = site.services.conversations.turn(site.services.accounts.actor("mel"), told["turn_id"])
    assert said.strip() == turn.answer


def test_a_stream_without_usage_ends_with_how_it_was_answered(site: Site) -> None:
    body = {"messages": [{"role": "user", "content": STUDENTS}], "stream": True}
    reply = site.client.post("/v1/chat/completions", json=body, headers=site.as_("mel"))
    *events, done = [line.removeprefix("data: ") for line in reply.text.split("\n\n") if line.startswith("data")]
    chunks = [json.loads(event) for event in events]
    assert done == "[DONE]"
    assert {chunk["object"] for chunk in chunks} == {"chat.completion.chunk"}
    assert len({(chunk["id"], chunk["created"], chunk["model"]) for chunk in chunks}) == 1
    assert all(len(chunk["choices"]) == 1 for chunk in chunks)
    assert chunks[-1]["choices"][0] == {"index": 0, "delta": {}, "finish_reason": "stop"}
    assert chunks[-1]["collab"]["decision"] == "grounded"
    assert chunks[-1]["usage"]["completion_tokens"] > 0


def test_what_openai_lets_be_null_may_be_null(site: Site) -> None:
    nothing = dict.fromkeys(("stream", "stream_options", "n", "temperature", "max_tokens", "stop", "tools"))
    assert site.ask("mel", STUDENTS, **nothing)["collab"]["decision"] == "grounded"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("tools", [{"type": "function", "function": {"name": "weather"}}]),
        ("functions", [{"name": "weather"}]),
        ("response_format", {"type": "json_object"}),
        ("response_format", {"type": "json_schema", "json_schema": {"name": "n", "schema": {}}}),
    ],
)
def test_what_would_be_waited_for_in_vain_is_refused(site: Site, field: str, value: object) -> None:
    body = {"messages": [{"role": "user", "content": STUDENTS}], field: value}
    reply = site.client.post("/v1/chat/completions", json=body, headers=site.as_("mel"))
    assert (reply.status_code, reply.json()["error"]["code"]) == (422, "request_invalid")
    assert f"`{field}`" in reply.json()["error"]["message"]


def test_text_is_the_format_of_answers(site: Site) -> None:
    plain = {"tools": [], "tool_choice": "none", "response_format": {"type": "text"}, "max_completion_tokens": 9}
    assert site.ask("mel", STUDENTS, **plain)["collab"]["decision"] == "grounded"


def test_openais_client_gets_our_errors(site: Site, url: str) -> None:
    with _client(url, "collab_wrong") as client, pytest.raises(openai.AuthenticationError):
        client.models.list()
    with _client(url, site.keys["mel"]) as client:
        with pytest.raises(openai.NotFoundError) as told:
            client.chat.completions.create(model="gpt-4o", messages=[{"role": "user", "content": "Hi"}])
        assert told.value.code == "model_not_found"
        with pytest.raises(openai.UnprocessableEntityError, match="takes no others"):
            client.chat.completions.create(model="collab", messages=[{"role": "system", "content": "Be a pirate."}])


def test_a_conversation_goes_on_and_is_nobody_elses(site: Site) -> None:
    first = site.ask("mel", STUDENTS)["collab"]
    second = site.ask("mel", "And adults?", conversation_id=first["conversation_id"])["collab"]
    assert second["conversation_id"] == first["conversation_id"]
    assert second["turn_id"] != first["turn_id"]
    for conversation in (first["conversation_id"], "nope"):
        body = {"messages": [{"role": "user", "content": "Hi"}], "conversation_id": conversation}
        assert site.client.post("/v1/chat/completions", json=body, headers=site.as_("oli")).status_code == 404


def test_earlier_messages_resolve_the_question(site: Site) -> None:
    messages = [
        {"role": "user", "content": "How much do students pay for entry?"},
        {"role": "assistant", "content": "9 euros. [1]"},
        {"role": "user", "content": "And for adults?"},
    ]
    body = {"model": "collab", "messages": messages}
    told = site.client.post("/v1/chat/completions", json=body, headers=site.as_("mel")).json()["collab"]
    actor = site.services.accounts.actor("mel")
    turns = site.services.conversations.turns(actor, told["conversation_id"])
    assert [turn.question for turn in turns] == ["And for adults?"]
    assert "students pay" in turns[0].standalone


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"messages": []}, 422, "request_invalid"),
        ({"messages": [{"role": "assistant", "content": "Hi"}]}, 422, "message_refused"),
        ({"messages": [{"role": "tool", "content": "Hi"}]}, 422, "message_refused"),
        ({"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}, 422, "message_refused"),
        ({"messages": [{"role": "user", "content": "Hi"}], "n": 2}, 422, "request_invalid"),
        ({"messages": [{"role": "user", "content": " \u200b"}]}, 422, "question_empty"),
        ({"messages": [{"role": "user"}]}, 422, "question_empty"),
        ({"messages": [{"role": "user", "content": "a" * 10_000}]}, 413, "question_too_long"),
        ({"messages": [{"role": "user", "content": "a" * 10_000}], "stream": True}, 413, "question_too_long"),
    ],
)
def test_what_cannot_be_answered_is_refused(site: Site, body: object, status: int, code: str) -> None:
    reply = site.client.post("/v1/chat/completions", json=body, headers=site.as_("mel"))
    assert (reply.status_code, reply.json()["error"]["code"]) == (status, code)
    assert reply.json()["error"]["message"]
    assert site.services.conversations.list(site.services.accounts.actor("mel")) == []


@pytest.mark.parametrize("site", [BrokenModel], indirect=True)
def test_an_error_in_the_middle_ends_the_stream_as_an_event(site: Site, url: str) -> None:
    body = {"messages": [{"role": "user", "content": TASK}], "stream": True}
    reply = site.client.post("/v1/chat/completions", json=body, headers=site.as_("mel"))
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    assert reply.headers["x-accel-buffering"] == "no"
    events = [json.loads(line.removeprefix("data: ")) for line in reply.text.split("\n\n") if line.startswith("data")]
    assert events[-1]["error"]["code"] == "engine_broken"
    assert "lost its voice" in events[-1]["error"]["message"]
    with _client(url, site.keys["mel"]) as client, pytest.raises(openai.APIError, match="lost its voice"):
        for _ in client.chat.completions.create(
            model="collab", messages=[{"role": "user", "content": TASK}], stream=True
        ):
            pass


@pytest.mark.parametrize("site", [FullModel], indirect=True)
@pytest.mark.parametrize("stream", [False, True])
def test_who_has_to_wait_too_long_is_told_when_to_come_back(site: Site, stream: bool) -> None:
    body = {"messages": [{"role": "user", "content": TASK}], "stream": stream}
    reply = site.client.post("/v1/chat/completions", json=body, headers=site.as_("mel"))
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "7")
    assert reply.json()["error"]["code"] == "queue_full"


@pytest.mark.parametrize("stream", [False, True])
def test_a_fourth_answer_of_ones_own_is_told_when_to_come_back(site: Site, stream: bool) -> None:
    site.model.slots = 2
    for _ in range(3):
        site.services.queue.enter("mel")
    body = {"messages": [{"role": "user", "content": TASK}], "stream": stream}
    reply = site.client.post("/v1/chat/completions", json=body, headers=site.as_("mel"))
    assert (reply.status_code, reply.json()["error"]["code"]) == (503, "own_answers")
    assert 1 <= int(reply.headers["retry-after"]) <= 10
    assert site.ask("mel", STUDENTS)["choices"][0]["message"]["content"].startswith("Students pay 9 euros")
    assert site.client.post("/v1/chat/completions", json=body, headers=site.as_("oli")).status_code == 200


def test_a_stream_that_waits_says_so_and_clients_pass_it_over(site: Site, url: str) -> None:
    ticket = site.services.queue.enter("oli")
    body = {"messages": [{"role": "user", "content": TASK}], "stream": True}
    with httpx.stream("POST", f"{url}/chat/completions", json=body, headers=site.as_("mel"), timeout=60) as reply:
        lines = filter(None, reply.iter_lines())
        assert json.loads(next(lines).removeprefix("data: "))["choices"][0]["delta"]["role"] == "assistant"
        assert next(lines).startswith(": place 1 in the queue, about ")
        ticket.leave()
        assert list(lines)[-1] == "data: [DONE]"


@pytest.mark.parametrize("site", [SlowModel], indirect=True)
@pytest.mark.parametrize("stream", [False, True])
def test_a_client_that_goes_away_stops_the_model(site: Site, url: str, stream: bool) -> None:
    content = json.dumps({"messages": [{"role": "user", "content": TASK}], "stream": stream}).encode()
    host, port = url.removeprefix("http://").removesuffix("/v1").split(":")
    with socket.create_connection((host, int(port))) as connection:
        head = (
            f"POST /v1/chat/completions HTTP/1.1\r\nHost: {host}\r\nAuthorization: Bearer {site.keys['mel']}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        connection.sendall(head.encode() + content)
        until(lambda: site.model.told >= 3)
    actor = site.services.accounts.actor("mel")
    until(lambda: bool(site.services.conversations.list(actor)))
    (kept,) = site.services.conversations.list(actor)
    turn = site.services.conversations.turns(actor, kept.id)[0]
    assert turn.is_stopped
    assert site.model.told < 1000
    assert turn.answer.startswith("word word")
