"""Another process keeps the database to itself: reads go on, writes wait, and one that waits in vain says so."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from collab.people.keys import Keys
from collab.services import Services
from knowledge.database import Database, utc_now
from tests.faults.conftest import FEES, POEM, QUOTED, STUDENTS, House, answer_of, told
from tests.running import ROOT
from tests.waiting import until

_HOLD = """
import sys
from pathlib import Path
from knowledge.database import Database
with Database(Path(sys.argv[1])).write():
    print("held", flush=True)
    sys.stdin.readline()
"""


@contextmanager
def locked(database: Database) -> Iterator[None]:
    """Another process is in the middle of a write."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(database.path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdin is not None
    assert holder.stdout is not None
    with holder, holder.stdin, holder.stdout:
        assert holder.stdout.readline() == "held\n"
        try:
            yield
        finally:
            holder.stdin.write("\n")
            holder.stdin.flush()
    assert holder.returncode == 0


def test_who_may_come_in_is_not_kept_waiting_to_be_noted(services: Services, house: House) -> None:
    """A key's first use is noted; where that would have to wait, it is left out."""
    key = services.keys.make_for("Mel")
    patient = Database(services.database.path, busy_s=3_600)
    with locked(services.database), ThreadPoolExecutor() as beside:
        assert beside.submit(Keys(patient, utc_now).actor_of, key).result(60) == house.mel
    patient.close()


def test_reads_go_on(house: House) -> None:
    assert answer_of(house.ask(STUDENTS)) == QUOTED
    (turn,) = house.turns()
    with locked(house.services.database):
        (document,) = house.client.get("/v1/documents").json()["data"]
        assert document["name"] == "fees.md"
        assert house.client.get("/v1/search", params={"q": STUDENTS}).json()["data"][0]["document"] == "fees.md"
        assert house.services.conversations.search(house.mel, "students")[0].id == turn.conversation_id


def test_a_write_waits_and_succeeds(house: House) -> None:
    assert answer_of(house.ask(STUDENTS)) == QUOTED
    (turn,) = house.turns()
    with ThreadPoolExecutor() as beside:
        with locked(house.services.database):
            rated = beside.submit(house.post, "feedback", turn_id=turn.id, rating="down")
            asked = beside.submit(house.ask, STUDENTS)
            threading.Event().wait(1)
            assert not rated.done()
            assert not asked.done()
        assert rated.result().is_success
        assert answer_of(asked.result()) == QUOTED
    assert len(house.turns()) == 2
    assert list(house.services.ratings.of(house.mel, [turn.id])) == [turn.id]


@pytest.mark.slow
def test_a_write_that_waits_too_long_is_refused_whole(house: House) -> None:
    assert answer_of(house.ask(STUDENTS)) == QUOTED
    (turn,) = house.turns()

    def writes() -> list[tuple[int, str | None, str]]:
        with ThreadPoolExecutor() as beside:
            replies = [
                beside.submit(house.post, "feedback", turn_id=turn.id, rating="down"),
                beside.submit(house.post, "corrections", turn_id=turn.id, answer="Nine."),
                beside.submit(house.client.post, "/v1/documents", files={"file": ("more.md", FEES + b"More.\n")}),
                beside.submit(house.ask, STUDENTS),
            ]
            shown = beside.submit(house.ask_on_the_page, POEM)
            messages = [reply.result() for reply in replies]
        assert "Try again in a few seconds" in told(shown.result())
        return [(one.status_code, one.headers.get("retry-after"), one.json()["error"]["code"]) for one in messages]

    with locked(house.services.database):
        assert writes() == [(503, "5", "storage_busy")] * 4
    assert house.turns() == [turn]
    assert house.services.ratings.of(house.mel, [turn.id]) == {}
    assert house.services.corrections.of_turns(house.mel, [turn.id]) == {}
    assert len(house.client.get("/v1/documents").json()["data"]) == 1

    assert house.post("corrections", turn_id=turn.id, answer="Nine.").is_success
    assert answer_of(house.ask(STUDENTS)) == "Nine."
    made = house.client.post("/v1/documents", files={"file": ("more.md", FEES + b"More.\n")})
    assert made.is_success
    until(lambda: len([d for d in house.client.get("/v1/documents").json()["data"] if d["state"] == "ready"]) == 2)
