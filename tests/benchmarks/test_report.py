"""What the benchmarks print and write."""

import json
from pathlib import Path

import pytest

from tests.benchmarks.report import shares, show, table


def test_a_figure_without_cases_is_left_out() -> None:
    assert shares(kept=[True, True, False, True], unrelated=[]) == {"kept": 0.75}


def test_a_table_on_the_screen_and_the_same_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = {"asked": 4, "kept": 0.75, "held_out": {"kept": 0.5}}
    show(figures, tmp_path / "figures.json")
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert lines == [["all", "held_out"], ["asked", "4"], ["kept", "0.7500", "0.5000"]]
    assert json.loads((tmp_path / "figures.json").read_text("utf-8")) == figures


def test_a_line_a_row_under_its_columns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = {"the list": {"p50_ms": 1.5, "over": False}, "a word": {"p50_ms": 20.0, "over": True}}
    table(rows, tmp_path / "rows.json")
    assert capsys.readouterr().out.splitlines() == [
        "                p50_ms        over",
        "the list        1.5000       False",
        "a word         20.0000        True",
    ]
    assert json.loads((tmp_path / "rows.json").read_text("utf-8")) == rows
