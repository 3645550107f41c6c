"""What is read of a running application, on real services."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from collab.people.access import Actor
from collab.services import Services
from collab.vitals import Vitals
from knowledge.database import Database, utc_now
from knowledge.library import Library
from knowledge.tables import Collection
from tests.fakes import WordEmbedder


@pytest.fixture
def beside(services: Services) -> Iterator[Library]:
    """The library as another process on the same folder has it."""
    database = Database(services.database.path)
    yield Library(database, WordEmbedder(), utc_now)
    database.close()


def test_what_another_process_wrote_is_behind_until_somebody_asks(services: Services, beside: Library) -> None:
    assert services.vitals.lag() == {Collection.PASSAGES: 0, Collection.MEMORY: 0}
    beside.add("lunch.md", b"# Lunch\n\nLunch is at noon.\n\n# Shoes\n\nShoes go back within thirty days.", "everyone")
    added = services.vitals.lag()[Collection.PASSAGES]
    assert added == 2, "two passages"
    services.library.refresh()
    assert services.vitals.lag()[Collection.PASSAGES] == 0


def test_documents_that_nobody_read_yet(services: Services) -> None:
    document = services.library.receive("lunch.md", b"Lunch is at noon.", "everyone")
    assert services.vitals.unread() == 1
    services.library.process(document.id)
    assert services.vitals.unread() == 0


def test_what_waits_for_review(services: Services, member: Actor, expert: Actor) -> None:
    turn = list(services.assistant.reply(member, None, "When is lunch?"))[-1].turn
    services.ratings.rate(member, turn.id, "down")
    assert services.vitals.waiting_for_review() == {"correction": 0, "rating": 1}
    pending = services.corrections.submit(member, turn_id=turn.id, answer="At noon.")
    assert services.vitals.waiting_for_review()["correction"] == 1
    services.corrections.approve(expert, pending.id)
    assert services.vitals.waiting_for_review() == {"correction": 0, "rating": 0}


def test_who_runs_and_who_waits(services: Services) -> None:
    assert services.vitals.load == (0, 0)
    with waiting(services, "mel"), waiting(services, "oli"):
        assert services.vitals.load == (1, 1)
    assert services.vitals.load == (0, 0)


def test_the_disk_and_the_database(services: Services) -> None:
    assert 0 < services.vitals.free_bytes <= services.vitals.disk_bytes
    assert services.vitals.database_bytes > 100_000
    assert services.vitals.is_schema_current()
    assert len(services.vitals.schema) >= 3


def test_a_data_folder_that_is_gone_has_no_space(services: Services) -> None:
    def gone(path: Path) -> object:
        raise FileNotFoundError(path)

    vitals = Vitals(services.database, services.library, services.memory, services.queue, 16, gone)
    assert (vitals.free_bytes, vitals.has_space()) == (0, False)


@contextmanager
def waiting(services: Services, person_id: str) -> Iterator[None]:
    with services.queue.enter(person_id):
        yield
