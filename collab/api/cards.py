"""`/v1/corrections/{id}` and `/v1/examples/{id}`: a correction with all around it, and what it is taught."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.api.corrections import CorrectionReply
from collab.api.corrections import reply as correction_reply
from collab.api.fields import Body, End, Id
from collab.feedback.cards import Card, Line
from collab.feedback.conflict_rows import About, Conflict
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.proofs import Basis, ProofRecord
from collab.feedback.tables import Choice, ExampleState, Origin, Side, State
from collab.learning.run_records import Learned
from knowledge.contradiction import Difference
from knowledge.scope import Decision, Reason

if TYPE_CHECKING:
    from collab.services import Services


class ExampleRequest(Body):
    """A question that the correction answers in these very words, or one that it must not answer."""

    text: str = Field(description="up to 16,000 characters, kept on one line")
    side: Literal["will", "will_not"]


class ValidityRequest(Body):
    """Until when the correction answers, a day to its end; null for always."""

    valid_until: End | None


class DecisionRequest(Body):
    """Why; the author reads it. An admin's own example needs it to be approved."""

    reason: str | None = None


class RefusalRequest(Body):
    """Why not; the author reads it."""

    reason: str


class ConflictRequest(Body):
    """What is decided about something that contradicts the correction: see its `choices`."""

    about: Literal["correction", "passage"]
    other_id: Id
    choice: Literal["keep", "replace", "retire"]


class ExampleReply(BaseModel):
    """An example as the asker may see it; a pending one holds for its author only."""

    id: str
    correction_id: str
    text: str
    side: Side
    origin: Origin
    state: ExampleState
    author: str
    reviewer: str | None
    review_reason: str | None
    created_at: datetime
    decided_at: datetime | None
    may_remove: bool
    may_decide: bool


class LineReply(BaseModel):
    """A question on one side; one without an example is made up, and stands where the correction's answer puts it."""

    text: str
    example: ExampleReply | None
    decision: Decision | None
    reasons: list[Reason]


class OutcomeReply(BaseModel):
    """What is decided on a question: a correction applies or is suggested, or none."""

    decision: Decision
    correction_id: str | None
    answer: str | None


class ProofCaseReply(BaseModel):
    """A question of a test, without the correction and with it."""

    text: str
    side: Side
    basis: Basis
    before: OutcomeReply
    after: OutcomeReply
    is_right: bool


class ProofReply(BaseModel):
    """A test. It holds while neither the correction nor what it was taught is changed."""

    is_verified: bool
    is_current: bool
    by: str
    at: datetime
    cases: list[ProofCaseReply]


class ContradictionReply(BaseModel):
    """What one says in the other's place."""

    what: Difference
    said: str
    other: str


class ConflictReply(BaseModel):
    """A correction or passage that contradicts this one; without a choice it is open."""

    about: About
    other_id: str
    title: str
    text: str
    author: str | None
    differs: list[ContradictionReply]
    choice: Choice | None
    choices: list[Choice]


class VersionReply(BaseModel):
    """One of those that stood in the same place."""

    id: str
    question: str
    answer: str
    author: str
    reviewer: str | None
    state: State
    created_at: datetime
    decided_at: datetime | None
    is_this: bool


class UsesReply(BaseModel):
    """How often it answered."""

    questions: int
    people: int


class CardReply(CorrectionReply):
    """A correction with what it will and will not answer, its proof, its conflicts, its versions and its uses."""

    is_expired: bool
    is_verified: bool
    will: list[LineReply]
    will_not: list[LineReply]
    proof: ProofReply | None
    conflicts: list[ConflictReply]
    versions: list[VersionReply]
    uses: UsesReply
    learned: Learned | None = Field(
        description="whether the model, as it was trained last, gets it right without memory; `forgotten` where an "
        "earlier version did. Null where it was not asked"
    )


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""
    _card_routes(router, services)
    _example_routes(router, services)

    @router.post("/corrections/{correction_id}/conflicts")
    def settle(actor: Person, correction_id: str, body: ConflictRequest) -> ConflictReply:
        """Keeps, replaces or retires what contradicts the correction."""
        return _conflict(services.conflicts.settle(actor, correction_id, body.about, body.other_id, body.choice))

    @router.delete("/corrections/{correction_id}/conflicts/{about}/{other_id}", status_code=204)
    def reopen(actor: Person, correction_id: str, about: str, other_id: str) -> None:
        """Takes that decision back."""
        services.conflicts.reopen(actor, correction_id, about, other_id)


def _card_routes(router: APIRouter, services: "Services") -> None:
    @router.get("/corrections/{correction_id}")
    def card(actor: Person, correction_id: str) -> CardReply:
        """A correction that one may see, or whose answer one gets, with all around it."""
        return _card(services.cards.get(actor, correction_id), services.adapters.learned([correction_id]))

    @router.patch("/corrections/{correction_id}")
    def date(actor: Person, correction_id: str, body: ValidityRequest) -> CorrectionReply:
        """Sets until when it answers. For its author, experts and admins."""
        return correction_reply(services.validity.set(actor, correction_id, body.valid_until))

    @router.post("/corrections/{correction_id}/test")
    def test(actor: Person, correction_id: str) -> ProofReply:
        """Tests it on its question, on what it was taught, and on made-up paraphrases and near misses."""
        return _proof(services.proofs.test(actor, correction_id))


def _example_routes(router: APIRouter, services: "Services") -> None:
    examples = services.examples

    @router.post("/corrections/{correction_id}/examples", status_code=201)
    def teach(actor: Person, correction_id: str, body: ExampleRequest) -> ExampleReply:
        """Teaches one question: for oneself at once, for everyone after review or from an expert."""
        return _example(examples.add(actor, correction_id, body.text, body.side))

    @router.delete("/corrections/{correction_id}/examples/{example_id}", status_code=204)
    def unteach(actor: Person, correction_id: str, example_id: str) -> None:
        """Takes an example away."""
        examples.remove(actor, example_id, correction_id)

    @router.post("/examples/{example_id}/approve")
    def approve(actor: Person, example_id: str, body: DecisionRequest | None = None) -> ExampleReply:
        """Makes a pending example hold for all whom its correction is for. For experts and admins."""
        return _example(examples.approve(actor, example_id, (body or DecisionRequest()).reason))

    @router.post("/examples/{example_id}/reject")
    def reject(actor: Person, example_id: str, body: RefusalRequest) -> ExampleReply:
        """Refuses a pending example. For experts and admins."""
        return _example(examples.reject(actor, example_id, body.reason))


def _card(card: Card, learned: Mapping[str, Learned]) -> CardReply:
    return CardReply(
        **correction_reply(card.correction).model_dump(),
        is_expired=card.is_expired,
        is_verified=card.is_verified,
        will=[_line(line) for line in card.will],
        will_not=[_line(line) for line in card.will_not],
        proof=_proof(card.proof) if card.proof else None,
        conflicts=[_conflict(one) for one in card.conflicts],
        versions=[VersionReply(**asdict(one)) for one in card.versions],
        uses=UsesReply(**asdict(card.uses)),
        learned=learned.get(card.correction.id),
    )


def _line(line: Line) -> LineReply:
    example = _example(line.example) if line.example else None
    return LineReply(text=line.text, example=example, decision=line.decision, reasons=list(line.reasons))


def _example(record: ExampleRecord) -> ExampleReply:
    return ExampleReply(**{name: getattr(record, name) for name in ExampleReply.model_fields})


def _proof(record: ProofRecord) -> ProofReply:
    return ProofReply.model_validate(asdict(record))


def _conflict(one: Conflict) -> ConflictReply:
    return ConflictReply.model_validate(asdict(one))
