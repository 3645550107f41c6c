"""Passages as a person may change them: whoever may delete a document may switch off its passages and correct them."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role, reaches_of, require
from knowledge.database import Clock
from knowledge.editing import Note, PassageEditor
from knowledge.library import Library
from knowledge.records import PassageRecord


def _nothing(session: Session, passage: PassageRecord) -> None:
    """Nothing to note."""


class Passages:
    """Changes of passages, each with its entry in the audit and what `noted` does, in one transaction. Each can be
    undone.
    """

    def __init__(self, library: Library, clock: Clock, noted: Note = _nothing) -> None:
        self._library = library
        self._editor = PassageEditor(library)
        self._clock = clock
        self._noted = noted

    def disable(self, actor: Actor, passage_id: int) -> PassageRecord:
        """From now on nobody's answers come from it. Raises NotFoundError and NotAllowedError."""
        return self._change(self._editor.disable, actor, passage_id, "passage_disabled")

    def enable(self, actor: Actor, passage_id: int) -> PassageRecord:
        """Answers come from it again. Raises NotFoundError and NotAllowedError."""
        return self._change(self._editor.enable, actor, passage_id, "passage_enabled")

    def correct(self, actor: Actor, passage_id: int, text: str, *, seen: str | None = None) -> PassageRecord:
        """Puts it in other words; `seen` are those that the person read.

        Raises NotFoundError, NotAllowedError, PassageEmptyError, PassageTooLongError, and PassageChangedError.
        """
        self._require(actor, passage_id)
        note = self._note(actor, "passage_corrected")
        return self._editor.correct(passage_id, text, reaches_of(actor), note, seen=seen)

    def restore(self, actor: Actor, passage_id: int) -> PassageRecord:
        """Puts it back as it was read. Raises NotFoundError and NotAllowedError."""
        return self._change(self._editor.restore, actor, passage_id, "passage_restored")

    def _change(
        self,
        change: Callable[[int, tuple[str, ...], Note], PassageRecord],
        actor: Actor,
        passage_id: int,
        act: str,
    ) -> PassageRecord:
        self._require(actor, passage_id)
        return change(passage_id, reaches_of(actor), self._note(actor, act))

    def _require(self, actor: Actor, passage_id: int) -> None:
        if self._library.passage(passage_id, reaches_of(actor)).reach == EVERYONE:
            require(actor, Role.EXPERT)

    def _note(self, actor: Actor, act: str) -> Note:
        def note(session: Session, passage: PassageRecord) -> None:
            self._noted(session, passage)
            audit.record(
                session,
                actor_id=actor.id,
                act=act,
                object_type="passage",
                object_id=str(passage.id),
                details={"document": passage.document, "document_id": passage.document_id, "before": passage.text},
                now=self._clock(),
            )

        return note
