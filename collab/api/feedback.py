"""`/v1/feedback`: a thumb on an answer."""

from typing import TYPE_CHECKING, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.api.fields import Body, Id
from collab.feedback.ratings import Reason, Thumb

if TYPE_CHECKING:
    from collab.services import Services


class FeedbackRequest(Body):
    """A rating of one's own turn; a later one replaces it."""

    turn_id: Id
    rating: Literal["up", "down"]
    reason: Literal["wrong_fact", "outdated", "not_relevant", "style", "unsafe"] | None = None
    comment: str | None = Field(None, description="up to 2,000 characters")


class FeedbackReply(BaseModel):
    """The rating as it is kept."""

    turn_id: str
    rating: Thumb
    reason: Reason | None
    comment: str | None


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""

    @router.post("/feedback", status_code=201)
    def rate(actor: Person, body: FeedbackRequest) -> FeedbackReply:
        """Rates an answer of one's own."""
        saved = services.ratings.rate(actor, body.turn_id, body.rating, body.reason, body.comment)
        return FeedbackReply(turn_id=saved.turn_id, rating=saved.rating, reason=saved.reason, comment=saved.comment)
