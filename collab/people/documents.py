"""Documents as a person may see and change them: whom an upload reaches, who may remove it. It reads no file itself."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role, personal, reaches_of, require
from knowledge.database import Clock
from knowledge.errors import FileTooLargeError
from knowledge.library import Library, Note
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState
from knowledge.text import clean

NAME_CHARS = 200
_MB = 1024 * 1024


class Documents:
    """The library, for people. What an expert or admin uploads reaches everyone, what a member uploads its owner."""

    def __init__(
        self, library: Library, read_in_background: Callable[[str], None], clock: Clock, upload_mb: int
    ) -> None:
        self._library = library
        self._read_in_background = read_in_background
        self._clock = clock
        self._upload_mb = upload_mb

    def add(self, actor: Actor, name: str, content: bytes) -> DocumentRecord:
        """Keeps a file at once and reads it behind; the same content again is recognised. Raises FileTooLargeError."""
        name = _file_name(name)
        if len(content) > self._upload_mb * _MB:
            raise FileTooLargeError(name=name, size_mb=len(content) // _MB, limit_mb=self._upload_mb)
        reach = EVERYONE if actor.role.includes(Role.EXPERT) else personal(actor)
        record = self._library.receive(name, content, reach, self._audit(actor, "document_added"))
        if record.state is DocumentState.READING:
            self._read_in_background(record.id)
        return record

    def list(self, actor: Actor) -> tuple[DocumentRecord, ...]:
        """Those that reach the person, newest first."""
        return self._library.list(reaches_of(actor))

    def get(self, actor: Actor, document_id: str) -> DocumentRecord:
        """One that reaches the person. Raises NotFoundError."""
        return self._library.get(document_id, reaches_of(actor))

    def remove(self, actor: Actor, document_id: str) -> None:
        """Removes one's own, or, for experts and admins, one that is for everyone.

        Raises NotFoundError and NotAllowedError.
        """
        record = self.get(actor, document_id)
        if record.reach == EVERYONE:
            require(actor, Role.EXPERT)
        self._library.remove(document_id, self._audit(actor, "document_removed"))

    def _audit(self, actor: Actor, act: str) -> Note:
        def note(session: Session, record: DocumentRecord) -> None:
            audit.record(
                session,
                actor_id=actor.id,
                act=act,
                object_type="document",
                object_id=record.id,
                details={"name": record.name, "reach": record.reach},
                now=self._clock(),
            )

        return note


def _file_name(sent: str) -> str:
    """The last part of a path from any system, without what cannot be seen, not longer than is kept."""
    name = " ".join(clean(sent).text.replace("\\", "/").rsplit("/", 1)[-1].split()) or "document"
    return name if len(name) <= NAME_CHARS else name[: NAME_CHARS - 20] + name[-20:]
