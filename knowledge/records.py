"""What the library tells about its rows: frozen, without a session, and fit to be handed to anybody.

Which rows to tell about is the library's business.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from knowledge.tables import Document, DocumentState, Passage, Sentence

Vector: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """One version of an uploaded file. `error_code` and `error_params` say why it failed, as in the error tree.

    `share_read` is how much of it has been read, 0 to 1, while this process reads it; `disabled` of its passages are
    not found; `replaces` says, where it was just received, that a version before it is ready and stays until then.
    """

    id: str
    name: str
    reach: str
    state: DocumentState
    size_bytes: int
    passages: int
    error_code: str | None
    error_params: dict[str, Any]
    created_at: datetime
    already_known: bool = False
    share_read: float | None = None
    disabled: int = 0
    deleted_at: datetime | None = None
    replaces: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class SentenceRecord:
    """Characters `start` to `end` of a passage's text; the vector is absent where the embedder cannot read them."""

    start: int
    end: int
    vector: Vector | None


@dataclass(frozen=True, slots=True, eq=False)
class PassageRecord:
    """A piece of a document with its place in it; `document` is the name of the file.

    One that `is_disabled` is not found; `original_text` is how it was read, where a person corrected it.
    """

    id: int
    document_id: str
    document: str
    reach: str
    heading: str
    page: int | None
    text: str
    sentences: tuple[SentenceRecord, ...]
    is_disabled: bool = False
    original_text: str | None = None


PRESENT = Document.deleted_at.is_(None)
"""The condition for documents that are not deleted."""


def document_records(session: Session, *which: sa.ColumnElement[bool], deleted: bool = False) -> list[DocumentRecord]:
    """The documents for which all of `which` hold, newest first; either those that are deleted, or the others."""
    within = sa.select(sa.func.count()).where(Passage.document_id == Document.id)
    count, disabled = within.scalar_subquery(), within.where(Passage.is_disabled).scalar_subquery()
    query = sa.select(Document, count, disabled).where(*which, ~PRESENT if deleted else PRESENT)
    order = (Document.created_at.desc(), Document.name)
    return [
        DocumentRecord(
            id=document.id,
            name=document.name,
            reach=document.reach,
            state=DocumentState(document.state),
            size_bytes=document.size_bytes,
            passages=passages,
            error_code=document.error_code,
            error_params=document.error_params or {},
            created_at=document.created_at,
            disabled=disabled,
            deleted_at=document.deleted_at,
        )
        for document, passages, disabled in session.execute(query.order_by(*order))
    ]


def passage_records(
    session: Session, ids: Sequence[int], reaches: Iterable[str], embedder: str, *, even_deleted: bool = False
) -> list[PassageRecord]:
    """The passages with these ids within the reaches, in that order; vectors of another embedder are left out, and so
    are passages of documents that are deleted, unless they are asked for too.
    """
    within = sa.select(Passage, Document).join(Document, Passage.document_id == Document.id)
    which = [Passage.id.in_(ids), Document.reach.in_(list(reaches))]
    rows = session.execute(within.where(*which) if even_deleted else within.where(*which, PRESENT)).all()
    comparable = {passage.id for passage, _ in rows if passage.embedder == embedder}
    sentences: dict[int, list[SentenceRecord]] = {passage.id: [] for passage, _ in rows}
    for row in session.scalars(sa.select(Sentence).where(Sentence.passage_id.in_(sentences)).order_by(Sentence.id)):
        vector = row.vector if row.passage_id in comparable else None
        sentences[row.passage_id].append(SentenceRecord(row.start, row.end, vector_of(vector)))
    records = [
        PassageRecord(
            id=passage.id,
            document_id=passage.document_id,
            document=document.name,
            reach=document.reach,
            heading=passage.heading,
            page=passage.page,
            text=passage.text,
            sentences=tuple(sentences[passage.id]),
            is_disabled=passage.is_disabled,
            original_text=passage.original_text,
        )
        for passage, document in rows
    ]
    place = {id: number for number, id in enumerate(ids)}
    return sorted(records, key=lambda record: place[record.id])


def vector_of(stored: bytes | None) -> Vector | None:
    """A stored vector  # (dims,)."""
    return None if stored is None else np.frombuffer(stored, dtype="<f4")
