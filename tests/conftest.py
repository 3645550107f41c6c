"""Real objects for tests: a real database file, real services with small fakes for the models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collab.services import MIGRATIONS
from knowledge.database import Database


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated database in a folder of its own."""
    database = Database(tmp_path / "collab.db")
    database.migrate(MIGRATIONS)
    yield database
    database.close()
