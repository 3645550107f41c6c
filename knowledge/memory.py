"""The correction memory: texts that find a correction, kept as rows, searched by words and by meaning.

It knows correction ids, reaches and times. It knows no people, no answers and no states: whoever owns the corrections
decides what is learned, moved and forgotten, in a transaction of their own.
"""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Collection as Items
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge.database import Database
from knowledge.embedding import Embedder
from knowledge.index import VectorIndex
from knowledge.records import Vector
from knowledge.scope import Candidate, Decision, Reason, Verdict, decide
from knowledge.tables import Collection, IndexChange, MemoryKey
from knowledge.text import normalise

EVERYONE = "everyone"
NEAREST = 32  # keys looked at, positive and negative; the right one is among the first five in 99.8 %
AT_ONCE = 5_000  # keys read in one query
STALE_AT_ONCE = 64  # keys encoded again in one transaction


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


@dataclass(frozen=True, slots=True)
class Recall:
    """What the memory has to say to a question. `correction_id` is None when the decision is to ignore."""

    decision: Decision
    correction_id: str | None
    probability: float
    reasons: tuple[Reason, ...]


class CorrectionMemory:
    """Live corrections by their questions, aliases and negative examples. Safe to share between threads.

    The index is a view of the rows: it applies the changes that it has not seen before each recall, whoever wrote them.
    Keys whose vector is of another embedder are found in the same words only, until `reencode` has run.
    """

    def __init__(self, database: Database, embedder: Embedder) -> None:
        self._database = database
        self._embedder = embedder
        self._index = VectorIndex(embedder.dims)
        self._sequence: int | None = None  # the last change in the index; None before the first refresh
        self._turn = threading.Lock()  # catching up and searching take turns, so that no search sees half a change

    @property
    def sequence(self) -> int:
        """The number of the last change that recalls know about."""
        return self._sequence or 0

    # --- writing, in the caller's transaction -------------------------------------------------------------------------

    def prepare(self, text: str, sign: int = 1) -> KeyDraft:
        """What `learn` will store for a text; embeds it, so call this before the transaction."""
        return self.prepare_all([text], sign)[text]

    def prepare_all(self, texts: Sequence[str], sign: int = 1) -> dict[str, KeyDraft]:
        """The same for many texts, by text; they are embedded in batches."""
        vectors = dict(zip(texts, self._vectors(texts), strict=True))
        return {
            text: KeyDraft(text, normalise(text), sign, self._embedder.name, vector) for text, vector in vectors.items()
        }

    def learn(
        self,
        session: Session,
        correction_id: str,
        drafts: Sequence[KeyDraft],
        reach: str,
        valid_until: datetime | None = None,
    ) -> None:
        """Adds keys to a correction for a reach; they apply until `valid_until`, exclusive."""
        self.learn_all(session, {correction_id: drafts}, reach, valid_until)

    def learn_all(
        self,
        session: Session,
        drafts_of: Mapping[str, Sequence[KeyDraft]],
        reach: str,
        valid_until: datetime | None = None,
    ) -> None:
        """The same for many corrections at once, by their ids."""
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
        _note(session, [key.id for key in keys], added=True)

    def move(self, session: Session, correction_id: str, reach: str) -> None:
        """Gives all keys of a correction another reach."""
        keys = session.scalars(sa.select(MemoryKey).where(MemoryKey.correction_id == correction_id)).all()
        for key in keys:
            key.reach = reach
        _note(session, [key.id for key in keys], added=True)

    def forget(self, session: Session, correction_id: str) -> None:
        """Removes all keys of a correction."""
        gone = sa.delete(MemoryKey).where(MemoryKey.correction_id == correction_id).returning(MemoryKey.id)
        _note(session, session.scalars(gone).all(), added=False)

    def reencode(self) -> int:
        """Encodes the keys that another embedder made, once, at start; returns how many there were."""
        count = 0
        while stale := self._stale():
            made = self._vectors([text for _, text in stale])  # before the transaction: other writers wait for that
            with self._database.write() as session:
                for (id, _), vector in zip(stale, made, strict=True):
                    vectors = {"embedder": self._embedder.name, "vector": vector}
                    session.execute(sa.update(MemoryKey).where(MemoryKey.id == id).values(vectors))
                _note(session, [id for id, _ in stale], added=True)
            count += len(stale)
        return count

    def _stale(self) -> list[tuple[int, str]]:
        """Id and text of some keys that this embedder has not seen."""
        stale = MemoryKey.embedder != self._embedder.name
        keys = sa.select(MemoryKey.id, MemoryKey.text).where(stale).order_by(MemoryKey.id).limit(STALE_AT_ONCE)
        with self._database.read() as session:
            return [(id, text) for id, text in session.execute(keys)]

    def _vectors(self, texts: Sequence[str]) -> list[bytes | None]:
        """The vector of each text, none where this embedder cannot read it."""
        readable = [text for text in dict.fromkeys(texts) if self._embedder.can_read(text)]
        rows = self._embedder.encode(readable) if readable else ()
        vectors = {text: row.tobytes() for text, row in zip(readable, rows, strict=True)}
        return [vectors.get(text) for text in texts]

    # --- reading ------------------------------------------------------------------------------------------------------

    def holders(self, session: Session, normals: Items[str], reaches: Items[str]) -> list[tuple[str, str]]:
        """Which corrections are found by these very words within the reaches: normal form and correction id, oldest
        first.
        """
        keys = sa.select(MemoryKey.normal, MemoryKey.correction_id).where(
            MemoryKey.normal.in_(normals), MemoryKey.sign == 1, MemoryKey.reach.in_(reaches)
        )
        return [(normal, correction_id) for normal, correction_id in session.execute(keys.order_by(MemoryKey.id))]

    def recall(self, question: str, reaches: Items[str], now: datetime, *, may_apply: bool = True) -> Recall:
        """Which correction within the reaches answers the question at a time, if any.

        The same words apply without an embedding. Otherwise the likest keys are judged; the asker's own corrections go
        before everyone's. With `may_apply` false (a question that leans on its conversation) what is only alike is at
        most suggested.
        """
        verdict = self._verdict(question, reaches, now, None)
        if verdict.decision != Decision.APPLY and len(self._index) and self._embedder.can_read(question):
            vector = self._embedder.encode([question])[0]  # between two sessions: what takes long holds none open
            verdict = self._verdict(question, reaches, now, vector)
            if verdict.decision == Decision.APPLY and not may_apply and Reason.SAME_WORDS not in verdict.reasons:
                reasons = (*verdict.reasons, Reason.LEANS_ON_CONVERSATION)
                verdict = replace(verdict, decision=Decision.SUGGEST, reasons=reasons)
        known = verdict.correction_id if verdict.decision != Decision.IGNORE else None
        return Recall(verdict.decision, known, verdict.probability, verdict.reasons)

    def _verdict(self, question: str, reaches: Items[str], now: datetime, vector: Vector | None) -> Verdict:
        """The verdict over the keys in the same words and, with the question's vector, over those that are nearest."""
        with self._database.read() as session:
            self._catch_up(session)
            likeness = {} if vector is None else self._likeness(vector, reaches)
            keys = _keys(
                session,
                MemoryKey.reach.in_(reaches),
                sa.or_(MemoryKey.valid_until.is_(None), MemoryKey.valid_until > now),
                sa.or_(MemoryKey.normal == normalise(question), MemoryKey.id.in_(likeness)),
            )
        return _judge(question, keys, likeness)

    def refresh(self) -> None:
        """Brings the index in step with the rows. The first time it is built: 0.2 s for 100,000 keys."""
        with self._database.read() as session:
            self._catch_up(session)

    def _likeness(self, vector: Vector, reaches: Items[str]) -> dict[int, float]:
        """Key id -> cosine, of the nearest keys."""
        with self._turn:
            return {hit.id: round(hit.score, 6) for hit in self._index.search(vector, NEAREST, reaches)}

    def _catch_up(self, session: Session) -> None:
        """Applies the changes since the last time, as the session sees them."""
        changes = sa.select(IndexChange.seq, IndexChange.item_id).where(IndexChange.collection == Collection.MEMORY)
        with self._turn:
            if self._sequence is None:
                self._index.change((), self._stored(session))
                self._sequence = session.scalar(sa.select(sa.func.max(IndexChange.seq))) or 0
                return
            unseen = session.execute(changes.where(IndexChange.seq > self._sequence).order_by(IndexChange.seq)).all()
            ids = sorted({item for _, item in unseen})
            for start in range(0, len(ids), AT_ONCE):
                part = ids[start : start + AT_ONCE]
                self._index.change(part, self._stored(session, MemoryKey.id.in_(part)))
            self._sequence = unseen[-1].seq if unseen else self._sequence

    def _stored(self, session: Session, *which: sa.ColumnElement[bool]) -> Iterator[tuple[int, str, bytes]]:
        """Id, reach and vector of those of the keys that have a vector of this embedder."""
        keys = sa.select(MemoryKey.id, MemoryKey.reach, MemoryKey.vector).where(
            MemoryKey.embedder == self._embedder.name, *which
        )
        return ((id, reach, vector) for id, reach, vector in session.execute(keys) if vector)


def _note(session: Session, key_ids: Sequence[int], *, added: bool) -> None:
    session.add_all(IndexChange(collection=Collection.MEMORY, item_id=id, added=added) for id in key_ids)


@dataclass(frozen=True, slots=True)
class _Key:
    """A row of a key without its vector."""

    id: int
    correction_id: str
    text: str
    sign: int
    reach: str


def _keys(session: Session, *which: sa.ColumnElement[bool]) -> list[_Key]:
    columns = sa.select(MemoryKey.id, MemoryKey.correction_id, MemoryKey.text, MemoryKey.sign, MemoryKey.reach)
    return [_Key(*row) for row in session.execute(columns.where(*which))]


def _judge(question: str, keys: Items[_Key], likeness: dict[int, float]) -> Verdict:
    """The verdict over all keys, unless the asker's own alone already apply."""

    def among(which: Callable[[_Key], bool]) -> Verdict:
        return decide(question, _candidates([key for key in keys if key.sign < 0 or which(key)], likeness))

    own = among(lambda key: key.reach != EVERYONE)
    if own.decision != Decision.APPLY:
        return among(lambda key: True)
    if among(lambda key: key.reach == EVERYONE).decision != Decision.APPLY:
        return own
    return replace(own, reasons=(*own.reasons, Reason.OWN_FIRST))


def _candidates(keys: Items[_Key], likeness: dict[int, float]) -> list[Candidate]:
    """The keys as candidates: the asker's own first, then the newest."""
    ranked = sorted(keys, key=lambda key: (key.reach == EVERYONE, -key.id))
    return [Candidate(key.id, key.correction_id, key.text, likeness.get(key.id), key.sign) for key in ranked]
