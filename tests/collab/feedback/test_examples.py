"""What people teach corrections: for whom it holds, who decides, and that words stand for one answer."""

from collections.abc import Callable, Sequence

import pytest

from collab.errors import (
    CorrectionStateError,
    ExampleQuestionError,
    ExampleStateError,
    ExampleStyleError,
    ExampleTakenError,
    NotAllowedError,
    OwnCorrectionError,
    ReasonMissingError,
    TextEmptyError,
)
from collab.feedback.examples import Examples
from collab.feedback.tables import Origin, Side
from collab.people.access import Actor, Role
from knowledge.errors import NotFoundError
from knowledge.keys import KeyDraft
from knowledge.memory import CorrectionMemory
from tests.collab.feedback.conftest import ADA, AFTER, EDO, EVE, MEL, OLI, QUESTION, House
from tests.fakes import WordEmbedder

OTHER = "When may one come in at the start of the week?"
NOBODY = {"mel": None, "oli": None, "eve": None}
EVERYBODY = {"mel": AFTER, "oli": AFTER, "eve": AFTER}


@pytest.fixture
def examples(house: House) -> Examples:
    return house.examples


@pytest.fixture
def live(house: House) -> str:
    """Eve's correction, for everyone."""
    return house.corrections.submit(EVE, question=QUESTION, answer=AFTER).id


def stand(examples: Examples, actor: Actor, correction: str) -> list[tuple[str, str, str]]:
    return [(one.text, one.side, one.state) for one in examples.of(actor, correction)]


def test_an_experts_example_answers_everyone_in_these_words(house: House, examples: Examples, live: str) -> None:
    assert house.everybody(OTHER) == NOBODY
    made = examples.add(EVE, live, f" {OTHER}\n", "will")
    assert (made.text, made.side, made.state, made.origin) == (OTHER, Side.WILL, "live", Origin.MOVED)
    assert house.everybody(OTHER.upper()) == EVERYBODY
    assert house.corrections.get(EVE, live).aliases == (OTHER,)
    assert house.corrections.get(EVE, live).revision == 2
    assert house.acts()[-1] == "example_added"


def test_several_corrections_are_taught_together_or_not_at_all(house: House, examples: Examples, live: str) -> None:
    other = house.corrections.submit(EVE, question="Is the shop open on Mondays?", answer=AFTER).id
    with pytest.raises(NotFoundError):
        examples.add_all(MEL, [live, "nobody's"], OTHER, "will_not")
    assert stand(examples, MEL, live) == []
    made = examples.add_all(MEL, [live, other], OTHER, "will_not")
    assert [(one.correction_id, one.side) for one in made] == [(live, Side.WILL_NOT), (other, Side.WILL_NOT)]
    examples.approve(EDO, made[1].id)
    with pytest.raises(ExampleStateError):
        examples.remove_all(MEL, [one.id for one in made])
    assert stand(examples, MEL, live) == [(OTHER, "will_not", "pending")]


def test_a_members_example_holds_for_them_until_it_is_approved(house: House, examples: Examples, live: str) -> None:
    turn = house.turn(MEL, OTHER)
    made = examples.add(MEL, live, OTHER, "will", origin=Origin.YES, turn_id=turn)
    assert (made.state, made.turn_id, made.may_remove, made.may_decide) == ("pending", turn, True, False)
    assert house.everybody(OTHER) == {**NOBODY, "mel": AFTER}
    assert stand(examples, OLI, live) == []
    assert stand(examples, EDO, live) == [(OTHER, "will", "pending")]
    assert house.corrections.get(EVE, live).revision == 1

    done = examples.approve(EDO, made.id)
    assert (done.state, done.reviewer, done.may_decide) == ("live", "Edo", False)
    assert house.everybody(OTHER) == EVERYBODY
    told = [(one.kind, one.params["question"]) for one in house.notices.unread(MEL)]
    assert told == [("taught", OTHER)]


def test_what_it_must_not_answer(house: House, examples: Examples, live: str) -> None:
    near = "Is the museum open on Mondays in general?"
    examples.add(EVE, live, near, "will")
    made = examples.add(OLI, live, near, "will_not", origin=Origin.NOT_ASKED)
    assert house.everybody(near) == {**EVERYBODY, "oli": None}
    examples.approve(EVE, made.id)
    assert house.everybody(near) == NOBODY
    assert house.everybody() == EVERYBODY
    assert stand(examples, MEL, live) == [(near, "will_not", "live")]


def test_a_move_is_undone_by_taking_it_away(house: House, examples: Examples, live: str) -> None:
    first = examples.add(EVE, live, OTHER, "will")
    moved = examples.add(EVE, live, OTHER, "will_not")
    assert stand(examples, EVE, live) == [(OTHER, "will_not", "live")]
    assert house.everybody(OTHER) == NOBODY
    examples.remove(EVE, moved.id)
    assert [one.id for one in examples.of(EVE, live)] == [first.id]
    assert house.everybody(OTHER) == EVERYBODY
    examples.remove(EVE, first.id)
    assert house.everybody(OTHER) == NOBODY
    assert house.acts()[1:] == ["example_added", "example_added", "example_removed", "example_removed"]


def test_a_member_moves_a_live_one_and_back(house: House, examples: Examples, live: str) -> None:
    examples.add(EVE, live, OTHER, "will")
    mine = examples.add(MEL, live, OTHER, "will_not")
    assert house.everybody(OTHER) == {**EVERYBODY, "mel": None}
    with pytest.raises(ExampleStateError):
        examples.remove(MEL, examples.add(OLI, live, OTHER, "will").id)
    assert examples.add(MEL, live, OTHER, "will").state == "live"
    assert house.everybody(OTHER) == EVERYBODY
    with pytest.raises(ExampleStateError):
        examples.approve(EDO, mine.id)


def test_ones_own_holds_against_what_everyone_was_taught(house: House, examples: Examples, live: str) -> None:
    examples.add(EVE, live, OTHER, "will_not")
    examples.add(MEL, live, OTHER, "will")
    assert house.everybody(OTHER) == {**NOBODY, "mel": AFTER}


def test_the_same_again_is_the_one_that_is_there(examples: Examples, live: str) -> None:
    first = examples.add(MEL, live, OTHER, "will")
    assert examples.add(MEL, live, OTHER.lower(), "will").id == first.id
    by_expert = examples.add(EVE, live, OTHER, "will")
    assert (by_expert.id == first.id, by_expert.state) == (False, "live")
    assert examples.add(MEL, live, OTHER, "will").id == by_expert.id
    assert len(examples.of(EVE, live)) == 1


def test_whoever_waited_for_what_an_expert_says_is_told(house: House, examples: Examples, live: str) -> None:
    examples.add(MEL, live, OTHER, "will")
    examples.add(OLI, live, OTHER, "will_not")
    by_expert = examples.add(EVE, live, OTHER, "will")
    (told,) = house.notices.unread(MEL)
    assert (told.kind, told.params["name"], told.params["question"]) == ("taught", "Eve", OTHER)
    assert (house.notices.unread(OLI), house.notices.unread(EVE)) == ([], [])
    examples.remove(EVE, by_expert.id)
    assert house.notices.unread(MEL) == []  # it does not hold any more


def test_a_rejected_one_holds_for_nobody_and_tells_why(house: House, examples: Examples, live: str) -> None:
    made = examples.add(MEL, live, OTHER, "will")
    with pytest.raises(ReasonMissingError):
        examples.reject(EVE, made.id, " ")
    done = examples.reject(EVE, made.id, "That is about something else.")
    assert (done.state, done.review_reason) == ("rejected", "That is about something else.")
    assert house.everybody(OTHER) == NOBODY
    assert examples.get(MEL, made.id).state == "rejected"
    (told,) = house.notices.unread(MEL)
    assert (told.kind, told.params["said"]) == ("not_taught", "That is about something else.")

    assert examples.undo(EVE, made.id).state == "pending"
    assert house.everybody(OTHER) == {**NOBODY, "mel": AFTER}
    assert house.notices.unread(MEL) == []


def test_an_approval_is_taken_back(house: House, examples: Examples, live: str) -> None:
    examples.add(EVE, live, OTHER, "will")
    mine = examples.add(MEL, live, OTHER, "will_not")
    examples.approve(EDO, mine.id)
    assert house.everybody(OTHER) == NOBODY
    with pytest.raises(ExampleStateError):
        examples.undo(EVE, mine.id)
    examples.undo(EDO, mine.id)
    assert house.everybody(OTHER) == {**EVERYBODY, "mel": None}


def test_who_may_not(house: House, examples: Examples, live: str) -> None:
    mine = examples.add(MEL, live, OTHER, "will")
    for act in (examples.approve, examples.undo):
        with pytest.raises(NotAllowedError):
            act(OLI, mine.id)
    with pytest.raises(NotAllowedError):
        examples.reject(OLI, mine.id, "No.")
    with pytest.raises(NotFoundError):
        examples.remove(OLI, mine.id)
    with pytest.raises(OwnCorrectionError):
        examples.approve(Actor(MEL.id, MEL.name, Role.EXPERT), mine.id)
    waiting = house.corrections.submit(MEL, question="Is it free?", answer="Yes.").id
    with pytest.raises(NotFoundError):
        examples.add(OLI, waiting, OTHER, "will")
    with pytest.raises(NotFoundError):
        examples.add(MEL, live, "And then?", "will", turn_id=house.turn(OLI))


def test_what_an_author_teaches_their_waiting_correction_goes_with_it(house: House, examples: Examples) -> None:
    mine = house.corrections.submit(MEL, question=QUESTION, answer=AFTER).id
    assert examples.add(MEL, mine, OTHER, "will").state == "live"
    assert house.everybody(OTHER) == {**NOBODY, "mel": AFTER}
    house.corrections.approve(EVE, mine)
    assert house.everybody(OTHER) == EVERYBODY
    house.corrections.undo(EVE, mine)
    assert house.everybody(OTHER) == {**NOBODY, "mel": AFTER}


def test_what_is_refused(house: House, examples: Examples, live: str) -> None:
    style = house.corrections.submit(EVE, question="Is it free?", answer="Sure!", kind="style").id
    with pytest.raises(ExampleStyleError):
        examples.add(EVE, style, OTHER, "will")
    with pytest.raises(ExampleQuestionError):
        examples.add(EVE, live, QUESTION.upper(), "will_not")
    with pytest.raises(TextEmptyError):
        examples.add(EVE, live, "?!", "will")
    assert stand(examples, EVE, live) == []


def test_words_that_another_correction_answers_are_refused(house: House, examples: Examples, live: str) -> None:
    second = house.corrections.submit(EVE, question=OTHER, answer="At noon.").id
    with pytest.raises(ExampleTakenError) as refused:
        examples.add(EVE, live, OTHER, "will")
    assert refused.value.correction_id == second
    examples.add(EVE, second, "When on Mondays?", "will")
    with pytest.raises(ExampleTakenError):
        examples.add(MEL, live, "When on Mondays?", "will")
    assert house.answers(OLI, "When on Mondays?") == "At noon."


def test_an_example_gives_way_to_a_correction_of_its_own_and_comes_back(
    house: House, examples: Examples, live: str
) -> None:
    examples.add(EVE, live, OTHER, "will")
    second = house.corrections.submit(EVE, question=OTHER, answer="At noon.")
    assert set(house.everybody(OTHER).values()) == {"At noon."}
    assert stand(examples, EVE, live) == []
    house.corrections.undo(EVE, second.id)
    assert house.everybody(OTHER) == EVERYBODY
    assert stand(examples, EVE, live) == [(OTHER, "will", "live")]


def test_a_new_version_keeps_what_the_old_one_was_taught(house: House, examples: Examples, live: str) -> None:
    examples.add(EVE, live, OTHER, "will")
    examples.add(EVE, live, "Is the museum open on Mondays abroad?", "will_not")
    newer = house.corrections.submit(EDO, question=QUESTION, answer="By appointment.")
    assert stand(examples, EVE, newer.id) == [
        (OTHER, "will", "live"),
        ("Is the museum open on Mondays abroad?", "will_not", "live"),
    ]
    assert set(house.everybody(OTHER).values()) == {"By appointment."}
    house.corrections.undo(EDO, newer.id)
    assert house.everybody(OTHER) == EVERYBODY


def test_withdrawn_it_answers_nobody_and_cannot_be_taught(house: House, examples: Examples, live: str) -> None:
    examples.add(MEL, live, OTHER, "will")
    house.corrections.withdraw(EVE, live)
    assert house.everybody(OTHER) == NOBODY
    with pytest.raises(NotFoundError):
        examples.add(MEL, live, "And then?", "will")
    house.corrections.undo(EVE, live)
    assert house.everybody(OTHER) == {**NOBODY, "mel": AFTER}


def test_reopened_it_leaves_others_examples_behind(house: House, examples: Examples) -> None:
    mine = house.corrections.submit(MEL, question=QUESTION, answer=AFTER).id
    house.corrections.approve(ADA, mine)
    examples.add(OLI, mine, OTHER, "will")
    assert house.answers(OLI, OTHER) == AFTER
    house.corrections.undo(ADA, mine)
    assert house.answers(OLI, OTHER) is None


class _SlowMemory(CorrectionMemory):
    """While it makes embeddings, somebody else acts."""

    meanwhile: Callable[[], object] | None = None

    def prepare_all(self, texts: Sequence[str], sign: int = 1) -> dict[str, KeyDraft]:
        act, self.meanwhile = self.meanwhile, None
        if act:
            act()
        return super().prepare_all(texts, sign)


def test_withdrawn_while_it_is_taught_it_learns_nothing(house: House, live: str) -> None:
    memory = _SlowMemory(house.database, WordEmbedder())
    memory.meanwhile = lambda: house.corrections.withdraw(EVE, live)
    with pytest.raises(NotFoundError):
        Examples(house.database, memory, house.clock).add(MEL, live, OTHER, "will")
    assert house.everybody(OTHER) == house.everybody() == NOBODY
    memory.meanwhile = None
    with pytest.raises(CorrectionStateError):
        Examples(house.database, memory, house.clock).add(EVE, live, OTHER, "will")


def test_of_two_that_teach_the_same_words_at_the_same_moment_one_does(house: House, live: str) -> None:
    second = house.corrections.submit(EVE, question="Is it free?", answer="Yes.").id
    memory = _SlowMemory(house.database, WordEmbedder())
    memory.meanwhile = lambda: house.examples.add(EDO, second, OTHER, "will")
    with pytest.raises(ExampleTakenError):
        Examples(house.database, memory, house.clock).add(EVE, live, OTHER, "will")
    assert set(house.everybody(OTHER).values()) == {"Yes."}
