"""Brings a file's corrections in: plans, then writes in batches that are whole or absent.

An expert's go live for everyone and a member's wait, as if they had been typed; whoever imports is the author, and
answers for what they bring in. The embeddings of a batch are made before its transaction, and one audit entry tells of
it. What is there already is left alone, so the same file again goes on where it stopped; a proposal that was rejected
does not come again.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy.orm import Session

from collab.feedback import consequences
from collab.feedback.exchange import additions, there
from collab.feedback.exchange.entries import Entry, Refused, over
from collab.feedback.exchange.plans import (
    ImportPlan,
    OnConflict,
    Step,
    batches,
    step,
)
from collab.feedback.hubs import CommonQuestions, Hubs
from collab.feedback.standing import Standing, place
from collab.feedback.tables import Correction, Kind, State
from collab.feedback.taught import Drafts
from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role
from knowledge.database import Clock, Database, new_id
from knowledge.memory import CorrectionMemory
from knowledge.text import normalise

BATCH = 200  # rows in a transaction: whoever else writes waits for less than a second
Told = Callable[[int, int], None]
"""Is told how many rows are kept, of how many."""


@dataclass(slots=True)
class Imported:
    """What an import has kept, under which id. `taught` rows have added to corrections that were there; of all, `held`
    ones wait for review, whoever brought them in.
    """

    import_id: str
    rows: int = 0
    superseded: int = 0
    taught: int = 0
    held: int = 0


class Imports:
    """Plans and writes, `batch` rows at a time; a file's entries are gone through twice and never held together."""

    def __init__(
        self,
        database: Database,
        memory: CorrectionMemory,
        clock: Clock,
        common: CommonQuestions | None = None,
        batch: int = BATCH,
    ) -> None:
        self._database = database
        self._common = common
        self._memory = memory
        self._standing = Standing(memory)
        self._clock = clock
        self._batch = batch

    def plan(
        self, actor: Actor, entries: Iterable[Entry | Refused], on_conflict: OnConflict = OnConflict.SKIP
    ) -> ImportPlan:
        """What an import by this person would do now. Writes nothing."""
        plan, now = ImportPlan(), self._clock()

        def claimed() -> Iterator[Entry]:
            for one in entries:
                entry = one if isinstance(one, Refused) else over(one, now) or one
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
        done, hubs = Imported(new_id()), Hubs(self._database, self._common)
        for batch in self._batches(actor, entries, plan):
            self._write(actor, batch, plan, done, name, hubs)
            told(done.rows + done.taught, len(plan.written))
        return done

    def weigh(self, actor: Actor, entries: Iterable[Entry | Refused], plan: ImportPlan, told: Told) -> None:
        """Notes in the plan which of the same entries would wait, whoever brings them in: their questions are near a
        great many. Where enough was asked, each costs an embedding. Writes nothing.
        """
        done, hubs = 0, Hubs(self._database, self._common)
        for batch in self._batches(actor, entries, plan):
            with self._database.read() as session:
                steps = self._planned(session, actor, batch, plan)
            texts = [text for one in steps if one for text in one.reaching]
            for one in _weighed(steps, hubs, self._memory.prepare_all(texts) if texts and hubs.compare() else {}):
                plan.hold(one.entry)
            done += len(batch)
            told(done, len(plan.written))

    def _batches(self, actor: Actor, entries: Iterable[Entry | Refused], plan: ImportPlan) -> Iterable[list[Entry]]:
        """The rows that the plan will keep."""
        kept = (_by(actor, one) for one in entries if isinstance(one, Entry) and one.number in plan.written)
        return batches((own for one in kept if (own := plan.owned(one))), self._batch)

    def _write(
        self, actor: Actor, batch: Sequence[Entry], plan: ImportPlan, done: Imported, name: str, hubs: Hubs
    ) -> None:
        """Writes a batch, and counts what was done."""
        while True:
            with self._database.read() as session:
                before = self._planned(session, actor, batch, plan)
                texts = self._texts(session, before)
            drafts = self._memory.prepare_all(texts)
            steps = _weighed(before, hubs, drafts)
            with self._database.write() as session:
                if self._planned(session, actor, batch, plan) != before:
                    continue  # somebody wrote meanwhile
                if not steps:
                    return
                kept = self._keep(session, actor, [found for found in steps if not found.to], done.import_id, drafts)
                more = additions.teach(session, self._standing, actor, steps, drafts, self._clock)
                made, older = [row for row, _ in kept], [one for _, behind in kept for one in behind]
                for row, behind in kept:
                    consequences.held(session, row, self._clock())
                    consequences.replaced(session, actor, row, behind, self._clock())
                consequences.went_live(session, actor, made, self._clock())
                details = {
                    "file": name,
                    "rows": [batch[0].number, batch[-1].number],
                    "corrections": [row.id for row in made],
                    "superseded": [row.id for row in older],
                    "taught": [row.id for row in more],
                    "dated": [one.to.correction_id for one in steps if one.to and one.until],
                }
                self._audit(session, actor, done.import_id, details)
            done.rows += len(made)
            done.superseded += len(older)
            done.taught += len(more)
            done.held += sum(one.entry.hub is not None for one in steps)
            return

    # --- what is there ------------------------------------------------------------------------------------------------

    def _steps(self, session: Session, actor: Actor, batch: Sequence[Entry]) -> list[Step | None]:
        live, waiting = there.holders(session, self._memory, actor, batch)
        steps = [step(entry, waiting if entry.is_pending else live) for entry in batch]
        return additions.narrowed(session, actor, steps)

    def _planned(self, session: Session, actor: Actor, batch: Sequence[Entry], plan: ImportPlan) -> list[Step | None]:
        """The steps without those that do nothing, or contradict what the plan has not seen."""
        steps = self._steps(session, actor, batch)
        return [one if one and (one.is_free or one.entry.number in plan.replaced) else None for one in steps]

    def _texts(self, session: Session, steps: Sequence[Step | None]) -> list[str]:
        """Everything that the steps may have to be found by."""
        facts = [found for found in steps if found and found.entry.kind is Kind.FACT]
        texts = [text for found in facts for text in (*found.entry.questions, *found.entry.will_not)]
        return self._standing.texts(session, [found.to.correction_id for found in facts if found.to], texts)

    # --- in the transaction -------------------------------------------------------------------------------------------

    def _keep(
        self, session: Session, actor: Actor, steps: Sequence[Step], import_id: str, drafts: Drafts
    ) -> list[tuple[Correction, list[Correction]]]:
        """Writes a row for each step; what answered in its place steps back. Returns each row with what did."""
        own = there.own(session, actor, {normalise(found.entry.question) for found in steps})
        kept: list[tuple[Correction, list[Correction]]] = []
        for found in steps:
            row = self._row(actor, found.entry, import_id)
            older = self._older(session, found, row, own.get((row.kind, row.normal_question), []))
            kept.append((row, older))
            if older or row.held:  # what enters with others has nothing in its way
                self._standing.replace(session, row, older, drafts, found.entry.examples)
        examples_of = {row.id: found.entry.examples for (row, _), found in zip(kept, steps, strict=True)}
        together = [row for row, older in kept if not (older or row.held)]
        self._standing.enter(session, together, drafts, examples_of)
        return kept

    def _older(self, session: Session, found: Step, row: Correction, own: Sequence[Correction]) -> list[Correction]:
        """What has to step back for the row."""
        here = place(row, State(row.state))
        against = there.by_id(session, {holder.correction_id for holder in found.against}) if found.against else {}
        rivals = [one for one in against.values() if place(one, State(one.state)) == here]
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
            asked=entry.asked,
            valid_until=entry.valid_until,
            held="hub" if entry.hub else None,
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


def _weighed(steps: Iterable[Step | None], hubs: Hubs, drafts: Drafts) -> list[Step]:
    """Those that do something; what would answer everyone for a hub waits."""
    found = [one for one in steps if one]
    near = hubs.among([text for one in found for text in one.reaching], drafts)
    hub_of = [next((text for text in one.reaching if text in near), None) for one in found]
    return [one.waiting(hub) if hub else one for one, hub in zip(found, hub_of, strict=True)]


def _by(actor: Actor, entry: Entry) -> Entry:
    return entry if actor.role.includes(Role.EXPERT) else replace(entry, is_pending=True)
