"""Checks of what the installation holds: the database, its audit, its documents, and what is derived from rows."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Conversation, Turn
from collab.doctor.findings import Finding, ok, problem, warning
from collab.errors import AuditBrokenError
from collab.feedback.tables import Correction, Kind, State
from collab.folder import BACKUPS
from collab.people import audit as chain
from collab.people.tables import AuditEntry
from collab.services import MIGRATIONS
from knowledge.backup import read_manifest
from knowledge.database import Database
from knowledge.errors import BackupError
from knowledge.records import document_records
from knowledge.schema import Migrations, revisions
from knowledge.tables import Document, DocumentState, MemoryKey, Passage

LOG_BYTES = 100_000_000
STUCK = timedelta(hours=1)
BACKED_UP = timedelta(days=7)
CLOCK_SLACK = timedelta(minutes=5)
_SHOWN = 5


def database(found: Database) -> Finding:
    """It opens with the key, every page is whole, and its schema is that of this version. Raises StorageError."""
    migrations = Migrations(MIGRATIONS)
    with found.read() as session:
        whole = session.scalar(sa.text("PRAGMA integrity_check(1)"))
        orphan = session.execute(sa.text("PRAGMA foreign_key_check")).first()
        present = revisions(session.connection())
    if whole != "ok" or orphan:
        return problem("database", f"It is damaged ({whole if whole != 'ok' else orphan}). Restore a backup.")
    if unknown := [revision for revision in present if revision not in migrations.known]:
        return problem("database", f"A newer version wrote it (schema {unknown[0]}). Install that version or later.")
    if pending := migrations.pending(present):
        return warning("database", f"The next start changes its schema ({len(pending)} steps), after a backup.")
    return ok("database", f"opens and is whole, {found.path.stat().st_size / 1_000_000:.1f} MB")


def log(path: Path) -> Finding:
    """The log beside the database is taken into it again and again; one that only grows is held open by somebody."""
    beside = path.with_name(path.name + "-wal")
    size = beside.stat().st_size if beside.exists() else 0
    if size > LOG_BYTES:
        advice = "Some process reads without end. Stop the application and start it again."
        return warning("write-ahead log", f"It has {size / 1_000_000:.0f} MB. {advice}")
    return ok("write-ahead log", f"{size / 1_000_000:.1f} MB")


def backups(data: Path, now: datetime) -> Finding:
    """There is one of the last days, as far as can be seen from here."""
    made = []
    for path in (data / BACKUPS).glob("*.zip"):
        try:
            made.append(read_manifest(path).created_at)
        except (BackupError, OSError) as error:
            return warning("backups", f"{error} Verify the others.")
    if not made or now - max(made) > BACKED_UP:
        newest = f"The newest here is of {max(made):%Y-%m-%d}." if made else "There is none here."
        return warning("backups", f"{newest} Make one: `python -m collab backup`, and keep a copy on another machine.")
    return ok("backups", f"{len(made)}, the newest of {max(made):%Y-%m-%d}")


def audit(session: Session, now: datetime) -> Finding:
    """Nobody changed an entry."""
    try:
        return ok("audit", f"holds, {chain.verify(session)} entries")
    except AuditBrokenError as error:
        return problem("audit", str(error))


def time(session: Session, now: datetime) -> Finding:
    """The clock does not lie before what was written."""
    newest = session.scalar(sa.select(sa.func.max(AuditEntry.at)))
    if newest is not None and newest > now + CLOCK_SLACK:
        return problem(
            "time", f"The newest entry is of {newest:%Y-%m-%d %H:%M} UTC, in the future. Set the clock right."
        )
    return ok("time", "nothing was written in the future")


def failed_documents(session: Session, now: datetime) -> Finding:
    """Every file was read."""
    if failed := _names(session, Document.state == DocumentState.FAILED):
        advice = "Knowledge says why of each; upload a better copy, or delete it."
        return warning("documents", f"{len(failed)} could not be read: {_some(failed)}. {advice}")
    return ok("documents", "all of them were read")


def stuck_documents(session: Session, now: datetime) -> Finding:
    """No file waits for long."""
    if names := _names(session, Document.state == DocumentState.READING, Document.created_at < now - STUCK):
        advice = "Start the application, which goes on reading; if it runs, look at its log."
        return warning("reading", f"{len(names)} wait for more than an hour: {_some(names)}. {advice}")
    return ok("reading", "nothing waits for long")


def keywords(session: Session, now: datetime) -> Finding:
    """Every passage can be found by its words, and nothing else is found."""
    found: sa.Select[tuple[int]] = sa.select(sa.column("id")).select_from(sa.text("passages_fts_docsize"))
    lost = sa.select(Document.name).join(Passage).where(Passage.id.not_in(found)).distinct()
    if names := session.scalars(lost).all():
        advice = "Delete those and upload them again."
        return problem("keywords", f"Passages of {_some(names)} cannot be found by their words. {advice}")
    gone = session.scalar(sa.select(sa.func.count()).select_from(found.except_(sa.select(Passage.id)).subquery()))
    if gone:
        return problem("keywords", f"{gone} passages that are gone are still searched. Restore a backup.")
    return ok("keywords", "every passage can be found by its words")


def memory(session: Session, now: datetime) -> Finding:
    """Every correction that should answer can be found, and no other."""
    answers = sa.and_(Correction.kind == Kind.FACT, Correction.state.in_((State.LIVE, State.PENDING)))
    keyed = sa.select(MemoryKey.correction_id).where(MemoryKey.sign == 1)
    if lost := session.scalars(sa.select(Correction.question).where(answers, Correction.id.not_in(keyed))).all():
        advice = "Withdraw those and write them anew."
        return problem("memory", f"{len(lost)} corrections are never found: {_some(lost)}. {advice}")
    silent = MemoryKey.correction_id.not_in(sa.select(Correction.id).where(answers))
    if left := session.scalars(sa.select(MemoryKey.text).where(silent)).all():
        return problem("memory", f"Corrections that answer no more are still found: {_some(left)}. Restore a backup.")
    return ok("memory", "finds the corrections that answer, and no others")


def rare_words(session: Session, now: datetime) -> Finding:
    """Every question that a correction answers can be found by its names and codes, and none that is gone."""
    found: sa.Select[tuple[int]] = sa.select(sa.column("id")).select_from(sa.text("memory_keys_fts_docsize"))
    keys = sa.select(MemoryKey.id).where(MemoryKey.sign == 1)
    advice = "`python -m collab repair` makes it anew."
    if lost := session.scalars(sa.select(MemoryKey.text).where(MemoryKey.sign == 1, MemoryKey.id.not_in(found))).all():
        told = f"{len(lost)} questions of corrections are not found by their names and codes: {_some(lost)}."
        return problem("rare words", f"{told} {advice}")
    if gone := _count(session, found.except_(keys)):
        return problem("rare words", f"{gone} questions that no correction answers are still searched. {advice}")
    return ok("rare words", "every question of a correction is found by its names and codes")


def searches(session: Session, now: datetime) -> Finding:
    """Every correction and every conversation with a turn is found by its words, and none that is gone."""
    numbers: sa.Select[tuple[int]] = sa.select(sa.column("id")).select_from(sa.text("corrections_fts_docsize"))
    found: sa.Select[tuple[str]] = sa.select(sa.column("conversation_id")).select_from(sa.text("turns_fts"))
    corrections = session.scalars(sa.select(Correction.question).where(Correction.number.not_in(numbers))).all()
    turns = sa.select(Turn.conversation_id).join(Conversation, Conversation.id == Turn.conversation_id)
    kept = turns.where(~Conversation.is_temporary)  # the others are in no list
    conversations = _count(session, kept.except_(found))
    if corrections or conversations:
        lost = f"{conversations} conversations and {len(corrections)} corrections are not found by their words"
        named = f" ({_some(corrections)})" if corrections else ""
        return problem("searches", f"{lost}{named}. They are there and answer; restore a backup to search them too.")
    gone = _count(session, numbers.except_(sa.select(Correction.number)))
    gone += _count(session, found.except_(sa.select(Conversation.id)))
    if gone:
        return problem(
            "searches", f"{gone} conversations or corrections that are gone are still searched. Restore a backup."
        )
    return ok("searches", "conversations and corrections are found by their words")


def _count(session: Session, ids: sa.CompoundSelect[Any]) -> int:
    return session.scalar(sa.select(sa.func.count()).select_from(ids.subquery())) or 0


def _names(session: Session, *which: sa.ColumnElement[bool]) -> list[str]:
    return [record.name for record in document_records(session, *which)]


def _some(names: Sequence[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")


CHECKS: tuple[Callable[[Session, datetime], Finding], ...] = (
    audit,
    time,
    failed_documents,
    stuck_documents,
    keywords,
    memory,
    rare_words,
    searches,
)
