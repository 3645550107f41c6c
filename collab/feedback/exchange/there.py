"""What is there already where the rows of a file would stand, read from the database. It decides nothing."""

from collections import ChainMap
from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback.exchange.entries import Entry
from collab.feedback.exchange.plans import Holder, fingerprint, questions_of
from collab.feedback.tables import Correction, Kind, State
from collab.people.access import EVERYONE, Actor, personal
from knowledge.memory import CorrectionMemory
from knowledge.text import normalise

Holders = Mapping[int, Holder]
"""By a question's fingerprint, the correction that it stands for."""


def holders(
    session: Session, memory: CorrectionMemory, actor: Actor, batch: Sequence[Entry]
) -> tuple[Holders, Holders]:
    """What stands for the questions of live rows, and what for those of rows that wait."""
    everyone, own = _at(session, memory, batch, EVERYONE), _at(session, memory, batch, personal(actor))
    return (
        ChainMap(everyone, _said(session, actor, [one for one in batch if not one.is_pending], is_pending=False)),
        ChainMap(own, everyone, _said(session, actor, [one for one in batch if one.is_pending], is_pending=True)),
    )


def _at(session: Session, memory: CorrectionMemory, batch: Sequence[Entry], reach: str) -> dict[int, Holder]:
    """What the questions of the batch stand for in a place."""
    facts = {normalise(text) for entry in batch if entry.kind is Kind.FACT for text in entry.questions}
    found = memory.holders(session, facts, [reach])
    known = by_id(session, {id for _, id in found})
    held = {fingerprint(Kind.FACT, normal): _holder(known[id]) for normal, id in found if id in known}
    styles = {normalise(entry.question) for entry in batch if entry.kind is Kind.STYLE}
    for row in _styles(session, styles, reach) if styles else ():
        answer = row.answer if row.state == State.LIVE else ""
        held[fingerprint(Kind.STYLE, row.normal_question, answer)] = _holder(row)
    return held


def _said(session: Session, actor: Actor, batch: Sequence[Entry], *, is_pending: bool) -> dict[int, Holder]:
    """What says the same in the same words, and does not answer: proposals that somebody has rejected; of what would
    be live, one's own that wait as hubs, and those that were rejected as such.
    """
    by_words = {(normalise(entry.question), entry.answer): entry for entry in batch}
    if not by_words:
        return {}
    which = Correction.state == State.REJECTED
    if not is_pending:
        waits = sa.and_(Correction.state == State.PENDING, Correction.author_id == actor.id)
        which = sa.and_(Correction.held.is_not(None), which | waits)
    query = sa.select(Correction).where(Correction.normal_question.in_({normal for normal, _ in by_words}), which)
    found = [(row, by_words.get((row.normal_question, row.answer))) for row in session.scalars(query)]
    return {one: _holder(row) for row, entry in found if entry for one in questions_of(entry)}


def own(session: Session, actor: Actor, normals: set[str]) -> dict[tuple[str, str], list[Correction]]:
    """By kind and question, what stands for the person alone: newer words of theirs take its place."""
    waits = Correction.state == State.PENDING
    restricted = sa.and_(
        Correction.state == State.LIVE, Correction.kind == Kind.FACT, Correction.reach == personal(actor)
    )
    query = sa.select(Correction).where(
        Correction.author_id == actor.id, Correction.normal_question.in_(normals), waits | restricted
    )
    found: dict[tuple[str, str], list[Correction]] = {}
    for row in session.scalars(query):
        found.setdefault((row.kind, row.normal_question), []).append(row)
    return found


def by_id(session: Session, ids: set[str]) -> dict[str, Correction]:
    """The corrections with these ids."""
    return {row.id: row for row in session.scalars(sa.select(Correction).where(Correction.id.in_(ids)))}


def _holder(row: Correction) -> Holder:
    return Holder(row.id, row.question, row.answer, row.valid_until, row.state != State.REJECTED)


def _styles(session: Session, normals: set[str], reach: str) -> Sequence[Correction]:
    """Style that stands in a place, with one of these questions."""
    stands = Correction.state == State.LIVE
    if reach != EVERYONE:
        stands = (Correction.state == State.PENDING) & (personal("") + Correction.author_id == reach)
    query = sa.select(Correction).where(Correction.kind == Kind.STYLE, Correction.normal_question.in_(normals), stands)
    return session.scalars(query).all()
