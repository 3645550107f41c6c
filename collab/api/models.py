"""`/v1/models`: the one model that this server offers, itself."""

from fastapi import APIRouter
from pydantic import BaseModel

from collab.errors import ModelUnknownError

MODEL = "collab"


class ModelReply(BaseModel):
    """A model as OpenAI's clients expect it."""

    id: str = MODEL
    object: str = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelList(BaseModel):
    """All models."""

    object: str = "list"
    data: list[ModelReply]


def add_routes(router: APIRouter) -> None:
    """Adds the resource."""

    @router.get("/models")
    def list_models() -> ModelList:
        """The models that can be asked."""
        return ModelList(data=[ModelReply()])

    @router.get("/models/{model}")
    def show_model(model: str) -> ModelReply:
        """One of them."""
        if model != MODEL:
            raise ModelUnknownError(model=model[:100])
        return ModelReply()
