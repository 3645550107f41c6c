"""Documents as the operator of this machine sees them: all of them, whomever they are for. It asks for no account."""

from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import ChoiceUnknownError
from collab.people import audit
from collab.people.access import EVERYONE, personal
from collab.people.tables import Person
from knowledge.database import Clock
from knowledge.errors import NotFoundError
from knowledge.library import Library
from knowledge.originals import Progress, export, originals
from knowledge.records import DocumentRecord


@dataclass(frozen=True, slots=True)
class Held:
    """A document, and the name of whom it is for: a person's, or `everyone`."""

    record: DocumentRecord
    owner: str


class HeldDocuments:
    """All documents in a library."""

    def __init__(self, library: Library, clock: Clock) -> None:
        self._library = library
        self._clock = clock

    def named(self, name: str) -> Held:
        """The one with this id, or with this name where no other has it. Raises NotFoundError, ChoiceUnknownError."""
        held = self.list()
        found = [one for one in held if one.record.id == name] or [one for one in held if one.record.name == name]
        if not found:
            raise NotFoundError(what="document")
        if len(found) > 1:
            choices = ", ".join(one.record.id for one in found)
            raise ChoiceUnknownError(value=name, what="single document", choices=choices)
        return found[0]

    def remove(self, document_id: str, *, for_good: bool = False) -> None:
        """Removes a document, with an entry in the audit; it can be brought back unless `for_good`.

        Raises NotFoundError.
        """
        act = "document_erased" if for_good else "document_removed"

        def note(session: Session, record: DocumentRecord) -> None:
            audit.record(
                session,
                actor_id=None,
                act=act,
                object_type="document",
                object_id=record.id,
                details={"name": record.name, "reach": record.reach, "by": "command line"},
                now=self._clock(),
            )

        (self._library.remove if for_good else self._library.delete)(document_id, note)

    def export(self, target: Path, progress: Progress) -> list[str]:
        """Writes all originals to a new folder or .zip, under whom each is for. Raises ExportExistsError, OSError."""
        owners = self._owners()
        return export(
            self._library.database, target, lambda reach: owners.get(reach, "nobody"), self._clock(), progress
        )

    def list(self) -> list[Held]:
        """Every document, the newest first."""
        owners = self._owners()
        return [Held(one.record, owners.get(one.record.reach, "nobody")) for one in originals(self._library.database)]

    def _owners(self) -> dict[str, str]:
        """Reach -> name."""
        with self._library.database.read() as session:
            people = session.execute(sa.select(Person.id, Person.name)).all()
        return {EVERYONE: "everyone", **{personal(id): name for id, name in people}}
