"""`/v1/corrections`: a person's answer in place of the assistant's, and its review."""

from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from collab.api.auth import Person
from collab.api.fields import Body, End, Id
from collab.feedback.records import CorrectionRecord, LiveFor
from collab.feedback.tables import Kind, State

if TYPE_CHECKING:
    from collab.services import Services


class CorrectionRequest(Body):
    """An answer to one's own turn, or to a question; exactly one of them."""

    turn_id: Id | None = None
    question: str | None = Field(None, description="up to 8,000 characters")
    answer: str = Field(description="up to 20,000 characters")
    kind: Literal["fact", "style"] = Field("fact", description="`fact` answers from now on; `style` only teaches")
    valid_until: End | None = Field(None, description="until when it answers, a day to its end; null for always")


Revision = Annotated[int | None, Field(ge=1, description="the one that was read; another one there now is a 409")]


class ApproveRequest(Body):
    """Other words, if the reviewer changes them; an admin's own correction needs a reason."""

    revision: Revision = None
    question: str | None = None
    answer: str | None = None
    reason: str | None = None


class RejectRequest(Body):
    """Why not; the author reads it."""

    revision: Revision = None
    reason: str


class ReplacedReply(BaseModel):
    """A correction of another question that gives way."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    author: str
    question: str


class CorrectionReply(BaseModel):
    """A correction, and whom it answers now (null: nobody any more)."""

    id: str
    state: State
    live_for: LiveFor | None
    kind: Kind
    turn_id: str | None
    question: str
    answer: str
    before: str | None = Field(description="what the assistant had said")
    invisible_at: list[int] = Field(description="where something invisible was taken out of the author's answer")
    author: str
    original_question: str | None = Field(description="the author's words, where a reviewer changed them")
    original_answer: str | None
    reviewer: str | None
    review_reason: str | None
    created_at: datetime
    decided_at: datetime | None
    revision: int = Field(description="grows when the words, the state or what it was taught change")
    aliases: list[str] = Field(description="other questions that it answers in these words")
    replaces: list[ReplacedReply] = Field(
        description="whose place it takes because it corrects their answer: now if it is live, once it is approved else"
    )
    valid_until: datetime | None
    held: str | None = Field(description="`hub` where an expert's waits: its question is near a great many others")


class CorrectionList(BaseModel):
    """A member's own; for experts and admins everybody's. Newest first; what waits for review oldest first."""

    data: list[CorrectionReply]


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""
    corrections = services.corrections

    @router.post("/corrections", status_code=201)
    def submit(actor: Person, body: CorrectionRequest) -> CorrectionReply:
        """Answers in one's own words: live for its author at once, for everyone after review or from an expert. Where a
        correction has answered the turn, the new one takes its place and answers its questions, too.
        """
        made = corrections.submit(
            actor,
            turn_id=body.turn_id,
            question=body.question,
            answer=body.answer,
            kind=body.kind,
            valid_until=body.valid_until,
        )
        return reply(made)

    @router.get("/corrections")
    def list_corrections(
        actor: Person,
        state: State | None = None,
        mine: bool = False,
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> CorrectionList:
        """One's own corrections; for experts and admins also those of others."""
        found = corrections.list(actor, state=state, mine=mine, limit=limit)
        return CorrectionList(data=[reply(record) for record in found])

    _review_routes(router, services)


def _review_routes(router: APIRouter, services: "Services") -> None:
    corrections = services.corrections

    @router.post("/corrections/{correction_id}/approve")
    def approve(actor: Person, correction_id: str, body: ApproveRequest | None = None) -> CorrectionReply:
        """Makes a pending correction live for everyone, where it replaces the older one. For experts and admins."""
        words = body or ApproveRequest()
        done = corrections.approve(
            actor,
            correction_id,
            question=words.question,
            answer=words.answer,
            reason=words.reason,
            revision=words.revision,
        )
        return reply(done)

    @router.post("/corrections/{correction_id}/reject")
    def reject(actor: Person, correction_id: str, body: RejectRequest) -> CorrectionReply:
        """Refuses a pending correction. For experts and admins."""
        return reply(corrections.reject(actor, correction_id, body.reason, revision=body.revision))

    @router.post("/corrections/{correction_id}/withdraw")
    def withdraw(actor: Person, correction_id: str) -> CorrectionReply:
        """Takes back a correction of one's own, or, for experts and admins, of anybody."""
        return reply(corrections.withdraw(actor, correction_id))


def reply(record: CorrectionRecord) -> CorrectionReply:
    """A correction as it is sent."""
    return CorrectionReply(**{name: getattr(record, name) for name in CorrectionReply.model_fields})
