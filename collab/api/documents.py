"""`/v1/documents`: what answers are taken from."""

from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response, UploadFile
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.api.errors import Problem, stored_problem
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState

if TYPE_CHECKING:
    from collab.services import Services


class DocumentReply(BaseModel):
    """A document: `reading` until its passages can be found, then `ready`, or `failed` with the error."""

    id: str
    name: str
    state: DocumentState
    passages: int
    error: Problem | None
    reach: str = Field(description="`everyone`, or one person's own")
    size_bytes: int
    created_at: datetime


class DocumentList(BaseModel):
    """Those that reach the person, newest first."""

    data: list[DocumentReply]


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""

    @router.post("/documents", status_code=202)
    def upload(actor: Person, file: UploadFile, response: Response) -> DocumentReply:
        """Keeps the file and reads it behind; the same content again is recognised (200)."""
        record = services.documents.add(actor, file.filename or "", file.file.read())
        if record.already_known:
            response.status_code = 200
        return _reply(record)

    @router.get("/documents")
    def list_documents(actor: Person) -> DocumentList:
        """The documents that one's answers are taken from."""
        return DocumentList(data=[_reply(record) for record in services.documents.list(actor)])

    @router.delete("/documents/{document_id}", status_code=204)
    def remove(actor: Person, document_id: str) -> None:
        """Removes one's own document, or, for experts and admins, one that is for everyone."""
        services.documents.remove(actor, document_id)


def _reply(record: DocumentRecord) -> DocumentReply:
    return DocumentReply(
        id=record.id,
        name=record.name,
        state=record.state,
        passages=record.passages,
        error=stored_problem(record.error_code, record.error_params) if record.error_code else None,
        reach=record.reach,
        size_bytes=record.size_bytes,
        created_at=record.created_at,
    )
