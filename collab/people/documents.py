"""Documents as a person may see and change them: whom an upload reaches, who may remove it. It reads no file itself."""

from collections.abc import Callable, Collection, Iterator
from datetime import timedelta
from functools import partial
from pathlib import PurePath

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role, personal, reaches_of, require
from collab.people.tables import DocumentAuthor, Person
from knowledge.database import Clock
from knowledge.documents import MB, refuse_over, refuse_unsupported
from knowledge.errors import CollabError, DocumentError, NotFoundError, ReplacementTypeError
from knowledge.evidence import Found
from knowledge.library import Library, Note, Replaced
from knowledge.naming import document_name
from knowledge.originals import originals, stream
from knowledge.preparing import Progress
from knowledge.records import DocumentRecord, PassageRecord
from knowledge.retrieval import Retriever
from knowledge.tables import DocumentState
from knowledge.unpacking import File, expand

KEPT_DELETED = timedelta(days=30)  # so long a deleted document can be brought back


class Documents:
    """The library, for people. What an expert or admin uploads reaches everyone, what a member uploads its owner."""

    def __init__(
        self,
        library: Library,
        retriever: Retriever,
        read_in_background: Callable[[str], None],
        clock: Clock,
        upload_mb: int,
    ) -> None:
        self._library = library
        self._retriever = retriever
        self._read_in_background = read_in_background
        self._clock = clock
        self._upload_mb = upload_mb

    # --- changing -----------------------------------------------------------------------------------------------------

    def add(self, actor: Actor, name: str, content: bytes) -> DocumentRecord:
        """Keeps a file at once and reads it behind; the same content again is recognised.

        Raises FileTooLargeError, and UnsupportedTypeError for what is no document by its name.
        """
        reach = EVERYONE if actor.role.includes(Role.EXPERT) else personal(actor)
        return self._read_behind(self._receive(actor, name, content, reach))

    def add_all(self, actor: Actor, name: str, content: bytes) -> list[DocumentRecord | CollabError]:
        """The same for a file that may be an archive, whose files become documents, each with a record of its own.

        What cannot be taken is among the results as the error that says why, and the others are kept.
        """
        results: list[DocumentRecord | CollabError] = []
        try:
            for file in expand(name, content):
                results.append(file if isinstance(file, DocumentError) else self._added(actor, file))
        except CollabError as error:  # of the archive as a whole, or of the storage: nothing more can be kept
            results.append(error)
        return results

    def add_for_everyone(self, name: str, content: bytes, progress: Progress) -> DocumentRecord:
        """The same for the operator of this machine, who needs no account, and read before it returns.

        Raises FileTooLargeError, UnsupportedTypeError, and NotFoundError when it was removed or replaced meanwhile.
        """
        record = self._receive(None, name, content, EVERYONE)
        return self._library.process(record.id, progress) if record.state is DocumentState.READING else record

    def add_all_for_everyone(
        self, name: str, content: bytes, progress: Callable[[str, float], None]
    ) -> Iterator[DocumentRecord | CollabError]:
        """The same for a file that may be an archive, one result after the other; `progress` is told the name too."""
        try:
            for file in expand(name, content):
                try:
                    yield (
                        file
                        if isinstance(file, DocumentError)
                        else self.add_for_everyone(file.name, file.content, partial(progress, file.name))
                    )
                except (DocumentError, NotFoundError) as error:
                    yield error
        except CollabError as error:  # of the archive as a whole, or of the storage: nothing more can be kept
            yield error

    def replace(self, actor: Actor, document_id: str, name: str, content: bytes) -> DocumentRecord:
        """Keeps a file as the next version of a document, whose name and reach it gets, whatever it is called.

        Who may remove the document may replace it. Raises NotFoundError, NotAllowedError, ReplacementTypeError for a
        file of another type, and FileTooLargeError.
        """
        record = self._changeable(actor, document_id)
        name, extension = document_name(name), PurePath(record.name).suffix
        if PurePath(name).suffix.lower() != extension.lower():
            raise ReplacementTypeError(file=name, name=record.name, extension=extension)
        return self._read_behind(self._receive(actor, record.name, content, record.reach))

    def remove(self, actor: Actor, document_id: str) -> None:
        """Deletes one's own, or, for experts and admins, one that is for everyone; for KEPT_DELETED it can come back.

        Raises NotFoundError and NotAllowedError.
        """
        record = self._changeable(actor, document_id)
        self._library.delete(record.id, self._audit(actor, "document_removed"))
        self.erase_old()

    def bring_back(self, actor: Actor, document_id: str) -> DocumentRecord:
        """Undoes `remove`, for whoever may remove it. Raises NotFoundError and DocumentPlaceTakenError."""
        record = next((gone for gone in self.deleted(actor) if gone.id == document_id), None)
        if record is None:
            raise NotFoundError(what="document")
        return self._read_behind(self._library.bring_back(record.id, self._audit(actor, "document_brought_back")))

    def erase_old(self) -> None:
        """Removes for good what was deleted too long ago to come back."""
        self._library.erase(self._clock() - KEPT_DELETED)

    # --- reading ------------------------------------------------------------------------------------------------------

    def get(self, actor: Actor, document_id: str) -> DocumentRecord:
        """One that reaches the person. Raises NotFoundError."""
        return self._library.get(document_id, reaches_of(actor))

    def passages(self, actor: Actor, document_id: str) -> tuple[PassageRecord, ...]:
        """All passages of one that reaches the person, in its order. Raises NotFoundError."""
        return self._library.passages(self.get(actor, document_id).id, reaches_of(actor))

    def passage(self, actor: Actor, passage_id: int) -> PassageRecord:
        """One passage that reaches the person. Raises NotFoundError, also when its document has a new version."""
        return self._library.passage(passage_id, reaches_of(actor))

    def search(self, actor: Actor, question: str, k: int) -> list[Found]:
        """The `k` passages that reach the person and fit a question best, best first."""
        return self._retriever.find(question, reaches_of(actor), k)

    def list(self, actor: Actor) -> tuple[DocumentRecord, ...]:
        """Those that reach the person, newest first. What others could not upload is of no use to a member."""
        documents = self._library.list(reaches_of(actor))
        return tuple(one for one in documents if may_change(actor, one) or one.state is not DocumentState.FAILED)

    def deleted(self, actor: Actor) -> tuple[DocumentRecord, ...]:
        """Those that the person may bring back, newest first."""
        gone = self._library.list(reaches_of(actor), deleted=True)
        return tuple(one for one in gone if may_change(actor, one))

    def authors(self, document_ids: Collection[str]) -> dict[str, str]:
        """By document, the name of who added it; nobody for what the operator of the machine added."""
        query = sa.select(DocumentAuthor.document_id, Person.name).join(Person, Person.id == DocumentAuthor.person_id)
        with self._library.database.read() as session:
            return dict(iter(session.execute(query.where(DocumentAuthor.document_id.in_(document_ids)))))

    def export(self, actor: Actor) -> Iterator[bytes]:
        """A .zip of the originals with a manifest, piece by piece: one's own, and for experts and admins those that are
        for everyone.
        """
        folders = {personal(actor): actor.name}
        if actor.role.includes(Role.EXPERT):
            folders[EVERYONE] = EVERYONE
        database = self._library.database
        with database.write() as session:
            audit.record(
                session,
                actor_id=actor.id,
                act="documents_exported",
                object_type="person",
                object_id=actor.id,
                details={"folders": sorted(folders.values())},
                now=self._clock(),
            )
        return stream(database, originals(database, list(folders)), folders.__getitem__, self._clock())

    # --- in every change ----------------------------------------------------------------------------------------------

    def _added(self, actor: Actor, file: File) -> DocumentRecord | DocumentError:
        try:
            return self.add(actor, file.name, file.content)
        except DocumentError as error:
            return error

    def _receive(self, actor: Actor | None, name: str, content: bytes, reach: str) -> DocumentRecord:
        name = document_name(name)
        refuse_unsupported(name)
        refuse_over(self._upload_mb * MB, name, len(content))
        return self._library.receive(name, content, reach, self._audit(actor, "document_added"))

    def _changeable(self, actor: Actor, document_id: str) -> DocumentRecord:
        record = self.get(actor, document_id)
        if not may_change(actor, record):
            require(actor, Role.EXPERT)
        return record

    def _read_behind(self, record: DocumentRecord) -> DocumentRecord:
        if record.state is DocumentState.READING:
            self._read_in_background(record.id)
        return record

    def _audit(self, actor: Actor | None, act: str) -> Note:
        by = {} if actor else {"by": "command line"}

        def note(session: Session, record: DocumentRecord) -> None:
            details = {"name": record.name, "reach": record.reach, **by}
            audit.record(
                session,
                actor_id=actor.id if actor else None,
                act=act,
                object_type="document",
                object_id=record.id,
                details=details,
                now=self._clock(),
            )
            if act == "document_added":
                who = actor.id if actor else None
                session.add(DocumentAuthor(document_id=record.id, person_id=who, at=self._clock()))

        return note


def may_change(actor: Actor, record: DocumentRecord) -> bool:
    """Whether the person may delete, replace and correct a document that reaches them."""
    return record.reach != EVERYONE or actor.role.includes(Role.EXPERT)


def note_replaced(clock: Clock) -> Replaced:
    """For the library: an audit entry for each version that goes, in the name of whoever added the one in its place."""

    def note(session: Session, record: DocumentRecord, document_id: str) -> None:
        author = session.get(DocumentAuthor, document_id)
        audit.record(
            session,
            actor_id=author.person_id if author else None,
            act="document_replaced",
            object_type="document",
            object_id=record.id,
            details={"name": record.name, "reach": record.reach, "replaced_by": document_id},
            now=clock(),
        )

    return note
