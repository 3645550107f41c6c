"""Which cases there are, and in what order: the queries behind the list of the review. They check no role.

A case is a correction, a turn that was rated down, or an example. All are ordered by the same three values, so that a
page is the first of each, merged, and the next page begins behind the last (keyset paging). Open cases of the same
question stand behind one of them: a correction before a rated turn, then the one that comes first in the order. So do
examples that were said together, such as a no to several corrections.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from collab.dialogue.tables import Conversation, Turn, TurnSource
from collab.feedback import finding
from collab.feedback.records import visible
from collab.feedback.tables import Correction, Example, ExampleState, Rating, State, looked_at
from collab.feedback.thread import is_open_to
from collab.people.access import Actor, reaches_of
from collab.people.tables import Person


class Status(StrEnum):
    """Where a case stands. `open` is what waits for review: pending corrections, and thumbs down without an answer."""

    OPEN = "open"
    LIVE = "live"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    RESOLVED = "resolved"


class Order(StrEnum):
    """What comes first."""

    IMPACT = "impact"
    OLDEST = "oldest"
    NEWEST = "newest"


class Assigned(StrEnum):
    """Who is to look at it."""

    ANYBODY = ""
    ME = "me"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Filter:
    """Which cases are wanted; what is empty does not matter. `author` and `document` are ids, `days` is how long a case
    has waited at least, `text` must stand in it with every word.
    """

    status: Status = Status.OPEN
    order: Order = Order.IMPACT
    assigned: Assigned = Assigned.ANYBODY
    author: str = ""
    reason: str = ""
    document: str = ""
    text: str = ""
    days: int = 0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a case stands in the order: its rank, its time and its id."""

    rank: int
    at: datetime
    id: str


_Table = Any  # Correction, Rating or Example, or an alias of it


def corrections(actor: Actor, wanted: Filter, now: datetime, after: Place | None) -> sa.Select[Any] | None:
    """Id, rank and time of the corrections that are wanted; None where there can be none."""
    if wanted.status is Status.RESOLVED:
        return None
    conditions = [
        visible(actor, is_open=wanted.status is Status.OPEN),
        _state(Correction, wanted),
        *_of_correction(Correction, actor, wanted, now),
    ]
    if wanted.status is Status.OPEN:
        other = aliased(Correction)
        before = _before(other, other.id, Correction, Correction.id, wanted.order)
        conditions.append(
            _none(other, Correction, _state(other, wanted), before, *_of_correction(other, actor, wanted, now))
        )
    return _ordered(Correction, Correction.id, conditions, wanted.order, after)


def ratings(actor: Actor, wanted: Filter, now: datetime, after: Place | None) -> sa.Select[Any] | None:
    """The same for rated turns."""
    if wanted.status not in (Status.OPEN, Status.RESOLVED):
        return None
    turn, conversation = Turn, Conversation
    conditions = [*_of_rating(Rating, turn, actor, wanted, now), turn.id == Rating.turn_id]
    conditions += [conversation.id == turn.conversation_id, is_open_to(actor)]
    if wanted.status is Status.OPEN:
        conditions += [_no_correction(actor, wanted, now), _no_rating_before(actor, wanted, now)]
    return _ordered(Rating, Rating.turn_id, conditions, wanted.order, after)


def examples(actor: Actor, wanted: Filter, now: datetime, after: Place | None) -> sa.Select[Any] | None:
    """The same for examples of live corrections; those that needed no review are no cases."""
    if wanted.status not in (Status.OPEN, Status.LIVE, Status.REJECTED) or wanted.reason or wanted.document:
        return None
    conditions = [*_of_examples(actor, wanted.status), *_common(Example, actor, wanted, now)]
    if wanted.status is Status.OPEN:
        other = aliased(Example)
        is_wanted = (*_common(other, actor, wanted, now), _before(other, other.id, Example, Example.id, wanted.order))
        conditions.append(~said_with(other, actor, *is_wanted))
    if wanted.author:
        conditions.append(looked_at(Example.author_id) == wanted.author)
    conditions += [Example.text.contains(word, autoescape=True) for word in wanted.text.split()[:12]]
    return _ordered(Example, Example.id, conditions, wanted.order, after)


def has_case(actor: Actor, status: Status) -> sa.ColumnElement[bool]:
    """Of a person: that a case that stands so is theirs, and one that the actor may see."""
    wanted, found = Filter(status=status), list[sa.ColumnElement[bool]]()
    if status is not Status.RESOLVED:
        seen = visible(actor, is_open=status is Status.OPEN), looked_at(Correction.reach).in_(reaches_of(actor))
        found.append(sa.exists().where(_state(Correction, wanted), Correction.author_id == Person.id, *seen))
    if status in (Status.OPEN, Status.RESOLVED):
        is_open = Rating.resolved_at.is_(None) if status is Status.OPEN else Rating.resolved_at.is_not(None)
        rated = sa.select(Rating.person_id).join(Turn, Turn.id == Rating.turn_id).join(Conversation)
        found.append(Person.id.in_(rated.where(Rating.rating == "down", is_open, is_open_to(actor))))
    if status in (Status.OPEN, Status.LIVE, Status.REJECTED):
        found.append(Person.id.in_(sa.select(Example.author_id).where(*_of_examples(actor, status))))
    return sa.or_(*found)


def _of_examples(actor: Actor, status: Status) -> list[sa.ColumnElement[bool]]:
    """Those that stand so; of what was decided, what somebody reviewed."""
    state = ExampleState.PENDING if status is Status.OPEN else ExampleState(status)
    reviewed = [] if status is Status.OPEN else [Example.reviewer_id.is_not(None)]
    return [Example.state == state, is_reviewable(actor), *reviewed]


def said_with(other: _Table, actor: Actor, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """Of an example: that an `other` one waits that was said in the same turn of the same question, and by the same
    act: it is of the same person and on the same side.
    """
    same = (other.turn_id, other.author_id, other.normal, other.side)
    own = (Example.turn_id, Example.author_id, Example.normal, Example.side)
    return sa.exists().where(
        *(one == mine for one, mine in zip(same, own, strict=True)),
        other.id != Example.id,
        looked_at(other.state) == ExampleState.PENDING,
        is_reviewable(actor, other),
        *conditions,
    )


def is_first_said(actor: Actor) -> sa.ColumnElement[bool]:
    """Of an example: that of those that were said together it is the one that stands for all."""
    other = aliased(Example)
    return ~said_with(other, actor, _before(other, other.id, Example, Example.id, Order.OLDEST))


def is_reviewable(actor: Actor, table: _Table = Example) -> sa.ColumnElement[bool]:
    """Of an example: that its correction is live for the person, so that it can be decided."""
    live = sa.select(Correction.id).where(
        Correction.id == table.correction_id,
        looked_at(Correction.state) == State.LIVE,
        looked_at(Correction.reach).in_(reaches_of(actor)),
    )
    return live.exists()


def _no_correction(actor: Actor, wanted: Filter, now: datetime) -> sa.ColumnElement[bool]:
    other = aliased(Correction)
    return _none(other, Rating, _state(other, wanted), *_of_correction(other, actor, wanted, now))


def _no_rating_before(actor: Actor, wanted: Filter, now: datetime) -> sa.ColumnElement[bool]:
    other, turn = aliased(Rating), aliased(Turn)
    return _none(
        other,
        Rating,
        turn.id == other.turn_id,
        turn.reach == Turn.reach,
        *_of_rating(other, turn, actor, wanted, now),
        _before(other, other.turn_id, Rating, Rating.turn_id, wanted.order),
    )


def _none(other: _Table, table: _Table, *conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[bool]:
    """There is no other one of the same question."""
    return ~sa.exists().where(other.normal_question == table.normal_question, *conditions)


# --- what is wanted ---------------------------------------------------------------------------------------------------


def _state(table: _Table, wanted: Filter) -> sa.ColumnElement[bool]:
    state = State.PENDING if wanted.status is Status.OPEN else State(wanted.status)
    return (table.state if table is Correction else looked_at(table.state)) == state


def _of_correction(table: _Table, actor: Actor, wanted: Filter, now: datetime) -> list[sa.ColumnElement[bool]]:
    found = _common(table, actor, wanted, now)
    if wanted.author:
        found.append(looked_at(table.author_id) == wanted.author)
    if wanted.reason:
        found.append(looked_at(table.turn_id).in_(sa.select(Rating.turn_id).where(Rating.reason == wanted.reason)))
    if wanted.text.strip():  # the sum keeps the order's index: a common word would be sorted otherwise
        found.append((table.number + 0).in_(finding.matching(wanted.text)))
    return found


def _of_rating(
    table: _Table, turn: _Table, actor: Actor, wanted: Filter, now: datetime
) -> list[sa.ColumnElement[bool]]:
    is_open = table.resolved_at.is_(None) if wanted.status is Status.OPEN else table.resolved_at.is_not(None)
    rating = table.rating if table is Rating else looked_at(table.rating)
    found = [rating == "down", is_open, *_common(table, actor, wanted, now)]
    if wanted.author:
        found.append(looked_at(table.person_id) == wanted.author)
    if wanted.reason:
        found.append(table.reason == wanted.reason)
    for word in wanted.text.split()[:12]:
        said = (turn.question, turn.answer, sa.func.coalesce(table.comment, ""))
        found.append(sa.or_(*(column.contains(word, autoescape=True) for column in said)))
    return found


def _common(table: _Table, actor: Actor, wanted: Filter, now: datetime) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = []
    if wanted.assigned is Assigned.ME:
        found.append(looked_at(table.assignee_id) == actor.id)
    if wanted.assigned is Assigned.NOBODY:
        found.append(looked_at(table.assignee_id).is_(None))
    if wanted.days:
        found.append(looked_at(table.created_at) <= now - timedelta(days=wanted.days))
    if wanted.document:
        cited = sa.select(TurnSource.turn_id).where(TurnSource.document_id == wanted.document)
        found.append(looked_at(table.turn_id).in_(cited))
    return found


# --- in what order ----------------------------------------------------------------------------------------------------


def _ordered(
    table: _Table, id: _Table, conditions: list[sa.ColumnElement[bool]], order: Order, after: Place | None
) -> sa.Select[Any]:
    if after is not None:
        conditions = [*conditions, _behind(_keys(table, id, order), after, order)]
    query = sa.select(id, table.rank, table.created_at).where(*conditions)
    if order is Order.NEWEST:
        return query.order_by(table.created_at.desc(), id.desc())
    return query.order_by(*_keys(table, id, order))


def _keys(table: _Table, id: _Table, order: Order) -> list[_Table]:
    return [table.rank, table.created_at, id] if order is Order.IMPACT else [table.created_at, id]


def _behind(keys: list[_Table], after: Place, order: Order) -> sa.ColumnElement[bool]:
    last: list[Any] = [after.at, after.id]
    if order is Order.IMPACT:
        last = [after.rank, *last]
    place = sa.tuple_(*(sa.literal(value, key.type) for value, key in zip(last, keys, strict=True)))
    return sa.tuple_(*keys) < place if order is Order.NEWEST else sa.tuple_(*keys) > place


def _before(one: _Table, one_id: _Table, other: _Table, other_id: _Table, order: Order) -> sa.ColumnElement[bool]:
    mine, theirs = sa.tuple_(*_keys(one, one_id, order)), sa.tuple_(*_keys(other, other_id, order))
    return mine > theirs if order is Order.NEWEST else mine < theirs
