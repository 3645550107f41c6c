"""Kill -9 under load: what was acknowledged is there and found after the next start, and nothing is half written."""

import os
import random
import secrets
import sys
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Turn
from collab.feedback.tables import Correction, Rating, State
from collab.folder import DATABASE_FILE
from collab.people import audit
from collab.services import MIGRATIONS
from knowledge.database import Database
from knowledge.tables import Document, DocumentState, MemoryKey, Passage, Sentence
from tests.model_server import Handler, delta, serving
from tests.running import Application
from tests.waiting import until

LOAD_S = 3  # how long it is worked on at most, once there is something of each kind
START_S = 4  # how long it takes to start, about
GUIDE = "# Guide\n" + "\n".join(f"Room {n} is on floor {n % 7}." for n in range(40))


@dataclass
class Acknowledged:
    """What the application said it had kept."""

    turns: set[str] = field(default_factory=set)
    ratings: set[str] = field(default_factory=set)
    corrections: set[str] = field(default_factory=set)
    said: dict[str, tuple[str, ...]] = field(default_factory=dict)  # question -> its answer, and one on its way perhaps
    documents: dict[str, str] = field(default_factory=dict)  # id -> a question that only this one answers

    def of_each(self) -> bool:
        """Whether there is some of everything."""
        return all((self.turns, self.ratings, self.corrections, self.documents))

    def add(self, other: "Acknowledged") -> None:
        """What it said later."""
        for name, mine in vars(self).items():
            mine.update(getattr(other, name))


@dataclass(frozen=True)
class Kept:
    """What the database holds."""

    turns: set[str]
    ratings: set[str]
    live: set[str]  # corrections in force
    superseded: set[str]  # corrections that a later one of the same question has replaced
    keys: set[str]  # corrections that memory finds
    ready: set[str]  # documents
    reading: set[str]
    with_passages: set[str]  # documents
    passages: set[int]
    with_sentences: set[int]  # passages
    acts: int
    integrity: str
    orphans: int  # rows that have lost what they belong to

    @classmethod
    def read(cls, data: Path) -> "Kept":
        """Opens the database as the next start does. Raises AuditBrokenError where the chain of acts does not hold."""
        database = Database(data / DATABASE_FILE)
        database.migrate(MIGRATIONS)
        with database.read() as session:
            kept = cls(
                turns=set(session.scalars(sa.select(Turn.id))),
                ratings=set(session.scalars(sa.select(Rating.turn_id))),
                live=_corrections(session, State.LIVE),
                superseded=_corrections(session, State.SUPERSEDED),
                keys=set(session.scalars(sa.select(MemoryKey.correction_id))),
                ready=set(session.scalars(sa.select(Document.id).where(Document.state == DocumentState.READY))),
                reading=set(session.scalars(sa.select(Document.id).where(Document.state == DocumentState.READING))),
                with_passages=set(session.scalars(sa.select(Passage.document_id))),
                passages=set(session.scalars(sa.select(Passage.id))),
                with_sentences=set(session.scalars(sa.select(Sentence.passage_id))),
                acts=audit.verify(session),
                integrity=session.execute(sa.text("PRAGMA integrity_check")).scalar_one(),
                orphans=len(session.execute(sa.text("PRAGMA foreign_key_check")).all()),
            )
        database.close()
        return kept


def _corrections(session: Session, state: State) -> set[str]:
    return set(session.scalars(sa.select(Correction.id).where(Correction.state == state)))


def _client(application: Application, key: str) -> httpx.Client:
    return httpx.Client(
        base_url=application.address, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False
    )


def _work(client: httpx.Client, known: Acknowledged, name: str, over: threading.Event) -> None:
    """Asks, rates and corrects, now and then twice, until the connection breaks."""
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
            for time in range(1 + (number % 3 == 0)):
                answer = f"Ask the desk, number {name} {number}, time {time}."
                if time:
                    known.said[question] = (*known.said[question], answer)
                made = client.post("/v1/corrections", json={"turn_id": turn, "answer": answer}).raise_for_status()
                known.corrections.add(made.json()["id"])
                known.said[question] = (answer,)


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


def _killed_under_load(application: Application, keys: Iterable[str], chance: random.Random) -> Acknowledged:
    """Works on it from several sides, kills it, and returns what it had said by then."""
    known, over = Acknowledged(), threading.Event()
    workers = [
        threading.Thread(target=task, args=(_client(application, key), known, f"{chance.randrange(10**6)}", over))
        for key in keys
        for task in (_work, _work, _upload)
    ]
    for worker in workers:
        worker.start()
    until(known.of_each)
    threading.Event().wait(chance.uniform(0, LOAD_S))
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


def _is_found(application: Application, key: str, known: Acknowledged) -> None:
    """Every correction answers its question, and every document the question that only it answers."""
    with _client(application, key) as client, ThreadPoolExecutor(max_workers=3) as several:
        found = dict(zip(known.said, several.map(lambda question: _answer(client, question), known.said), strict=True))
        for question, answers in known.said.items():
            decision, answer = found[question]
            assert (decision, answer in answers) == ("corrected", True), (question, answers, found[question])
        _until_ready(client, known.documents)
        for id, question in known.documents.items():
            assert _first_found(client, question) == id


def _nothing_is_missing_or_half(known: Acknowledged, kept: Kept) -> None:
    assert known.of_each()
    assert known.turns <= kept.turns
    assert known.ratings <= kept.ratings
    assert known.corrections <= kept.live | kept.superseded
    assert known.documents.keys() <= kept.ready | kept.reading

    assert kept.keys == kept.live
    assert kept.with_passages == kept.ready
    assert kept.with_sentences == kept.passages
    assert kept.acts > len(known.corrections)
    assert (kept.integrity, kept.orphans) == ("ok", 0)


def _killed_while_it_starts(application: Application, chance: random.Random) -> None:
    killing = threading.Timer(chance.uniform(0, START_S), application.kill)
    killing.start()
    with suppress(AssertionError):  # it was not ready
        application.start()
    killing.join()
    application.kill()


@pytest.fixture
def application(tmp_path: Path) -> Iterator[Application]:
    """With a language model that answers at once, so that there are many turns, some of them in its words."""

    def answer(handler: Handler) -> None:
        handler.start()
        handler.say(delta("Room 3 is on floor 3. "), delta("It is nice there."), delta(None, "stop"), b"[DONE]")

    with serving() as server:
        server.answer = answer
        settings = {"COLLAB_MODEL_URL": server.url, "COLLAB_MODEL_NAME": "big"}
        application = Application(tmp_path / "data", settings, is_warm=True).start()
        yield application
        application.stop()


@pytest.mark.parametrize("kills", [pytest.param(1, marks=pytest.mark.models), pytest.param(30, marks=pytest.mark.slow)])
def test_what_was_acknowledged_survives(application: Application, kills: int) -> None:
    seed = int(os.environ.get("CRASH_SEED") or secrets.randbelow(10**6))
    sys.stdout.write(f"CRASH_SEED={seed}\n")  # with it, the same moments are chosen again
    chance = random.Random(seed)
    keys = [application.person("Ada", "admin"), application.person("Eve", "expert")]
    with _client(application, keys[0]) as client:
        guide = client.post("/v1/documents", files={"file": ("guide.md", GUIDE)}).raise_for_status().json()["id"]
        _until_ready(client, [guide])
    everything = Acknowledged()
    for kill in range(kills):
        known = _killed_under_load(application, keys, chance)
        if kill % 5 == 1:
            _killed_while_it_starts(application, chance)
        everything.add(known)
        _nothing_is_missing_or_half(everything, Kept.read(application.data))
        application.start()
        _is_found(application, keys[0], known)
    _is_found(application, keys[0], everything)
