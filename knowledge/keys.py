"""The rows of keys and their vectors: read for an index, noted when they change, encoded anew for another embedder.

It decides nothing about corrections.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge.database import Database
from knowledge.embedding import Embedder
from knowledge.index.clustered import Fetch
from knowledge.roads import Road, Roads
from knowledge.tables import Collection, IndexChange, MemoryKey

ROWS_AT_ONCE = 1_000  # read from the database together
STALE_AT_ONCE = 64  # keys encoded again in one transaction
CHINESE = "*[一-龥]*"  # any common Chinese character, as SQLite's GLOB has it


@dataclass(frozen=True, slots=True)
class KeyDraft:
    """A text by which a correction will be found (`sign` 1) or must not be (-1).

    Without a vector it is found in the same words only.
    """

    text: str
    normal: str
    sign: int
    embedder: str
    vector: bytes | None  # float32, one unit row


def stored(session: Session, road: Road, *which: sa.ColumnElement[bool]) -> Iterator[tuple[int, str, bytes]]:
    """Id, reach and vector of those of the keys that have a vector of the road's embedder."""
    keys = sa.select(MemoryKey.id, MemoryKey.reach, MemoryKey.vector).where(
        MemoryKey.embedder == road.embedder.name, *which
    )
    found = session.execute(keys.execution_options(yield_per=ROWS_AT_ONCE))  # a million vectors are never here together
    return ((id, reach, vector) for id, reach, vector in found if vector)


def fetching(database: Database, embedder: Embedder) -> Fetch:
    """What tells an index the vectors that an embedder made of some keys."""

    def fetch(ids: Sequence[int]) -> Iterable[tuple[int, bytes]]:
        keys = sa.select(MemoryKey.id, MemoryKey.vector).where(MemoryKey.embedder == embedder.name)
        with database.read() as session:
            return [(id, vector) for id, vector in session.execute(keys.where(MemoryKey.id.in_(ids))) if vector]

    return fetch


def add(
    session: Session, drafts_of: Mapping[str, Sequence[KeyDraft]], reach: str, valid_until: datetime | None
) -> None:
    """Stores the keys of corrections, by their ids."""
    keys = [
        MemoryKey(
            correction_id=correction_id,
            text=draft.text,
            normal=draft.normal,
            sign=draft.sign,
            reach=reach,
            valid_until=valid_until,
            embedder=draft.embedder,
            vector=draft.vector,
        )
        for correction_id, drafts in drafts_of.items()
        for draft in drafts
    ]
    session.add_all(keys)
    session.flush()
    note(session, [key.id for key in keys], added=True)


def note(session: Session, key_ids: Sequence[int], *, added: bool) -> None:
    """Tells every index that keys have come, changed or gone."""
    session.add_all(IndexChange(collection=Collection.MEMORY, item_id=id, added=added) for id in key_ids)


def reencode(database: Database, roads: Roads) -> int:
    """Encodes the keys that another embedder made, or that could not be read at the time; returns how many there were.

    No transaction is open while it encodes: other writers wait for that.
    """
    count, last = 0, 0
    while found := _maybe_stale(database, roads, last):
        last = found[-1].id
        keys = [key for key in found if _is_stale(key, roads)]
        if not keys:
            continue
        made = roads.vectors([key.text for key in keys])
        with database.write() as session:
            for key, (name, vector) in zip(keys, made, strict=True):
                anew = {"embedder": name, "vector": vector}
                session.execute(sa.update(MemoryKey).where(MemoryKey.id == key.id).values(anew))
            note(session, [key.id for key in keys], added=True)
        count += len(keys)
    return count


def _is_stale(key: sa.Row[int, str, str, bool], roads: Roads) -> bool:
    """Whether a key would be encoded otherwise, were it learned now."""
    road = roads.of(key.text)
    if road is None:
        return key.embedder != roads.main.embedder.name or not key.is_bare
    return key.embedder != road.embedder.name or bool(key.is_bare)


def _maybe_stale(database: Database, roads: Roads, after: int) -> Sequence[sa.Row[int, str, str, bool]]:
    """The next keys of no embedder here, without a vector, or Chinese that the main embedder made something of."""
    main, is_bare = roads.main.embedder.name, MemoryKey.vector.is_(None)
    which = MemoryKey.embedder.not_in([road.embedder.name for road in roads]) | is_bare
    if roads.chinese:
        which |= (MemoryKey.embedder == main) & MemoryKey.text.op("GLOB")(CHINESE)
    keys = sa.select(MemoryKey.id, MemoryKey.text, MemoryKey.embedder, is_bare.label("is_bare"))
    with database.read() as session:
        return session.execute(
            keys.where(MemoryKey.id > after, which).order_by(MemoryKey.id).limit(STALE_AT_ONCE)
        ).all()
