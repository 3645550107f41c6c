"""When an answer counts as one of two adapters."""

from dataclasses import replace

from tests.benchmarks.switch import mixed
from tests.collab.dialogue.test_history import TURN

TEXTS = {"a": "Gull one sails.", "b": "Sheep one naps."}


def test_an_answer_of_two_adapters_or_of_none_is_mixed() -> None:
    said = ("Gull one sails. Gull eleven", "Gull one naps.", "one", "Sheep")
    turns = [replace(TURN, adapter="a", answer=answer) for answer in said]
    assert [turn.answer for turn in mixed(turns, TEXTS)] == list(said[1:])
