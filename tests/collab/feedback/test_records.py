"""What each person sees of corrections, their own and others'."""

import pytest

from collab.feedback.tables import State
from collab.people.access import Actor
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import ADA, AFTER, EVE, MEL, OLI, QUESTION, House, source


def test_members_see_their_own_and_experts_what_is_for_everyone(house: House) -> None:
    mine = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    live = house.corrections.submit(EVE, question="Do lockers cost money?", answer="A 2 euro coin.")
    assert [made.id for made in house.corrections.list(MEL)] == [mine.id]
    assert [made.id for made in house.corrections.list(EVE)] == [live.id, mine.id]
    newer = house.corrections.submit(OLI, question=QUESTION, answer="By appointment.")
    waiting = house.corrections.list(EVE, state=State.PENDING)
    assert [made.id for made in waiting] == [mine.id, newer.id]  # the oldest first
    house.corrections.undo(OLI, newer.id)
    assert [made.id for made in house.corrections.list(EVE, mine=True)] == [live.id]
    assert [made.id for made in house.corrections.list(EVE, limit=1)] == [live.id]
    assert house.corrections.list(ADA, state=State.WITHDRAWN) == []  # taken back before anybody had decided
    with pytest.raises(NotFoundError):
        house.corrections.get(EVE, newer.id)
    assert [made.id for made in house.corrections.list(OLI)] == [newer.id]


def test_who_wrote_it_is_told(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    known = house.corrections.attributions(MEL, [made.id, "nope"])
    assert list(known) == [made.id]
    assert (known[made.id].author, known[made.id].answer, known[made.id].is_pending) == ("Mel", AFTER, True)
    assert known[made.id].date == made.created_at


def _told(house: House, correction_id: str) -> dict[str, tuple[str, str | None, bool]]:
    told = {person.id: house.corrections.attributions(person, [correction_id, "nope"]) for person in (MEL, OLI, EVE)}
    return {id: (one.author, one.answer, one.is_pending) for id, found in told.items() for one in found.values()}


def test_a_past_turn_tells_others_the_words_only_while_they_are_in_force(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer="Yes, says Ana.")
    nothing, waiting = ("Mel", None, False), ("Mel", "Yes, says Ana.", True)
    assert _told(house, made.id) == {"mel": waiting, "oli": nothing, "eve": nothing}
    house.corrections.approve(EVE, made.id, answer=AFTER)
    assert _told(house, made.id) == dict.fromkeys(("mel", "oli", "eve"), ("Mel", AFTER, False))
    house.corrections.undo(EVE, made.id)
    assert _told(house, made.id) == {"mel": waiting, "oli": nothing, "eve": nothing}
    house.corrections.reject(EVE, made.id, "No.")
    assert _told(house, made.id) == {"mel": ("Mel", "Yes, says Ana.", False), "oli": nothing, "eve": nothing}


def test_of_one_that_others_took_the_place_of_it_is_known_whether_it_ever_was_live(house: House) -> None:
    first, second = (house.corrections.submit(MEL, question=QUESTION, answer=answer) for answer in ("Yes.", AFTER))
    assert house.corrections.get(MEL, first.id).state is State.SUPERSEDED
    house.corrections.approve(EVE, second.id)
    third = house.corrections.submit(EVE, question=QUESTION, answer="On Sundays alone.")
    rejected = house.corrections.submit(MEL, question=QUESTION, answer="Never.")
    house.corrections.reject(EVE, rejected.id, "No.")
    ids = [first.id, second.id, third.id, rejected.id]
    known = house.corrections.attributions(MEL, ids)
    assert [known[id].was_live for id in ids] == [False, True, True, False]


def test_who_was_answered_in_anothers_words_was_answered_by_a_live_one(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    house.corrections.undo(EVE, made.id)
    known = {person.id: house.corrections.attributions(person, [made.id])[made.id] for person in (MEL, OLI, EVE)}
    assert {id: one.was_live for id, one in known.items()} == {"mel": False, "oli": True, "eve": True}


def test_what_is_live_for_one_person_is_told_to_that_person(house: House) -> None:
    made = house.corrections.submit(MEL, turn_id=house.turn(MEL, sources=(source("person:mel"),)), answer=AFTER)
    assert _told(house, made.id) == {
        "mel": ("Mel", AFTER, False),
        "oli": ("Mel", None, False),
        "eve": ("Mel", None, False),
    }


def test_who_may_read_it_is_told_the_question_and_whose_words_stand(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer="Yes, says Ana.")

    def told(actor: Actor) -> tuple[str | None, str | None]:
        found = house.corrections.attributions(actor, [made.id])[made.id]
        return found.question, found.editor

    assert (told(MEL), told(OLI)) == ((QUESTION, None), (None, None))
    house.corrections.approve(EVE, made.id)
    assert told(OLI) == (QUESTION, None)
    house.corrections.undo(EVE, made.id)
    house.corrections.approve(EVE, made.id, question="Is it open on Mondays?", answer=AFTER)
    assert told(OLI) == ("Is it open on Mondays?", "Eve")


def test_each_turn_has_the_newest_of_ones_own_that_stands(house: House) -> None:
    turn, bare = house.turn(MEL), house.turn(MEL)
    first = house.corrections.submit(MEL, turn_id=turn, answer=AFTER)
    second = house.corrections.submit(MEL, turn_id=turn, answer="By appointment.")

    def shown(actor: Actor) -> dict[str, tuple[str, str]]:
        found = house.corrections.of_turns(actor, [turn, bare])
        return {turn_id: (record.id, record.state) for turn_id, record in found.items()}

    assert shown(MEL) == {turn: (second.id, "pending")}
    assert house.corrections.of_turns(MEL, [turn])[turn].may_take_back
    assert shown(EVE) == {}
    house.corrections.undo(MEL, second.id)
    assert shown(MEL) == {turn: (first.id, "pending")}
    house.corrections.reject(EVE, first.id, "No.")
    assert shown(MEL) == {turn: (first.id, "rejected")}
    assert not house.corrections.of_turns(MEL, [turn])[turn].may_take_back
