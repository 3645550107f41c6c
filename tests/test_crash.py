"""Kill -9 under load: what was acknowledged is there and found after the next start, and nothing is half written."""

import random
import threading
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
from knowledge.tables import MemoryKey
from tests.running import Application

GUIDE = "# Guide\n" + "\n".join(f"Room {n} is on floor {n % 7}." for n in range(40))


@dataclass
class Acknowledged:
    """What the application said it had kept."""

    turns: list[str] = field(default_factory=list)
    ratings: list[str] = field(default_factory=list)
    corrections: dict[str, tuple[str, str]] = field(default_factory=dict)  # id -> (question, answer)


def _client(application: Application, key: str) -> httpx.Client:
    return httpx.Client(
        base_url=application.address, headers={"Authorization": f"Bearer {key}"}, timeout=60, trust_env=False
    )


def _work(client: httpx.Client, known: Acknowledged, name: str, over: threading.Event) -> None:
    """Asks, rates and corrects until the connection breaks."""
    number = 0
    try:
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
    except httpx.TransportError:
        pass  # killed


def _verify(data: Path, known: Acknowledged) -> None:
    database = Database(data / DATABASE_FILE)
    database.migrate(MIGRATIONS)
    with database.read() as session:
        assert set(known.turns) <= set(session.scalars(sa.select(Turn.id)))
        assert set(known.ratings) <= set(session.scalars(sa.select(Rating.turn_id)))
        live = set(session.scalars(sa.select(Correction.id).where(Correction.state == State.LIVE)))
        assert set(known.corrections) <= live
        # no correction without its key, no key without its correction
        assert set(session.scalars(sa.select(MemoryKey.correction_id))) == live
        assert audit.verify(session) > len(known.corrections)
        assert session.execute(sa.text("PRAGMA integrity_check")).scalar() == "ok"
    database.close()


def _rounds(application: Application, count: int, chance: random.Random) -> None:
    key = application.person("Ada", "admin")
    (application.data / "guide.md").write_text(GUIDE, encoding="utf-8")
    application.command("documents", "add", str(application.data / "guide.md"))
    for _ in range(count):
        known, over = Acknowledged(), threading.Event()
        clients = [_client(application, key) for _ in range(3)]
        names = [f"{chance.randrange(10**9)}" for _ in clients]
        workers = [
            threading.Thread(target=_work, args=(client, known, name, over))
            for client, name in zip(clients, names, strict=True)
        ]
        for worker in workers:
            worker.start()
        threading.Event().wait(chance.uniform(2, 6))
        application.kill()
        over.set()
        for worker in workers:
            worker.join(60)
        assert known.turns, "nothing was acknowledged before the kill"
        _verify(application.data, known)
        application.start()
        with _client(application, key) as client:
            for question, answer in list(known.corrections.values())[:5]:
                body = {"model": "collab", "messages": [{"role": "user", "content": question}]}
                reply = client.post("/v1/chat/completions", json=body).json()
                assert (reply["collab"]["decision"], reply["choices"][0]["message"]["content"]) == ("corrected", answer)


@pytest.mark.models
def test_what_was_acknowledged_survives_a_kill(application: Application) -> None:
    _rounds(application, 1, random.Random(1))


@pytest.mark.slow
def test_what_was_acknowledged_survives_many_kills(application: Application) -> None:
    _rounds(application, 8, random.Random(2))
