"""Work behind the page: who takes up reading, and that one failure does not end the rest."""

import shutil
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.config import Settings
from collab.people.access import Actor, Role
from collab.services import Services
from knowledge.tables import DocumentState
from tests.fakes import EchoModel, StillRunner, WordEmbedder, add_people
from tests.waiting import until

ALL = ["everyone"]


def states(services: Services) -> dict[str, DocumentState]:
    return {record.name: record.state for record in services.library.list(ALL)}


def resume(services: Services) -> None:
    services.resume_reading()
    services.finish_reading()  # until it is known what waits
    services.finish_reading()  # until that is read


def test_loading_the_models_reads_no_document(services: Services) -> None:
    """The command line loads them too, while the application reads."""
    services.library.receive("guide.md", b"Lockers take a coin.", "everyone")
    services.models.load()
    services.finish_reading()
    assert states(services) == {"guide.md": DocumentState.READING}
    resume(services)
    assert states(services) == {"guide.md": DocumentState.READY}


def test_what_fails_is_logged_and_the_rest_is_read(services: Services, caplog: pytest.LogCaptureFixture) -> None:
    with services.database.write() as session:
        session.execute(
            sa.text(
                "CREATE TRIGGER refuse BEFORE INSERT ON passages WHEN new.text LIKE '%coin%' "
                "BEGIN SELECT raise(ABORT, 'the disk trips'); END"
            )
        )
    services.library.receive("guide.md", b"Lockers take a coin.", "everyone")
    services.library.receive("shop.md", b"The shop opens early.", "everyone")
    resume(services)
    assert states(services) == {"guide.md": DocumentState.READING, "shop.md": DocumentState.READY}
    assert "the disk trips" in caplog.text


def test_the_application_trains_as_it_is_scheduled(tmp_path: Path, migrated: Path) -> None:
    shutil.copy(migrated, tmp_path)
    runner, eve = StillRunner(), Actor("eve", "Eve", Role.EXPERT)
    services = Services(
        Settings(data=tmp_path, training_after=1), embedder=WordEmbedder(), engine=EchoModel(), runner=runner
    )
    add_people(services.database, eve)
    services.corrections.submit(eve, question="Is it open on Mondays?", answer="No.")
    services.resume_reading()
    until(lambda: bool(runner.started))
    services.close()
