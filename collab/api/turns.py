"""The object `collab` beside every answer: how it came to be, in a form for programs."""

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field

from collab.dialogue.records import Decision, TurnRecord
from collab.people.access import Actor

if TYPE_CHECKING:
    from collab.feedback.corrections import Corrections


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
    answer: str | None = Field(description="null once these words are no longer for you to read")
    is_pending: bool


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
    adapter: str | None
    stopped: bool


def turn_reply(actor: Actor, turn: TurnRecord, corrections: "Corrections") -> TurnReply:
    """The turn, with the correction that answered it or is suggested beside it."""
    known = corrections.attributions(actor, [turn.correction_id or ""]).get(turn.correction_id or "")
    is_corrected = known is not None and turn.decision is Decision.CORRECTED
    suggestion = None
    if known is not None and turn.decision is Decision.SUGGESTED:
        suggestion = SuggestionReply(**{name: getattr(known, name) for name in SuggestionReply.model_fields})
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
        suggestion=suggestion,
        adapter=turn.adapter,
        stopped=turn.is_stopped,
    )
