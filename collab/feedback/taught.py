"""What corrections were taught: their examples as rows, and the keys by which memory finds a fact.

It writes rows in the caller's transaction and checks nobody: who may teach what is decided by whoever calls.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import CorrectionChangedError
from collab.feedback.tables import Choice, Correction, Example, ExampleState, Origin, Settlement, Side, State, looked_at
from collab.people.access import EVERYONE, personal
from knowledge.database import new_id
from knowledge.keys import KeyDraft
from knowledge.text import normalise

Drafts = Mapping[str, KeyDraft]
"""What memory needs to learn a question, by question."""

Sided = tuple[str, Side]
"""A question and the side on which it stands."""

SIGN = {Side.WILL: 1, Side.WILL_NOT: -1}
WRONG = {Side.WILL: 2, Side.WILL_NOT: 4}
"""How urgent a waiting example is: a question that is missed before one that is answered wrongly."""


def new_example(
    row: Correction, text: str, side: Side, origin: Origin, author_id: str, now: datetime, *, is_live: bool
) -> Example:
    """The row of an example, live with its correction or waiting for review."""
    return Example(
        id=new_id(),
        correction_id=row.id,
        text=text,
        normal=normalise(text),
        side=side,
        origin=origin,
        state=ExampleState.LIVE if is_live else ExampleState.PENDING,
        author_id=author_id,
        created_at=now,
        decided_at=now if is_live else None,
        wrong=WRONG[side],
    )


def of(session: Session, ids: Collection[str], *states: ExampleState) -> dict[str, list[Example]]:
    """The examples of these corrections in these states (all, without any), each in the order of their making."""
    if not ids:
        return {}
    query = sa.select(Example).where(Example.correction_id.in_(ids))
    if states:
        query = query.where(looked_at(Example.state).in_(states))
    found: dict[str, list[Example]] = {}
    for example in session.scalars(query.order_by(Example.created_at, sa.text("examples.rowid"))):
        found.setdefault(example.correction_id, []).append(example)
    return found


def waiting_of(session: Session, row: Correction, author_id: str) -> list[Example]:
    """What a person has said that it answers, and nobody has approved yet."""
    waiting = of(session, [row.id], ExampleState.PENDING).get(row.id, [])
    return [one for one in waiting if one.author_id == author_id and one.side == Side.WILL]


def aliases(session: Session, ids: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By correction, the other questions that it answers wherever it stands; one without any is missing."""
    return live_on(session, ids, Side.WILL)


def live_on(session: Session, ids: Collection[str], side: Side) -> dict[str, tuple[str, ...]]:
    """By correction, the questions that stand on a side wherever it does; one without any is missing."""
    if not ids:
        return {}
    query = sa.select(Example.correction_id, Example.text).where(
        Example.correction_id.in_(ids), looked_at(Example.state) == ExampleState.LIVE, Example.side == side
    )
    found: dict[str, tuple[str, ...]] = {}
    for id, text in session.execute(query.order_by(Example.created_at, sa.text("examples.rowid"))):
        found[id] = (*found.get(id, ()), text)
    return found


def add(session: Session, rows: Sequence[Correction], examples_of: Mapping[str, Sequence[Sided]]) -> None:
    """Gives new corrections the examples that came with them, by the ids of the corrections."""
    session.add_all(
        new_example(row, text, side, Origin.ALIAS, row.author_id, row.created_at, is_live=True)
        for row in rows
        for text, side in examples_of.get(row.id, ())
    )
    session.flush()


def inherit(session: Session, row: Correction, older: Sequence[Correction]) -> None:
    """What steps back for a correction leaves it what it was taught, its other question, the passages that were retired
    for it, and what it was to replace itself once it was approved. What waits for review goes on waiting, once for
    each author; one that waits itself takes what its own author said.
    """
    if not older:
        return
    known = {row.normal_question, *(one.normal for one in of(session, [row.id], ExampleState.LIVE).get(row.id, []))}
    mine = of(session, [row.id], ExampleState.PENDING).get(row.id, [])
    waits = {(one.normal, one.author_id) for one in mine}
    left = of(session, [one.id for one in older], ExampleState.LIVE, ExampleState.PENDING)
    found = [example for one in older for example in (_question_of(one, row), *left.get(one.id, []))]
    for example in sorted(found, key=lambda one: one.state == ExampleState.PENDING):
        if example.normal in known or not _goes_over(example, row):
            continue
        copied = example if example.correction_id == row.id else _copied(example, row)
        if copied.state == ExampleState.LIVE:
            known.add(copied.normal)
        elif (copied.normal, copied.author_id) in waits:
            continue
        waits.add((copied.normal, copied.author_id))
        session.add(copied)
    waiting = [one.id for one in older if one.decided_at is None]
    to_come = sa.and_(Settlement.correction_id.in_(waiting), Settlement.choice == Choice.REPLACE)
    retired = sa.and_(Settlement.correction_id.in_([one.id for one in older]), Settlement.choice == Choice.RETIRE)
    for settled in session.scalars(sa.select(Settlement).where(retired | to_come)).all():
        values = {name: getattr(settled, name) for name in ("about", "other_id", "choice", "person_id", "created_at")}
        session.merge(Settlement(correction_id=row.id, **values))
    session.flush()


def hand_back(session: Session, row: Correction, older: Sequence[Correction]) -> None:
    """What waits for review waits with what stepped back for `row`, which is as it was before."""
    left = of(session, [one.id for one in older], ExampleState.PENDING)
    waiting = {(one.normal, one.author_id, one.created_at) for examples in left.values() for one in examples}
    for example in of(session, [row.id], ExampleState.PENDING).get(row.id, []):
        if (example.normal, example.author_id, example.created_at) in waiting:
            session.delete(example)
    session.flush()


def give_up(session: Session, row: Correction, other: Correction) -> None:
    """The other one keeps what `row` had inherited of it."""
    left = of(session, [other.id]).get(other.id, [])
    texts = {(other.normal_question, Side.WILL), *((one.normal, one.side) for one in left)}
    times = {row.created_at, *(one.created_at for one in left)}
    for example in of(session, [row.id], ExampleState.LIVE, ExampleState.PENDING).get(row.id, []):
        if (example.normal, example.side) in texts and example.created_at in times:
            session.delete(example)
    session.flush()


def keys(session: Session, row: Correction, here: str, drafts: Drafts) -> dict[str, list[KeyDraft]]:
    """By reach, what a fact that stands `here` is found by, and what not: its question, what it was taught, and for
    each author what waits. Raises CorrectionChangedError where something has no draft.
    """
    found = {here: [_draft(drafts, row.question, Side.WILL)]}
    for example in of(session, [row.id], ExampleState.LIVE, ExampleState.PENDING).get(row.id, []):
        own = personal(example.author_id)
        if example.state == ExampleState.LIVE:
            found[here].append(_draft(drafts, example.text, Side(example.side)))
        elif row.state == State.LIVE and row.reach in (EVERYONE, own):
            found.setdefault(own, []).append(_draft(drafts, example.text, Side(example.side)))
    return found


def questions(session: Session, ids: Collection[str]) -> list[str]:
    """Every text that these corrections are found by, or may be once something is taken back."""
    if not ids:
        return []
    query = sa.select(Correction.question, Correction.original_question).where(Correction.id.in_(ids))
    found = [text for row in session.execute(query) for text in row if text]
    return list(dict.fromkeys([*found, *session.scalars(_texts(ids))]))


def give_way(session: Session, examples: Iterable[Example], to: str) -> None:
    """Another correction answers their words now, or the other side took their place."""
    for example in examples:
        example.state, example.superseded_by = ExampleState.SUPERSEDED, to
    session.flush()


def is_there(session: Session, example: Example) -> bool:
    """Whether the same words stand with the same correction, for everybody or for the example's author."""
    stand = of(session, [example.correction_id], ExampleState.LIVE, ExampleState.PENDING)
    return any(
        one.normal == example.normal and (one.state == ExampleState.LIVE or one.author_id == example.author_id)
        for one in stand.get(example.correction_id, [])
    )


def give_back(session: Session, example: Example) -> None:
    """As if it had not given way."""
    example.state = ExampleState.LIVE if example.decided_at else ExampleState.PENDING
    example.superseded_by = None
    session.flush()


def _texts(ids: Collection[str]) -> sa.Select[str]:
    return sa.select(Example.text).where(Example.correction_id.in_(ids), Example.state != ExampleState.REJECTED)


def _draft(drafts: Drafts, text: str, side: Side) -> KeyDraft:
    if text not in drafts:
        raise CorrectionChangedError  # it was changed after the embeddings had been made
    return replace(drafts[text], sign=SIGN[side])


def _question_of(older: Correction, row: Correction) -> Example:
    """The question of what steps back, as an example of what takes its place."""
    return new_example(row, older.question, Side.WILL, Origin.ALIAS, older.author_id, row.created_at, is_live=True)


def _goes_over(example: Example, row: Correction) -> bool:
    is_live = example.state == ExampleState.LIVE
    return is_live or row.state == State.LIVE or example.author_id == row.author_id


def _copied(example: Example, row: Correction) -> Example:
    """The same example for another correction; with one that waits, its author's own stand as far as it does."""
    is_live = example.state == ExampleState.LIVE or row.state == State.PENDING
    side, origin = Side(example.side), Origin(example.origin)
    at = row.created_at if is_live else example.created_at
    copied = new_example(row, example.text, side, origin, example.author_id, at, is_live=is_live)
    copied.reviewer_id, copied.review_reason = example.reviewer_id, example.review_reason
    copied.turn_id, copied.asked = example.turn_id, example.asked
    return copied
