"""Every method around the card takes the person and checks: each is called by each role, on what Mel wrote, that waits
or is live for everyone, and on what she taught it.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Considered, Decision, TurnRecord
from collab.feedback.cards import Cards
from collab.feedback.conflicts import Conflicts
from collab.feedback.curve import Curves
from collab.feedback.examples import Examples
from collab.feedback.proofs import Proofs
from collab.feedback.teaching import Teaching
from collab.feedback.validity import Validity
from collab.people.access import Actor
from collab.services import Services
from tests.collab.calling import assert_complete, found, outcome, rows, serving
from tests.collab.test_roles import ALL, CALLERS, HERS, MEL, REVIEW, SEEN

ADA, LATER = CALLERS["admin"], datetime(2100, 1, 1, tzinfo=UTC)
_number = itertools.count(1)


@dataclass(frozen=True)
class Taught:
    """Mel's live correction, what she taught it that waits, another one of hers that waits, and the passage for
    everyone that both contradict.
    """

    services: Services
    question: str
    live: str
    example: str
    pending: str
    passage: str

    @classmethod
    def made(cls, services: Services) -> "Taught":
        number = next(_number)
        question = f"What does ticket {number} cost?"
        document = services.library.add(f"{number}.md", f"Ticket {number} costs 9 euros.".encode(), "everyone").id
        (passage,) = services.documents.passages(MEL, document)
        live = services.corrections.submit(MEL, question=question, answer="It costs 10 euros.").id
        services.corrections.approve(ADA, live)
        example = services.examples.add(MEL, live, f"Price of {number}?", "will").id
        pending = services.corrections.submit(MEL, question=question, answer="It costs 11 euros.").id
        return cls(services, question, live, example, pending, str(passage.id))


Call = Callable[[Taught, Actor], object]
UNDONE = {"author": "ok", "member": "not_found", "expert": "example_state", "admin": "example_state"}
SETTLE = {"author": "conflict_choice", "member": "conflict_choice", "expert": "ok", "admin": "ok"}

TABLE: dict[tuple[type, str], list[tuple[Call, dict[str, str]]]] = {
    (Cards, "get"): [
        (lambda m, a: m.services.cards.get(a, m.live), ALL),
        (lambda m, a: m.services.cards.get(a, m.pending), SEEN),
    ],
    (Cards, "uses"): [
        (lambda m, a: found(m.services.cards.uses(a, [m.live])), ALL),
        (lambda m, a: found(m.services.cards.uses(a, [m.pending])), SEEN),
    ],
    (Cards, "versions"): [
        (lambda m, a: m.services.cards.versions(a, m.live), ALL),
        (lambda m, a: m.services.cards.versions(a, m.pending), SEEN),
    ],
    (Examples, "of"): [
        (lambda m, a: found(m.services.examples.of(a, m.live)), SEEN),
        (lambda m, a: m.services.examples.of(a, m.pending), SEEN),
    ],
    (Examples, "get"): [(lambda m, a: m.services.examples.get(a, m.example), SEEN)],
    (Examples, "add"): [
        (lambda m, a: m.services.examples.add(a, m.live, "And so?", "will_not"), ALL),
        (lambda m, a: m.services.examples.add(a, m.pending, "And so?", "will_not"), SEEN),
    ],
    (Examples, "add_all"): [
        (lambda m, a: m.services.examples.add_all(a, [m.live, m.pending], "And so?", "will_not"), SEEN)
    ],
    (Examples, "remove_all"): [
        (
            lambda m, a: m.services.examples.remove_all(a, [m.example]),
            {**HERS, "expert": "example_state", "admin": "example_state"},
        )
    ],
    (Examples, "remove"): [
        (
            lambda m, a: m.services.examples.remove(a, m.example),
            {**HERS, "expert": "example_state", "admin": "example_state"},
        ),
        (
            lambda m, a: _approved(m).examples.remove(a, m.example),
            {**REVIEW, **dict.fromkeys(("author", "member"), "example_state")},
        ),
    ],
    (Examples, "approve"): [(lambda m, a: m.services.examples.approve(a, m.example), REVIEW)],
    (Examples, "reject"): [(lambda m, a: m.services.examples.reject(a, m.example, "No."), REVIEW)],
    (Examples, "undo"): [
        (lambda m, a: _approved(m).examples.undo(a, m.example), {**REVIEW, "expert": "example_state"})
    ],
    (Proofs, "test"): [
        (lambda m, a: m.services.proofs.test(a, m.live), ALL),
        (lambda m, a: m.services.proofs.test(a, m.pending), SEEN),
    ],
    (Proofs, "last"): [(lambda m, a: m.services.proofs.last(a, m.pending), SEEN)],
    (Proofs, "verified"): [(lambda m, a: found(_tested(m).proofs.verified(a, [m.pending])), SEEN)],
    (Conflicts, "of"): [
        (lambda m, a: found(m.services.conflicts.of(a, m.live)), ALL),
        (lambda m, a: m.services.conflicts.of(a, m.pending), SEEN),
    ],
    (Conflicts, "settle"): [
        (lambda m, a: m.services.conflicts.settle(a, m.live, "passage", m.passage, "retire"), SETTLE),
        (lambda m, a: m.services.conflicts.settle(a, m.pending, "passage", m.passage, "retire"), SEEN),
    ],
    (Conflicts, "reopen"): [
        (lambda m, a: _retired(m).conflicts.reopen(a, m.live, "passage", m.passage), SETTLE),
    ],
    (Conflicts, "retired"): [
        (lambda m, a: found(_retired(m).conflicts.retired(a, m.question)), ALL),
        (lambda m, a: found(_retired(m, m.pending).conflicts.retired(a, m.question)), HERS),
    ],
    (Conflicts, "outdated"): [
        (lambda m, a: found(_retired(m).conflicts.outdated(a, {int(m.passage): "It costs 9 euros."}, [m.live])), ALL),
        (
            lambda m, a: found(
                _retired(m, m.pending).conflicts.outdated(a, {int(m.passage): "It costs 9 euros."}, [m.pending])
            ),
            HERS,
        ),
    ],
    (Teaching, "same"): [(lambda m, a: m.services.teaching.same(a, _turn(m, Decision.SUGGESTED)), HERS)],
    (Teaching, "different"): [(lambda m, a: m.services.teaching.different(a, _turn(m, Decision.SUGGESTED)), HERS)],
    (Teaching, "alternatives"): [(lambda m, a: found(m.services.teaching.alternatives(a, [_offering(m)])[""]), HERS)],
    (Teaching, "not_asked"): [(lambda m, a: m.services.teaching.not_asked(a, _turn(m, Decision.CORRECTED)), HERS)],
    (Teaching, "of"): [(lambda m, a: found(m.services.teaching.of(a, [_objected(m)])), HERS)],
    (Teaching, "undo"): [(lambda m, a: m.services.teaching.undo(a, _said(m)), UNDONE)],
    (Curves, "start"): [(lambda m, a: m.services.curves.start(a), REVIEW)],
    (Curves, "work"): [(lambda m, a: m.services.curves.work(a), REVIEW)],
    (Curves, "last"): [(lambda m, a: m.services.curves.last(a), REVIEW)],
    (Validity, "set"): [
        (lambda m, a: m.services.validity.set(a, m.live, LATER), {**ALL, "member": "not_allowed"}),
        (lambda m, a: m.services.validity.set(a, m.pending, LATER), SEEN),
    ],
}


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with serving(tmp_path_factory.mktemp("data"), CALLERS.values()) as services:
        yield services


@pytest.mark.parametrize(("call", "expected"), rows(TABLE))
def test_each_method_with_each_role(services: Services, call: Call, expected: dict[str, str]) -> None:
    outcomes = {caller: outcome(call, Taught.made(services), actor) for caller, actor in CALLERS.items()}
    assert outcomes == expected


def test_the_table_is_complete() -> None:
    assert_complete(TABLE, {(Curves, "stop")})


def _approved(taught: Taught) -> Services:
    taught.services.examples.approve(ADA, taught.example)
    return taught.services


def _tested(taught: Taught) -> Services:
    taught.services.proofs.test(MEL, taught.pending)
    return taught.services


def _turn(taught: Taught, decision: Decision) -> str:
    """A turn of Mel's in which her live correction was suggested, or answered."""
    question = f"And what is the price of ticket {next(_number)}?"
    turn = NewTurn(question, question, False, "en", "It costs 10 euros.", decision, 0.9, correction_id=taught.live)
    return taught.services.conversations.record(MEL, None, turn).id


def _objected(taught: Taught) -> TurnRecord:
    """A turn in which Mel has said that this is not what she asked."""
    turn = _turn(taught, Decision.CORRECTED)
    taught.services.teaching.not_asked(MEL, turn)
    return taught.services.conversations.turn(MEL, turn)


def _offering(taught: Taught) -> TurnRecord:
    """A turn beside whose suggestion the correction of Mel's that waits may be meant too."""
    turn = taught.services.conversations.turn(MEL, _turn(taught, Decision.SUGGESTED))
    return replace(turn, id="", considered=(Considered(taught.pending, 0.3, 0.0, (), is_offered=True),))


def _said(taught: Taught) -> str:
    (said,) = taught.services.teaching.different(MEL, _turn(taught, Decision.SUGGESTED))
    return said.id


def _retired(taught: Taught, correction: str = "") -> Services:
    by = MEL if correction else ADA
    taught.services.conflicts.settle(by, correction or taught.live, "passage", taught.passage, "retire")
    return taught.services
