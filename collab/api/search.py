"""`/v1/search`: the passages for a question, each with why it was found."""

from typing import TYPE_CHECKING, Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.dialogue.rehearsal import asked
from knowledge.evidence import Found

if TYPE_CHECKING:
    from collab.services import Services


class FoundReply(BaseModel):
    """A passage that was found."""

    passage_id: int
    document_id: str
    document: str
    heading: str
    page: int | None
    text: str
    score: float = Field(description="0 to 2: likeness in meaning plus likeness in words, each as a share of the best")
    dense: float | None = Field(description="cosine to the question")
    keyword: float | None = Field(description="BM25")
    why: str


class SearchReply(BaseModel):
    """The best passages first."""

    data: list[FoundReply]


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""

    @router.get("/search")
    def search(
        actor: Person,
        q: Annotated[str, Query(description="a question, up to 8,000 characters")],
        k: Annotated[int, Query(ge=1, le=50, description="how many passages")] = 5,
    ) -> SearchReply:
        """The passages that an answer would be taken from."""
        services.models.require_finding()
        found = services.documents.search(actor, asked(q), k)
        return SearchReply(data=[_reply(one) for one in found])


def _reply(found: Found) -> FoundReply:
    return FoundReply(
        passage_id=found.passage.id,
        document_id=found.passage.document_id,
        document=found.passage.document,
        heading=found.passage.heading,
        page=found.passage.page,
        text=found.passage.text,
        score=round(found.score, 4),
        dense=found.dense,
        keyword=found.keyword,
        why=found.why,
    )
