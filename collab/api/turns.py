"""The object `collab` beside every answer: how it came to be, in a form for programs."""

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from collab.dialogue.offering import offer_of
from collab.dialogue.records import CorrectedBy, Decision, TurnRecord
from collab.people.access import Actor

if TYPE_CHECKING:
    from collab.services import Services


class SourceReply(BaseModel):
    """A passage that the answer cites as `[n]`."""

    n: int
    document: str
    document_id: str
    passage_id: int
    heading: str
    page: int | None
    quote: str


class SuggestionReply(BaseModel):
    """A similar question was answered by a person; is it the one that was meant?"""

    correction_id: str
    author: str
    date: datetime
    question: str | None = Field(description="what it answers; null once it is no longer for you to read")
    answer: str | None = Field(description="null once these words are no longer for you to read")
    is_pending: bool


class OfferReply(BaseModel):
    """You said what is right: it can be saved as a correction of an earlier turn, with POST /v1/corrections."""

    turn_id: str
    answer: str


class TurnReply(BaseModel):
    """How a turn was answered."""

    turn_id: str
    conversation_id: str
    decision: Decision
    confidence: float = Field(ge=0, le=1)
    sources: list[SourceReply]
    corrected_by: str | None = Field(description="whose words the answer is")
    corrected_at: datetime | None
    correction_id: str | None
    suggestion: SuggestionReply | None
    alternatives: list[SuggestionReply] = Field(description="what else it may be, at most two, the likest first")
    adapter: str | None
    stopped: bool
    offer: OfferReply | None


def turn_reply(actor: Actor, turn: TurnRecord, services: "Services") -> TurnReply:
    """The turn, with the correction that answered it or those suggested beside it, and what it offers to save."""
    known = services.corrections.attributions(actor, [turn.correction_id or ""]).get(turn.correction_id or "")
    is_corrected = known is not None and turn.decision is Decision.CORRECTED
    is_suggested = known is not None and turn.decision is Decision.SUGGESTED
    alternatives = services.teaching.alternatives(actor, [turn]).get(turn.id, ())
    offer = offer_of(services.conversations, actor, turn)
    return TurnReply(
        turn_id=turn.id,
        conversation_id=turn.conversation_id,
        decision=turn.decision,
        confidence=round(turn.confidence, 4),
        sources=[
            SourceReply(**{name: getattr(source, name) for name in SourceReply.model_fields}) for source in turn.sources
        ],
        corrected_by=known.author if known and is_corrected else None,
        corrected_at=known.date if known and is_corrected else None,
        correction_id=turn.correction_id,
        suggestion=_suggestion(known) if known and is_suggested else None,
        alternatives=[_suggestion(one) for one in alternatives],
        adapter=turn.adapter,
        stopped=turn.is_stopped,
        offer=OfferReply(turn_id=offer.turn_id, answer=offer.answer) if offer else None,
    )


def _suggestion(known: CorrectedBy) -> SuggestionReply:
    return SuggestionReply(**{name: getattr(known, name) for name in SuggestionReply.model_fields})
