"""One person in front of the whole application, at both of its doors: the page and the REST interface."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from collab import api
from collab.dialogue.records import TurnRecord
from collab.people.access import Actor
from collab.services import Services
from collab.texts import load_texts
from collab.ui import answering
from collab.ui.acts.chat import Ask
from collab.ui.runs import Runs
from collab.ui.screen import Screen, Update

FEES = b"# Fees\n\nThe guided tour costs 14 euros. Students pay 9 euros on showing a valid card.\n"
STUDENTS = "What do students pay?"
QUOTED = "Students pay 9 euros on showing a valid card. [1]"
POEM = "Write a poem"  # for the model alone


@dataclass(frozen=True)
class House:
    """The services with a document in them, and what Mel, a member, does."""

    services: Services
    screen: Screen
    client: TestClient
    mel: Actor

    def post(self, path: str, **body: object) -> httpx.Response:
        """Mel calls the REST interface."""
        return self.client.post(f"/v1/{path}", json=body)

    def ask(self, question: str, **more: object) -> httpx.Response:
        """Mel asks by REST."""
        return self.post("chat/completions", messages=[{"role": "user", "content": question}], **more)

    def ask_on_the_page(self, question: str, conversation: str = "") -> Update:
        """Mel asks on the page; what its regions show in the end."""
        act = Ask(act="ask", run="r1", text=question, conversation=conversation)
        shown: Update = {}
        for update in answering.answer(self.screen, self.mel, act):
            shown |= update
        return shown

    def turns(self) -> list[TurnRecord]:
        """All that is kept of what Mel asked; a conversation without turns does not stay behind."""
        conversations = self.services.conversations
        kept = [conversations.turns(self.mel, one.id) for one in conversations.list(self.mel)]
        assert all(kept)
        return [turn for turns in kept for turn in turns]


def told(update: Update) -> str:
    """What the message on the page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", update.get("toast", "")).split())


def answer_of(reply: httpx.Response) -> str:
    """The answer by REST."""
    assert reply.status_code == 200, reply.text
    return str(reply.json()["choices"][0]["message"]["content"])


@pytest.fixture
def house(services: Services, member: Actor) -> Iterator[House]:
    """The fees are in the library, for everyone."""
    services.library.add("fees.md", FEES, "everyone")
    app = FastAPI()
    app.include_router(api.router(services))
    headers = {"Authorization": f"Bearer {services.keys.make_for('Mel')}"}
    with TestClient(app, headers=headers) as client:
        yield House(services, Screen(services, load_texts("en"), Runs()), client, member)
