"""The figures on corrections, worked out by hand on a memory in which likeness is the share of common words."""

import pytest

from knowledge.database import Database
from knowledge.memory import CorrectionMemory
from tests.benchmarks.corrections import Line, learn, measure
from tests.fakes import WordEmbedder

MONDAYS, SUNDAYS = "Is the museum open on Mondays?", "Is the museum open on Sundays?"
LINES = [
    Line("old", MONDAYS, (), ()),
    Line(
        "monday",
        "is the museum open on mondays",  # the same question as before, whose correction this one replaces
        ("On Mondays, is the museum open?", SUNDAYS, "Who painted the ceiling?"),
        (("Is the museum open on Fridays?", None), (SUNDAYS, None)),
    ),
    Line("sunday", SUNDAYS, (), ((MONDAYS, "old"), (MONDAYS, "sunday"))),
]


@pytest.fixture
def memory(database: Database) -> CorrectionMemory:
    return CorrectionMemory(database, WordEmbedder())


def test_lines_with_the_same_question_become_one_correction(database: Database, memory: CorrectionMemory) -> None:
    assert learn(database, memory, LINES) == {"old": "monday", "monday": "monday", "sunday": "sunday"}


def test_figures_by_hand(database: Database, memory: CorrectionMemory) -> None:
    unrelated = ["Who painted the ceiling?", "Which train goes to Ghent?", "How heavy is a whale?", MONDAYS]
    figures = measure(memory, LINES, learn(database, memory, LINES), unrelated)
    assert figures == pytest.approx(
        {
            "edits": 3,
            "paraphrases": 3,
            "near_misses": 4,
            "unrelated": 4,
            "edit_success": 1.0,
            "paraphrase_success": 1 / 3,  # in another order; on Sundays is the other line's, the ceiling nobody's
            "wrong_apply": 1 / 3,
            "near_miss_kept": 0.5,  # Fridays, and Mondays where they belong to the line itself
            "unrelated_kept": 0.75,
            "suggest_rate": 0.0,
            "harmonic_mean": 0.4,  # of a third and a half
        }
    )
