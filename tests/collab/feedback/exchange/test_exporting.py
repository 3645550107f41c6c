"""What goes out comes in again exactly; what is restricted stays."""

import csv
import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collab.errors import ExportKindError, FileUnavailableError
from collab.feedback.exchange import entries
from collab.feedback.exchange.entries import Entry, read_entry
from collab.feedback.exchange.exporting import COLUMNS, put_csv, put_json
from collab.feedback.exchange.files import Row, RowFile
from collab.people.access import Actor
from collab.people.tables import AuditEntry
from knowledge.text import clean, normalise
from tests.collab.feedback.conftest import ADA, EVE, MEL, source
from tests.collab.feedback.exchange.conftest import Desk

WILD = (
    {"questions": ["=SUM(A1)?", "'-5 °C", 'a; b, "c"?'], "answer": "+1\n\n'=2\twide | narrow", "reason": "@home"},
    {"question": "Two\nlines?", "answer": "'", "asked": 12, "will_not": ["=Three lines?", "None; at, all"]},
    {"question": "博物馆星期一开放吗？", "answer": "＝开放。", "kind": "style", "other_questions": ["周一开吗"]},
    {"question": "Waits?", "answer": "- yes", "state": "pending"},
    {"question": "Until when?", "answer": "March.", "valid_until": "2027-03-31", "other_questions": ["How long?"]},
)


def imported(desk: Desk) -> None:
    desk.take(desk.file("".join(json.dumps(row) + "\n" for row in WILD), "rows.jsonl"))


def acts(desk: Desk) -> list[tuple[str | None, str, dict[str, object]]]:
    with desk.house.database.read() as session:
        found = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq))
        return [(one.actor_id, one.act, one.details) for one in found]


def test_what_must_not_be_answered_goes_out_where_it_stands(desk: Desk) -> None:
    live = desk.house.corrections.submit(EVE, question="Where?", answer="Here.").id
    for actor, text, side in ((EVE, "When?", "will_not"), (EVE, "At which place?", "will"), (MEL, "Why?", "will_not")):
        desk.house.examples.add(actor, live, text, side)
    (row,) = desk.exports.rows(ADA)
    assert (row["other_questions"], row["will_not"]) == (["At which place?"], ["When?"])  # what waits is not said yet


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl"])
def test_what_goes_out_comes_in_exactly(desk: Desk, name: str) -> None:
    imported(desk)
    path = desk.folder / name
    assert desk.exports.write(ADA, path) == 5
    assert acts(desk)[-1] == (ADA.id, "corrections_exported", {"file": name, "rows": 5, "everything": False})

    def told(path: Path) -> set[object]:
        return {replace(one, number=0) for one in desk.entries(path) if isinstance(one, Entry)}

    assert told(path) == told(desk.folder / "rows.jsonl")
    plan = desk.plan(path)
    assert (plan.new, plan.unchanged) == (0, 5)


def test_a_spreadsheet_runs_nothing(desk: Desk) -> None:
    imported(desk)
    desk.exports.write(ADA, desk.folder / "out.csv")
    content = (desk.folder / "out.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbfquestion,other_questions,will_not,answer,")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines(keepends=True)))
    assert [cell for row in rows for cell in row if cell[:1] in tuple("=+-@\t＝")] == []
    assert rows[1][0] == "'=SUM(A1)?"


def test_states_people_and_dates_go_out(desk: Desk) -> None:
    waiting = desk.house.corrections.submit(MEL, question="Where?", answer="Here.")
    desk.house.corrections.approve(EVE, waiting.id)
    gone = desk.house.corrections.submit(EVE, question="When?", answer="Now.")
    desk.house.corrections.withdraw(EVE, gone.id)
    (row,) = desk.exports.rows(ADA)
    assert tuple(row) == COLUMNS
    assert (row["author"], row["reviewer"], row["state"]) == ("Mel", "Eve", "live")
    assert str(row["created_at"]).startswith("2026-11-22T12:00:")
    assert [one["state"] for one in desk.exports.rows(ADA, everything=True)] == ["live", "withdrawn"]


def test_what_is_restricted_stays_in_the_house(desk: Desk) -> None:
    turn = desk.house.turn(MEL, sources=(source("person:mel"),))
    desk.house.corrections.submit(MEL, turn_id=turn, answer="Secret.")
    desk.house.corrections.submit(MEL, question="Where?", answer="Here.")
    for person, count in ((MEL, 1), (ADA, 1), (Actor("oli", "Oli", MEL.role), 0)):
        assert len(list(desk.exports.rows(person, everything=True))) == count


def test_a_file_that_cannot_be_written_leaves_nothing(desk: Desk) -> None:
    imported(desk)
    with pytest.raises(ExportKindError, match="^Nothing was written: .*xlsx ends neither in"):
        desk.exports.write(ADA, desk.folder / "out.xlsx")
    with pytest.raises(FileUnavailableError):
        desk.exports.write(ADA, desk.folder / "no such folder" / "out.csv")
    assert sorted(path.name for path in desk.folder.glob("out*")) == []


KEPT = st.text(max_size=40).map(lambda text: clean(text).text.strip())


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    KEPT.filter(normalise), st.lists(KEPT.map(lambda text: " ".join(text.split())), max_size=3), KEPT.filter(bool), KEPT
)
def test_any_text_goes_out_and_comes_in(
    tmp_path: Path, question: str, others: list[str], answer: str, reason: str
) -> None:
    cells = {
        "question": question,
        "other_questions": [one for one in others if one],
        "will_not": [f"not {one}" for one in others if one],
        "answer": answer,
        "reason": reason,
    }
    row = {**dict.fromkeys(COLUMNS), **cells}
    for name, put in (("out.csv", put_csv), ("out.jsonl", put_json)):
        with (tmp_path / name).open("w", encoding="utf-8", newline="") as stream:
            put(stream, iter([row]))
        (found,) = RowFile(tmp_path / name, entries.COLUMNS)
        assert read_entry(replace(found, number=1)) == read_entry(Row(1, cells))
