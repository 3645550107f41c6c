"""The limits of the rules, each against figures that pass but for one thing."""

from dataclasses import replace

import pytest

from collab.learning.paired import compare
from collab.learning.report import Earlier, Figures, Leaks, Shares
from collab.learning.verdict import decide
from tests.collab.learning.figures import FIGURES


@pytest.mark.parametrize(
    ("figures", "key"),
    [
        (replace(FIGURES, near_misses=Leaks(20, Shares(0, 0, 0.05), ())), "passed"),
        (replace(FIGURES, near_misses=Leaks(20, Shares(0, 0.1, 0.2), ())), "leaks"),
        (replace(FIGURES, earlier=Earlier(20, 20, 0.95, ())), "passed"),
        (replace(FIGURES, earlier=Earlier(20, 20, 0.9, ())), "forgets"),
        (replace(FIGURES, probe_test=compare([True] * 5, [False] * 5)), "probes_worse"),
        (replace(FIGURES, base_test=compare([True] * 5, [False] * 5)), "passed"),  # live is as bad
        (replace(FIGURES, lesson_test=compare([False] * 9 + [True] * 2, [True] * 9 + [False] * 2)), "passed"),
        (replace(FIGURES, lesson_test=compare([False] * 8 + [True] * 2, [True] * 8 + [False] * 2)), "not_better"),
        (replace(FIGURES, lesson_test=compare([False] * 3 + [True], [True] * 3 + [False])), "not_better"),
    ],
)
def test_the_limits_of_the_rules(figures: Figures, key: str) -> None:
    """9 fixed and 2 broken: 67/2048 = .033; 8 and 2: 56/1024 = .055; of few changes none may be for the worse."""
    assert decide(figures, has_live=True).reasons[0].key == f"gate.verdict.{key}"


def test_a_slow_decline_is_refused() -> None:
    once = compare([True] * 12, [True] * 11 + [False])
    worse = replace(FIGURES, probe_test=once, base_test=compare([True] * 6, [False] * 6))
    assert decide(worse, has_live=True).reasons[0].key == "gate.verdict.worse_than_base"
