"""Kill -9 under load: what was acknowledged is there and found after the next start, and nothing is half written."""

import random
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from collab.dialogue.tables import Turn
from collab.feedback.tables import Correction, Rating, State
from collab.people import audit
from collab.services import DATABASE_FILE, MIGRATIONS
from knowledge.database import Database
from knowledge.tables import Document, DocumentState, MemoryKey, Passage, Sentence
from tests.running import Application

GUIDE = "# Guide\n" + "\n".join(f"Room {n} is on floor {n % 7}." for n in range(40))
TRIES = 600  # of ASK_AGAIN_S each
ASK_AGAIN_S = 0.1


@dataclass
class Acknowledged:
    """What the application said it had kept."""

    turns: list[str] = field(default_factory=list)
    ratings: list[str] = field(default_factory=list)
    corrections: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (question, answer)
    documents: dict[str, str] = field(default_factory=dict)  # id -> a question that only this one answers

    def of_each(self) -> bool:
        """Whether there is some of everything."""
        return all((self.turns, self.ratings, self.corrections, self.documents))


def _client(application: Application, key: str) -> httpx.Client:
    return httpx.Client(
        base_url=application.address, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False
    )


def _until(holds: Callable[[], bool]) -> None:
    pause = threading.Event()
    for _ in range(TRIES):
        if holds():
            return
        pause.wait(ASK_AGAIN_S)
    raise AssertionError("it never came to that")


def _work(client: httpx.Client, known: Acknowledged, name: str, over: threading.Event) -> None:
    """Asks, rates and corrects until the connection breaks."""
    number = 0
    with client, suppress(httpx.TransportError):  # killed
        while not over.is_set():
            number += 1
            question = f"Where is room {number % 40}, asked {name} {number}?"
            body = {"model": "collab", "messages": [{"role": "user", "content": question}]}
            turn = client.post("/v1/chat/completions", json=body).raise_for_status().json()["collab"]["turn_id"]
            known.turns.append(turn)
            client.post("/v1/feedback", json={"turn_id": turn, "rating": "down"}).raise_for_status()
            known.ratings.append(turn)
            answer = f"Ask the desk, number {name} {number}."
            made = client.post("/v1/corrections", json={"turn_id": turn, "answer": answer}).raise_for_status().json()
            known.corrections[made["id"]] = (question, answer)


def _upload(client: httpx.Client, known: Acknowledged, name: str, over: threading.Event) -> None:
    """Uploads a document of two passages now and then until the connection breaks."""
    number = 0
    with client, suppress(httpx.TransportError):  # killed
        while not over.wait(0.2):
            number += 1
            cupboard = f"{name}{number:03}"
            text = f"# Cupboards\n## Keys\nCupboard {cupboard} has a red key.\n## Lamps\nIt holds {number} lamps.\n"
            made = client.post("/v1/documents", files={"file": (f"{cupboard}.md", text)}).raise_for_status().json()
            known.documents[made["id"]] = f"What key has cupboard {cupboard}?"


def _verify(data: Path, known: Acknowledged) -> None:
    """What the database holds after the kill."""
    database = Database(data / DATABASE_FILE)
    database.migrate(MIGRATIONS)
    with database.read() as session:
        assert set(known.turns) <= set(session.scalars(sa.select(Turn.id)))
        assert set(known.ratings) <= set(session.scalars(sa.select(Rating.turn_id)))
        live = set(session.scalars(sa.select(Correction.id).where(Correction.state == State.LIVE)))
        assert set(known.corrections) <= live
        # no correction without its key, no key without its correction
        assert set(session.scalars(sa.select(MemoryKey.correction_id))) == live
        ready = set(session.scalars(sa.select(Document.id).where(Document.state == DocumentState.READY)))
        reading = set(session.scalars(sa.select(Document.id).where(Document.state == DocumentState.READING)))
        assert known.documents.keys() <= ready | reading
        # a document has its passages when it is ready, and a passage its sentences
        assert set(session.scalars(sa.select(Passage.document_id))) == ready
        assert set(session.scalars(sa.select(Sentence.passage_id))) == set(session.scalars(sa.select(Passage.id)))
        assert audit.verify(session) > len(known.corrections)
        assert session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
    database.close()


def _found_again(client: httpx.Client, known: Acknowledged, chance: random.Random) -> None:
    """Some of the corrections answer, all documents are ready, and some of them are found."""
    for question, answer in list(known.corrections.values())[:5]:
        body = {"model": "collab", "messages": [{"role": "user", "content": question}]}
        reply = client.post("/v1/chat/completions", json=body).json()
        assert (reply["collab"]["decision"], reply["choices"][0]["message"]["content"]) == ("corrected", answer)
    _until(lambda: known.documents.keys() <= _ready(client))
    for id in chance.sample(list(known.documents), min(5, len(known.documents))):
        found = client.get("/v1/search", params={"q": known.documents[id]}).raise_for_status().json()["data"]
        assert found[0]["document_id"] == id


def _ready(client: httpx.Client) -> set[str]:
    documents = client.get("/v1/documents").raise_for_status().json()["data"]
    return {document["id"] for document in documents if document["state"] == "ready"}


def _rounds(application: Application, count: int, chance: random.Random) -> None:
    key = application.person("Ada", "admin")
    with _client(application, key) as client:
        guide = client.post("/v1/documents", files={"file": ("guide.md", GUIDE)}).raise_for_status().json()["id"]
        _until(lambda: guide in _ready(client))
    for _ in range(count):
        known, over = Acknowledged(), threading.Event()
        tasks = [_work, _work, _work, _upload]
        workers = [
            threading.Thread(target=task, args=(_client(application, key), known, f"{chance.randrange(10**6)}", over))
            for task in tasks
        ]
        for worker in workers:
            worker.start()
        threading.Event().wait(chance.uniform(2, 6))
        _until(known.of_each)
        application.kill()
        over.set()
        for worker in workers:
            worker.join(60)
        assert known.of_each()
        _verify(application.data, known)
        application.start()
        with _client(application, key) as client:
            _found_again(client, known, chance)


@pytest.mark.models
def test_what_was_acknowledged_survives_a_kill(application: Application) -> None:
    _rounds(application, 1, random.Random(1))


@pytest.mark.slow
def test_what_was_acknowledged_survives_many_kills(application: Application) -> None:
    _rounds(application, 8, random.Random(2))
