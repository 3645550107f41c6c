"""A small model, and adapters for it."""

from pathlib import Path

import pytest

from collab.learning.adapters import Adapters
from knowledge.database import Database
from tests.collab.learning.rows import EVE, MEL
from tests.collab.learning.tiny_adapters import ADA, BEA, Engine, Made, over
from tests.collab.learning.tiny_model import write_model
from tests.fakes import add_people


@pytest.fixture(scope="session")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose queries are 64 x 64, which reads long prompts."""
    return write_model(tmp_path_factory.mktemp("models") / "tiny", length=2_000)


@pytest.fixture
def following() -> Engine:
    """What `adapters` tells which of them is live."""
    return Engine()


@pytest.fixture
def adapters(database: Database, tiny: Path, tmp_path: Path, following: Engine) -> Adapters:
    """None as yet; Ada and Bea are administrators, Mel is a member and Eve an expert."""
    add_people(database, ADA, BEA, MEL, EVE)
    return over(database, tiny, tmp_path / "adapters", following)


@pytest.fixture
def add(database: Database, tiny: Path, tmp_path: Path) -> Made:
    """Adds one of them."""
    return Made(database, tiny, tmp_path / "adapters")
