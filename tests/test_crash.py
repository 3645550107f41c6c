"""Kill -9 under load: what was acknowledged is there and found after the next start, and nothing is half written."""

import random
import threading
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from collab.dialogue.tables import Turn
from collab.feedback.tables import Correction, Rating, State
from collab.folder import DATABASE_FILE
from collab.people import audit
from collab.services import MIGRATIONS
from knowledge.database import Database
from knowledge.tables import Document, DocumentState, MemoryKey, Passage, Sentence
from tests.running import Application
from tests.waiting import until

GUIDE = "# Guide\n" + "\n".join(f"Room {n} is on floor {n % 7}." for n in range(40))


@dataclass
class Acknowledged:
    """What the application said it had kept."""

    turns: set[str] = field(default_factory=set)
    ratings: set[str] = field(default_factory=set)
    corrections: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (question, answer)
    documents: dict[str, str] = field(default_factory=dict)  # id -> a question that only this one answers

    def of_each(self) -> bool:
        """Whether there is some of everything."""
        return all((self.turns, self.ratings, self.corrections, self.documents))


@dataclass(frozen=True)
class Kept:
    """What the database holds."""

    turns: set[str]
    ratings: set[str]
    live: set[str]  # corrections in force
    keys: set[str]  # corrections that memory finds
    ready: set[str]  # documents
    reading: set[str]
    with_passages: set[str]  # documents
    passages: set[int]
    with_sentences: set[int]  # passages
    acts: int
    integrity: str

    @classmethod
    def read(cls, data: Path) -> "Kept":
        """Opens the database as the next start does. Raises AuditBrokenError where the chain of acts does not hold."""
        database = Database(data / DATABASE_FILE)
        database.migrate(MIGRATIONS)
        with database.read() as session:
            kept = cls(
                turns=set(session.scalars(sa.select(Turn.id))),
                ratings=set(session.scalars(sa.select(Rating.turn_id))),
                live=set(session.scalars(sa.select(Correction.id).where(Correction.state == State.LIVE))),
                keys=set(session.scalars(sa.select(MemoryKey.correction_id))),
                ready=set(session.scalars(sa.select(Document.id).where(Document.state == DocumentState.READY))),
                reading=set(session.scalars(sa.select(Document.id).where(Document.state == DocumentState.READING))),
                with_passages=set(session.scalars(sa.select(Passage.document_id))),
                passages=set(session.scalars(sa.select(Passage.id))),
                with_sentences=set(session.scalars(sa.select(Sentence.passage_id))),
                acts=audit.verify(session),
                integrity=session.execute(sa.text("PRAGMA integrity_check")).scalar_one(),
            )
        database.close()
        return kept


def _client(application: Application, key: str) -> httpx.Client:
    return httpx.Client(
        base_url=application.address, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False
    )


def _work(client: httpx.Client, known: Acknowledged, name: str, over: threading.Event) -> None:
    """Asks, rates and corrects until the connection breaks."""
    number = 0
    with client, suppress(httpx.TransportError):  # killed
        while not over.is_set():
            number += 1
            question = f"Where is room {number % 40}, asked {name} {number}?"
            body = {"model": "collab", "messages": [{"role": "user", "content": question}]}
            turn = client.post("/v1/chat/completions", json=body).raise_for_status().json()["collab"]["turn_id"]
            known.turns.add(turn)
            client.post("/v1/feedback", json={"turn_id": turn, "rating": "down"}).raise_for_status()
            known.ratings.add(turn)
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


def _killed_under_load(application: Application, key: str, chance: random.Random) -> Acknowledged:
    """Works on it from several sides, ends it as a power cut would, and returns what it had said by then."""
    known, over = Acknowledged(), threading.Event()
    workers = [
        threading.Thread(target=task, args=(_client(application, key), known, f"{chance.randrange(10**6)}", over))
        for task in (_work, _work, _work, _upload)
    ]
    for worker in workers:
        worker.start()
    threading.Event().wait(chance.uniform(2, 6))
    until(known.of_each)
    application.kill()
    over.set()
    for worker in workers:
        worker.join(60)
    return known


def _answer(client: httpx.Client, question: str) -> tuple[str, str]:
    """How it was decided, and the answer."""
    body = {"model": "collab", "messages": [{"role": "user", "content": question}]}
    reply = client.post("/v1/chat/completions", json=body).raise_for_status().json()
    return reply["collab"]["decision"], reply["choices"][0]["message"]["content"]


def _first_found(client: httpx.Client, question: str) -> str:
    """The document of the best passage."""
    found = client.get("/v1/search", params={"q": question}).raise_for_status().json()["data"]
    return str(found[0]["document_id"])


def _ready(client: httpx.Client) -> set[str]:
    documents = client.get("/v1/documents").raise_for_status().json()["data"]
    return {document["id"] for document in documents if document["state"] == "ready"}


def _until_ready(client: httpx.Client, ids: Iterable[str]) -> None:
    until(lambda: set(ids) <= _ready(client))


def _person_with_a_guide(application: Application) -> str:
    """An admin's key, once there is something to ask about."""
    key = application.person("Ada", "admin")
    with _client(application, key) as client:
        guide = client.post("/v1/documents", files={"file": ("guide.md", GUIDE)}).raise_for_status().json()["id"]
        _until_ready(client, [guide])
    return key


@pytest.mark.parametrize("kills", [pytest.param(1, marks=pytest.mark.models), pytest.param(8, marks=pytest.mark.slow)])
def test_what_was_acknowledged_survives(application: Application, kills: int) -> None:
    key, chance = _person_with_a_guide(application), random.Random(kills)
    for _ in range(kills):
        known = _killed_under_load(application, key, chance)
        kept = Kept.read(application.data)
        assert known.of_each()
        assert known.turns <= kept.turns
        assert known.ratings <= kept.ratings
        assert known.corrections.keys() <= kept.live
        assert known.documents.keys() <= kept.ready | kept.reading

        # nothing is half written
        assert kept.keys == kept.live
        assert kept.with_passages == kept.ready
        assert kept.with_sentences == kept.passages
        assert kept.acts > len(known.corrections)
        assert kept.integrity == "ok"

        # and it is found
        application.start()
        with _client(application, key) as client:
            for question, answer in list(known.corrections.values())[:5]:
                assert _answer(client, question) == ("corrected", answer)
            _until_ready(client, known.documents)
            for id in chance.sample(list(known.documents), min(5, len(known.documents))):
                assert _first_found(client, known.documents[id]) == id
