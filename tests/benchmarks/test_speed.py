"""The figures of waiting: what never came is no quick answer."""

from tests.benchmarks.speed import waits
from tests.benchmarks.team import PATIENCE_S


def test_an_answer_that_never_came_is_the_slowest_and_is_counted() -> None:
    assert waits("ms", [30.0, 10.0, 20.0], 1) == {
        "ms, p50": {"ours": 30.0},  # of 10, 20, 30 and all patience
        "ms, p95": {"ours": PATIENCE_S * 1000},
        "ms, failed of 4": {"ours": 1.0},
    }


def test_where_all_came_none_failed() -> None:
    assert waits("ms", [30.0, 10.0, 20.0], 0)["ms, failed of 3"] == {"ours": 0.0}
