"""`/v1/feedback`: a thumb on an answer."""

from typing import TYPE_CHECKING, Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.api.fields import Body, Id
from collab.feedback.ratings import Reason, Thumb

if TYPE_CHECKING:
    from collab.services import Services


Passage = Annotated[int, Field(ge=1, le=2**63 - 1)]  # as far as the database counts


class FeedbackRequest(Body):
    """A rating of one's own turn; a later one replaces it."""

    turn_id: Id
    rating: Literal["up", "down"]
    reason: Literal["wrong_fact", "outdated", "not_relevant", "style", "unsafe"] | None = None
    comment: str | None = Field(None, description="up to 2,000 characters")
    passage_id: Passage | None = Field(
        None, description="`outdated`: which source of the turn; `not_relevant`: the passage that would have been right"
    )


class FeedbackReply(BaseModel):
    """The rating as it is kept."""

    turn_id: str
    rating: Thumb
    reason: Reason | None
    comment: str | None
    passage_id: int | None


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""

    @router.post("/feedback", status_code=201)
    def rate(actor: Person, body: FeedbackRequest) -> FeedbackReply:
        """Rates an answer of one's own."""
        saved = services.ratings.rate(
            actor, body.turn_id, body.rating, body.reason, body.comment, passage_id=body.passage_id
        )
        return FeedbackReply(**{name: getattr(saved, name) for name in FeedbackReply.model_fields})
