"""`/v1/unaided-answers`: what the model says without memory and documents. For admins."""

from dataclasses import asdict
from typing import TYPE_CHECKING

from fastapi import APIRouter
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.api.fields import Body

if TYPE_CHECKING:
    from collab.services import Services


class UnaidedRequest(Body):
    """A question, up to 8,000 characters."""

    question: str


class UnaidedReply(BaseModel):
    """Nothing of it is kept."""

    question: str
    base: str = Field(description="what the model says as it came")
    adapter_id: str | None = Field(description="the version that is live; null for the model as it came")
    live: str | None = Field(description="what the model says with that version")


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""

    @router.post("/unaided-answers")
    def ask(actor: Person, body: UnaidedRequest) -> UnaidedReply:
        """Asks the model by itself, as it came and with the version that is live."""
        return UnaidedReply.model_validate(asdict(services.unaided.ask(actor, body.question)))
