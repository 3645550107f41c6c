"""What the database itself refuses, whoever writes."""

import pytest
import sqlalchemy as sa

from collab.feedback.tables import Correction
from tests.collab.feedback.conftest import MEL, QUESTION, START, House

ROW = {
    "author_id": "mel",
    "kind": "fact",
    "state": "live",
    "reach": "everyone",
    "question": QUESTION,
    "normal_question": "is the museum open on mondays",
    "answer": "Yes.",
    "invisible_at": [],
    "created_at": START,
}


def insert(house: House, id: str, **changes: object) -> None:
    with house.database.write() as session:
        session.add(Correction(id=id, **{**ROW, **changes}))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {"author_id": "oli"}),
        ({"state": "pending"}, {"state": "pending"}),
        ({"state": "pending", "kind": "style"}, {"state": "pending", "kind": "style"}),
    ],
)
def test_one_live_fact_for_a_reach_and_one_pending_for_an_author(
    house: House, first: dict[str, object], second: dict[str, object]
) -> None:
    insert(house, "a", **first)
    with pytest.raises(sa.exc.IntegrityError, match="UNIQUE"):
        insert(house, "b", **second)
    insert(house, "c", **{**second, "normal_question": "is it free"})
    assert [made.id for made in house.corrections.list(MEL, mine=True)][:1] == ["a"]


@pytest.mark.parametrize(
    "second",
    [
        {"reach": "person:mel"},
        {"kind": "style"},
        {"state": "pending"},
        {"state": "superseded"},
        {"state": "rejected", "kind": "style"},
    ],
)
def test_what_may_stand_beside_a_live_fact(house: House, second: dict[str, object]) -> None:
    insert(house, "a")
    insert(house, "b", **second)
    assert {made.id for made in house.corrections.list(MEL)} == {"a", "b"}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"kind": "joke"}, "CHECK"),
        ({"state": "maybe"}, "CHECK"),
        ({"author_id": "nobody"}, "FOREIGN KEY"),
        ({"turn_id": "nothing"}, "FOREIGN KEY"),
        ({"superseded_by": "nothing"}, "FOREIGN KEY"),
    ],
)
def test_what_is_no_correction(house: House, change: dict[str, object], why: str) -> None:
    with pytest.raises(sa.exc.IntegrityError, match=why):
        insert(house, "a", **change)
    assert house.corrections.list(MEL) == []
