"""Times, versions and shares as people read them."""

from datetime import timedelta

import pytest

from collab.texts import load_texts
from collab.ui.present.learning_words import lasting, percent, version

EN = load_texts("en")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-3, "0 s"), (59.4, "59 s"), (60, "1 min"), (412, "7 min"), (3_900, "1 h 5 min")],
)
def test_times(seconds: float, words: str) -> None:
    assert lasting(EN, timedelta(seconds=seconds)) == words


@pytest.mark.parametrize(
    ("share", "words"), [(0, "0 %"), (0.004, "0.4 %"), (0.5, "50 %"), (0.996, "99.6 %"), (1, "100 %")]
)
def test_shares(share: float, words: str) -> None:
    assert percent(share) == words


def test_versions_are_called_by_the_beginning_of_their_name() -> None:
    assert version(EN, "3f9a1c20deadbeef") == "Version 3f9a1c20"
    assert version(EN, None) == "The model as it came"
