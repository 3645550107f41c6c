"""What people are told when they come back, and by whose act."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from collab.people.access import Actor
from collab.people.tables import Person
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import ADA, AFTER, EDO, EVE, MEL, OLI, QUESTION, House, source


def told(house: House, actor: Actor) -> list[tuple[str, str]]:
    """What a person is told: the kind, and who did it."""
    return [(one.kind, str(one.params["name"])) for one in house.notices.unread(actor)]


def told_kinds(house: House, actor: Actor) -> list[str]:
    """The kinds alone."""
    return [str(one.kind) for one in house.notices.unread(actor)]


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


def test_whose_words_an_expert_withdraws_is_told(house: House) -> None:
    turn = house.turn(MEL)
    made = house.corrections.submit(MEL, turn_id=turn, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    house.corrections.withdraw(EDO, made.id)
    (one,) = house.notices.unread(MEL)  # no longer that it was approved
    assert (one.kind, one.params, one.case) == ("withdrawn", {"name": "Edo", "question": QUESTION}, None)
    assert one.conversation_id == house.conversations.turn(MEL, turn).conversation_id
    house.corrections.undo(EDO, made.id)
    assert told(house, MEL) == []
    house.corrections.withdraw(MEL, made.id)
    assert told(house, MEL) == []


def test_whose_words_somebody_else_replaces_is_told(house: House) -> None:
    old = house.corrections.submit(EDO, question=QUESTION, answer="By appointment.")
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    assert told(house, EDO) == [("replaced", "Eve")]
    house.corrections.undo(EVE, made.id)
    assert (told(house, EDO), house.corrections.get(EDO, old.id).state) == ([], "live")
    new = house.corrections.submit(ADA, question=QUESTION, answer="At noon.")
    assert told(house, EDO) == [("replaced", "Ada")]
    house.corrections.withdraw(ADA, new.id)  # theirs does not come back
    assert told(house, EDO) == [("replaced", "Ada")]
    house.corrections.submit(EDO, question=QUESTION, answer="By appointment.")
    house.corrections.submit(EDO, question=QUESTION, answer="At one.")
    assert told(house, EDO) == [("replaced", "Ada")]  # nothing of one's own words


def test_a_notice_leads_to_nobody_elses_chat_and_to_no_deleted_one(house: House) -> None:
    turn = house.turn(MEL)
    house.ratings.rate(MEL, turn, "down", "wrong_fact")
    house.corrections.submit(EVE, turn_id=turn, answer=AFTER)
    house.corrections.submit(EDO, question=QUESTION, answer="At noon.")
    assert [(one.kind, one.conversation_id) for one in house.notices.unread(EVE)] == [("replaced", None)]
    chat = house.conversations.turn(MEL, turn).conversation_id
    assert [(one.kind, one.conversation_id) for one in house.notices.unread(MEL)] == [("fixed", chat)]
    house.conversations.delete(MEL, chat)
    assert [(one.kind, one.conversation_id) for one in house.notices.unread(MEL)] == [("fixed", None)]


def test_what_waits_no_more_is_not_told(house: House) -> None:
    unsafe, rated = house.turn(MEL), house.turn(MEL, "Is it free?")
    made = house.corrections.submit(MEL, question="Is it old?", answer="Yes.")
    house.ratings.rate(MEL, unsafe, "down", "unsafe")
    house.ratings.rate(MEL, rated, "down", "style")
    for case in (f"turn:{rated}", f"correction:{made.id}"):
        house.cases.assign(EVE, case, "edo")
    assert sorted(told(house, EDO)) == [("assigned", "Eve"), ("assigned", "Eve"), ("unsafe", "Mel")]
    house.cases.resolve(EVE, unsafe, "It is gone.")
    house.ratings.rate(MEL, rated, "up")
    house.corrections.reject(EVE, made.id, "No.")
    assert told(house, EDO) == []
    house.cases.reopen(EVE, unsafe)
    assert told(house, EDO) == [("unsafe", "Mel")]


def test_reviewers_are_reminded_of_late_cases_that_nobody_has_taken(house: House) -> None:
    first = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.clock.now += timedelta(days=2)
    second = house.turn(MEL, "Is it free?")
    house.ratings.rate(MEL, second, "down", "style")
    assert told_kinds(house, EVE) == []
    house.clock.now += timedelta(days=2)
    assert [told_kinds(house, one) for one in (EVE, ADA, MEL)] == [["untaken"], ["untaken"], []]
    assert house.notices.unread(EVE)[0].params == {"days": 3}
    house.notices.read_all(EVE)
    assert told_kinds(house, EVE) == []
    house.clock.now += timedelta(days=2)  # one more is late
    assert [told_kinds(house, one) for one in (EVE, ADA)] == [["untaken"], ["untaken"]]
    house.cases.assign(EVE, f"correction:{first.id}", "edo")
    house.cases.resolve(EVE, second, "It is.")
    assert [told_kinds(house, one) for one in (EVE, ADA)] == [[], []]
    assert sorted(told_kinds(house, EDO)) == ["assigned", "late"]


def test_a_case_of_somebody_who_reviews_no_more_is_taken_by_nobody(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.cases.assign(EVE, f"correction:{made.id}", "edo")
    house.clock.now += timedelta(days=4)
    assert told_kinds(house, EVE) == []
    with house.database.write() as session:
        session.execute(sa.update(Person).where(Person.id == "edo").values(is_active=False))
    assert told_kinds(house, EVE) == ["untaken"]


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


def test_a_thumb_is_open_again_when_nothing_answers_its_question_any_more(house: House) -> None:
    turn = house.turn(OLI)
    house.ratings.rate(OLI, turn, "down", "wrong_fact")
    made = [
        house.corrections.submit(EVE, question=QUESTION, answer=answer).id for answer in (AFTER, "At noon.", "At one.")
    ]

    def resolved_by() -> str | None:
        return house.ratings.of(OLI, [turn])[turn].correction_id

    house.corrections.undo(EVE, made[2])
    assert resolved_by() == made[0]  # the second one answers again
    house.corrections.withdraw(EVE, made[1])
    assert (resolved_by(), house.ratings.of(OLI, [turn])[turn].resolved_at) == (None, None)
    house.corrections.undo(EVE, made[1])
    assert resolved_by() == made[1]


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
    house.corrections.submit(EVE, turn_id=house.turn(EVE), answer=AFTER)  # somebody still has to look at this one
    assert house.ratings.of(MEL, [turn])[turn].resolved_at is None
    house.ratings.rate(MEL, turn, "down", "style")
    assert not house.conversations.turn(MEL, turn).is_hidden
    assert told(house, EDO) == []


def test_who_answers_an_unsafe_case_closes_it_and_whoever_rated_it_is_told(house: House) -> None:
    turn = house.turn(MEL)
    house.ratings.rate(MEL, turn, "down", "unsafe")
    made = house.corrections.submit(EVE, turn_id=turn, answer=AFTER)
    assert house.ratings.of(MEL, [turn])[turn].correction_id == made.id
    assert house.conversations.turn(MEL, turn).is_hidden  # the old answer; the new one is given to whoever asks again
    assert told(house, MEL) == [("fixed", "Eve")]
    assert (told(house, EDO), house.cases.count(EVE)) == ([], 0)
    house.corrections.undo(EVE, made.id)
    assert (told(house, MEL), told(house, EDO), house.cases.count(EVE)) == ([], [("unsafe", "Mel")], 1)


def test_an_answer_that_was_shown_again_is_hidden_when_it_is_called_unsafe_again(house: House) -> None:
    turn = house.turn(MEL)
    house.ratings.rate(MEL, turn, "down", "unsafe")
    house.cases.resolve(EVE, turn, "It harms nobody.", show_again=True)
    assert not house.conversations.turn(MEL, turn).is_hidden
    house.ratings.rate(MEL, turn, "down", "unsafe", "It does.")
    assert house.conversations.turn(MEL, turn).is_hidden
    assert told(house, EDO) == [("unsafe", "Mel")]


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
