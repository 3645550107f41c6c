"""The library: documents and their passages as rows, with an index of vectors derived from them and kept in step.

It is given reaches and times, never people: whoever calls it has decided what may be done. A document is there whole or
not at all, and its bytes are kept, so that reading it can start again after a crash or with another embedder.
"""

import hashlib
import threading
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge import rows, tables
from knowledge.chunking import Chunk
from knowledge.database import Database, new_id
from knowledge.documents import MAX_BYTES, refuse_over
from knowledge.embedding import Embedder
from knowledge.errors import CollabError, DocumentPlaceTakenError, NotFoundError, ReadingDiesError
from knowledge.index import Hit, VectorIndex
from knowledge.preparing import Progress, Read, as_changed, embed, prepare, tried
from knowledge.records import PRESENT, DocumentRecord, PassageRecord, Vector, document_records, passage_records
from knowledge.tables import Document, DocumentState, IndexChange, Passage, StoredFile
from knowledge.text import Span

MAX_ID = 2**63 - 1  # what the database can count to
MAX_TRIES = 3  # to read a document, cut off by the end of the process
STALE_AT_ONCE = 64  # passages encoded again in one transaction

_PASSAGES = IndexChange.collection == tables.Collection.PASSAGES
FINDABLE = sa.and_(PRESENT, ~Passage.is_disabled)

Note = Callable[[Session, DocumentRecord], None]
"""Writes something of the caller's into the transaction that changes a document."""

Replaced = Callable[[Session, DocumentRecord, str], None]
"""The same for a document that goes because another version is in its place, whose id is given.

Where the next one has been read, the passages of both are there then.
"""


def _nothing(*told: object) -> None:
    """Whoever calls has nothing to note, and waits for no progress."""


class Library:
    """Documents in the database `database`, found by the vectors of `embedder`. Safe to share between threads.

    Other processes may write to the same database: `refresh` applies what they changed.
    """

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        clock: Callable[[], datetime],
        replaced: Replaced = _nothing,
    ) -> None:
        self.database = database
        self.embedder = embedder
        self.sequence = 0  # of the last change that the index has seen
        self._clock = clock
        self._replaced = replaced
        self._index = VectorIndex(embedder.dims)
        self._refreshing = threading.Lock()
        self._shares: dict[str, float] = {}  # document id -> how much of it this process has read

    # --- putting in ---------------------------------------------------------------------------------------------------

    def add(self, name: str, content: bytes, reach: str, progress: Progress = _nothing) -> DocumentRecord:
        """Stores and reads a file at once: `receive`, then `process`. A file that cannot be read comes back as failed.

        Raises FileTooLargeError, StorageError, and NotFoundError when it was removed or replaced meanwhile.
        """
        record = self.receive(name, content, reach)
        return self.process(record.id, progress) if record.state is DocumentState.READING else record

    def receive(self, name: str, content: bytes, reach: str, note: Note = _nothing) -> DocumentRecord:
        """Stores the bytes of a file, to be read by `process`; the version before it stays until then.

        What is there already within the reach is not stored again, nor noted: the record says `already_known`. It is
        there when the latest version of the name has the same content, or, for a new name, any document. Raises
        FileTooLargeError.
        """
        refuse_over(MAX_BYTES, name, len(content))
        sha256 = hashlib.sha256(content).hexdigest()
        with self.database.write() as session:
            if known := rows.known(session, name, sha256, reach):
                return replace(known, already_known=True)
            document_id = new_id()
            others = rows.versions(name, reach, but=document_id)
            unfinished = (*others, Document.state != DocumentState.READY)
            going = document_records(session, *unfinished)
            rows.drop(session, *unfinished)
            if session.scalar(sa.select(StoredFile.sha256).where(StoredFile.sha256 == sha256)) is None:
                session.add(StoredFile(sha256=sha256, content=content))
                session.flush()
            document = Document(
                id=document_id,
                name=name,
                reach=reach,
                sha256=sha256,
                size_bytes=len(content),
                state=DocumentState.READING,
                created_at=self._clock(),
            )
            session.add(document)
            session.flush()
            record = rows.document(session, document_id)
            note(session, record)
            self._note_replaced(session, going, document_id)
            return replace(record, replaces=bool(document_records(session, *others)))

    def process(self, document_id: str, progress: Progress = _nothing, *, is_again: bool = False) -> DocumentRecord:
        """Reads a received document: ready with all its passages in place of the version before it, or failed.

        `progress` is told the share done, 0 to 1. One that is not waiting to be read is left as it is; `is_again` says
        that the try before ended with a StorageError, and does not count. Raises StorageError, and NotFoundError when
        it was removed or replaced before it was read to the end.
        """
        with self.database.read() as session:
            record = rows.document(session, document_id)
        if record.state is not DocumentState.READING or (not is_again and self._gave_up(record)):
            return self._now(record)
        with self.database.read() as session:
            content = session.scalars(
                sa.select(StoredFile.content)
                .join(Document, Document.sha256 == StoredFile.sha256)
                .where(rows.is_document(document_id))
            ).one()

        def tell(share: float) -> None:
            self._shares[record.id] = share
            progress(share)

        try:
            read = tried(record.name, partial(prepare, record.name, content, self.embedder, tell))
        finally:
            self._shares.pop(record.id, None)
        while not self._publish(record, read):
            pass
        self.refresh()
        return self._now(record)

    def _now(self, record: DocumentRecord) -> DocumentRecord:
        with self.database.read() as session:
            return rows.document(session, record.id)

    def _gave_up(self, record: DocumentRecord) -> bool:
        """Counts the try; a document that the application ended upon too often is not read again, but failed."""
        with self.database.write() as session:
            rows.document(session, record.id)  # or it is gone
            if rows.begin(session, record.id) <= MAX_TRIES:
                return False
            rows.fail(session, record.id, ReadingDiesError(name=record.name, tries=MAX_TRIES))
            return True

    def _publish(self, record: DocumentRecord, read: Read) -> bool:
        """Puts the passages in place, or keeps why there are none; false where somebody has just changed the version
        before, so that it must be tried again with that.
        """
        with self.database.read() as session:
            changes = rows.changes(session, record)
        if not isinstance(read, CollabError):
            read = tried(record.name, partial(as_changed, read, changes, self.embedder))
        with self.database.write() as session:
            if rows.document(session, record.id).state is not DocumentState.READING:  # another process was quicker
                return True
            if isinstance(read, CollabError):
                rows.fail(session, record.id, read)
                return True
            if rows.changes(session, record) != changes:
                return False
            rows.add_passages(session, record, read, self.embedder.name)
            older = rows.versions(record.name, record.reach, but=record.id)
            self._note_replaced(session, document_records(session, *older), record.id)
            rows.publish(session, record)
            return True

    def _note_replaced(self, session: Session, older: Sequence[DocumentRecord], document_id: str) -> None:
        for record in older:
            self._replaced(session, record, document_id)

    def unread(self) -> tuple[str, ...]:
        """The ids of the documents that wait for `process`, the oldest first: also those that a crash interrupted."""
        with self.database.read() as session:
            waiting = document_records(session, Document.state == DocumentState.READING)
        return tuple(record.id for record in reversed(waiting))

    def reencode(self) -> None:
        """Encodes again what another embedder had encoded."""
        while self._encode_stale():
            pass

    def _encode_stale(self) -> bool:
        """Encodes some passages of another embedder again; whether there were any."""
        stale = Passage.embedder != self.embedder.name
        with self.database.read() as session:
            ids = session.scalars(sa.select(Passage.id).where(stale).order_by(Passage.id).limit(STALE_AT_ONCE)).all()
            reaches = session.scalars(sa.select(Document.reach).distinct()).all()
            passages = passage_records(session, ids, reaches, self.embedder.name, even_deleted=True)
        vectors = embed([_chunk(passage) for passage in passages], self.embedder, _nothing)
        with self.database.write() as session:
            for passage, made in zip(passages, vectors, strict=True):
                rows.replace_vectors(session, passage.id, made, self.embedder.name)
        return bool(ids)

    # --- taking out ---------------------------------------------------------------------------------------------------

    def remove(self, document_id: str, note: Note = _nothing) -> None:
        """Removes a document, its passages and its bytes, for good. Raises NotFoundError."""
        with self.database.write() as session:
            note(session, rows.document(session, document_id))
            rows.drop(session, rows.is_document(document_id))
        self.refresh()

    def delete(self, document_id: str, note: Note = _nothing) -> None:
        """Takes a document out of sight; it can be brought back until it is erased. Raises NotFoundError."""
        with self.database.write() as session:
            note(session, rows.document(session, document_id))
            rows.set_deleted(session, document_id, self._clock())
        self.refresh()

    def bring_back(self, document_id: str, note: Note = _nothing) -> DocumentRecord:
        """Undoes `delete`. Raises NotFoundError, and DocumentPlaceTakenError when there is another of its name."""
        with self.database.write() as session:
            record = rows.document(session, document_id, deleted=True)
            if document_records(session, *rows.versions(record.name, record.reach, but=document_id)):
                raise DocumentPlaceTakenError(name=record.name)
            rows.set_deleted(session, document_id, None)
            note(session, record)
            record = rows.document(session, document_id)
        self.refresh()
        return record

    def erase(self, deleted_before: datetime) -> None:
        """Removes for good what was deleted before this moment."""
        with self.database.write() as session:
            rows.drop(session, Document.deleted_at < deleted_before)

    # --- looking up ---------------------------------------------------------------------------------------------------

    def get(self, document_id: str, reaches: Collection[str]) -> DocumentRecord:
        """One document within the reaches. Raises NotFoundError."""
        with self.database.read() as session:
            return rows.document(session, document_id, Document.reach.in_(list(reaches)))

    def passage(self, passage_id: int, reaches: Collection[str]) -> PassageRecord:
        """One passage within the reaches. Raises NotFoundError, also when its document has a new version."""
        if 0 < passage_id <= MAX_ID:
            with self.database.read() as session:
                for record in passage_records(session, [passage_id], reaches, self.embedder.name):
                    return record
        raise NotFoundError(what="passage")

    def passages(self, document_id: str, reaches: Collection[str]) -> tuple[PassageRecord, ...]:
        """All passages of a document within the reaches, in its order; none when there is no such document."""
        query = sa.select(Passage.id).where(Passage.document_id == document_id).order_by(Passage.position)
        with self.database.read() as session:
            ids = session.scalars(query).all()
            return tuple(passage_records(session, ids, reaches, self.embedder.name))

    def nearest(self, vector: Vector, k: int, reaches: Collection[str]) -> list[Hit]:
        """The `k` passages within the reaches whose meaning is nearest, best first; the score is the cosine."""
        self.refresh()
        return self._index.search(vector, k, reaches)

    def refresh(self) -> None:
        """Applies the changes that the index has not seen, whoever made them; the first time, all of them."""
        with self._refreshing, self.database.read() as session:
            newest = sa.select(IndexChange.seq).where(_PASSAGES).order_by(IndexChange.seq.desc()).limit(1)
            last = session.scalar(newest) or 0
            if last == self.sequence:
                return
            unseen = sa.select(IndexChange.item_id).where(_PASSAGES, IndexChange.seq > self.sequence)
            found = session.execute(
                sa.select(Passage.id, Document.reach, Passage.vector)
                .join(Document, Passage.document_id == Document.id)
                .where(Passage.id.in_(unseen), Passage.embedder == self.embedder.name, FINDABLE)
                .order_by(Passage.id)
            )
            stored = [(id, reach, vector) for id, reach, vector in found if vector]
            self._index.change(session.scalars(unseen.distinct()).all(), stored)
            self.sequence = last

    def list(self, reaches: Collection[str], *, deleted: bool = False) -> tuple[DocumentRecord, ...]:
        """The documents within the reaches, newest first, with how far reading them is; or those that are deleted."""
        with self.database.read() as session:
            records = document_records(session, Document.reach.in_(list(reaches)), deleted=deleted)
        return tuple(replace(record, share_read=self._shares.get(record.id)) for record in records)


def _chunk(passage: PassageRecord) -> Chunk:
    spans = tuple(Span(sentence.start, sentence.end) for sentence in passage.sentences)
    return Chunk(text=passage.text, heading=passage.heading, page=passage.page, sentences=spans)
