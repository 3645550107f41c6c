"""Work behind the page: who takes up reading, and that one failure does not end the rest."""

import pytest
import sqlalchemy as sa

from collab.services import Services
from knowledge.tables import DocumentState

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
