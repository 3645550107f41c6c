"""OpenAI's own clients, unchanged, on what only they can show: their errors, leaving a stream, several at once."""

import asyncio
import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import openai
import pytest

from tests.collab.api.conftest import Site
from tests.fakes import EchoModel
from tests.waiting import until

STUDENTS = "How much do students pay for entry?"
SCRIPT = Path(__file__).parent / "openai_client.cjs"


class SlowModel(EchoModel):
    """Says a thousand words, twenty a second."""

    def __init__(self) -> None:
        super().__init__("word " * 1000, delay_s=0.05)


@pytest.fixture
def client(site: Site, url: str) -> Iterator[openai.OpenAI]:
    """Mel's program."""
    with openai.OpenAI(base_url=url, api_key=site.keys["mel"], max_retries=0) as client:
        yield client


def _says(content: str) -> list[openai.types.chat.ChatCompletionMessageParam]:
    return [{"role": "user", "content": content}]


def test_a_model_is_looked_up(client: openai.OpenAI) -> None:
    assert client.models.retrieve("collab").id == "collab"
    with pytest.raises(openai.NotFoundError) as told:
        client.models.retrieve("gpt-4o")
    assert told.value.code == "model_not_found"


@pytest.mark.parametrize("stream", [False, True])
def test_each_error_has_its_class(client: openai.OpenAI, url: str, stream: bool) -> None:
    def ask(client: openai.OpenAI, content: str, model: str = "collab") -> None:
        client.chat.completions.create(model=model, messages=_says(content), stream=stream)

    with openai.OpenAI(base_url=url, api_key="collab_wrong", max_retries=0) as stranger:
        with pytest.raises(openai.AuthenticationError) as told:
            ask(stranger, STUDENTS)
        assert told.value.code == "key_refused"
    with pytest.raises(openai.NotFoundError):
        ask(client, STUDENTS, model="gpt-4o")
    with pytest.raises(openai.UnprocessableEntityError) as told:
        ask(client, " ")
    assert told.value.code == "question_empty"
    with pytest.raises(openai.APIStatusError) as told:
        ask(client, "a" * 10_000)
    assert (told.value.status_code, told.value.code) == (413, "question_too_long")


@pytest.mark.parametrize("site", [SlowModel], indirect=True)
def test_a_stream_is_left_in_the_middle(site: Site, client: openai.OpenAI) -> None:
    stream = client.chat.completions.create(model="collab", messages=_says("Write a poem"), stream=True)
    for chunk in stream:
        if "word" in (chunk.choices[0].delta.content or ""):
            break
    stream.close()
    mel = site.services.accounts.actor("mel")
    until(lambda: any(site.services.conversations.turns(mel, one.id) for one in site.services.conversations.list(mel)))
    (kept,) = site.services.conversations.list(mel)
    assert [turn.is_stopped for turn in site.services.conversations.turns(mel, kept.id)] == [True]
    assert site.model.told < 1000


def test_several_answers_at_once(site: Site, url: str) -> None:
    async def ask_all() -> list[str]:
        async with openai.AsyncOpenAI(base_url=url, api_key=site.keys["mel"], max_retries=0) as client:
            replies = await asyncio.gather(
                *(client.chat.completions.create(model="collab", messages=_says(STUDENTS)) for _ in range(4))
            )
        return [reply.choices[0].message.content or "" for reply in replies]

    answers = asyncio.run(ask_all())
    assert ["9 euros" in answer for answer in answers] == [True] * 4


def _has_javascript() -> bool:
    node = shutil.which("node")
    found = node and subprocess.run([node, "-e", "require.resolve('openai')"], cwd=SCRIPT.parent, capture_output=True)
    return bool(found) and found.returncode == 0


@pytest.mark.skipif(not _has_javascript(), reason="needs node and `npm install openai` (its folder in NODE_PATH)")
def test_the_client_for_javascript(site: Site, url: str) -> None:
    done = subprocess.run(
        ["node", str(SCRIPT), url, site.keys["mel"], STUDENTS], capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["models"] == ["collab"]
    assert told["retrieved"] == "collab"
    assert "9 euros" in told["whole"]
    assert told["decision"] == "grounded"
    assert told["streamed"].strip() == told["whole"]
    assert told["usage"]["total_tokens"] == told["usage"]["prompt_tokens"] + told["usage"]["completion_tokens"]
    assert told["stranger"] == {"kind": "AuthenticationError", "status": 401, "code": "key_refused"}
    assert told["unknown"] == {"kind": "NotFoundError", "status": 404, "code": "model_not_found"}
    assert told["pirate"] == {"kind": "UnprocessableEntityError", "status": 422, "code": "message_refused"}
    assert told["long"] == told["streamedLong"] == {"kind": "APIError", "status": 413, "code": "question_too_long"}
