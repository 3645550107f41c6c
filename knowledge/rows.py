"""The rows of a document: written and deleted in the transaction of whoever calls, which holds up every other writer.

So nothing here is worked out: what is slow was done before (`preparing`). It knows no embedder and no index.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge import keywords
from knowledge.errors import CollabError, NotFoundError
from knowledge.preparing import Prepared, Vectors
from knowledge.records import DocumentRecord, document_records
from knowledge.tables import Collection, Document, DocumentState, IndexChange, Passage, Sentence, StoredFile


def is_document(document_id: str) -> sa.ColumnElement[bool]:
    """The condition for one document."""
    return Document.id == document_id


def document(session: Session, document_id: str, *which: sa.ColumnElement[bool]) -> DocumentRecord:
    """One document for which all of `which` hold. Raises NotFoundError."""
    for record in document_records(session, is_document(document_id), *which):
        return record
    raise NotFoundError(what="document")


def fail(session: Session, document_id: str, error: CollabError) -> None:
    """Keeps why a document could not be read."""
    reason = {"state": DocumentState.FAILED, "error_code": error.code, "error_params": error.params}
    session.execute(sa.update(Document).where(is_document(document_id)).values(reason))


def publish(session: Session, record: DocumentRecord, prepared: Sequence[Prepared], embedder: str) -> None:
    """Puts the passages of a document in place of those of the version before it."""
    drop(session, Document.name == record.name, Document.reach == record.reach, Document.id != record.id)
    session.execute(sa.update(Document).where(is_document(record.id)).values(state=DocumentState.READY))
    if not prepared:
        return
    passages = [
        {
            "document_id": record.id,
            "position": position,
            "heading": piece.chunk.heading,
            "page": piece.chunk.page,
            "words": len(piece.words),
            "text": piece.chunk.text,
            "embedder": embedder,
            "vector": piece.vectors.passage,
        }
        for position, piece in enumerate(prepared)
    ]
    connection = session.connection()  # past the session, which would go through the rows once more
    connection.execute(sa.insert(Passage), passages)
    ordered = sa.select(Passage.id).where(Passage.document_id == record.id).order_by(Passage.position)
    ids = session.scalars(ordered).all()
    sentences = [
        {"passage_id": id, "start": span.start, "end": span.end, "vector": vector}
        for id, piece in zip(ids, prepared, strict=True)
        for span, vector in zip(piece.chunk.sentences, piece.vectors.sentences, strict=True)
    ]
    connection.execute(sa.insert(Sentence), sentences)
    keywords.add(session, zip(ids, (piece.words for piece in prepared), strict=True))
    _note(session, ids, added=True)


def drop(session: Session, *which: sa.ColumnElement[bool]) -> None:
    """Deletes documents with everything derived from them, and bytes that no other document has."""
    ids = session.scalars(sa.select(Passage.id).join(Document, Passage.document_id == Document.id).where(*which)).all()
    keywords.remove(session, ids)
    _note(session, ids, added=False)
    files = session.scalars(sa.select(Document.sha256).where(*which)).all()
    session.execute(sa.delete(Document).where(*which))
    unused = StoredFile.sha256.not_in(sa.select(Document.sha256))
    session.execute(sa.delete(StoredFile).where(StoredFile.sha256.in_(files), unused))


def replace_vectors(session: Session, passage_id: int, vectors: Vectors, embedder: str) -> None:
    """Gives a passage and its sentences the vectors of another embedder."""
    made = {"embedder": embedder, "vector": vectors.passage}
    session.execute(sa.update(Passage).where(Passage.id == passage_id).values(made))
    sentences = session.scalars(sa.select(Sentence).where(Sentence.passage_id == passage_id).order_by(Sentence.id))
    for sentence, vector in zip(sentences, vectors.sentences, strict=False):  # none are left when it was removed
        sentence.vector = vector
    _note(session, [passage_id], added=True)


def _note(session: Session, passage_ids: Sequence[int], *, added: bool) -> None:
    if changes := [{"collection": Collection.PASSAGES, "item_id": id, "added": added} for id in passage_ids]:
        session.connection().execute(sa.insert(IndexChange), changes)
