"""The proof of a correction: before and after, what is counted, and when it no longer holds."""

import pytest
import sqlalchemy as sa

from collab.errors import CorrectionStateError, ExampleStyleError
from collab.feedback.proofs import Basis, ProofRecord, Proofs
from collab.feedback.tables import Proof, Side
from knowledge.errors import NotFoundError
from tests.collab.feedback.conftest import AFTER, EVE, MEL, OLI, QUESTION, House

OTHER = "When may one come in at the start of the week?"
NEAR = "Could you tell me: is the museum open on Mondays?"


@pytest.fixture
def proofs(house: House) -> Proofs:
    return Proofs(house.database, house.memory, house.clock)


@pytest.fixture
def live(house: House) -> str:
    return house.corrections.submit(EVE, question=QUESTION, answer=AFTER).id


def told(proof: ProofRecord) -> list[tuple[str, str, str, bool]]:
    return [(one.text, one.before.decision, one.after.decision, one.is_right) for one in proof.cases]


def test_before_and_after(house: House, proofs: Proofs) -> None:
    older = house.corrections.submit(EVE, question=NEAR, answer="By appointment.")
    live = house.corrections.submit(EVE, question=QUESTION, answer=AFTER).id
    house.examples.add(EVE, live, OTHER, "will")
    proof = proofs.test(EVE, live)
    assert told(proof)[:2] == [(QUESTION, "apply", "apply", True), (OTHER, "ignore", "apply", True)]
    first = proof.cases[0]
    assert (first.before.correction_id, first.before.answer, first.after.answer) == (older.id, "By appointment.", AFTER)
    assert (proof.by, proof.is_verified, proof.is_current) == ("Eve", False, True)
    assert NEAR in [one.text for one in proof.cases if not one.is_right]  # that is what the other one answers
    assert {one.basis for one in proof.cases} == {Basis.QUESTION, Basis.EXAMPLE, Basis.MADE_UP}
    assert house.acts()[-1] == "correction_tested"


@pytest.mark.parametrize("side", ["will", "will_not"])
def test_a_made_up_wording_that_is_missed_leaves_it_unverified(house: House, proofs: Proofs, side: str) -> None:
    live = house.corrections.submit(EVE, question="How long is store credit valid?", answer="Three years.").id
    proof = proofs.test(EVE, live)
    missed = [one for one in proof.cases if not one.is_right]
    assert [(one.text, one.side, one.basis) for one in missed] == [
        ("How long is store credit good for?", Side.WILL, Basis.MADE_UP)
    ]
    assert (proof.is_verified, proofs.verified(OLI, [live])) == (False, {live: False})
    house.examples.add(EVE, live, missed[0].text, side)
    assert proofs.test(EVE, live).is_verified
    assert proofs.verified(OLI, [live]) == {live: True}


def test_what_was_verified_by_another_measure_is_not_any_more(house: House, proofs: Proofs) -> None:
    live = house.corrections.submit(EVE, question="How long is store credit valid?", answer="Three years.").id
    proofs.test(EVE, live)
    with house.database.write() as session:
        session.execute(sa.update(Proof).values(is_verified=True))
    kept = proofs.last(EVE, live)
    assert kept is not None
    assert (kept.is_verified, proofs.verified(EVE, [live])) == (False, {live: False})


def test_a_near_miss_that_is_answered_leaves_it_unverified(house: House, proofs: Proofs, live: str) -> None:
    made_up = [one for one in proofs.test(EVE, live).cases if one.side is Side.WILL_NOT]
    house.examples.add(EVE, live, made_up[0].text, "will")
    proof = proofs.test(EVE, live)
    assert proof.is_verified
    assert [one.basis for one in proof.cases if one.text == made_up[0].text] == [Basis.EXAMPLE]


def test_what_another_correction_answers_is_told_as_that_afterwards_too(
    house: House, proofs: Proofs, live: str
) -> None:
    near = next(one.text for one in proofs.test(EVE, live).cases if one.side is Side.WILL_NOT)
    other = house.corrections.submit(EVE, question=near, answer="Another answer.").id
    case = next(one for one in proofs.test(EVE, live).cases if one.text == near)
    assert case.before == case.after
    assert (case.after.correction_id, case.after.answer, case.is_right) == (other, "Another answer.", True)


def test_what_is_changed_is_not_yet_verified(house: House, proofs: Proofs, live: str) -> None:
    assert proofs.last(OLI, live) is None
    assert proofs.verified(OLI, [live]) == {}
    proofs.test(EVE, live)
    assert proofs.verified(OLI, [live]) == {live: True}
    house.examples.add(EVE, live, OTHER, "will")
    proof = proofs.last(OLI, live)
    assert proof is not None
    assert (proof.is_verified, proof.is_current, proof.holds) == (True, False, False)
    assert proofs.verified(OLI, [live]) == {live: False}
    proofs.test(MEL, live)
    assert proofs.verified(OLI, [live]) == {live: True}


def test_what_waits_is_tested_for_its_author_alone(house: House, proofs: Proofs, live: str) -> None:
    house.examples.add(MEL, live, OTHER, "will")
    assert OTHER in {one.text for one in proofs.test(MEL, live).cases}
    assert proofs.last(EVE, live) is None
    assert OTHER not in {one.text for one in proofs.test(EVE, live).cases}


def test_a_waiting_correction_is_tested_as_its_author_gets_it(house: House, proofs: Proofs) -> None:
    house.corrections.submit(EVE, question=QUESTION, answer="By appointment.")
    mine = house.corrections.submit(MEL, question=QUESTION, answer=AFTER).id
    for person in (MEL, EVE):
        first = proofs.test(person, mine).cases[0]
        assert (first.before.answer, first.is_right) == ("By appointment.", True)
    house.corrections.approve(EVE, mine)
    assert proofs.verified(EVE, [mine]) == {}


def test_what_cannot_be_tested(house: House, proofs: Proofs, live: str) -> None:
    style = house.corrections.submit(EVE, question="Is it free?", answer="Sure!", kind="style").id
    with pytest.raises(ExampleStyleError):
        proofs.test(EVE, style)
    waiting = house.corrections.submit(MEL, question="Is it free?", answer="Yes.").id
    with pytest.raises(NotFoundError):
        proofs.test(OLI, waiting)
    house.corrections.withdraw(EVE, live)
    with pytest.raises(CorrectionStateError):
        proofs.test(EVE, live)
