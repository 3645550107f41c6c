"""Formulas become harmless, and every text comes back as it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collab.feedback.exchange.spreadsheet import guard, unguard


@pytest.mark.parametrize("cell", ["=1+1", "+49 30", "-5 °C", "@SUM(A1)", "\t=1", "＝1"])
def test_what_would_run_gets_an_apostrophe(cell: str) -> None:
    assert guard(cell) == "'" + cell
    assert unguard("'" + cell) == cell


def test_other_texts_stay() -> None:
    for cell in ("", "5 - 3", "'tis", "a=b", "''"):
        assert guard(cell) == cell == unguard(cell)


@given(st.text(alphabet="'=+-@a\t\n", max_size=6))
def test_every_text_comes_back(text: str) -> None:
    assert unguard(guard(text)) == text
