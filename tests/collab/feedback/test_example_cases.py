"""Examples on the desk of review: listed, opened, given to somebody, decided with others."""

from datetime import timedelta

import pytest

from collab.errors import ExampleStateError
from collab.feedback.case_records import CaseKind
from collab.feedback.queue import Assigned, Filter, Order, Status
from collab.feedback.tables import Origin
from collab.people.access import Actor
from tests.collab.feedback.conftest import ADA, AFTER, EDO, EVE, MEL, OLI, QUESTION, House

OTHER = "When may one come in at the start of the week?"


@pytest.fixture
def live(house: House) -> str:
    return house.corrections.submit(EVE, question=QUESTION, answer=AFTER).id


def listed(house: House, **wanted: object) -> list[tuple[str, str]]:
    return [(one.kind, one.question) for one in house.cases.page(EVE, Filter(**wanted)).cases]  # type: ignore[arg-type]


def test_an_example_waits_among_the_others_in_order(house: House, live: str) -> None:
    house.corrections.submit(OLI, question="Is it free?", answer="Yes.")
    house.examples.add(MEL, live, OTHER, "will_not")
    house.turn(OLI, OTHER)
    house.turn(OLI, OTHER)
    assert listed(house) == [("example", OTHER), ("correction", "Is it free?")]  # asked twice, as wrong
    assert listed(house, order=Order.OLDEST) == [("correction", "Is it free?"), ("example", OTHER)]
    (line,) = [one for one in house.cases.page(EVE).cases if one.kind is CaseKind.EXAMPLE]
    assert (line.state, line.author, line.side, line.asked, line.impact) == ("pending", "Mel", "will_not", 2, 8)
    assert house.cases.count(EVE) == 2
    assert house.cases.authors(EVE) == {"mel": "Mel", "oli": "Oli"}


def test_what_it_is_filtered_by(house: House, live: str) -> None:
    example = house.examples.add(MEL, live, OTHER, "will").id
    assert listed(house, text="start week") == [("example", OTHER)]
    assert listed(house, author="mel") == [("example", OTHER)]
    for nothing in ({"text": "closed"}, {"author": "oli"}, {"reason": "style"}, {"assigned": Assigned.ME}):
        assert listed(house, **nothing) == []
    house.cases.assign(EDO, f"example:{example}", "eve")
    assert listed(house, assigned=Assigned.ME) == [("example", OTHER)]
    (told,) = house.notices.unread(EVE)
    assert (told.kind, told.case, told.params["question"]) == ("assigned", f"example:{example}", OTHER)

    house.examples.approve(EVE, example)
    assert house.notices.unread(EVE) == []
    assert listed(house) == []
    assert ("example", OTHER) in listed(house, status=Status.LIVE)
    with pytest.raises(ExampleStateError):
        house.cases.assign(EDO, f"example:{example}", "eve")


def test_it_is_opened_with_its_correction(house: House, live: str) -> None:
    turn = house.turn(MEL, OTHER)
    example = house.examples.add(MEL, live, OTHER, "will", turn_id=turn).id
    opened = house.cases.open(EVE, f"example:{example}")
    assert opened.example is not None
    assert opened.correction is not None
    assert (opened.example.text, opened.example.turn_id, opened.example.may_decide) == (OTHER, None, True)
    assert (opened.correction.id, opened.turn, opened.thread) == (live, None, ())


def test_it_is_decided_with_others(house: House, live: str) -> None:
    first = house.examples.add(MEL, live, OTHER, "will").id
    second = house.examples.add(OLI, live, "And on holidays?", "will").id
    waiting = house.corrections.submit(OLI, question="Is it free?", answer="Yes.").id
    chosen = {f"example:{first}": None, f"correction:{waiting}": 1}
    assert [one.error for one in house.cases.decide(ADA, chosen, "approve")] == [None, None]
    (refused,) = house.cases.decide(ADA, {f"example:{second}": None}, "reject", "Another thing.")
    assert refused.error is None
    assert house.everybody(OTHER) == {"mel": AFTER, "oli": AFTER, "eve": AFTER}
    assert house.answers(OLI, "And on holidays?") is None
    assert house.cases.count(EVE) == 0


def test_while_its_correction_is_withdrawn_it_does_not_wait(house: House, live: str) -> None:
    house.examples.add(MEL, live, OTHER, "will")
    house.corrections.withdraw(EVE, live)
    assert (listed(house), house.cases.count(EVE)) == ([], 0)
    house.corrections.undo(EVE, live)
    assert listed(house) == [("example", OTHER)]


def test_an_example_that_waits_too_long_is_reminded_of(house: House, live: str) -> None:
    example = house.examples.add(MEL, live, OTHER, "will").id
    house.clock.now += timedelta(days=4)

    def told(actor: Actor) -> list[tuple[str, str | None]]:
        return [(one.kind, one.case) for one in house.notices.unread(actor)]

    assert [told(one) for one in (EVE, ADA, MEL)] == [[("untaken", None)], [("untaken", None)], []]
    house.cases.assign(ADA, f"example:{example}", "edo")
    assert [told(one) for one in (EVE, ADA)] == [[], []]
    assert sorted(told(EDO)) == [("assigned", f"example:{example}"), ("late", f"example:{example}")]
    late = next(one for one in house.notices.unread(EDO) if one.kind == "late")
    assert (late.params["question"], late.params["days"]) == (OTHER, 3)
    house.notices.read_all(EDO)
    assert told(EDO) == []  # once is enough
    other = house.examples.add(MEL, live, "And so?", "will_not").id
    house.cases.assign(ADA, f"example:{other}", "edo")
    house.clock.now += timedelta(days=4)
    assert ("late", f"example:{other}") in told(EDO)
    house.examples.reject(EDO, other, "No.")
    assert told(EDO) == []


def test_of_what_nobody_can_decide_nobody_is_reminded(house: House, live: str) -> None:
    house.examples.add(MEL, live, OTHER, "will")
    house.corrections.withdraw(EVE, live)
    house.clock.now += timedelta(days=4)
    assert house.notices.unread(EDO) == []


def said_no(house: House) -> list[str]:
    """Mel's no to three that were offered beside one answer; their ids."""
    ids = [house.corrections.submit(EVE, question=f"Is it free in {place}?", answer="No.").id for place in "ABC"]
    turn = house.turn(MEL, OTHER)
    return [one.id for one in house.examples.add_all(MEL, ids, OTHER, "will_not", origin=Origin.NO, turn_id=turn)]


def test_a_no_to_several_is_one_case_that_lists_each(house: House, live: str) -> None:
    said = said_no(house)
    house.examples.add(OLI, live, OTHER, "will_not", turn_id=house.turn(OLI, OTHER))  # somebody else's
    for order in Order:
        assert sorted(one.alike for one in house.cases.page(EVE, Filter(order=order)).cases) == [0, 2]
    assert (house.cases.count(EVE), len(house.cases.page(EVE, limit=1).cases)) == (2, 1)
    case = next(one for one in house.cases.page(EVE).cases if one.author == "Mel")
    opened = house.cases.open(EVE, case.ref)
    assert opened.example is not None
    assert {opened.example.id, *(example.id for example, _ in opened.together)} == set(said)
    assert {row.question for _, row in opened.together} | {opened.correction.question if opened.correction else ""} == {
        "Is it free in A?",
        "Is it free in B?",
        "Is it free in C?",
    }


def test_what_was_said_together_is_given_and_decided_together(house: House) -> None:
    said = said_no(house)
    (case,) = house.cases.page(EVE).cases
    house.cases.assign(EVE, case.ref, "edo")
    assert [one.kind for one in house.notices.unread(EDO)] == ["assigned"]
    assert [one.alike for one in house.cases.page(EDO, Filter(assigned=Assigned.ME)).cases] == [2]
    assert house.cases.page(EDO, Filter(assigned=Assigned.NOBODY)).cases == ()
    house.clock.now += timedelta(days=4)
    assert sorted(one.kind for one in house.notices.unread(EDO)) == ["assigned", "late"]
    house.examples.reject(EDO, said[1], "That one is meant.")  # one of them apart
    (left,) = house.cases.page(EDO).cases
    assert (left.alike, left.assignee) == (1, "Edo")
    done = house.cases.decide(EDO, {left.ref: None}, "approve")
    assert ({one.ref for one in done}, [one.error for one in done]) == (
        {f"example:{said[0]}", f"example:{said[2]}"},
        [None, None],
    )
    assert (house.cases.page(EDO).cases, house.cases.count(EDO)) == ((), 0)
    assert [house.examples.get(EVE, id).state for id in said] == ["live", "rejected", "live"]


def test_what_was_said_together_is_taken_back_together_whichever_stands_for_it(house: House) -> None:
    said_no(house)
    given, case = (house.cases.page(EVE, Filter(order=order)).cases[0].ref for order in (Order.IMPACT, Order.NEWEST))
    assert given != case
    house.cases.assign(EVE, given, "edo")
    (told,) = house.notices.unread(EDO)
    assert (told.kind, told.case) == ("assigned", given)
    house.cases.assign(EVE, case, None)
    assert house.notices.unread(EDO) == []
    house.cases.assign(EVE, case, "edo")
    house.cases.assign(EVE, given, "ada")
    assert (house.notices.unread(EDO), [one.kind for one in house.notices.unread(ADA)]) == ([], ["assigned"])
