"""A team at work: the application with a handbook, corrections and many people, and what their pages send to it.

A page is spoken for without a browser: it sends what a browser sends, through Gradio's queue, and reads the answers.
"""

import json
import secrets
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from collab.config import Settings
from collab.people.access import Actor, Role
from collab.people.sessions import COOKIE
from collab.services import Services
from knowledge.database import new_id
from tests.fakes import EchoModel, add_people
from tests.running import ROOT

HANDBOOK = ROOT / "assets" / "handbook"
PATIENCE_S = 120
CORRECTED = {
    f"Who looks after the {thing} cupboard?": f"Ada looks after the {thing} cupboard, desk {desk}."
    for desk, thing in enumerate(("paper", "key", "battery", "lamp", "first-aid", "tool", "paint", "cable"), 11)
}


@dataclass(frozen=True)
class Member:
    """Somebody of the team: with a key for programs, and signed in at a page."""

    name: str
    key: str
    cookie: str


def found(folder: Path, people: int) -> list[Member]:
    """Fills a new data folder: members, the sample handbook, and the corrections of `CORRECTED`."""
    services = Services(Settings(data=folder), engine=EchoModel())
    try:
        services.models.load()
        actors = [Actor(new_id(), f"Person {number}", Role.MEMBER) for number in range(people)]
        add_people(services.database, *actors)
        for path in sorted(HANDBOOK.iterdir()):
            for _ in services.documents.add_all_for_everyone(path.name, path.read_bytes(), lambda name, share: None):
                pass
        expert = Actor(new_id(), "Eve", Role.EXPERT)
        add_people(services.database, expert)
        for question, answer in CORRECTED.items():
            services.corrections.submit(expert, question=question, answer=answer)
        with services.database.write() as session:
            cookies = [services.sessions.open(session, actor.id) for actor in actors]
        return [
            Member(actor.name, services.keys.make(actor, "benchmark")[1], cookie)
            for actor, cookie in zip(actors, cookies, strict=True)
        ]
    finally:
        services.close()


def questions() -> list[tuple[str, str]]:
    """Questions that the handbook answers, each with words of its answer."""
    cases = json.loads((ROOT / "tests" / "handbook.json").read_text(encoding="utf-8"))
    return [(case["question"], case["must"]) for case in cases["answerable"]]


class Page:
    """The English page of one person."""

    def __init__(self, address: str, member: Member) -> None:
        self.client = httpx.AsyncClient(
            base_url=address,
            cookies={COOKIE: member.cookie},
            headers={"Origin": address, "Sec-Fetch-Site": "same-origin"},
            timeout=PATIENCE_S,
            limits=httpx.Limits(keepalive_expiry=2),  # before the server closes what is idle
            trust_env=False,
        )
        self._hash = secrets.token_hex(6)
        self._rooms: dict[str, tuple[int, int]] = {}

    async def open(self) -> None:
        """Reads where each room takes its messages."""
        reply = await self.client.get("/en/config")
        reply.raise_for_status()
        config = reply.json()
        boxes = {one["id"]: one["props"].get("elem_id") or "" for one in config["components"]}
        for job in config["dependencies"]:
            for box, event in job["targets"]:
                if event == "change" and boxes.get(box, "").startswith("to-"):
                    self._rooms[boxes[box].removeprefix("to-")] = (job["id"], box)

    async def say(self, room: str, /, **message: Any) -> AsyncIterator[tuple[float, str]]:
        """Sends a message; yields each answer with the seconds since it was sent, as one text."""
        job, box = self._rooms[room]
        body = {"fn_index": job, "trigger_id": box, "data": [json.dumps(message)], "session_hash": self._hash}
        begun = time.perf_counter()
        (await self.client.post("/en/gradio_api/queue/join", json={**body, "event_data": None})).raise_for_status()
        async with self.client.stream("GET", f"/en/gradio_api/queue/data?session_hash={self._hash}") as stream:
            stream.raise_for_status()
            async for line in stream.aiter_lines():
                told = json.loads(line.removeprefix("data:")) if line.startswith("data:") else {}
                if told.get("msg") in ("process_generating", "process_completed"):
                    if not told.get("success", True):
                        raise AssertionError(line[:300])
                    yield time.perf_counter() - begun, json.dumps(told["output"], ensure_ascii=False)
                if told.get("msg") in ("process_completed", "close_stream"):
                    return

    async def close(self) -> None:
        """Leaves."""
        await self.client.aclose()
