"""What people change in passages: switched off, put in other words, and back. A new version of the document keeps it.

It is given reaches, never people: whoever calls it has decided what may be done.
"""

from collections.abc import Callable, Collection
from dataclasses import replace

from sqlalchemy.orm import Session

from knowledge import rows
from knowledge.errors import NotFoundError, PassageChangedError
from knowledge.library import Library
from knowledge.preparing import prepare_text
from knowledge.records import PassageRecord, passage_records

Note = Callable[[Session, PassageRecord], None]
"""Writes something of the caller's into the transaction; is given the passage as it was."""


class PassageEditor:
    """Changes passages of a library: the row, and all by which it is found, in one transaction."""

    def __init__(self, library: Library) -> None:
        self._library = library

    def disable(self, passage_id: int, reaches: Collection[str], note: Note) -> PassageRecord:
        """From now on nobody finds it; it stays in its document. Raises NotFoundError."""
        return self._set_disabled(passage_id, True, reaches, note)

    def enable(self, passage_id: int, reaches: Collection[str], note: Note) -> PassageRecord:
        """It is found again. Raises NotFoundError."""
        return self._set_disabled(passage_id, False, reaches, note)

    def correct(
        self, passage_id: int, text: str, reaches: Collection[str], note: Note, *, seen: str | None = None
    ) -> PassageRecord:
        """Puts it in other words, by which it is found at once; as it was read, it counts as not corrected.

        `seen` is the text that the person read. Raises NotFoundError, PassageEmptyError, PassageTooLongError, and
        PassageChangedError when it is another one by now.
        """
        library = self._library
        before = library.passage(passage_id, reaches)
        prepared = prepare_text(before.heading, before.page, text, library.embedder)
        with library.database.write() as session:
            current = self._current(session, passage_id, reaches)
            if current.text != (before.text if seen is None else seen):
                raise PassageChangedError
            original = current.original_text or current.text
            made = replace(prepared, original_text=None if prepared.chunk.text == original else original)
            rows.rewrite(session, passage_id, made, library.embedder.name)
            note(session, current)
        return library.passage(passage_id, reaches)

    def restore(self, passage_id: int, reaches: Collection[str], note: Note) -> PassageRecord:
        """Puts it back as it was read. Raises NotFoundError."""
        passage = self._library.passage(passage_id, reaches)
        if passage.original_text is None:
            return passage
        return self.correct(passage_id, passage.original_text, reaches, note)

    def _set_disabled(self, passage_id: int, is_disabled: bool, reaches: Collection[str], note: Note) -> PassageRecord:
        library = self._library
        library.passage(passage_id, reaches)  # no id that the database cannot count to
        with library.database.write() as session:
            current = self._current(session, passage_id, reaches)
            if current.is_disabled is not is_disabled:
                rows.set_disabled(session, passage_id, is_disabled)
                note(session, current)
        return library.passage(passage_id, reaches)

    def _current(self, session: Session, passage_id: int, reaches: Collection[str]) -> PassageRecord:
        for record in passage_records(session, [passage_id], reaches, self._library.embedder.name):
            return record
        raise NotFoundError(what="passage")
