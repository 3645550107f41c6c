"""The correction memory: texts that find a correction, kept as rows, searched by words and by meaning.

It knows correction ids, reaches and times. It knows no people, no answers and no states: whoever owns the corrections
decides what is learned, moved and forgotten, in a transaction of their own.
"""

import threading
from collections.abc import Collection as Items
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge.candidates import silenced, stored_keys, verdict_over
from knowledge.database import Database
from knowledge.embedding import Embedder
from knowledge.index import VectorIndex
from knowledge.keys import KeyDraft, add, fetching, note, reencode, stored
from knowledge.rare_words import found_by_words
from knowledge.records import Vector
from knowledge.roads import Judge, Road, Roads
from knowledge.scope import WRONG_COST, Askedness, Candidate, Considered, Decision, Reason, Verdict, chinese, decide
from knowledge.scope.examples import will_and_will_not
from knowledge.spelling import respelled
from knowledge.tables import Collection, IndexChange, MemoryKey
from knowledge.text import normalise

NEAREST = 32  # keys looked at, positive and negative; the right one is among the first five in 99.8 %
AT_ONCE = 5_000  # keys read in one query

_UNSEEN = (  # made once: each recall runs it
    sa.select(IndexChange.seq, IndexChange.item_id)
    .where(IndexChange.collection == Collection.MEMORY, IndexChange.seq > sa.bindparam("seen"))
    .order_by(IndexChange.seq)
)


@dataclass(frozen=True, slots=True)
class Recall:
    """What the memory has to say to a question. `correction_id` is None when the decision is to ignore.

    `considered` are the corrections that were thought of, for whoever looks into the decision.
    """

    decision: Decision
    correction_id: str | None
    probability: float
    reasons: tuple[Reason, ...]
    considered: tuple[Considered, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Examples of what a correction should and should not answer, each with what it does."""

    will: tuple[tuple[str, Recall], ...]
    will_not: tuple[tuple[str, Recall], ...]


class CorrectionMemory:
    """Live corrections by their questions, aliases and negative examples. Safe to share between threads.

    The index is a view of the rows: it applies the changes that it has not seen before each recall, whoever wrote them.
    Keys whose vector is of another embedder are found in the same words only, until `reencode` has run. Without
    `askedness` only common words are counted; without an embedder for Chinese, Chinese is found in the same words only.
    `wrong_cost`: misses that one wrong answer is worth.
    """

    def __init__(
        self,
        database: Database,
        embedder: Embedder,
        askedness: Askedness | None = None,
        wrong_cost: float = WRONG_COST,
        chinese_embedder: Embedder | None = None,
    ) -> None:
        self._database = database
        self._askedness = askedness

        def main(question: str, candidates: Sequence[Candidate]) -> Verdict:
            return decide(question, candidates, askedness, wrong_cost)

        def in_chinese(question: str, candidates: Sequence[Candidate]) -> Verdict:
            return chinese.decide(question, candidates, wrong_cost)

        def road(embedder: Embedder, judge: Judge) -> Road:
            return Road(embedder, judge, fetching(database, embedder))

        self._roads = Roads(road(embedder, main), road(chinese_embedder, in_chinese) if chinese_embedder else None)
        self._sequence: int | None = None  # the last change in the index; None before the first refresh
        self._turn = threading.Lock()  # catching up and searching take turns, so that no search sees half a change

    @property
    def sequence(self) -> int:
        """The number of the last change that recalls know about."""
        return self._sequence or 0

    @property
    def index(self) -> VectorIndex:
        """The vectors of what is not Chinese."""
        return self._roads.main.index

    @property
    def askedness(self) -> Askedness | None:
        """What compares questions here."""
        return self._askedness

    def load(self) -> None:
        """Loads what compares questions, puts them right and embeds Chinese, so that the first recall need not."""
        respelled("langauge")
        if self._askedness is not None:
            self._askedness.compare([("ready", "ready")])
        if self._roads.chinese:
            self._roads.chinese.embedder.encode(["好"])

    # --- writing, in the caller's transaction -------------------------------------------------------------------------

    def prepare(self, text: str, sign: int = 1) -> KeyDraft:
        """What `learn` will store for a text; embeds it, so call this before the transaction."""
        return self.prepare_all([text], sign)[text]

    def prepare_all(self, texts: Sequence[str], sign: int = 1) -> dict[str, KeyDraft]:
        """The same for many texts, by text; they are embedded in batches."""
        made = zip(texts, self._roads.vectors(texts), strict=True)
        return {text: KeyDraft(text, normalise(text), sign, name, vector) for text, (name, vector) in made}

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
        add(session, drafts_of, reach, valid_until)

    def forget(self, session: Session, correction_id: str) -> None:
        """Removes all keys of a correction."""
        gone = sa.delete(MemoryKey).where(MemoryKey.correction_id == correction_id).returning(MemoryKey.id)
        note(session, session.scalars(gone).all(), added=False)

    def reencode(self) -> int:
        """Encodes the keys that another embedder made, or none could, once, at start; returns how many there were."""
        return reencode(self._database, self._roads)

    # --- reading ------------------------------------------------------------------------------------------------------

    def holders(self, session: Session, normals: Items[str], reaches: Items[str]) -> list[tuple[str, str]]:
        """Which corrections are found by these very words within the reaches: normal form and correction id, oldest
        first.
        """
        keys = sa.select(MemoryKey.normal, MemoryKey.correction_id).where(
            MemoryKey.normal.in_(normals), MemoryKey.sign == 1, MemoryKey.reach.in_(reaches)
        )
        return [(normal, correction_id) for normal, correction_id in session.execute(keys.order_by(MemoryKey.id))]

    def recall(
        self,
        question: str,
        reaches: Items[str],
        now: datetime,
        *,
        may_apply: bool = True,
        without: Items[str] = (),
    ) -> Recall:
        """Which correction within the reaches answers the question at a time, if any.

        The same words apply without an embedding. Otherwise the likest keys are judged; the asker's own corrections go
        before everyone's. Where nothing applies, slips of the keyboard are put right. With `may_apply` false (of a
        question that leans on its conversation) what is only alike is at most suggested. `without` are corrections that
        are left aside.
        """
        verdict = self._decided(question, reaches, now, without)
        if verdict.decision != Decision.APPLY and self._roads.of(question) is self._roads.main:
            verdict = self._in_right_spelling(question, reaches, now, without, verdict)
        if verdict.decision == Decision.APPLY and not may_apply and Reason.SAME_WORDS not in verdict.reasons:
            reasons = (*verdict.reasons, Reason.LEANS_ON_CONVERSATION)
            verdict = replace(verdict, decision=Decision.SUGGEST, reasons=reasons)
        known = verdict.correction_id if verdict.decision != Decision.IGNORE else None
        return Recall(verdict.decision, known, verdict.probability, verdict.reasons, verdict.considered)

    def _decided(self, question: str, reaches: Items[str], now: datetime, without: Items[str]) -> Verdict:
        """The verdict on the words as they stand."""
        verdict = self._verdict(question, reaches, now, None, without)
        road = None if verdict.decision == Decision.APPLY else self._roads.of(question)
        if road is None or not len(road.index):
            return verdict
        vector = road.embedder.encode([question])[0]  # between two sessions: what takes long holds none open
        return self._verdict(question, reaches, now, (road, vector), without)

    def _in_right_spelling(
        self, question: str, reaches: Items[str], now: datetime, without: Items[str], as_typed: Verdict
    ) -> Verdict:
        """The verdict on the question without slips of the keyboard, where it says more. A no to the words as they were
        typed holds.
        """
        right = respelled(question)
        if right == question:
            return as_typed
        with self._database.read() as session:
            refused = silenced(session, question, reaches)
        verdict = self._decided(right, reaches, now, {*without, *refused})
        if verdict.decision == Decision.APPLY or as_typed.decision == Decision.IGNORE != verdict.decision:
            return replace(verdict, reasons=(*verdict.reasons, Reason.RESPELLED))
        return as_typed

    def judge(self, question: str, correction_id: str, reaches: Items[str], now: datetime) -> Recall:
        """What this correction does with a question, as things stand: another one that goes before it silences it."""
        recall = self.recall(question, reaches, now)
        if recall.correction_id == correction_id:
            return recall
        return replace(recall, decision=Decision.IGNORE, correction_id=None)

    def proof(self, question: str, correction_id: str, reaches: Items[str], now: datetime) -> Proof:
        """Made-up paraphrases and near misses of the correction's question, each with what it does with them."""
        will, will_not = will_and_will_not(question, self.neighbours(question, correction_id, reaches, now))

        def judged(texts: Sequence[str]) -> tuple[tuple[str, Recall], ...]:
            return tuple((text, self.judge(text, correction_id, reaches, now)) for text in texts)

        return Proof(judged(will), judged(will_not))

    def neighbours(self, question: str, correction_id: str, reaches: Items[str], now: datetime) -> list[str]:
        """The nearest questions of other corrections, nearest first."""
        road = self._roads.of(question)
        if road is None:
            return []
        vector = road.embedder.encode([question])[0]
        with self._database.read() as session:
            self._catch_up(session)
            likeness = self._likeness(road, vector, reaches)
            keys = stored_keys(
                session,
                MemoryKey.id.in_(likeness),
                MemoryKey.correction_id != correction_id,
                MemoryKey.sign == 1,
                sa.or_(MemoryKey.valid_until.is_(None), MemoryKey.valid_until > now),
            )
        return [key.text for key in sorted(keys, key=lambda key: -likeness[key.id])]

    def _verdict(
        self, question: str, reaches: Items[str], now: datetime, on: tuple[Road, Vector] | None, without: Items[str]
    ) -> Verdict:
        """The verdict over the keys in the same words and, with the question's vector, over those that are nearest."""
        with self._database.read() as session:
            self._catch_up(session)
            telling = found_by_words(session, question, reaches) if on else []
            likeness = self._likeness(*on, reaches, telling) if on else {}
            keys = stored_keys(
                session,
                MemoryKey.reach.in_(reaches),
                sa.or_(MemoryKey.valid_until.is_(None), MemoryKey.valid_until > now),
                sa.or_(MemoryKey.normal == normalise(question), MemoryKey.id.in_(likeness)),
                MemoryKey.correction_id.not_in(without),
            )
        judge = on[0].judge if on else self._roads.main.judge
        return verdict_over(lambda candidates: judge(question, candidates), keys, likeness, telling)

    def refresh(self) -> None:
        """Brings the index in step with the rows. The first time it is built: 0.2 s for 100,000 keys."""
        with self._database.read() as session:
            self._catch_up(session)

    def _likeness(self, road: Road, vector: Vector, reaches: Items[str], others: Items[int] = ()) -> dict[int, float]:
        """Key id -> cosine, of the nearest keys and of others."""
        with self._turn:
            nearest = {hit.id: hit.score for hit in road.index.search(vector, NEAREST, reaches)}
            scores = nearest | road.index.cosines(vector, others)
        return {id: round(score, 6) for id, score in scores.items()}

    def _catch_up(self, session: Session) -> None:
        """Applies the changes since the last time, as the session sees them."""
        with self._turn:
            if self._sequence is None:
                for road in self._roads:
                    road.index.change((), stored(session, road))
                self._sequence = session.scalar(sa.select(sa.func.max(IndexChange.seq))) or 0
                return
            unseen = session.execute(_UNSEEN, {"seen": self._sequence}).all()
            ids = sorted({item for _, item in unseen})
            for start in range(0, len(ids), AT_ONCE):
                part = ids[start : start + AT_ONCE]
                for road in self._roads:
                    road.index.change(part, stored(session, road, MemoryKey.id.in_(part)))
            self._sequence = unseen[-1].seq if unseen else self._sequence
