"""Writes corrections to a file: what an import takes, exactly, and beside it who, when, and what became of them.

Those about restricted sources stay in the house. The file appears under its name when it is whole.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import sqlalchemy as sa

from collab.errors import ExportKindError, FileUnavailableError
from collab.feedback import taught
from collab.feedback.exchange.files import CSV, JSONL
from collab.feedback.exchange.spreadsheet import guard
from collab.feedback.records import names_of, visible
from collab.feedback.tables import Correction, Side, State
from collab.people import audit
from collab.people.access import EVERYONE, Actor
from knowledge.database import Clock, Database

AT_ONCE = 1_000
COLUMNS = (
    "question",
    "other_questions",
    "will_not",
    "answer",
    "kind",
    "state",
    "reason",
    "asked",
    "valid_until",
    "author",
    "reviewer",
    "created_at",
    "decided_at",
    "id",
)

Exported = Mapping[str, str | int | Sequence[str] | None]
"""A correction by column."""


class Exports:
    """Reads corrections for those who may see them, `at_once` rows at a time."""

    def __init__(self, database: Database, clock: Clock, at_once: int = AT_ONCE) -> None:
        self._database = database
        self._clock = clock
        self._at_once = at_once

    def rows(self, actor: Actor, *, everything: bool = False) -> Iterator[Exported]:
        """The live and pending ones that the person may see, oldest first; `everything` adds those that no longer
        stand.
        """
        query = sa.select(Correction).where(visible(actor), Correction.reach == EVERYONE)
        if not everything:
            query = query.where(Correction.state.in_([State.LIVE, State.PENDING]))
        query = query.order_by(Correction.created_at, Correction.id).execution_options(yield_per=self._at_once)
        with self._database.read() as session:
            for rows in session.scalars(query).partitions():
                names = names_of(session, {id for row in rows for id in (row.author_id, row.reviewer_id) if id})
                ids = [row.id for row in rows]
                sides = {side: taught.live_on(session, ids, side) for side in Side}
                yield from (_exported(row, names, sides) for row in rows)

    def write(self, actor: Actor, path: Path, *, everything: bool = False) -> int:
        """Writes CSV or JSONL, as the name of the file says, and an audit entry; returns how many rows.

        Raises ExportKindError for another name and FileUnavailableError where it cannot be written.
        """
        suffix = path.suffix.lower()
        if suffix not in (CSV, JSONL):
            raise ExportKindError(path=str(path))
        partial = path.with_name(path.name + ".partial")
        put = put_csv if suffix == CSV else put_json
        try:
            # in CSV with the mark by which spreadsheets know UTF-8
            with partial.open("w", encoding="utf-8-sig" if suffix == CSV else "utf-8", newline="") as stream:
                count = put(stream, self.rows(actor, everything=everything))
            self._audit(actor, path.name, count, everything)  # before the file is there
            partial.replace(path)
        except OSError as error:
            raise FileUnavailableError(path=str(path), reason=error.strerror or str(error)) from error
        finally:
            partial.unlink(missing_ok=True)
        return count

    def _audit(self, actor: Actor, name: str, count: int, everything: bool) -> None:
        with self._database.write() as session:
            audit.record(
                session,
                actor_id=actor.id,
                act="corrections_exported",
                object_type="person",
                object_id=actor.id,
                details={"file": name, "rows": count, "everything": everything},
                now=self._clock(),
            )


def _exported(row: Correction, names: Mapping[str, str], sides: Mapping[Side, Mapping[str, Sequence[str]]]) -> Exported:
    return {
        "question": row.question,
        "other_questions": list(sides[Side.WILL].get(row.id, ())),
        "will_not": list(sides[Side.WILL_NOT].get(row.id, ())),
        "answer": row.answer,
        "kind": row.kind,
        "state": row.state,
        "reason": row.review_reason,
        "asked": row.asked,
        "valid_until": row.valid_until.isoformat() if row.valid_until else None,
        "author": names[row.author_id],
        "reviewer": names.get(row.reviewer_id or ""),
        "created_at": row.created_at.isoformat(),
        "decided_at": row.decided_at.isoformat() if row.decided_at else None,
        "id": row.id,
    }


def put_csv(stream: IO[str], rows: Iterator[Exported]) -> int:
    """A header and a line each, harmless to spreadsheets; returns how many."""
    writer = csv.writer(stream)
    writer.writerow(COLUMNS)
    count = 0
    for row in rows:
        writer.writerow([_cell(row[column]) for column in COLUMNS])
        count += 1
    return count


def put_json(stream: IO[str], rows: Iterator[Exported]) -> int:
    """One object a line; returns how many."""
    count = 0
    for row in rows:
        stream.write(json.dumps(row, ensure_ascii=False) + "\n")
        count += 1
    return count


def _cell(value: str | int | Sequence[str] | None) -> str:
    if isinstance(value, list):
        value = "\n".join(value)
    return guard(str(value)) if value is not None else ""
