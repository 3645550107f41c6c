"""Editing an answer that a correction gave changes that correction: who answers which wording, and how it goes back."""

from datetime import timedelta

import pytest

from collab.dialogue.records import Decision
from collab.errors import AnsweredMeanwhileError, PlaceTakenError
from collab.feedback.records import Replaced
from collab.feedback.tables import Correction
from collab.feedback.validity import Validity
from collab.people.access import Actor
from tests.collab.feedback.conftest import ADA, EDO, EVE, MEL, OLI, START, House, source

FIRST = "How much is a helmet per day?"
TAUGHT = "Helmet rental, daily rate?"
LIMIT = "How much is a helmet per week?"
ASKED = "What is the price of a helmet per day?"
OLD, NEW = "It is 2 pounds.", "It is 3 pounds."
EVERYBODY_OLD = {"mel": OLD, "oli": OLD, "eve": OLD}
EVERYBODY_NEW = {"mel": NEW, "oli": NEW, "eve": NEW}
NOBODY = {"mel": None, "oli": None, "eve": None}


@pytest.fixture
def old(house: House) -> str:
    """What Edo wrote, which was taught one more question, the one that is asked below, and a limit."""
    made = house.corrections.submit(EDO, question=FIRST, answer=OLD).id
    house.examples.add(EDO, made, TAUGHT, "will")
    house.examples.add(EDO, made, ASKED, "will")
    house.examples.add(EDO, made, LIMIT, "will_not")
    return made


def answered(house: House, actor: Actor, correction: str, question: str = ASKED, answer: str = OLD) -> str:
    """A turn of the person's that the correction has answered; returns its id."""
    return house.turn(actor, question, answer, sources=(), decision=Decision.CORRECTED, correction_id=correction)


def states(house: House, *ids: str) -> list[str]:
    with house.database.read() as session:
        return [session.get_one(Correction, id).state for id in ids]


@pytest.mark.parametrize("author", [EVE, EDO])
def test_an_experts_edit_answers_all_that_the_old_one_did(house: House, old: str, author: Actor) -> None:
    assert [house.everybody(one) for one in (FIRST, TAUGHT, ASKED)] == [EVERYBODY_OLD] * 3
    made = house.corrections.submit(author, turn_id=answered(house, author, old), answer=NEW)
    assert (made.question, set(made.aliases)) == (ASKED, {FIRST, TAUGHT})
    assert [house.everybody(one) for one in (FIRST, TAUGHT, ASKED)] == [EVERYBODY_NEW] * 3
    assert house.everybody(LIMIT) == NOBODY
    assert states(house, old, made.id) == ["superseded", "live"]
    assert made.replaces == (Replaced(old, "edo", "Edo", FIRST),)
    assert house.lessons() == {made.id}
    assert [one.kind for one in house.notices.unread(EDO)] == (["replaced"] if author is EVE else [])

    house.corrections.undo(author, made.id)
    assert [house.everybody(one) for one in (FIRST, TAUGHT, ASKED)] == [EVERYBODY_OLD] * 3
    assert house.everybody(LIMIT) == NOBODY
    assert states(house, old, made.id) == ["live", "withdrawn"]
    assert set(house.corrections.get(EDO, old).aliases) == {TAUGHT, ASKED}
    assert house.lessons() == {old}
    assert house.notices.unread(EDO) == []
    with pytest.raises(PlaceTakenError):
        house.corrections.undo(author, made.id)


def test_a_members_edit_is_theirs_until_it_is_approved(house: House, old: str) -> None:
    made = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer=NEW)
    for question in (FIRST, TAUGHT, ASKED):
        assert house.everybody(question) == {**EVERYBODY_OLD, "mel": NEW}
    assert house.everybody(LIMIT) == NOBODY
    assert states(house, old, made.id) == ["live", "pending"]
    (replaced,) = house.cases.open(EVE, f"correction:{made.id}").replaces
    assert (replaced.id, replaced.author, replaced.question) == (old, "Edo", FIRST)
    assert made.replaces == (Replaced(old, "edo", "Edo", FIRST),)

    house.corrections.approve(EVE, made.id)
    assert [house.everybody(one) for one in (FIRST, TAUGHT, ASKED)] == [EVERYBODY_NEW] * 3
    assert states(house, old, made.id) == ["superseded", "live"]
    assert [one.kind for one in house.notices.unread(EDO)] == ["replaced"]

    house.corrections.undo(EVE, made.id)
    assert house.everybody(FIRST) == {**EVERYBODY_OLD, "mel": NEW}
    assert states(house, old, made.id) == ["live", "pending"]
    house.corrections.undo(MEL, made.id)
    assert [house.everybody(one) for one in (FIRST, TAUGHT, ASKED)] == [EVERYBODY_OLD] * 3


def test_a_members_edit_that_is_rejected_leaves_the_old_one(house: House, old: str) -> None:
    made = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer=NEW)
    house.corrections.reject(EVE, made.id, "It is 2 pounds.")
    assert [house.everybody(one) for one in (FIRST, TAUGHT, ASKED)] == [EVERYBODY_OLD] * 3
    assert states(house, old, made.id) == ["live", "rejected"]


def test_what_the_old_one_is_taught_meanwhile_goes_over_with_the_approval(house: House, old: str) -> None:
    made = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer=NEW)
    house.examples.add(EVE, old, "Helmets by the day?", "will")
    house.corrections.approve(EVE, made.id)
    assert house.everybody("Helmets by the day?") == EVERYBODY_NEW


def test_a_member_edits_their_own_again(house: House, old: str) -> None:
    """The second edit takes over the first at once, and the live one with its approval."""
    first = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer="It is 4 pounds.").id
    turn = answered(house, MEL, first, TAUGHT, "It is 4 pounds.")
    second = house.corrections.submit(MEL, turn_id=turn, answer=NEW).id
    assert states(house, old, first, second) == ["live", "superseded", "pending"]
    for question in (FIRST, TAUGHT, ASKED):
        assert house.everybody(question) == {**EVERYBODY_OLD, "mel": NEW}
    assert [one.id for one in house.corrections.get(MEL, second).replaces] == [old]
    house.corrections.undo(MEL, second)
    assert house.everybody(FIRST) == {**EVERYBODY_OLD, "mel": "It is 4 pounds."}
    assert states(house, old, first, second) == ["live", "pending", "withdrawn"]

    third = house.corrections.submit(MEL, turn_id=turn, answer="It is 5 pounds.").id
    house.corrections.approve(EVE, third)
    assert states(house, old, first, third) == ["superseded", "superseded", "live"]
    assert house.everybody(FIRST) == dict.fromkeys(EVERYBODY_OLD, "It is 5 pounds.")


def test_the_second_of_two_who_edit_is_told(house: House, old: str) -> None:
    turns = answered(house, EVE, old), answered(house, ADA, old, TAUGHT)
    house.corrections.submit(EVE, turn_id=turns[0], answer=NEW)
    with pytest.raises(AnsweredMeanwhileError, match=r"Eve has answered this meanwhile: “It is 3 pounds\."):
        house.corrections.submit(ADA, turn_id=turns[1], answer="It is 4 pounds.")
    assert house.everybody(TAUGHT) == EVERYBODY_NEW


def test_the_same_edit_twice_is_one(house: House, old: str) -> None:
    turn = answered(house, EVE, old)
    made = house.corrections.submit(EVE, turn_id=turn, answer=NEW)
    assert house.corrections.submit(EVE, turn_id=turn, answer=NEW).id == made.id
    house.corrections.undo(EVE, made.id)
    assert house.everybody(FIRST) == EVERYBODY_OLD


def test_an_edit_of_ones_own_again_goes_on_from_it(house: House, old: str) -> None:
    """From the same page, on which the first answer still stands."""
    turns = answered(house, EVE, old), answered(house, EVE, old, TAUGHT)
    first = house.corrections.submit(EVE, turn_id=turns[0], answer=NEW).id
    second = house.corrections.submit(EVE, turn_id=turns[1], answer="It is 4 pounds.").id
    assert states(house, old, first, second) == ["superseded", "superseded", "live"]
    assert house.everybody(FIRST) == dict.fromkeys(EVERYBODY_OLD, "It is 4 pounds.")
    house.corrections.undo(EVE, second)
    assert house.everybody(TAUGHT) == EVERYBODY_NEW


def test_what_takes_nothing_over(house: House, old: str) -> None:
    """Style teaches; what was only offered did not speak; what only the author may read reaches nobody else; what was
    withdrawn is gone.
    """
    house.corrections.submit(EVE, turn_id=answered(house, EVE, old), answer="Three!", kind="style")
    offered = house.turn(EVE, "Helmets?", "See [1].", decision=Decision.SUGGESTED, correction_id=old)
    house.corrections.submit(EVE, turn_id=offered, answer="Yes.")
    own = house.turn(MEL, ASKED, OLD, sources=(source("person:mel"),), decision=Decision.CORRECTED, correction_id=old)
    private = house.corrections.submit(MEL, turn_id=own, answer=NEW)
    assert (private.reach, private.aliases) == ("person:mel", ())
    assert house.everybody(FIRST) == EVERYBODY_OLD
    assert house.everybody(ASKED) == {**EVERYBODY_OLD, "mel": NEW}
    turn = answered(house, EVE, old)
    house.corrections.withdraw(EDO, old)
    assert house.corrections.submit(EVE, turn_id=turn, answer=NEW).aliases == ()


def test_ones_own_private_answer_is_edited_within_its_reach(house: House) -> None:
    turn = house.turn(MEL, FIRST, sources=(source("person:mel"),))
    old = house.corrections.submit(MEL, turn_id=turn, answer=OLD).id
    made = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer=NEW)
    assert (made.state, made.reach) == ("live", "person:mel")
    assert house.everybody(FIRST) == {**NOBODY, "mel": NEW}
    house.corrections.undo(MEL, made.id)
    assert house.everybody(FIRST) == {**NOBODY, "mel": OLD}


def test_what_was_replaced_meanwhile_is_replaced_by_the_approval(house: House, old: str) -> None:
    waiting = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer=NEW).id
    newer = house.corrections.submit(EVE, turn_id=answered(house, EVE, old, TAUGHT), answer="It is 4 pounds.").id
    (replaced,) = house.cases.open(EVE, f"correction:{waiting}").replaces
    assert replaced.id == newer
    house.corrections.approve(ADA, waiting)
    assert states(house, old, newer, waiting) == ["superseded", "superseded", "live"]
    assert [house.everybody(one) for one in (FIRST, TAUGHT, ASKED)] == [EVERYBODY_NEW] * 3
    house.corrections.undo(ADA, waiting)
    assert house.everybody(FIRST) == {"mel": NEW, "oli": "It is 4 pounds.", "eve": "It is 4 pounds."}


def test_what_waits_for_review_waits_with_the_new_one(house: House, old: str) -> None:
    """What a member said that the old one answers holds for them as before."""
    house.examples.add(MEL, old, "Helmets, a day?", "will")
    house.examples.add(MEL, old, "Helmets, an hour?", "will_not")
    made = house.corrections.submit(EVE, turn_id=answered(house, EVE, old), answer=NEW).id
    assert house.everybody("Helmets, a day?") == {**NOBODY, "mel": NEW}
    waiting = [one.ref for one in house.cases.page(EVE).cases]
    assert [house.cases.open(EVE, ref).correction.id for ref in waiting] == [made, made]  # type: ignore[union-attr]
    house.cases.decide(EVE, dict.fromkeys(waiting), "approve")
    assert house.everybody("Helmets, a day?") == EVERYBODY_NEW
    house.corrections.undo(EVE, made)
    assert house.everybody("Helmets, a day?") == {**NOBODY, "mel": OLD}


def test_a_members_edit_takes_over_what_they_said_of_the_old_one(house: House, old: str) -> None:
    house.examples.add(MEL, old, "Helmets, a day?", "will")
    house.examples.add(OLI, old, "Helmets daily?", "will")
    made = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer=NEW).id
    assert house.everybody("Helmets, a day?") == {**NOBODY, "mel": NEW}
    assert house.everybody("Helmets daily?") == {**NOBODY, "oli": OLD}
    house.corrections.approve(EVE, made)
    assert house.everybody("Helmets, a day?") == EVERYBODY_NEW
    assert house.everybody("Helmets daily?") == {**NOBODY, "oli": NEW}
    house.corrections.undo(EVE, made)
    house.corrections.undo(MEL, made)
    assert house.everybody("Helmets, a day?") == {**NOBODY, "mel": OLD}
    assert house.everybody("Helmets daily?") == {**NOBODY, "oli": OLD}


def test_approved_undone_and_approved_again_everything_waits_once(house: House, old: str) -> None:
    """What was decided in between is decided."""
    first, second = (house.examples.add(OLI, old, text, "will").id for text in ("Helmets daily?", "Rate of helmets?"))
    made = house.corrections.submit(MEL, turn_id=answered(house, MEL, old), answer=NEW).id
    for _ in range(2):
        house.corrections.approve(EVE, made)
        waiting = [one.text for one in house.examples.of(OLI, made) if one.state == "pending"]
        assert waiting == ["Helmets daily?", "Rate of helmets?"]
        house.corrections.undo(EVE, made)
    house.examples.approve(EVE, first)
    house.examples.reject(EVE, second, "It is not said.")
    house.corrections.approve(EVE, made)
    assert [one.text for one in house.examples.of(OLI, made) if one.author == "Oli"] == ["Helmets daily?"]
    assert house.everybody("Helmets daily?") == EVERYBODY_NEW
    assert house.answers(OLI, "Rate of helmets?") is None


@pytest.mark.parametrize("author", [EVE, MEL])
def test_an_edit_ends_when_the_edited_one_did(house: House, old: str, author: Actor) -> None:
    Validity(house.database, house.memory, house.clock).set(EDO, old, START + timedelta(days=9))
    made = house.corrections.submit(author, turn_id=answered(house, author, old), answer=NEW)
    assert made.valid_until == START + timedelta(days=9)
    until = START + timedelta(days=30)
    newer = house.turn(author, ASKED, NEW, sources=(), decision=Decision.CORRECTED, correction_id=made.id)
    again = house.corrections.submit(author, turn_id=newer, answer="It is 4 pounds.", valid_until=until)
    assert again.valid_until == until
