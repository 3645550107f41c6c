"""No space is left: what is saved is refused whole with what to do, reading goes on, and with room all else does too.

The disk is a small one of its own, which takes the right to mount; where that is not given, these tests are left out.
"""

import asyncio
import os
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from collab.config import Settings
from collab.people import audit
from collab.people.access import Actor, Role
from collab.services import Services
from collab.web.app import build_app
from knowledge.embedding import Vectors
from knowledge.tables import DocumentState
from tests.fakes import EchoModel, WordEmbedder, add_people
from tests.faults.conftest import FEES, POEM, QUOTED, STUDENTS, House, answer_of, told
from tests.running import PASSWORD
from tests.waiting import until

DISK_MB = 24
FULL = "There is no space left on the disk, so nothing was saved. Free some space and save again."


@pytest.fixture
def tmp_path(tmp_path: Path) -> Iterator[Path]:
    """A folder on a small disk."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(disk)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a small disk here")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.fixture
def engine() -> EchoModel:
    return EchoModel("Spring is here. ")


def _fill(disk: Path, free: int = 0) -> None:
    """Leaves so many bytes."""
    with (disk / "filling").open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(64 * 1024))
        except OSError:
            pass
        file.truncate(max(0, os.fstat(file.fileno()).st_size - free))


def _empty(disk: Path) -> None:
    (disk / "filling").unlink()


def _acts(house: House, turn: str) -> dict[str, Callable[[], object]]:
    """What can be done that is to be kept."""
    return {
        "rate": lambda: house.post("feedback", turn_id=turn, rating="down"),
        "correct": lambda: house.post("corrections", turn_id=turn, answer="Nine."),
        "upload": lambda: house.client.post("/v1/documents", files={"file": ("more.md", FEES + b"More.\n")}),
        "ask": lambda: house.ask(STUDENTS),
        "task": lambda: house.ask(POEM),
    }


def test_nothing_is_half_saved_and_with_room_all_goes_on(house: House, tmp_path: Path) -> None:
    assert answer_of(house.ask(STUDENTS)) == QUOTED
    (turn,) = house.turns()
    acts = _acts(house, turn.id)
    _fill(tmp_path)
    for name, act in acts.items():
        reply = act()
        assert (name, reply.status_code, reply.json()["error"]) == (
            name,
            507,
            {"code": "storage_full", "message": FULL},
        )
    assert FULL in told(house.ask_on_the_page(POEM))
    assert house.turns() == [turn]
    assert house.client.get("/v1/search", params={"q": STUDENTS}).json()["data"][0]["document"] == "fees.md"

    _empty(tmp_path)
    with house.services.database.read() as session:
        assert session.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert audit.verify(session)
    assert house.services.ratings.of(house.mel, [turn.id]) == {}
    assert house.services.corrections.of_turns(house.mel, [turn.id]) == {}
    for name, act in acts.items():
        assert (name, act().is_success) == (name, True)
    assert answer_of(house.ask(STUDENTS)) == "Nine."
    until(lambda: {one["state"] for one in house.client.get("/v1/documents").json()["data"]} == {"ready"})


@pytest.mark.parametrize("free", [4_096, 20_000, 60_000, 150_000, 400_000])
def test_a_write_that_begins_and_finds_no_room_for_its_end_leaves_nothing(
    house: House, tmp_path: Path, free: int
) -> None:
    """Wherever in an upload of half a megabyte the room ends."""
    _fill(tmp_path, free)
    content = b"# More\n\n" + b"This line is of no use to anybody. " * 15_000
    reply = house.client.post("/v1/documents", files={"file": ("more.md", content)})
    assert (reply.status_code, reply.json()["error"]["code"]) == (507, "storage_full")
    assert [one["name"] for one in house.client.get("/v1/documents").json()["data"]] == ["fees.md"]
    _empty(tmp_path)
    with house.services.database.read() as session:
        assert session.execute(sa.text("PRAGMA integrity_check")).scalar_one() == "ok"
        assert session.execute(sa.text("PRAGMA foreign_key_check")).all() == []
    assert answer_of(house.ask(STUDENTS)) == QUOTED


class _HeldEmbedder(WordEmbedder):
    """Waits in the middle of a document."""

    def __init__(self) -> None:
        self.begun, self.goes_on = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        if any("Room" in text for text in texts):
            self.begun.set()
            assert self.goes_on.wait(60)
        return super().encode(texts)


def test_a_file_that_was_received_is_read_once_there_is_room(
    tmp_path: Path, migrated: Path, caplog: pytest.LogCaptureFixture
) -> None:
    shutil.copy(migrated, tmp_path)
    embedder, eve = _HeldEmbedder(), Actor("eve", "Eve", Role.EXPERT)
    services = Services(Settings(data=tmp_path), embedder=embedder, engine=EchoModel())
    services.models.load()
    add_people(services.database, eve)
    lines = b"".join(b"## Part %d\n\nRoom %d is on floor %d.\n\n" % (n, n, n % 7) for n in range(50))
    made = services.documents.add(eve, "rooms.md", lines)
    assert embedder.begun.wait(60)
    _fill(tmp_path)
    embedder.goes_on.set()
    until(lambda: "is read again" in caplog.text)
    assert services.documents.get(eve, made.id).state is DocumentState.READING
    _empty(tmp_path)
    until(lambda: services.documents.get(eve, made.id).state is DocumentState.READY)
    services.close()


def test_it_starts_on_a_full_disk_and_reads(house: House, tmp_path: Path) -> None:
    assert answer_of(house.ask(STUDENTS)) == QUOTED
    _fill(tmp_path)
    beside = Services(house.services.settings, embedder=WordEmbedder(), engine=EchoModel())
    beside.models.load()
    assert beside.models.is_ready
    assert [one.question for one in beside.conversations.turns(house.mel, house.turns()[0].conversation_id)] == [
        STUDENTS
    ]
    beside.close()


def test_a_file_from_the_page_is_refused_before_it_fills_the_rest(services: Services, tmp_path: Path) -> None:
    async def build() -> ASGIApp:  # Gradio opens an event loop that it never closes, unless one runs
        return build_app(services)

    services.accounts.add("Mel", PASSWORD, Role.MEMBER)
    files = {"files": ("more.md", bytes(200_000))}
    with TestClient(asyncio.run(build()), base_url="http://127.0.0.1:7860") as browser:
        browser.cookies.set("collab_session", services.sessions.sign_in("Mel", PASSWORD))
        _fill(tmp_path, free=100_000)
        refused = browser.post("/en/gradio_api/upload", files=files)
        assert (refused.status_code, refused.json()["error"]["message"]) == (507, FULL)
        _empty(tmp_path)
        assert browser.post("/en/gradio_api/upload", files=files).status_code == 200
