"""The page on real services."""

import pytest

from collab.services import Services
from collab.texts import load_texts
from collab.ui.runs import Runs
from collab.ui.screen import Screen


@pytest.fixture
def screen(services: Services) -> Screen:
    """The English page."""
    return Screen(services, load_texts("en"), Runs())
