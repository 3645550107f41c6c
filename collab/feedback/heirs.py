"""Which corrections are to take whose place, as people have decided. It reads rows and writes none."""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback.tables import Choice, Correction, Settlement, State

_IS_REPLACED = Settlement.choice == Choice.REPLACE


def deciding(session: Session, ids: Collection[str]) -> set[str]:
    """Those that are to take the place of another one."""
    query = sa.select(Settlement.correction_id).where(Settlement.correction_id.in_(ids), _IS_REPLACED)
    return set(session.scalars(query))


def to_replace(session: Session, ids: Collection[str]) -> set[str]:
    """Those whose place these corrections are to take, with those that stand for them since."""
    if not ids:
        return set()
    settled = sa.select(Settlement.other_id).where(Settlement.correction_id.in_(ids), _IS_REPLACED)
    newest = set(session.scalars(settled))
    found = set[str]()
    while newest:
        found |= newest
        query = sa.select(Correction.superseded_by).where(Correction.id.in_(newest))
        newest = {id for id in session.scalars(query.where(Correction.state == State.SUPERSEDED)) if id}
        newest -= found | {*ids}
    return found


def to_come(session: Session, row: Correction) -> list[Correction]:
    """Those that answer others until `row`, which waits, is approved."""
    if row.state != State.PENDING:
        return []
    replaced = to_replace(session, [row.id])
    if not replaced:
        return []
    query = sa.select(Correction).where(Correction.id.in_(replaced))
    return list(session.scalars(query.where(Correction.state == State.LIVE, Correction.reach == row.reach)))
