"""Review: what an expert decides about a correction, and how it is taken back."""

from collections.abc import Callable, Sequence

import pytest
import sqlalchemy as sa

from collab.errors import (
    AnsweredMeanwhileError,
    CorrectionChangedError,
    CorrectionStateError,
    NotAllowedError,
    OwnCorrectionError,
    PlaceTakenError,
    ReasonMissingError,
    TextEmptyError,
)
from collab.feedback.corrections import Corrections
from collab.people import audit
from collab.people.access import Actor, Role
from collab.people.tables import AuditEntry
from knowledge.errors import NotFoundError
from knowledge.keys import KeyDraft
from knowledge.memory import CorrectionMemory
from tests.collab.feedback.conftest import ADA, AFTER, EDO, EVE, MEL, OLI, QUESTION, START, House, source
from tests.fakes import WordEmbedder

NOBODY = {"mel": None, "oli": None, "eve": None}
EVERYBODY = {"mel": AFTER, "oli": AFTER, "eve": AFTER}


def test_an_approved_correction_answers_everyone_and_replaces_the_live_one(house: House) -> None:
    old = house.corrections.submit(EDO, question=QUESTION, answer="By appointment.")
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    done = house.corrections.approve(EVE, made.id)
    assert (done.state, done.live_for, done.reviewer, done.review_reason) == ("live", "everyone", "Eve", None)
    assert house.corrections.get(EDO, old.id).superseded_by == made.id
    assert house.everybody() == EVERYBODY
    assert house.lessons() == {made.id}
    assert house.acts()[-1] == "correction_approved"


def test_nobody_replaces_words_of_somebody_else_unread(house: House) -> None:
    """Eve and Edo read the same wrong answer, and both write a right one."""
    eves, edos = house.turn(EVE), house.turn(EDO)
    first = house.corrections.submit(EDO, turn_id=edos, answer="By appointment.")
    with pytest.raises(AnsweredMeanwhileError, match=r"Edo has answered this meanwhile: “By appointment\.” N") as told:
        house.corrections.submit(EVE, turn_id=eves, answer=AFTER)
    assert told.value.newest == house.corrections.get(EVE, first.id)
    assert house.answers(OLI) == "By appointment."
    asked_again = house.turn(EVE, answer="By appointment.", correction_id=first.id)
    made = house.corrections.submit(EVE, turn_id=asked_again, answer=AFTER)
    assert (house.corrections.get(EDO, first.id).superseded_by, house.answers(OLI)) == (made.id, AFTER)
    assert house.corrections.submit(EVE, turn_id=eves, answer="At noon.").state == "live"  # over her own
    assert house.corrections.submit(MEL, turn_id=house.turn(MEL), answer="At one.").state == "pending"


def test_a_reviewer_has_read_what_they_approved(house: House) -> None:
    turn = house.turn(EVE)
    made = house.corrections.submit(MEL, question=QUESTION, answer="By appointment.")
    house.corrections.approve(EVE, made.id)
    assert house.corrections.submit(EVE, turn_id=turn, answer=AFTER).state == "live"


def test_undoing_an_approval_brings_back_what_it_superseded(house: House) -> None:
    old = house.corrections.submit(EDO, question=QUESTION, answer="By appointment.")
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    with pytest.raises(CorrectionStateError):
        house.corrections.undo(EDO, made.id)  # another expert's review
    again = house.corrections.undo(ADA, made.id)
    assert (again.state, again.reviewer, again.decided_at) == ("pending", None, None)
    assert house.corrections.get(EDO, old.id).state == "live"
    assert house.everybody() == {"mel": AFTER, "oli": "By appointment.", "eve": "By appointment."}
    assert house.lessons() == {old.id, made.id}
    assert house.corrections.approve(EVE, made.id).state == "live"


def test_undoing_an_approval_does_not_bring_back_the_authors_first_try(house: House) -> None:
    first = house.corrections.submit(MEL, question=QUESTION, answer="By appointment.")
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    house.corrections.undo(EVE, made.id)
    assert house.corrections.get(MEL, first.id).state == "superseded"
    assert house.answers(MEL) == AFTER


def test_a_reviewer_may_change_question_and_answer(house: House) -> None:
    made = house.corrections.submit(MEL, question="Is it open on Mondays?", answer="Yes.")
    done = house.corrections.approve(EVE, made.id, question=QUESTION, answer=f" {AFTER} ")
    assert (done.question, done.answer) == (QUESTION, AFTER)
    assert (done.original_question, done.original_answer) == ("Is it open on Mondays?", "Yes.")
    assert house.everybody() == EVERYBODY
    assert house.answers(MEL, "Is it open on Mondays?") != "Yes."
    with house.database.read() as session:
        details = session.scalars(sa.select(AuditEntry.details).order_by(AuditEntry.seq.desc())).first()
        assert audit.verify(session) == 2
    assert details is not None
    assert details["original_answer"] == "Yes."
    assert details["original_question"] == "Is it open on Mondays?"

    again = house.corrections.undo(EVE, made.id)
    assert (again.question, again.answer, again.original_answer) == ("Is it open on Mondays?", "Yes.", None)
    assert house.answers(MEL, "Is it open on Mondays?") == "Yes."
    assert house.answers(OLI) is None


def test_words_sent_back_unchanged_are_no_change(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    done = house.corrections.approve(EVE, made.id, question=QUESTION, answer=AFTER)
    assert (done.original_question, done.original_answer) == (None, None)


def test_a_rejected_correction_answers_nobody_and_says_why(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.reject(EVE, made.id, " It is closed\u200b. ")
    seen = house.corrections.get(MEL, made.id)
    assert (seen.state, seen.review_reason, seen.reviewer) == ("rejected", "It is closed.", "Eve")
    assert house.everybody() == NOBODY
    assert house.lessons() == set()
    with pytest.raises(CorrectionStateError):
        house.corrections.undo(MEL, made.id)
    with pytest.raises(NotFoundError):  # no longer a reviewer
        house.corrections.undo(Actor(EVE.id, EVE.name, Role.MEMBER), made.id)
    assert house.corrections.undo(EVE, made.id).state == "pending"
    assert house.everybody() == {**NOBODY, "mel": AFTER}
    assert house.lessons() == {made.id}


def test_rejecting_brings_back_what_the_author_had_for_themselves(house: House) -> None:
    turn = house.turn(MEL, sources=(source("person:mel"),))
    private = house.corrections.submit(MEL, turn_id=turn, answer="By appointment.")
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.reject(EVE, made.id, "No.")
    assert house.corrections.get(MEL, private.id).state == "live"
    assert house.everybody() == {**NOBODY, "mel": "By appointment."}

    assert house.corrections.undo(EVE, made.id).state == "pending"
    assert house.corrections.get(MEL, private.id).superseded_by == made.id
    assert house.everybody() == {**NOBODY, "mel": AFTER}


def test_rejecting_does_not_bring_back_the_authors_first_try(house: House) -> None:
    first = house.corrections.submit(MEL, question=QUESTION, answer="At noon.")
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.reject(EVE, made.id, "No.")
    assert house.corrections.get(MEL, first.id).state == "superseded"
    assert house.everybody() == NOBODY


def test_a_review_is_not_undone_over_newer_words_of_the_author(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer="By appointment.")
    house.corrections.reject(EVE, made.id, "No.")
    house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    with pytest.raises(PlaceTakenError):
        house.corrections.undo(EVE, made.id)
    assert house.answers(MEL) == AFTER


def test_nobody_approves_their_own_but_an_admin_with_a_reason(house: House) -> None:
    by_member = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    with pytest.raises(OwnCorrectionError):
        house.corrections.approve(Actor(MEL.id, MEL.name, Role.EXPERT), by_member.id)
    promoted = Actor(MEL.id, MEL.name, Role.ADMIN)
    for nothing in (None, " ", "\u200b"):
        with pytest.raises(ReasonMissingError):
            house.corrections.approve(promoted, by_member.id, reason=nothing)
    done = house.corrections.approve(promoted, by_member.id, reason="I am alone here.")
    assert (done.state, done.review_reason) == ("live", "I am alone here.")


def test_a_state_that_does_not_allow_the_act_is_named(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    with pytest.raises(CorrectionStateError, match="is live now") as told:
        house.corrections.approve(EDO, made.id)
    assert told.value.status == 409
    with pytest.raises(CorrectionStateError):
        house.corrections.reject(EDO, made.id, "Too late.")
    with pytest.raises(CorrectionStateError):
        house.corrections.undo(MEL, made.id)


def test_a_refused_review_changes_nothing(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    with pytest.raises(ReasonMissingError):
        house.corrections.reject(EVE, made.id, " \u200b")
    with pytest.raises(TextEmptyError):
        house.corrections.approve(EVE, made.id, answer="")
    with pytest.raises(NotFoundError):
        house.corrections.approve(EVE, "nope")
    with pytest.raises(NotAllowedError):
        house.corrections.approve(MEL, made.id)
    assert house.corrections.get(MEL, made.id) == made
    assert house.everybody() == {**NOBODY, "mel": AFTER}


def test_a_style_correction_is_reviewed_too(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer="Sure!", kind="style")
    assert house.corrections.approve(EVE, made.id).state == "live"
    assert house.corrections.undo(EVE, made.id).state == "pending"
    assert house.everybody() == NOBODY
    assert house.lessons() == {made.id}


def test_an_admin_decides_what_an_expert_decides(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    assert house.corrections.approve(ADA, made.id).state == "live"
    assert house.corrections.withdraw(ADA, made.id).withdrawn_by == "ada"
    assert house.everybody() == NOBODY


class _SlowMemory(CorrectionMemory):
    """A memory during whose first embedding something else happens."""

    meanwhile: Callable[[], object] | None = None

    def prepare_all(self, texts: Sequence[str], sign: int = 1) -> dict[str, KeyDraft]:
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return super().prepare_all(texts, sign)


def test_what_somebody_changes_at_the_same_moment_is_not_overwritten(house: House) -> None:
    other = "When is the museum open on Mondays?"
    old = house.corrections.submit(EDO, question=other, answer="By appointment.")
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    house.corrections.approve(EVE, made.id)
    memory = _SlowMemory(house.database, WordEmbedder())

    def meanwhile() -> None:
        house.corrections.undo(EVE, made.id)
        house.corrections.approve(EVE, made.id, question=other)  # now it has superseded one more

    memory.meanwhile = meanwhile
    corrections = Corrections(house.database, memory, house.conversations, lambda: START)
    with pytest.raises(CorrectionChangedError, match="nothing was saved") as told:
        corrections.undo(ADA, made.id)
    assert told.value.status == 409
    assert (house.corrections.get(EVE, made.id).state, house.corrections.get(EDO, old.id).state) == (
        "live",
        "superseded",
    )
    assert house.answers(OLI, other) == AFTER
    assert house.acts()[-1] == "correction_approved"
    corrections.undo(ADA, made.id)
    assert house.answers(OLI, other) == "By appointment."


def test_of_two_reviewers_at_the_same_moment_one_decides(house: House) -> None:
    made = house.corrections.submit(MEL, question=QUESTION, answer=AFTER)
    memory = _SlowMemory(house.database, WordEmbedder())
    memory.meanwhile = lambda: house.corrections.reject(EDO, made.id, "No.")
    corrections = Corrections(house.database, memory, house.conversations, lambda: START)
    with pytest.raises(CorrectionStateError, match="is rejected now"):
        corrections.approve(EVE, made.id, question="Is it open?")
    assert house.corrections.get(MEL, made.id).review_reason == "No."
    assert house.everybody() == NOBODY
