"""Real objects for tests: a real database file, real services with small fakes for the models."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from collab.config import Settings
from collab.dialogue.engines import load_engine
from collab.people.access import Actor, Role
from collab.services import MIGRATIONS, Services
from knowledge.database import Database
from tests.fakes import EchoModel, WordEmbedder
from tests.running import Application

settings.register_profile("untimed", deadline=None)  # a busy machine is no bug
settings.load_profile("untimed")


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


@pytest.fixture(scope="session")
def converted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose model is converted already, so that not every test must do it again."""
    data = tmp_path_factory.mktemp("converted")
    load_engine(Settings(data=data), lambda stage, share: None).close()
    return data


@pytest.fixture
def application(tmp_path: Path, converted: Path) -> Iterator[Application]:
    """The application on an empty database."""
    shutil.copytree(converted / "cache", tmp_path / "data" / "cache", copy_function=os.link)
    application = Application(tmp_path / "data").start()
    yield application
    application.stop()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long bytes give no name: an archive made just now has the time in it, and processes must agree on names."""
    return f"{argname}-bytes" if isinstance(val, bytes) and len(val) > 20 else None
