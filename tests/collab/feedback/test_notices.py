"""What people are told when they come back, and by whose act."""

import pytest

from collab.people.access import Actor
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import ADA, AFTER, EDO, EVE, MEL, OLI, QUESTION, House, source


def told(house: House, actor: Actor) -> list[tuple[str, str]]:
    """What a person is told: the kind, and who did it."""
    return [(one.kind, str(one.params["name"])) for one in house.notices.unread(actor)]


def test_the_author_is_told_what_a_reviewer_decided(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    assert told(house, MEL) == [("approved", "Eve")]
    house.corrections.undo(EVE, made.id)
    assert told(house, MEL) == []
    house.corrections.approve(EVE, made.id, answer="By appointment.", reason="The guide says so.")
    (one,) = house.notices.unread(MEL)
    assert (one.kind, one.params["said"], one.correction_id, one.case) == (
        "reworded",
        "The guide says so.",
        made.id,
        None,
    )
    other = house.corrections.submit(OLI, question="Is it free?", answer="No.")
    house.corrections.reject(EVE, other.id, "It is.")
    assert [(one.kind, one.params["said"]) for one in house.notices.unread(OLI)] == [("rejected", "It is.")]


def test_nobody_is_told_of_their_own_acts(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    own = house.corrections.submit(ADA, question="Is it free?", answer="No.")
    house.corrections.approve(EVE, made.id)
    house.corrections.withdraw(ADA, own.id)
    assert (told(house, EVE), told(house, ADA)) == ([], [])


def test_who_rated_the_same_question_is_told_that_it_was_fixed(house: House) -> None:
    turn, other = house.turn(OLI), house.turn(OLI, "Is it free?")
    for one in (turn, other):
        house.ratings.rate(OLI, one, "down", "wrong_fact")
    made = house.corrections.submit(MEL, question=QUESTION.upper(), answer=AFTER)
    assert told(house, OLI) == []  # it waits
    house.corrections.approve(EVE, made.id)
    assert told(house, OLI) == [("fixed", "Eve")]
    rating = house.ratings.of(OLI, [turn, other])
    assert (rating[turn].correction_id, rating[other].resolved_at) == (made.id, None)
    house.corrections.withdraw(EVE, made.id)
    assert (told(house, OLI), house.ratings.of(OLI, [turn])[turn].resolved_at) == ([], None)


def test_style_fixes_what_was_rated_for_its_style_only(house: House) -> None:
    wrong, stiff = house.turn(OLI), house.turn(OLI)
    house.ratings.rate(OLI, wrong, "down", "wrong_fact")
    house.ratings.rate(OLI, stiff, "down", "style")
    made = house.corrections.submit(EVE, question=QUESTION, answer="Sure!", kind="style")
    rating = house.ratings.of(OLI, [wrong, stiff])
    assert (rating[wrong].resolved_at, rating[stiff].correction_id) == (None, made.id)
    assert told(house, OLI) == [("fixed", "Eve")]


def test_an_answer_for_one_person_fixes_nothing_for_others(house: House) -> None:
    theirs = house.turn(OLI)
    house.ratings.rate(OLI, theirs, "down", "wrong_fact")
    house.corrections.submit(MEL, turn_id=house.turn(MEL, sources=(source("person:mel"),)), answer=AFTER)
    assert told(house, OLI) == []
    assert house.ratings.of(OLI, [theirs])[theirs].resolved_at is None


def test_an_unsafe_answer_is_hidden_and_every_reviewer_is_told(house: House) -> None:
    turn = house.turn(MEL)
    house.ratings.rate(MEL, turn, "down", "unsafe")
    assert house.conversations.turn(MEL, turn).is_hidden
    assert [told(house, one) for one in (EVE, EDO, ADA, OLI)] == [[("unsafe", "Mel")]] * 3 + [[]]
    assert house.notices.unread(EVE)[0].case == f"turn:{turn}"
    house.corrections.submit(EVE, turn_id=turn, answer=AFTER)  # somebody still has to look at it
    assert house.ratings.of(MEL, [turn])[turn].resolved_at is None
    house.ratings.rate(MEL, turn, "down", "style")
    assert not house.conversations.turn(MEL, turn).is_hidden
    assert told(house, EDO) == []


def test_an_answer_that_was_shown_again_is_hidden_when_it_is_called_unsafe_again(house: House) -> None:
    turn = house.turn(MEL)
    house.ratings.rate(MEL, turn, "down", "unsafe")
    house.cases.resolve(EVE, turn, "It harms nobody.", show_again=True)
    assert not house.conversations.turn(MEL, turn).is_hidden
    house.ratings.rate(MEL, turn, "down", "unsafe", "It does.")
    assert house.conversations.turn(MEL, turn).is_hidden
    assert told(house, EDO) == [("unsafe", "Mel"), ("unsafe", "Mel")]


def test_of_a_private_turn_reviewers_are_not_told_the_question(house: House) -> None:
    turn = house.turn(MEL, sources=(source("person:mel"),))
    house.ratings.rate(MEL, turn, "down", "unsafe")
    assert house.notices.unread(EVE)[0].params["question"] == ""


def test_what_was_read_is_not_told_again_and_belongs_to_one_person(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    (one,) = house.notices.unread(MEL)
    with pytest.raises(NotFoundError):
        house.notices.read(OLI, one.id)
    house.notices.read_all(OLI)
    assert told(house, MEL) == [("approved", "Eve")]
    house.notices.read(MEL, one.id)
    assert told(house, MEL) == []


def test_a_long_question_is_cut(house: House) -> None:
    made = house.corrections.submit(MEL, question="Why " + "so " * 100 + "long?", answer=AFTER)
    house.corrections.approve(EVE, made.id)
    question = str(house.notices.unread(MEL)[0].params["question"])
    assert (len(question), question[-3:]) == (160, "so…")
