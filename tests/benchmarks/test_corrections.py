"""The figures on corrections, worked out by hand on a memory in which likeness is the share of common words."""

import pytest

from knowledge.database import Database, utc_now
from knowledge.memory import CorrectionMemory
from tests.benchmarks.corrections import Line, asking, cases_of, flips, interval, learn, shares_of, with_aliases
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
    learned = learn(database, memory, LINES)
    cases = [cases_of(asking(memory), line, learned) for line in LINES]
    assert shares_of(cases) == pytest.approx(
        {
            "edit_success": 1.0,
            "paraphrase_success": 1 / 3,  # in another order; on Sundays is the other line's, the ceiling nobody's
            "wrong_apply": 1 / 3,
            "near_miss_kept": 0.5,  # Fridays, and Mondays where they belong to the line itself
            "suggest_rate": 0.0,
            "reached": 1 / 3,
            "applied": 1.0,
            "wrong": 3 / 7,
            "harmonic_mean": 0.4,  # of a third and a half
        }
    )


def test_among_those_that_are_suggested_it_is_reached(database: Database, memory: CorrectionMemory) -> None:
    """Three of the four that are alike are offered: not the one with the most words of its own."""
    asked = "Where is my card?", "How do I freeze my card?", "How can I track my card?", "Can my card pay for a taxi?"
    lines = [Line(text, text, ("My card is still not here",), ()) for text in asked]
    learned = learn(database, memory, lines)
    cases = [cases_of(asking(memory), line, learned) for line in lines]
    assert [case["reached"] for case in cases] == [[True], [True], [True], [False]]
    assert [case["applied"] for case in cases] == [[False], [False], [False], []]


def test_an_interval_lies_around_its_figure() -> None:
    cases = [{"near_miss_kept": [True]}] * 50 + [{"near_miss_kept": [False]}] * 50
    ends = interval(cases, ("near_miss_kept",))
    assert 0.35 < ends["near_miss_kept_low"] < 0.5 < ends["near_miss_kept_high"] < 0.65


def test_accepted_wordings_are_aliases_and_not_asked_again(database: Database, memory: CorrectionMemory) -> None:
    lines = [Line("a", MONDAYS, ("Shut on Mondays?", "Mondays off?", "Monday hours?", "What about Mondays?"), ())]
    learned = learn(database, memory, lines)
    (rest,) = with_aliases(database, memory, lines)
    assert rest.paraphrases == ("What about Mondays?",)
    assert memory.recall("mondays off", ["everyone"], utc_now()).correction_id == learned["a"]


def test_a_decision_that_changes_with_the_surface_is_a_flip(database: Database, memory: CorrectionMemory) -> None:
    lines = [Line("a", MONDAYS, ("On Mondays, is the museum open?",), ())]
    learn(database, memory, lines)
    figures = flips(asking(memory), lines)
    assert figures == {"flips": 1 / 3, "flips_typo": 1.0, "flips_lower": 0.0, "flips_unmarked": 0.0}
