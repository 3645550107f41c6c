"""The figures of waiting."""

from tests.benchmarks.speed import waits


def test_the_slowest_twentieth_is_not_smoothed_away() -> None:
    assert waits("ms", [30.0, 10.0, 20.0]) == {"ms, p50 of 3": {"ours": 20.0}, "ms, p95 of 3": {"ours": 30.0}}
