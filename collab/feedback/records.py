"""Corrections as plain frozen values that the screen and the API read, made from rows, for those who may see
them. It changes nothing."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.records import CorrectedBy, Source
from collab.dialogue.tables import TurnSource
from collab.errors import CorrectionChangedError
from collab.feedback import heirs, rules, taught
from collab.feedback.tables import Correction, Kind, State, looked_at
from collab.people.access import EVERYONE, Actor, Role, reaches_of
from collab.people.tables import Person
from knowledge.errors import NotFoundError

LiveFor = Literal["author", "everyone"]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A correction of another question that answered others before, or does until the one that replaces it is approved;
    `author_id` wrote it.
    """

    id: str
    author_id: str
    author: str
    question: str


@dataclass(frozen=True, slots=True)
class CorrectionRecord:
    """A person's answer to a question, and what became of it.

    `live_for` is whom it answers now, None for those that answer nobody any more; `may_take_back` says whether the
    reader may undo it as their own edit, `may_restore` whether they can undo its withdrawal; `sources` are those of the
    corrected turn that the reader may see; `aliases` are the other questions that it answers wherever it stands;
    `replaces` are corrections of other questions whose place it takes, while it stands; for the other fields see
    `collab.feedback.tables.Correction`.
    """

    id: str
    turn_id: str | None
    author_id: str
    author: str
    kind: Kind
    state: State
    reach: str
    live_for: LiveFor | None
    may_take_back: bool
    may_restore: bool
    question: str
    answer: str
    before: str | None
    original_question: str | None
    original_answer: str | None
    invisible_at: tuple[int, ...]
    sources: tuple[Source, ...]
    reviewer_id: str | None
    reviewer: str | None
    review_reason: str | None
    withdrawn_by: str | None
    superseded_by: str | None
    created_at: datetime
    decided_at: datetime | None
    aliases: tuple[str, ...] = ()
    asked: int = 0
    import_id: str | None = None
    revision: int = 1
    assignee_id: str | None = None
    assignee: str | None = None
    valid_until: datetime | None = None
    held: str | None = None
    replaces: tuple[Replaced, ...] = ()


def visible(actor: Actor, mine: bool = False, *, is_open: bool = False) -> sa.ColumnElement[bool]:
    """What a person may see: their own; experts and admins also everybody's whose reach includes them, but for what its
    author took back before anybody decided about it. `is_open` promises that only pending ones are asked for.
    """
    own = Correction.author_id == actor.id
    if mine or not actor.role.includes(Role.EXPERT):
        return own
    if is_open:  # an index holds all that this needs
        return own | Correction.reach.in_(reaches_of(actor))
    taken_back = sa.and_(
        Correction.state == State.WITHDRAWN,
        Correction.withdrawn_by == Correction.author_id,
        Correction.decided_at.is_(None),
    )
    return own | sa.and_(Correction.reach.in_(reaches_of(actor)), ~taken_back)


def is_readable(actor: Actor) -> sa.ColumnElement[bool]:
    """What a person may see, or gets as an answer."""
    return visible(actor) | sa.and_(Correction.state == State.LIVE, Correction.reach.in_(reaches_of(actor)))


def readable(session: Session, actor: Actor, correction_id: str) -> Correction:
    """The row, if the person may see it, or gets its answer. Raises NotFoundError."""
    row = session.scalar(sa.select(Correction).where(Correction.id == correction_id, is_readable(actor)))
    if row is None:
        raise NotFoundError(what="correction")
    return row


def find(session: Session, actor: Actor, correction_id: str, revision: int | None = None) -> Correction:
    """The row, if the person may see it. Raises NotFoundError; and CorrectionChangedError, with what stands there now,
    when it is not at the revision that they have read any more.
    """
    row = session.scalar(sa.select(Correction).where(Correction.id == correction_id, visible(actor)))
    if row is None:
        raise NotFoundError(what="correction")
    if revision is not None and row.revision != revision:
        raise CorrectionChangedError(correction_records(session, actor, [_newest(session, actor, row)])[0])
    return row


def _newest(session: Session, actor: Actor, row: Correction) -> Correction:
    """What took the place of a correction, as far as the person may see it."""
    while row.state == State.SUPERSEDED and row.superseded_by is not None:
        query = sa.select(Correction).where(Correction.id == row.superseded_by, visible(actor))
        if (newer := session.scalar(query)) is None:
            break
        row = newer
    return row


def attributed(session: Session, actor: Actor, ids: Collection[str]) -> dict[str, CorrectedBy]:
    """Who wrote these corrections and when, whatever became of them. The words are there for who may read them today:
    in its reach while it is live, and its author. Only the author is told that it waits.
    """
    if not ids:
        return {}
    rows = session.scalars(sa.select(Correction).where(Correction.id.in_(ids))).all()
    names = names_of(session, {id for row in rows for id in (row.author_id, row.reviewer_id) if id})
    reaches = reaches_of(actor)
    found = {}
    for row in rows:
        is_own = row.author_id == actor.id
        is_readable = is_own or (row.state == State.LIVE and row.reach in reaches)
        found[row.id] = CorrectedBy(
            correction_id=row.id,
            author=names[row.author_id],
            date=row.created_at,
            answer=row.answer if is_readable else None,
            is_pending=is_own and row.state == State.PENDING,
            question=row.question if is_readable else None,
            editor=names.get(row.reviewer_id or "") if row.original_answer is not None else None,
            reach=row.reach,
            was_live=not is_own or (row.decided_at is not None and row.state != State.REJECTED),
        )
    return found


def correction_records(session: Session, actor: Actor, rows: Sequence[Correction]) -> list[CorrectionRecord]:
    """The rows in the same order, each with names and with the sources that `actor` may see."""
    if not rows:
        return []
    names = names_of(session, {id for row in rows for id in (row.author_id, row.reviewer_id, row.assignee_id) if id})
    sources = _sources(session, actor, {row.turn_id for row in rows if row.turn_id})
    others = taught.aliases(session, [row.id for row in rows])
    replaced = _replaced(session, actor, rows)
    return [
        replace(
            _record(row, names, sources.get(row.turn_id or "", ()), others.get(row.id, ()), actor, may_restore=is_free),
            replaces=replaced.get(row.id, ()),
        )
        for row, is_free in zip(rows, _restorable(session, actor, rows), strict=True)
    ]


def names_of(session: Session, ids: set[str]) -> dict[str, str]:
    """The names of people by their ids."""
    return dict(session.execute(sa.select(Person.id, Person.name).where(Person.id.in_(ids))).all())


def originals(row: Correction) -> dict[str, str]:
    """An author's words that a reviewer changed, by field."""
    kept = {"original_question": row.original_question, "original_answer": row.original_answer}
    return {name: words for name, words in kept.items() if words is not None}


def live_for(state: str, reach: str) -> LiveFor | None:
    """Whom a correction answers: a pending one its author only."""
    if state == State.PENDING:
        return "author"
    if state == State.LIVE:
        return "everyone" if reach == EVERYONE else "author"
    return None


def _replaced(session: Session, actor: Actor, rows: Sequence[Correction]) -> dict[str, tuple[Replaced, ...]]:
    """What stepped back for them, or will, because a person said so; for each that stands."""
    found = {}
    stand = {row.id: row for row in rows if row.state in (State.PENDING, State.LIVE)}
    for row in (stand[id] for id in heirs.deciding(session, stand)):
        is_gone = sa.and_(Correction.superseded_by == row.id, Correction.decided_at.is_not(None))
        is_next = sa.and_(Correction.state == State.LIVE, Correction.reach == row.reach)
        query = (
            sa.select(Correction.id, Correction.author_id, Person.name, Correction.question)
            .join(Person, Person.id == Correction.author_id)
            .where(Correction.id.in_(heirs.to_replace(session, [row.id])), Correction.reach.in_(reaches_of(actor)))
            .where(is_gone if row.state == State.LIVE else is_next)
            .order_by(Correction.created_at, Correction.id)
        )
        found[row.id] = tuple(Replaced(*one) for one in session.execute(query))
    return found


def _restorable(session: Session, actor: Actor, rows: Sequence[Correction]) -> list[bool]:
    """Of each, whether the person may bring it back and can; only where something may stand in its way is it looked."""
    gone = {row.id: row.normal_question for row in rows if rules.may_restore(actor, row)}
    if not gone:
        return [False] * len(rows)
    stands = looked_at(Correction.state).in_([State.PENDING, State.LIVE])
    query = sa.select(Correction.normal_question).where(Correction.normal_question.in_(gone.values()), stands)
    taken, settled = set(session.scalars(query)), heirs.deciding(session, gone)
    is_free = {id for id, question in gone.items() if question not in taken and id not in settled}
    return [row.id in is_free or rules.can_restore(session, actor, row) for row in rows]


def _sources(session: Session, actor: Actor, turn_ids: set[str]) -> dict[str, tuple[Source, ...]]:
    query = sa.select(TurnSource).where(TurnSource.turn_id.in_(turn_ids), TurnSource.reach.in_(reaches_of(actor)))
    found: dict[str, tuple[Source, ...]] = {}
    for row in session.scalars(query.order_by(TurnSource.n)):
        source = Source(**{name: getattr(row, name) for name in Source.__slots__})
        found[row.turn_id] = (*found.get(row.turn_id, ()), source)
    return found


def _record(
    row: Correction,
    names: dict[str, str],
    sources: tuple[Source, ...],
    aliases: tuple[str, ...],
    actor: Actor,
    *,
    may_restore: bool,
) -> CorrectionRecord:
    return CorrectionRecord(
        id=row.id,
        turn_id=row.turn_id,
        author_id=row.author_id,
        author=names[row.author_id],
        kind=Kind(row.kind),
        state=State(row.state),
        reach=row.reach,
        live_for=live_for(row.state, row.reach),
        may_take_back=rules.may_take_back(actor, row),
        may_restore=may_restore,
        question=row.question,
        answer=row.answer,
        before=row.before,
        original_question=row.original_question,
        original_answer=row.original_answer,
        invisible_at=tuple(row.invisible_at),
        sources=sources,
        reviewer_id=row.reviewer_id,
        reviewer=names.get(row.reviewer_id or ""),
        review_reason=row.review_reason,
        withdrawn_by=row.withdrawn_by,
        superseded_by=row.superseded_by,
        created_at=row.created_at,
        decided_at=row.decided_at,
        aliases=aliases,
        asked=row.asked,
        import_id=row.import_id,
        revision=row.revision,
        assignee_id=row.assignee_id,
        assignee=names.get(row.assignee_id or ""),
        valid_until=row.valid_until,
        held=row.held,
    )
