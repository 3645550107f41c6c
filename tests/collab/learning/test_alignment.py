"""How far answers are from what people accepted: rows of several weeks, and what is shown of them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from collab.errors import NotAllowedError
from collab.learning.alignment import WEEKS, Alignments, Distance
from collab.learning.matching import f1
from collab.people.access import OPERATOR
from collab.texts import load_texts
from collab.ui.present.learning_alignment import alignment
from knowledge.database import Database
from tests.collab.learning import rows

NOW = datetime(2026, 12, 2, 12, 0, tzinfo=UTC)  # a Wednesday
LAST_WEEK = NOW - timedelta(weeks=1)
SAID = "Two pounds for each dog."


@pytest.fixture
def aligned(database: Database) -> Alignments:
    rows.add_everybody(database)
    rows.add_turns(
        database,
        {"question": "One?", "answer": SAID, "created_at": LAST_WEEK},
        {"question": "Two?", "answer": "Yes.", "created_at": NOW, "rating": "up", "adapter": "v1"},
        {"question": "Three?", "answer": "No.", "created_at": NOW, "rating": "down", "adapter": "v1"},
        {"question": "Four?", "answer": "No.", "created_at": NOW, "rating": "up", "decision": "grounded"},
        {"question": "Five?", "answer": "Old.", "created_at": NOW - timedelta(weeks=WEEKS), "rating": "up"},
        {"question": "Six?", "answer": "Maybe.", "created_at": NOW, "rating": "up", "adapter": "v1"},
    )
    rows.add_corrections(
        database,
        {**rows.DOG, "turn_id": "t0", "before": SAID},
        {**rows.TICKET, "turn_id": "t5", "before": "Maybe."},
        {**rows.PASSWORD, "turn_id": "t2", "before": "No.", "state": "pending"},
    )
    return Alignments(database, lambda: NOW)


def test_what_was_corrected_or_liked_is_counted_in_its_week_and_group(aligned: Alignments) -> None:
    found = aligned.latest(OPERATOR)
    far = 1 - f1(rows.DOG["answer"], SAID)
    assert len(found.weeks) == WEEKS
    assert found.weeks[-2:] == ((date(2026, 11, 23), Distance(1, far)), (date(2026, 11, 30), Distance(3, 1 / 3)))
    assert found.groups == (
        (("model", "v1"), Distance(2, 0.5)),  # one was liked, and then corrected by somebody who knows
        (("grounded", None), Distance(1, 0.0)),
        (("model", None), Distance(1, far)),
    )
    assert found.answers == 4


def test_it_is_for_administrators(aligned: Alignments) -> None:
    with pytest.raises(NotAllowedError):
        aligned.latest(rows.EVE)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_chart_has_its_figures_in_words_and_in_a_table(aligned: Alignments, language: str) -> None:
    shown = alignment(load_texts(language), aligned.latest(OPERATOR))
    assert shown.count("<rect") == 2
    assert "33 %" in shown
    assert shown.count("<tr>") == 4
    assert 'role="img" aria-label="' in shown


def test_where_nobody_judged_anything_it_says_so(database: Database) -> None:
    shown = alignment(load_texts("en"), Alignments(database, lambda: NOW).latest(OPERATOR))
    assert "Nobody has judged" in shown
    assert "<svg" not in shown
