"""What a row adds to a correction that is there already, in the same words."""

import pytest

from collab.feedback.exchange.plans import OnConflict
from collab.feedback.tables import Origin
from collab.people.access import Actor
from tests.collab.feedback.conftest import ADA, AFTER, EVE, MEL, OLI, QUESTION, START
from tests.collab.feedback.exchange.conftest import Desk
from tests.collab.feedback.exchange.test_importing import counts

HEAD = "question,other_questions,answer,will_not\n"
WINTER = "Is the museum open on Mondays in winter?"
ROW = f'{QUESTION},"Mondays?\nMonday opening times",{AFTER},{WINTER}\n'


def said(desk: Desk, actor: Actor, id: str) -> list[tuple[str, str, str]]:
    return [(one.text, one.side, one.state) for one in desk.house.examples.of(actor, id)]


def test_new_questions_are_taught_to_what_is_there(desk: Desk) -> None:
    made = desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    desk.house.examples.add(EVE, made.id, "Mondays?", "will")
    path = desk.file(HEAD + ROW)
    plan = desk.plan(path)
    assert counts(plan) == {"added": 1}
    assert [(one.number, one.question, one.reason) for one in plan.additions] == [
        (2, QUESTION, "1 that it answers and 1 that it must not answer")
    ]
    done = desk.take(path)
    assert (done.rows, done.superseded, done.taught) == (0, 0, 1)
    (row,) = desk.house.corrections.list(ADA)
    assert (row.id, row.author, row.aliases) == (made.id, "Eve", ("Mondays?", "Monday opening times"))
    assert desk.house.everybody("Monday opening times?") == {"mel": AFTER, "oli": AFTER, "eve": AFTER}
    assert desk.house.memory.recall(WINTER, ("everyone",), START).decision == "ignore"
    assert counts(desk.plan(path)) == {"unchanged": 1}
    assert desk.take(path).taught == 0


def test_a_members_additions_wait_for_others(desk: Desk) -> None:
    made = desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    path = desk.file(HEAD + ROW)
    assert desk.take(path, MEL).taught == 1
    assert said(desk, MEL, made.id) == [
        ("Mondays?", "will", "pending"),
        ("Monday opening times", "will", "pending"),
        (WINTER, "will_not", "pending"),
    ]
    assert (desk.house.answers(MEL, "Mondays?"), desk.house.answers(OLI, "Mondays?")) == (AFTER, None)
    assert counts(desk.plan(path, MEL)) == {"unchanged": 1}
    for one in desk.house.examples.of(EVE, made.id):
        desk.house.examples.reject(EVE, one.id, "No.")
    assert counts(desk.plan(path, MEL)) == {"unchanged": 1}  # what was rejected does not come again
    assert counts(desk.plan(path)) == {"added": 1}  # unless somebody says it who may


def test_what_waited_for_the_same_is_approved_with_it(desk: Desk) -> None:
    made = desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    desk.house.examples.add(MEL, made.id, "Mondays?", "will", origin=Origin.YES)
    desk.take(desk.file(HEAD + ROW))
    assert said(desk, EVE, made.id)[0] == ("Mondays?", "will", "live")
    assert [state for _, _, state in said(desk, EVE, made.id)] == ["live"] * 3
    (told,) = desk.house.notices.unread(MEL)
    assert (told.kind, told.params["name"], told.params["question"]) == ("taught", "Ada", "Mondays?")


def test_ones_own_proposal_is_added_to(desk: Desk) -> None:
    made = desk.house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    desk.take(desk.file(HEAD + ROW), MEL)
    assert {state for _, _, state in said(desk, MEL, made.id)} == {"live"}  # with its correction, which waits
    assert (desk.house.answers(MEL, "Mondays?"), desk.house.answers(OLI, "Mondays?")) == (AFTER, None)


def test_what_is_said_otherwise_there_stays(desk: Desk) -> None:
    made = desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    desk.house.examples.add(EVE, made.id, "Mondays?", "will_not")
    path = desk.file(HEAD + f"{QUESTION},Mondays?,{AFTER},\nMondays,,{AFTER},{QUESTION}\n")
    assert counts(desk.plan(path)) == {"unchanged": 2}
    assert said(desk, EVE, made.id) == [("Mondays?", "will_not", "live")]


def test_another_answer_to_one_of_the_questions_is_a_conflict(desk: Desk) -> None:
    made = desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    desk.house.corrections.submit(EVE, question="Mondays?", answer="By appointment.")
    path = desk.file(HEAD + ROW)
    assert counts(desk.plan(path)) == {"skipped": 1}
    done = desk.take(path, on_conflict=OnConflict.REPLACE)
    assert (done.rows, done.superseded, done.taught) == (1, 1, 0)
    assert desk.house.answers(MEL, "Mondays?") == AFTER
    assert said(desk, EVE, made.id) == []


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (f"{QUESTION},{AFTER},,", "what is there"),
        ("Who?,Mel,,\nwho,Mel,Why?,", "row 2 of the file; its will_not is not taken, write it there"),
        ("Who?,Mel,,\nwho,Mel,,2027-03-31", "row 2 of the file; its valid_until is not taken, write it there"),
        ("Who?,Mel,,2027-03-31\nwho,Mel,,2027-03-31", "row 2 of the file"),
    ],
)
def test_what_is_not_added_is_said(desk: Desk, row: str, reason: str) -> None:
    desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    plan = desk.plan(desk.file("question,answer,will_not,valid_until\n" + row + "\n"))
    assert [one.reason for one in plan.repeated] == [reason]


def test_an_end_is_given_to_what_is_there(desk: Desk) -> None:
    made = desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    for written, until, told in (
        ("2027-03-31", "2027-04-01T00:00:00+00:00", "the end 2027-03-31 where it had none"),
        ("2027-03-01T18:00", "2027-03-01T18:00:00+00:00", "the end 2027-03-01 18:00 UTC in place of 2027-03-31"),
    ):
        path = desk.file(f"question,answer,valid_until\n{QUESTION},{AFTER},{written}\n")
        plan = desk.plan(path)
        assert (counts(plan), [one.reason for one in plan.additions]) == ({"added": 1}, [told])
        assert desk.take(path).taught == 1
        (row,) = desk.house.corrections.list(ADA)
        assert (row.id, row.valid_until and row.valid_until.isoformat()) == (made.id, until)
        assert counts(desk.plan(path)) == {"unchanged": 1}
    end = row.valid_until
    assert end is not None
    assert [desk.house.memory.recall(QUESTION, ["everyone"], now).decision for now in (START, end)] == [
        "apply",
        "ignore",
    ]
    without = desk.file(f"question,answer,valid_until\n{QUESTION},{AFTER},\n")
    assert counts(desk.plan(without)) == {"unchanged": 1}  # none is no other one


def test_an_end_is_not_for_everybody_to_give(desk: Desk) -> None:
    desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    desk.house.corrections.submit(MEL, question="Is it free?", answer="Yes.")
    path = desk.file(f"question,answer,valid_until\n{QUESTION},{AFTER},2027-03-31\nIs it free?,Yes.,2027-03-31\n")
    plan = desk.plan(path, MEL)
    assert counts(plan) == {"unchanged": 1, "added": 1}
    assert [one.reason for one in plan.repeated] == ["what is there, which keeps its own end"]
    desk.take(path, MEL)
    assert {one.question: one.valid_until is not None for one in desk.house.corrections.list(ADA)} == {
        QUESTION: False,
        "Is it free?": True,
    }


def test_of_two_rows_that_ask_the_same_correction_its_own_question_gives_the_end(desk: Desk) -> None:
    made = desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    desk.house.examples.add(EVE, made.id, "Mondays?", "will")
    rows = f"Mondays?,{AFTER},2028-03-31,\n{QUESTION},{AFTER},2027-03-31,\n{QUESTION},{AFTER},2029-03-31,Sundays?\n"
    path = desk.file("question,answer,valid_until,will_not\n" + rows)
    for gets in ("added", "unchanged"):  # the second run does nothing
        plan = desk.plan(path)
        assert counts(plan) == ({"added": 1, "unchanged": 2} if gets == "added" else {"unchanged": 3})
        assert [(one.number, one.reason) for one in plan.repeated if one.number != 3] == [
            (2, f"what is there; the row of “{QUESTION}” gives its end"),
            (4, "row 3 of the file; its will_not and valid_until are not taken, write them there"),
        ]
        desk.take(path)
        (row,) = desk.house.corrections.list(ADA)
        assert (row.id, row.valid_until and row.valid_until.isoformat()) == (made.id, "2027-04-01T00:00:00+00:00")


def test_an_addition_says_which_end_it_does_not_bring(desk: Desk) -> None:
    desk.house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    plan = desk.plan(desk.file(f"question,answer,valid_until,will_not\n{QUESTION},{AFTER},2027-03-31,Sundays?\n"), MEL)
    assert [one.reason for one in plan.additions] == ["1 that it must not answer, which keeps its own end"]
