"""Real objects for tests: a real database file, real services with small fakes for the models."""

import os
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from collab.config import Settings
from collab.dialogue.engines import packaged
from collab.people.access import Actor, Role
from collab.services import MIGRATIONS, Services
from knowledge.database import Database
from tests import warm
from tests.fakes import EchoModel, WordEmbedder, add_people
from tests.running import Application

settings.register_profile("untimed", deadline=None)  # a busy machine is no bug
settings.load_profile("untimed")

FILES = 4_096


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of the latest schema: copied many times as fast as made."""
    path = tmp_path_factory.mktemp("migrated") / "collab.db"
    database = Database(path)
    database.migrate(MIGRATIONS)
    database.close()
    return path


@pytest.fixture
def database(tmp_path: Path, migrated: Path) -> Iterator[Database]:
    """A migrated database in a folder of its own."""
    database = Database(Path(shutil.copy(migrated, tmp_path)))
    yield database
    database.close()


@pytest.fixture
def engine() -> EchoModel:
    """The language model of `services`; a test module may override it."""
    return EchoModel()


@pytest.fixture
def services(tmp_path: Path, engine: EchoModel, migrated: Path) -> Iterator[Services]:
    """The whole application, loaded, with small real models."""
    shutil.copy(migrated, tmp_path)
    services = Services(Settings(data=tmp_path), embedder=WordEmbedder(), engine=engine)
    services.models.load()
    yield services
    services.close()


@pytest.fixture
def member(services: Services) -> Actor:
    """Mel, a member."""
    return _added(services, Actor("mel", "Mel", Role.MEMBER))


@pytest.fixture
def other(services: Services) -> Actor:
    """Oli, another member."""
    return _added(services, Actor("oli", "Oli", Role.MEMBER))


@pytest.fixture
def expert(services: Services) -> Actor:
    """Eve, an expert."""
    return _added(services, Actor("eve", "Eve", Role.EXPERT))


def _added(services: Services, person: Actor) -> Actor:
    add_people(services.database, person)
    return person


@pytest.fixture(scope="session")
def packaged_folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packaged model, converted; kept between runs, because that takes a quarter of a minute."""
    cache: pytest.Cache | None = getattr(request.config, "cache", None)
    folder = cache.mkdir("engines") if cache else tmp_path_factory.mktemp("engines")
    return packaged.ready_folder(folder, lambda stage, share: None)


@pytest.fixture
def data(tmp_path: Path, packaged_folder: Path) -> Path:
    """A data folder without a database, in which the packaged model is converted already."""
    return with_model(tmp_path / "data", packaged_folder)


def with_model(data: Path, packaged_folder: Path) -> Path:
    """Puts the converted model there, without a copy of its weights."""
    shutil.copytree(packaged_folder, data / "cache" / "models" / packaged_folder.name, copy_function=os.symlink)
    return data


@pytest.fixture
def application(data: Path) -> Iterator[Application]:
    """The application on an empty database."""
    application = Application(data).start()
    yield application
    application.stop()


@pytest.fixture
def every_core() -> Iterator[None]:
    """For a test that is about several cores."""
    with warm.every_core():
        yield


def pytest_configure(config: pytest.Config) -> None:
    """As many files as many connections need, here and in every program that is started, where fewer are usual;
    and a core for each of the processes that share the tests.
    """
    now, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    if now != resource.RLIM_INFINITY and now < FILES:
        enough = FILES if most == resource.RLIM_INFINITY else min(FILES, most)
        resource.setrlimit(resource.RLIMIT_NOFILE, (enough, most))
    warm.share_cores(os.environ.get("PYTEST_XDIST_WORKER", ""))  # before torch counts them


def pytest_collection_finish(session: pytest.Session) -> None:
    """Where models are run, programs begin with what these import."""
    if any(item.get_closest_marker(name) for item in session.items for name in ("models", "journey", "slow")):
        warm.import_models()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Long bytes give no name: an archive made just now has the time in it, and processes must agree on names."""
    return f"{argname}-bytes" if isinstance(val, bytes) and len(val) > 20 else None
