"""What the benchmarks print and write."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.report import shares, show


def test_a_figure_without_cases_is_left_out() -> None:
    assert shares(kept=[True, True, False, True], unrelated=[]) == {"kept": 0.75}


def test_a_table_on_the_screen_and_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {"asked": 4, "kept": 0.75, "held_out": {"kept": 0.5}}
    show(figures, tmp_path / "figures.json")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["all", "held_out"], ["asked", "4"], ["kept", "0.7500", "0.5000"]]
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == figures
