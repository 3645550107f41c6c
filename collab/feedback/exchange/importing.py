"""Brings a file's corrections in: plans, then writes in batches that are whole or absent.

An expert's go live for everyone and a member's wait, as if they had been typed; whoever imports is the author, and
answers for what they bring in. The embeddings of a batch are made before its transaction, and one audit entry tells of
it. What is there already is left alone, so the same file again goes on where it stopped; a proposal that was rejected
does not come again.
"""

from collections import ChainMap
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback import consequences
from collab.feedback.exchange.entries import Entry, Refused, distinct
from collab.feedback.exchange.plans import (
    Holder,
    ImportPlan,
    OnConflict,
    Step,
    batches,
    fingerprint,
    questions_of,
    step,
)
from collab.feedback.standing import Drafts, Standing, place
from collab.feedback.tables import Correction, Kind, State
from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role, personal
from knowledge.database import Clock, Database, new_id
from knowledge.memory import CorrectionMemory
from knowledge.text import normalise

BATCH = 200  # rows in a transaction: whoever else writes waits for less than a second
Told = Callable[[int, int], None]
"""Is told how many rows are kept, of how many."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has kept, under which id."""

    import_id: str
    rows: int
    superseded: int


class Imports:
    """Plans and writes, `batch` rows at a time; a file's entries are gone through twice and never held together."""

    def __init__(self, database: Database, memory: CorrectionMemory, clock: Clock, batch: int = BATCH) -> None:
        self._database = database
        self._memory = memory
        self._standing = Standing(memory)
        self._clock = clock
        self._batch = batch

    def plan(
        self, actor: Actor, entries: Iterable[Entry | Refused], on_conflict: OnConflict = OnConflict.SKIP
    ) -> ImportPlan:
        """What an import by this person would do now. Writes nothing."""
        plan = ImportPlan()

        def claimed() -> Iterator[Entry]:
            for entry in entries:
                if isinstance(entry, Refused):
                    plan.refuse(entry)
                elif own := plan.claim(_by(actor, entry)):
                    yield own

        for batch in batches(claimed(), self._batch):
            with self._database.read() as session:
                for entry, found in zip(batch, self._steps(session, actor, batch), strict=True):
                    plan.judge(entry, found, on_conflict)
        return plan

    def write(
        self, actor: Actor, entries: Iterable[Entry | Refused], plan: ImportPlan, name: str, told: Told
    ) -> Imported:
        """Does what the plan says with the same entries again; `name` is the file's, for the audit. Another answer that
        somebody has written since the plan stays.
        """
        import_id, rows, superseded = new_id(), 0, 0
        kept = (_by(actor, one) for one in entries if isinstance(one, Entry) and one.number in plan.written)
        for batch in batches((own for one in kept if (own := plan.owned(one))), self._batch):
            written, older = self._write(actor, batch, plan, import_id, name)
            rows, superseded = rows + written, superseded + older
            told(rows, len(plan.written))
        return Imported(import_id, rows, superseded)

    def _write(
        self, actor: Actor, batch: Sequence[Entry], plan: ImportPlan, import_id: str, name: str
    ) -> tuple[int, int]:
        """How many rows were written, and how many stepped back for them."""
        while True:
            with self._database.read() as session:
                before = self._planned(session, actor, batch, plan)
                texts = self._texts(session, before)
            drafts = self._memory.prepare_all(texts)
            with self._database.write() as session:
                if self._planned(session, actor, batch, plan) != before:
                    continue  # somebody wrote meanwhile
                if not any(before):
                    return 0, 0
                made, older = self._keep(session, actor, [found for found in before if found], import_id, drafts)
                consequences.went_live(session, actor, made, self._clock())
                details = {
                    "file": name,
                    "rows": [batch[0].number, batch[-1].number],
                    "corrections": [row.id for row in made],
                    "superseded": [row.id for row in older],
                }
                self._audit(session, actor, import_id, details)
                return len(made), len(older)

    # --- what is there ------------------------------------------------------------------------------------------------

    def _steps(self, session: Session, actor: Actor, batch: Sequence[Entry]) -> list[Step | None]:
        everyone, own = self._held(session, batch, EVERYONE), self._held(session, batch, personal(actor))
        both = ChainMap(own, everyone, _rejected(session, batch))
        return [step(entry, both if entry.is_pending else everyone) for entry in batch]

    def _planned(self, session: Session, actor: Actor, batch: Sequence[Entry], plan: ImportPlan) -> list[Step | None]:
        """The steps without those that contradict what the plan has not seen."""
        steps = self._steps(session, actor, batch)
        return [one if one and (one.is_new or one.entry.number in plan.replaced) else None for one in steps]

    def _held(self, session: Session, batch: Sequence[Entry], reach: str) -> dict[int, Holder]:
        """By fingerprint, what the questions of the batch stand for in a place."""
        facts = {normalise(text) for entry in batch if entry.kind is Kind.FACT for text in entry.questions}
        found = self._memory.holders(session, facts, [reach])
        by_id = _by_id(session, {id for _, id in found})
        held = {fingerprint(Kind.FACT, normal): _holder(by_id[id]) for normal, id in found if id in by_id}
        styles = {normalise(entry.question) for entry in batch if entry.kind is Kind.STYLE}
        for row in _styles(session, styles, reach) if styles else ():
            answer = row.answer if row.state == State.LIVE else ""
            held[fingerprint(Kind.STYLE, row.normal_question, answer)] = _holder(row)
        return held

    def _texts(self, session: Session, steps: Sequence[Step | None]) -> list[str]:
        """Everything that the steps may have to be found by."""
        facts = [found for found in steps if found and found.entry.kind is Kind.FACT]
        older = _by_id(session, {holder.correction_id for found in facts for holder in found.against}).values()
        texts = [text for found in facts for text in found.entry.questions]
        texts += [text for row in older for text in distinct("", [row.question, *row.aliases])]
        return list(dict.fromkeys(texts))

    # --- in the transaction -------------------------------------------------------------------------------------------

    def _keep(
        self, session: Session, actor: Actor, steps: Sequence[Step], import_id: str, drafts: Drafts
    ) -> tuple[list[Correction], list[Correction]]:
        """Writes a row for each step; what answered in its place steps back. Returns both."""
        own = _own(session, actor, {normalise(found.entry.question) for found in steps})
        made, stepped_back, alone = [], [], []
        for found in steps:
            row = self._row(actor, found.entry, import_id)
            made.append(row)
            if older := self._older(session, found, row, own.get((row.kind, row.normal_question), [])):
                self._standing.replace(session, row, older, drafts)
                stepped_back += older
            else:
                alone.append(row)
        self._standing.enter(session, alone, drafts)
        return made, stepped_back

    def _older(self, session: Session, found: Step, row: Correction, own: Sequence[Correction]) -> list[Correction]:
        """What has to step back for the row, which takes over the other questions of those in the same place."""
        here = place(row, State(row.state))
        against = _by_id(session, {holder.correction_id for holder in found.against}).values() if found.against else ()
        rivals = [one for one in against if place(one, State(one.state)) == here]
        left = [text for one in rivals for text in (one.question, *one.aliases)]
        row.aliases = list(distinct(row.question, [*row.aliases, *left]))
        return list({one.id: one for one in (*own, *rivals)}.values())

    def _row(self, actor: Actor, entry: Entry, import_id: str) -> Correction:
        now = self._clock()
        return Correction(
            id=new_id(),
            turn_id=None,
            author_id=actor.id,
            kind=entry.kind,
            state=State.PENDING if entry.is_pending else State.LIVE,
            reach=EVERYONE,
            question=entry.question,
            normal_question=normalise(entry.question),
            answer=entry.answer,
            invisible_at=list(entry.invisible_at),
            review_reason=entry.reason,
            aliases=list(entry.aliases),
            asked=entry.asked,
            import_id=import_id,
            created_at=now,
            decided_at=None if entry.is_pending else now,
        )

    def _audit(self, session: Session, actor: Actor, import_id: str, details: Mapping[str, object]) -> None:
        audit.record(
            session,
            actor_id=actor.id,
            act="corrections_imported",
            object_type="import",
            object_id=import_id,
            details=details,
            now=self._clock(),
        )


def _by(actor: Actor, entry: Entry) -> Entry:
    return entry if actor.role.includes(Role.EXPERT) else replace(entry, is_pending=True)


def _by_id(session: Session, ids: set[str]) -> dict[str, Correction]:
    return {row.id: row for row in session.scalars(sa.select(Correction).where(Correction.id.in_(ids)))}


def _holder(row: Correction) -> Holder:
    return Holder(row.id, row.question, row.answer)


def _own(session: Session, actor: Actor, normals: set[str]) -> dict[tuple[str, str], list[Correction]]:
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


def _rejected(session: Session, batch: Sequence[Entry]) -> dict[int, Holder]:
    """By fingerprint, the questions of proposals that somebody has rejected in the same words."""
    waiting = {(normalise(entry.question), entry.answer): entry for entry in batch if entry.is_pending}
    query = sa.select(Correction).where(
        Correction.normal_question.in_({normal for normal, _ in waiting}), Correction.state == State.REJECTED
    )
    found = [(row, waiting.get((row.normal_question, row.answer))) for row in session.scalars(query)] if waiting else []
    return {one: _holder(row) for row, entry in found if entry for one in questions_of(entry)}


def _styles(session: Session, normals: set[str], reach: str) -> Sequence[Correction]:
    """Style that stands in a place, with one of these questions."""
    stands = Correction.state == State.LIVE
    if reach != EVERYONE:
        stands = (Correction.state == State.PENDING) & (personal("") + Correction.author_id == reach)
    query = sa.select(Correction).where(Correction.kind == Kind.STYLE, Correction.normal_question.in_(normals), stands)
    return session.scalars(query).all()
