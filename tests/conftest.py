"""Real objects for tests: a real database file, real services with small fakes for the models."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from collab.config import Settings
from collab.people.access import Actor, Role
from collab.services import MIGRATIONS, Services
from knowledge.database import Database
from tests.fakes import EchoModel, WordEmbedder


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A migrated database in a folder of its own."""
    database = Database(tmp_path / "collab.db")
    database.migrate(MIGRATIONS)
    yield database
    database.close()


@pytest.fixture
def engine() -> EchoModel:
    """The language model of `services`; a test module may override it."""
    return EchoModel()


@pytest.fixture
def services(tmp_path: Path, engine: EchoModel) -> Iterator[Services]:
    """The whole application, loaded, with small real models."""
    services = Services(Settings(data=tmp_path), embedder=WordEmbedder(), engine=engine)
    services.models.load()
    yield services
    services.close()


@pytest.fixture
def member(services: Services) -> Actor:
    """Mel, a member."""
    return services.accounts.add("Mel", "a long pass phrase 42", Role.MEMBER)


@pytest.fixture
def other(services: Services) -> Actor:
    """Oli, another member."""
    return services.accounts.add("Oli", "a long pass phrase 42", Role.MEMBER)


@pytest.fixture
def expert(services: Services) -> Actor:
    """Eve, an expert."""
    return services.accounts.add("Eve", "a long pass phrase 42", Role.EXPERT)
