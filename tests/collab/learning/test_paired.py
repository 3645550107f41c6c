"""Exact tests on paired outcomes, against values worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.learning.paired import Paired, at_least, compare, power


def test_items_that_changed_are_counted_and_the_others_say_nothing() -> None:
    before = [True] * 6 + [False] * 4
    after = [True] * 3 + [False] * 3 + [True] + [False] * 3  # three lost, one gained
    # of four coins: at least three heads 4/16 + 1/16, at least one head 15/16
    assert compare(before, after) == Paired(items=10, gained=1, lost=3, p_better=15 / 16, p_worse=5 / 16)


@pytest.mark.parametrize(
    ("gained", "lost", "p_worse", "is_worse"),
    [
        (0, 4, 1 / 16, False),
        (0, 5, 1 / 32, True),
        (1, 6, 8 / 128, False),  # (1 + 7) / 2 ** 7
        (1, 7, 9 / 256, True),  # (1 + 8) / 2 ** 8
        (2, 8, 56 / 1024, False),  # (1 + 10 + 45) / 2 ** 10
        (3, 10, 378 / 8192, True),  # (1 + 13 + 78 + 286) / 2 ** 13
    ],
)
def test_worse_is_what_lost_more_than_a_coin_would(gained: int, lost: int, p_worse: float, is_worse: bool) -> None:
    result = compare([False] * gained + [True] * lost, [True] * gained + [False] * lost)
    assert result.p_worse == pytest.approx(p_worse, abs=1e-12)
    assert result.is_worse is is_worse
    assert result.discordant == gained + lost


def test_swapping_the_two_swaps_the_answers() -> None:
    live, candidate = [True] * 2 + [False] * 6, [True] * 8
    assert compare(live, candidate).is_better
    assert not compare(live, candidate).is_worse
    assert compare(candidate, live).is_worse
    assert not compare(candidate, live).is_better


def test_a_missing_outcome_is_an_error() -> None:
    with pytest.raises(ValueError, match="zip"):
        compare([True, True], [True])


@given(st.lists(st.booleans(), max_size=40))
def test_equal_outcomes_are_neither_worse_nor_better(outcomes: list[bool]) -> None:
    result = compare(outcomes, outcomes)
    assert (result.discordant, result.p_better, result.p_worse) == (0, 1.0, 1.0)
    assert not result.is_worse
    assert not result.is_better


def test_the_binomial_tail() -> None:
    assert at_least(0, 7, 0.3) == pytest.approx(1.0)
    assert at_least(2, 3, 0.05) == pytest.approx(3 * 0.05**2 * 0.95 + 0.05**3)  # .00725
    assert at_least(4, 3, 0.5) == 0


def test_what_the_test_finds() -> None:
    assert power(5, loss=0.5, gain=0.0) == pytest.approx(1 / 32)  # all five must be lost
    assert power(4, loss=0.5, gain=0.0) == 0  # too few, whatever comes of them
    # six items: at least five lost, and none gained
    assert power(6, loss=0.5, gain=0.0) == pytest.approx(6 / 64 + 1 / 64)
    assert power(25, loss=0.10, gain=0.0) == pytest.approx(0.098, abs=0.001)
    assert power(200, loss=0.10, gain=0.0) > 0.999
    assert power(25, loss=0.15, gain=0.05) == pytest.approx(0.1275, abs=0.0001)
    assert power(200, loss=0.15, gain=0.05) == pytest.approx(0.932, abs=0.001)


def test_an_equal_candidate_is_called_worse_seldom() -> None:
    assert power(200, loss=0.05, gain=0.05) <= 0.05
