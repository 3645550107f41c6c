"""A count with its rate and the time that is left."""

import pytest

from collab.commands.progress import Progress, told


def test_rate_and_time_left_are_worked_out() -> None:
    assert told("rows", 1_200, 10_000, 100.0) == "1,200 of 10,000 rows, 100 a second, 1 min 28 s left"
    assert told("rows", 10_000, 10_000, 100.0) == "10,000 of 10,000 rows, 100 a second, 0 s left"
    assert told("rows", 0, 10, 0.0) == "0 of 10 rows"


def test_a_log_gets_a_line_for_each_tenth(capsys: pytest.CaptureFixture[str]) -> None:
    progress = Progress("rows")
    for done in range(0, 101):
        progress(done, 100)
    assert [line.split(" rows")[0] for line in capsys.readouterr().err.splitlines()] == [
        f"{tenth}0 of 100" for tenth in range(1, 11)
    ]
