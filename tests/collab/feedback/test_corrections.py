"""The author's side of a correction: whom it answers, what it replaces, what is refused."""

import threading

import pytest

from collab.errors import (
    AnswerUnchangedError,
    ChoiceUnknownError,
    CorrectionStateError,
    CorrectionTargetError,
    NotAllowedError,
    PlaceTakenError,
    TextEmptyError,
    TextTooLongError,
)
from collab.feedback.corrections import Corrections
from collab.feedback.tables import State
from collab.people.access import Actor, Role
from knowledge.errors import NotFoundError, StorageFullError
from knowledge.memory import CorrectionMemory
from tests.collab.feedback.conftest import ADA, AFTER, BEFORE, EDO, EVE, MEL, OLI, QUESTION, START, House, source
from tests.fakes import WordEmbedder

NOBODY = {"mel": None, "oli": None, "eve": None}
EVERYBODY = {"mel": AFTER, "oli": AFTER, "eve": AFTER}
MEL_AS_EXPERT = Actor(MEL.id, MEL.name, Role.EXPERT)


def test_a_members_correction_answers_its_author_and_waits(house: House) -> None:
    turn = house.turn(MEL, "And on Mondays?", standalone=QUESTION)
    made = house.corrections.submit(MEL, turn_id=turn, answer=AFTER)
    assert (made.state, made.live_for, made.kind, made.author) == ("pending", "author", "fact", "Mel")
    assert (made.question, made.before, made.answer) == (QUESTION, BEFORE, AFTER)
    assert made.sources == (source("everyone"),)
    assert house.everybody() == {**NOBODY, "mel": AFTER}
    assert house.lessons() == {made.id}
    assert house.acts() == ["correction_submitted"]


@pytest.mark.parametrize("author", [EVE, ADA])
def test_an_experts_correction_is_live_for_everyone_at_once(house: House, author: Actor) -> None:
    made = house.corrections.submit(author, question=QUESTION, answer=AFTER)
    assert (made.state, made.live_for, made.before) == ("live", "everyone", None)
    assert house.everybody() == EVERYBODY


def test_a_pending_correction_wins_over_the_live_one_for_its_author(house: House) -> None:
    house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    house.corrections.submit(MEL, question=QUESTION, answer="By appointment.")
    assert house.everybody() == {**EVERYBODY, "mel": "By appointment."}


def test_one_live_fact_for_a_question_and_reach(house: House) -> None:
    first = house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    second = house.corrections.submit(EDO, question='is the MUSEUM open on "Mondays"', answer=AFTER)
    old = house.corrections.get(EVE, first.id)
    assert (old.state, old.superseded_by, old.live_for) == ("superseded", second.id, None)
    assert house.everybody() == EVERYBODY
    assert house.lessons() == {second.id}


def test_a_second_pending_edit_supersedes_the_first(house: House) -> None:
    turn = house.turn(MEL)
    first = house.corrections.submit(MEL, turn_id=turn, answer="By appointment.")
    second = house.corrections.submit(MEL, turn_id=turn, answer=AFTER)
    theirs = house.corrections.submit(OLI, question=QUESTION, answer="No idea.")
    states = {made.id: house.corrections.get(EVE, made.id).state for made in (first, second, theirs)}
    assert states == {first.id: "superseded", second.id: "pending", theirs.id: "pending"}
    assert house.answers(MEL) == AFTER


def test_whoever_is_promoted_replaces_their_own_pending_words(house: House) -> None:
    waiting = house.corrections.submit(MEL, question=QUESTION, answer="By appointment.")
    house.corrections.submit(MEL_AS_EXPERT, question=QUESTION, answer=AFTER)
    assert house.corrections.get(MEL, waiting.id).state == "superseded"
    assert house.everybody() == EVERYBODY


def test_style_answers_nobody_and_supersedes_no_fact(house: House) -> None:
    fact = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    style = house.corrections.submit(EVE, question=QUESTION, answer="Yes! Noon till five.", kind="style")
    waiting = house.corrections.submit(MEL, question=QUESTION, answer="Yes, from noon.", kind="style")
    newer = house.corrections.submit(MEL, question=QUESTION, answer="Sure, from noon.", kind="style")
    states = [house.corrections.get(EVE, made.id).state for made in (fact, style, waiting, newer)]
    assert states == ["live", "live", "superseded", "pending"]
    assert house.everybody() == EVERYBODY
    assert house.lessons() == {fact.id, style.id, newer.id}


def test_about_restricted_sources_it_is_live_for_the_author_and_never_a_lesson(house: House) -> None:
    turn = house.turn(MEL, sources=(source("everyone"), source("person:mel", n=2)))
    made = house.corrections.submit(MEL, turn_id=turn, answer=AFTER)
    assert (made.state, made.reach, made.live_for) == ("live", "person:mel", "author")
    assert house.everybody() == {**NOBODY, "mel": AFTER}
    assert house.lessons() == set()
    with pytest.raises(NotFoundError):
        house.corrections.get(ADA, made.id)
    assert house.corrections.list(ADA) == []


def test_what_a_restricted_correction_answered_stays_restricted(house: House) -> None:
    turn = house.turn(MEL, sources=(source("person:mel"),))
    first = house.corrections.submit(MEL, turn_id=turn, answer="By appointment.")
    answered = house.turn(MEL, answer="By appointment.", sources=(), correction_id=first.id)
    second = house.corrections.submit(MEL_AS_EXPERT, turn_id=answered, answer=AFTER)
    assert second.reach == "person:mel"
    assert house.corrections.get(MEL, first.id).state == "superseded"
    assert house.everybody() == {**NOBODY, "mel": AFTER}


def test_an_authors_newest_words_win_over_their_restricted_ones(house: House) -> None:
    turn = house.turn(MEL, sources=(source("person:mel"),))
    house.corrections.submit(MEL, turn_id=turn, answer="By appointment.")
    house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    assert house.answers(MEL) == AFTER


def test_one_edit_sent_twice_is_one_correction(house: House) -> None:
    house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    made: list[str] = []

    def send() -> None:
        made.append(house.corrections.submit(EVE, question=QUESTION, answer=AFTER).id)

    threads = [threading.Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made[0] == made[1]
    assert house.acts() == ["correction_submitted", "correction_submitted"]
    house.corrections.undo(EVE, made[0])
    assert house.everybody() == dict.fromkeys(EVERYBODY, "By appointment.")


def test_the_same_words_are_new_where_they_do_not_answer_yet(house: House) -> None:
    first = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    assert house.corrections.submit(MEL, question=QUESTION.upper(), answer=AFTER) == first
    assert house.corrections.submit(OLI, question=QUESTION, answer=AFTER).id != first.id
    assert house.corrections.submit(MEL, question=QUESTION, answer=AFTER, kind="style").id != first.id
    assert house.corrections.submit(MEL_AS_EXPERT, question=QUESTION, answer=AFTER).state == "live"

    approved = house.corrections.submit(OLI, question="Is it free?", answer="Yes.")
    house.corrections.approve(EVE, approved.id)
    assert house.corrections.submit(OLI, question="Is it free?", answer="Yes.").id == approved.id
    house.corrections.submit(OLI, question="Is it free?", answer="Never.")
    assert house.corrections.submit(OLI, question="Is it free?", answer="Yes.").state == "pending"
    assert house.answers(OLI, "Is it free?") == "Yes."


@pytest.mark.parametrize("sent", [BEFORE, " On Mondays it\u200b is  closed. "])
def test_an_edit_that_changes_nothing_is_refused(house: House, sent: str) -> None:
    with pytest.raises(AnswerUnchangedError):
        house.corrections.submit(MEL, turn_id=house.turn(MEL), answer=sent)
    assert house.corrections.list(MEL) == []
    assert house.acts() == []


def test_what_is_refused_leaves_nothing(house: House) -> None:
    turn = house.turn(MEL)
    submit = house.corrections.submit
    with pytest.raises(TextEmptyError):
        submit(MEL, turn_id=turn, answer="\u200b")
    with pytest.raises(TextEmptyError):
        submit(MEL, question=" ", answer=AFTER)
    with pytest.raises(TextEmptyError):
        submit(MEL, turn_id=house.turn(MEL, "???"), answer=AFTER)
    with pytest.raises(TextTooLongError):
        submit(MEL, turn_id=turn, answer="x" * 20_001)
    with pytest.raises(TextTooLongError):
        submit(MEL, question="x" * 8_001, answer=AFTER)
    with pytest.raises(ChoiceUnknownError):
        submit(MEL, turn_id=turn, answer=AFTER, kind="joke")
    for target in ({}, {"turn_id": turn, "question": QUESTION}):
        with pytest.raises(CorrectionTargetError):
            submit(MEL, answer=AFTER, **target)
    for stranger, id in ((OLI, turn), (ADA, turn), (MEL, "nope")):
        with pytest.raises(NotFoundError):
            submit(stranger, turn_id=id, answer=AFTER)
    assert house.corrections.list(ADA) == []
    assert house.acts() == []
    assert house.lessons() == set()


def test_a_reviewer_sees_where_something_invisible_was(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer="From 12:00\u202e to 17:00.")
    seen = house.corrections.get(EVE, made.id)
    assert (seen.answer, seen.invisible_at) == ("From 12:00 to 17:00.", (10,))


def test_a_withdrawn_correction_answers_nobody(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    assert house.corrections.withdraw(MEL, made.id).state == "withdrawn"
    assert house.everybody() == NOBODY
    assert house.lessons() == set()
    with pytest.raises(CorrectionStateError, match="is withdrawn now"):
        house.corrections.withdraw(MEL, made.id)


def test_whoever_only_gets_an_answer_may_not_withdraw_it(house: House) -> None:
    live = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    waiting = house.corrections.submit(OLI, question="Is it free?", answer="Yes.")
    with pytest.raises(NotAllowedError):
        house.corrections.withdraw(MEL, live.id)
    with pytest.raises(NotFoundError):
        house.corrections.withdraw(MEL, waiting.id)
    assert house.everybody() == EVERYBODY


def test_withdrawing_does_not_bring_back_what_was_replaced(house: House) -> None:
    house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    newer = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    house.corrections.withdraw(EDO, newer.id)
    assert house.everybody() == NOBODY


def test_undoing_an_edit_brings_back_what_it_superseded(house: House) -> None:
    live = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    newer = house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    assert house.corrections.undo(EVE, newer.id).state == "withdrawn"
    again = house.corrections.get(EVE, live.id)
    assert (again.state, again.superseded_by) == ("live", None)
    assert house.everybody() == EVERYBODY
    assert house.lessons() == {live.id}

    first = house.corrections.submit(MEL, question=QUESTION, answer="At noon.")
    second = house.corrections.submit(MEL, question=QUESTION, answer="At one.")
    house.corrections.undo(MEL, second.id)
    assert house.corrections.get(MEL, first.id).state == "pending"
    assert house.answers(MEL) == "At noon."


def test_a_withdrawal_is_undone_by_whoever_withdrew(house: House) -> None:
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    house.corrections.withdraw(EDO, made.id)
    with pytest.raises(CorrectionStateError):
        house.corrections.undo(EVE, made.id)
    assert house.corrections.undo(EDO, made.id).state == "live"
    assert house.everybody() == EVERYBODY

    house.corrections.withdraw(EVE, made.id)
    with pytest.raises(CorrectionStateError):  # no longer trusted to speak for everyone
        house.corrections.undo(Actor(EVE.id, EVE.name, Role.MEMBER), made.id)
    house.corrections.submit(EDO, question=QUESTION, answer="By appointment.")
    with pytest.raises(PlaceTakenError):
        house.corrections.undo(EVE, made.id)


def test_chinese_is_found_in_the_same_words(house: House) -> None:
    house.corrections.submit(EVE, question="博物馆星期一开放吗？", answer="开放，12点到17点。")
    assert house.answers(OLI, "博物馆星期一开放吗") == "开放，12点到17点。"
    assert house.answers(OLI, "博物馆星期二开放吗") is None


def test_of_many_at_once_one_is_live(house: House) -> None:
    def write(author: Actor) -> None:
        for number in range(5):
            house.corrections.submit(author, question=QUESTION, answer=f"{author.name} says {number}.")

    threads = [threading.Thread(target=write, args=(author,)) for author in (EVE, EDO, ADA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    states = [made.state for made in house.corrections.list(ADA)]
    assert (states.count("live"), states.count("superseded")) == (1, 14)
    assert house.answers(OLI) == house.corrections.list(ADA, state=State.LIVE)[0].answer


class _FullMemory(CorrectionMemory):
    """A memory for which there is no space left."""

    def learn(self, *_: object, **__: object) -> None:
        raise StorageFullError


def test_all_or_nothing(house: House) -> None:
    old = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    memory = _FullMemory(house.database, WordEmbedder())
    corrections = Corrections(house.database, memory, house.conversations, lambda: START)
    with pytest.raises(StorageFullError):
        corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    assert house.corrections.list(EVE) == [old]
    assert house.everybody() == EVERYBODY
    assert house.lessons() == {old.id}
    assert house.acts() == ["correction_submitted"]


def test_another_process_sees_it_at_once(house: House) -> None:
    elsewhere = CorrectionMemory(house.database, WordEmbedder())
    elsewhere.refresh()
    made = house.corrections.submit(EVE, question=QUESTION, answer=AFTER)
    assert elsewhere.recall(QUESTION, ["everyone"], START).correction_id == made.id
    house.corrections.withdraw(EVE, made.id)
    assert elsewhere.recall(QUESTION, ["everyone"], START).correction_id is None
