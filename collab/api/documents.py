"""`/v1/documents`: what answers are taken from."""

from datetime import datetime
from typing import TYPE_CHECKING

from fastapi import APIRouter, Response, UploadFile
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.api.errors import Problem, problem, stored_problem
from knowledge.errors import CollabError
from knowledge.naming import document_name
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState
from knowledge.unpacking import is_archive

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
    disabled: int = Field(description="how many of its passages are switched off")
    already_known: bool = Field(False, description="the same content was there already, perhaps under another name")
    replaces: bool = Field(False, description="a version before it stays until this one has been read")


class RefusedReply(BaseModel):
    """A file of an archive that was not taken, and why."""

    error: Problem


class ArchiveReply(BaseModel):
    """What became of each file of an archive, in its order."""

    data: list[DocumentReply | RefusedReply]


class DocumentList(BaseModel):
    """Those that reach the person, newest first."""

    data: list[DocumentReply]


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""

    @router.post("/documents", status_code=202)
    def upload(actor: Person, file: UploadFile, response: Response) -> DocumentReply | ArchiveReply:
        """Keeps the file and reads it behind; the same content again is recognised (200).

        A .zip becomes its files: the reply lists each.
        """
        name = file.filename or ""
        results = services.documents.add_all(actor, name, file.file.read())
        if len(results) == 1 and isinstance(results[0], CollabError):
            raise results[0]
        if all(isinstance(result, DocumentRecord) and result.already_known for result in results):
            response.status_code = 200
        if is_archive(document_name(name)):
            return ArchiveReply(data=[_result(result) for result in results])
        return _reply(next(result for result in results if isinstance(result, DocumentRecord)))

    @router.put("/documents/{document_id}", status_code=202)
    def replace(actor: Person, document_id: str, file: UploadFile, response: Response) -> DocumentReply:
        """Keeps the file as the next version of this document, whatever it is called; its type must be the same."""
        record = services.documents.replace(actor, document_id, file.filename or "", file.file.read())
        if record.already_known:
            response.status_code = 200
        return _reply(record)

    @router.get("/documents")
    def list_documents(actor: Person) -> DocumentList:
        """The documents that one's answers are taken from."""
        return DocumentList(data=[_reply(record) for record in services.documents.list(actor)])

    @router.delete("/documents/{document_id}", status_code=204)
    def remove(actor: Person, document_id: str) -> None:
        """Deletes one's own document, or, for experts and admins, one that is for everyone; in Knowledge it can be
        brought back for 30 days."""
        services.documents.remove(actor, document_id)


def _result(result: DocumentRecord | CollabError) -> DocumentReply | RefusedReply:
    return RefusedReply(error=problem(result)) if isinstance(result, CollabError) else _reply(result)


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
        disabled=record.disabled,
        already_known=record.already_known,
        replaces=record.replaces,
    )
