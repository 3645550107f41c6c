"""Corrections by their words: full-text search over questions and answers, kept in the transaction of the rows."""

from collections.abc import Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.wording import query, searched
from collab.feedback.tables import Correction

_KEEP = sa.text("INSERT OR REPLACE INTO corrections_fts (rowid, words) VALUES (:number, :words)")


def keep(session: Session, rows: Iterable[Correction]) -> None:
    """Makes rows findable by what they say now."""
    words = [{"number": row.number, "words": searched(f"{row.question}\n{row.answer}")} for row in rows]
    if words:
        session.execute(_KEEP, words)


def matching(text: str) -> sa.Select[tuple[int]]:
    """The numbers of the corrections that hold every word of `text`."""
    found = sa.text("SELECT rowid FROM corrections_fts WHERE corrections_fts MATCH :words")
    return found.bindparams(words=query(text) or '""').columns(sa.column("rowid", sa.Integer))  # type: ignore[return-value]
