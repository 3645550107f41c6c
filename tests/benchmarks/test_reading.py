"""The figures on reading, worked out by hand on questions whose outcome is given."""

import pytest

from tests.benchmarks.reading import Outcome, Question, figures, spread


def outcome(rank: int, quoted: str, is_answered: bool, is_silent_when_absent: bool | None = None) -> Outcome:
    question = Question("How much?", ("9 euros", "nine euros"), "fees.txt", is_held_out=False)
    return Outcome(question, rank, quoted, is_answered, is_silent_when_absent)


def test_figures_by_hand() -> None:
    outcomes = [
        outcome(0, "It costs 9 euros.", is_answered=True, is_silent_when_absent=True),
        outcome(2, "Students pay nine euros with a card.", is_answered=True, is_silent_when_absent=False),
        outcome(4, "For 9 euros.", is_answered=False),
        outcome(99, "Nothing of the kind.", is_answered=True),
    ]
    assert figures(outcomes) == pytest.approx(
        {
            "questions": 4,
            "hit_at_1": 0.25,
            "hit_at_3": 0.5,
            "hit_at_5": 0.75,
            "contains_gold": 0.75,
            "answered_with_gold": 0.5,
            "mean_words": 4.5,  # 4, 7, 3 and 4
            "answered_mean_words": 5.0,
            "not_found_when_present": 0.25,
            "asked_when_absent": 2,
            "not_found_when_absent": 0.5,
        }
    )


def test_questions_are_spread_over_all() -> None:
    asked = [Question(str(number), (), "", is_held_out=False) for number in range(10)]
    assert [question.text for question in spread(asked, 4)] == ["0", "2", "5", "7"]
    assert spread(asked, 20) == asked
