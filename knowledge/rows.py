"""The rows of a document: written and deleted in the transaction of whoever calls, which holds up every other writer.

So nothing here is worked out: what is slow was done before (`preparing`). It knows no embedder and no index.
"""

from collections.abc import Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge import keywords
from knowledge.errors import CollabError, NotFoundError
from knowledge.preparing import Change, Place, Prepared, Vectors
from knowledge.records import PRESENT, DocumentRecord, document_records
from knowledge.tables import Collection, Document, DocumentState, IndexChange, Passage, Sentence, StoredFile


def is_document(document_id: str) -> sa.ColumnElement[bool]:
    """The condition for one document."""
    return Document.id == document_id


def document(
    session: Session, document_id: str, *which: sa.ColumnElement[bool], deleted: bool = False
) -> DocumentRecord:
    """One document for which all of `which` hold, or a deleted one. Raises NotFoundError."""
    for record in document_records(session, is_document(document_id), *which, deleted=deleted):
        return record
    raise NotFoundError(what="document")


def known(session: Session, name: str, sha256: str, reach: str) -> DocumentRecord | None:
    """The document that holds this content under this name, or, where the name is new, under another.

    Of the versions of a name, one that is being read is later than the one that is ready.
    """
    here = (Document.reach == reach, Document.state != DocumentState.FAILED)
    versions = document_records(session, *here, Document.name == name)
    latest = min(versions, key=lambda version: version.state is DocumentState.READY, default=None)
    same = document_records(session, *here, Document.sha256 == sha256)
    return next((record for record in same if latest in (None, record)), None)


def versions(name: str, reach: str, *, but: str) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions for the other documents of a name within a reach; a deleted one is none of them."""
    return (Document.name == name, Document.reach == reach, Document.id != but, PRESENT)


def changes(session: Session, record: DocumentRecord) -> dict[Place, Change]:
    """What people changed in the version before this one, with the passages of the same text that nobody changed."""
    was_read = sa.func.coalesce(Passage.original_text, Passage.text)
    is_changed = sa.or_(Passage.is_disabled, Passage.original_text.is_not(None))
    before = versions(record.name, record.reach, but=record.id)
    changed = sa.select(was_read).join(Document).where(*before, is_changed).correlate(None)
    query = (
        sa.select(Passage.heading, was_read, Passage.text, Passage.is_disabled)
        .join(Document)
        .where(*before, was_read.in_(changed))
        .order_by(is_changed)  # of two in the same place the changed one counts
    )
    return {(heading, read): Change(text, is_disabled) for heading, read, text, is_disabled in session.execute(query)}


def begin(session: Session, document_id: str) -> int:
    """Counts that reading a document begins; returns how often it did."""
    counted = sa.update(Document).where(is_document(document_id)).values(tries=Document.tries + 1)
    return session.scalars(counted.returning(Document.tries)).one()


def fail(session: Session, document_id: str, error: CollabError) -> None:
    """Keeps why a document could not be read."""
    reason = {"state": DocumentState.FAILED, "error_code": error.code, "error_params": error.params}
    session.execute(sa.update(Document).where(is_document(document_id)).values(reason))


def publish(session: Session, record: DocumentRecord) -> None:
    """Makes a document with its passages ready, in place of the version before it."""
    drop(session, *versions(record.name, record.reach, but=record.id))
    session.execute(sa.update(Document).where(is_document(record.id)).values(state=DocumentState.READY))


def add_passages(session: Session, record: DocumentRecord, prepared: Sequence[Prepared], embedder: str) -> None:
    """Writes the passages of a document that has none."""
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
            "is_disabled": piece.is_disabled,
            "original_text": piece.original_text,
        }
        for position, piece in enumerate(prepared)
    ]
    connection = session.connection()  # past the session, which would go through the rows once more
    connection.execute(sa.insert(Passage), passages)
    ordered = sa.select(Passage.id).where(Passage.document_id == record.id).order_by(Passage.position)
    ids = session.scalars(ordered).all()
    _add_sentences(session, ids, prepared)
    _note(session, ids, added=True)


def _add_sentences(session: Session, ids: Sequence[int], prepared: Sequence[Prepared]) -> None:
    """The sentences of passages, and the words by which the passages are found."""
    sentences = [
        {"passage_id": id, "start": span.start, "end": span.end, "vector": vector}
        for id, piece in zip(ids, prepared, strict=True)
        for span, vector in zip(piece.chunk.sentences, piece.vectors.sentences, strict=True)
    ]
    session.connection().execute(sa.insert(Sentence), sentences)
    keywords.add(session, zip(ids, (piece.words for piece in prepared), strict=True))


def drop(session: Session, *which: sa.ColumnElement[bool]) -> None:
    """Deletes documents with everything derived from them, and bytes that no other document has."""
    ids = session.scalars(sa.select(Passage.id).join(Document, Passage.document_id == Document.id).where(*which)).all()
    keywords.remove(session, ids)
    _note(session, ids, added=False)
    files = session.scalars(sa.select(Document.sha256).where(*which)).all()
    session.execute(sa.delete(Document).where(*which))
    unused = StoredFile.sha256.not_in(sa.select(Document.sha256))
    session.execute(sa.delete(StoredFile).where(StoredFile.sha256.in_(files), unused))


def set_deleted(session: Session, document_id: str, at: datetime | None) -> None:
    """Takes a document out of everybody's sight, or brings it back: then `at` is None."""
    session.execute(sa.update(Document).where(is_document(document_id)).values(deleted_at=at))
    ids = session.scalars(sa.select(Passage.id).where(Passage.document_id == document_id)).all()
    _note(session, ids, added=at is None)


def set_disabled(session: Session, passage_id: int, is_disabled: bool) -> None:
    """Lets a passage be found, or not."""
    session.execute(sa.update(Passage).where(Passage.id == passage_id).values(is_disabled=is_disabled))
    _note(session, [passage_id], added=not is_disabled)


def rewrite(session: Session, passage_id: int, prepared: Prepared, embedder: str) -> None:
    """Gives a passage another text, with all by which it is found."""
    made = {
        "text": prepared.chunk.text,
        "original_text": prepared.original_text,
        "words": len(prepared.words),
        "embedder": embedder,
        "vector": prepared.vectors.passage,
    }
    session.execute(sa.update(Passage).where(Passage.id == passage_id).values(made))
    session.execute(sa.delete(Sentence).where(Sentence.passage_id == passage_id))
    keywords.remove(session, [passage_id])
    _add_sentences(session, [passage_id], [prepared])
    _note(session, [passage_id], added=True)


def replace_vectors(session: Session, passage_id: int, vectors: Vectors, embedder: str) -> None:
    """Gives a passage and its sentences the vectors of another embedder, unless it has some of it by now: then it was
    given another text meanwhile. Nor does one that was removed get any.
    """
    made = {"embedder": embedder, "vector": vectors.passage}
    is_stale = sa.and_(Passage.id == passage_id, Passage.embedder != embedder)
    if session.scalar(sa.update(Passage).where(is_stale).values(made).returning(Passage.id)) is None:
        return
    sentences = session.scalars(sa.select(Sentence).where(Sentence.passage_id == passage_id).order_by(Sentence.id))
    for sentence, vector in zip(sentences, vectors.sentences, strict=True):
        sentence.vector = vector
    _note(session, [passage_id], added=True)


def _note(session: Session, passage_ids: Sequence[int], *, added: bool) -> None:
    if changes := [{"collection": Collection.PASSAGES, "item_id": id, "added": added} for id in passage_ids]:
        session.connection().execute(sa.insert(IndexChange), changes)
