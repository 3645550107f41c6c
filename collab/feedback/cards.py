"""The card of a correction: everything that stands around it, for one person, in one value. It changes nothing."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback import card_rows, rules
from collab.feedback.card_rows import Uses, Version
from collab.feedback.conflict_rows import Conflict
from collab.feedback.conflicts import Conflicts
from collab.feedback.example_rows import ExampleRecord, stands_at_once
from collab.feedback.examples import Examples
from collab.feedback.proofs import ProofRecord, Proofs
from collab.feedback.records import CorrectionRecord, correction_records, is_readable, readable
from collab.feedback.standing import place
from collab.feedback.tables import Correction, Kind, Side, State
from collab.feedback.validity import may_date
from collab.people.access import EVERYONE, Actor, Role
from knowledge.database import Clock, Database
from knowledge.memory import CorrectionMemory, Recall
from knowledge.scope import Decision, Reason
from knowledge.text import normalise

EACH = 5  # made-up questions on a side


@dataclass(frozen=True, slots=True)
class Line:
    """A question on one side of the card. `example` is there where somebody put it there; it is None for a made-up one,
    which stands on the side where memory puts it now. `decision` and `reasons` are memory's: what is only suggested
    stands under *will not answer*.
    """

    text: str
    side: Side
    example: ExampleRecord | None
    decision: Decision | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class May:
    """What the reader may do. `teach_at_once` says that what they move holds for all whom the correction is for, and
    not for them alone until it is approved.
    """

    teach: bool
    teach_at_once: bool
    test: bool
    date: bool
    settle: bool
    withdraw: bool
    undo: bool


@dataclass(frozen=True, slots=True)
class Card:
    """A correction with what it answers, its proof, its conflicts, its versions and its uses.

    `will` and `will_not` have the examples first, then made-up ones; `versions` are newest first and contain this one;
    `is_expired` where `correction.valid_until` is over.
    """

    correction: CorrectionRecord
    will: tuple[Line, ...]
    will_not: tuple[Line, ...]
    proof: ProofRecord | None
    conflicts: tuple[Conflict, ...]
    versions: tuple[Version, ...]
    uses: Uses
    is_expired: bool
    may: May

    @property
    def is_verified(self) -> bool:
        """Whether *verified* may stand on it, else *not yet*."""
        return self.proof is not None and self.proof.holds


class Cards:
    """Reads cards for those who may see a correction, or get its answer."""

    def __init__(
        self,
        database: Database,
        memory: CorrectionMemory,
        examples: Examples,
        proofs: Proofs,
        conflicts: Conflicts,
        clock: Clock,
    ) -> None:
        self._database = database
        self._memory = memory
        self._examples = examples
        self._proofs = proofs
        self._conflicts = conflicts
        self._clock = clock

    def get(self, actor: Actor, correction_id: str) -> Card:
        """The whole card; under a second. Raises NotFoundError."""
        now = self._clock()
        with self._database.read() as session:
            row = readable(session, actor, correction_id)
            record = card_rows.seen(actor, row, correction_records(session, actor, [row])[0])
            versions = card_rows.versions(session, actor, row)
            uses, may = card_rows.uses(session, [row.id])[row.id], _may(session, actor, row)
            here = place(row, State(row.state)) if row.state in (State.PENDING, State.LIVE) else ""
        examples = self._examples.of(actor, correction_id) if here else []
        lines = self._lines(record, examples, (EVERYONE, here), now) if may.test else []
        return Card(
            correction=record,
            will=tuple(one for one in lines if one.side is Side.WILL),
            will_not=tuple(one for one in lines if one.side is Side.WILL_NOT),
            proof=self._proofs.last(actor, correction_id) if may.test else None,
            conflicts=tuple(self._conflicts.of(actor, correction_id)),
            versions=versions,
            uses=uses,
            is_expired=record.valid_until is not None and record.valid_until <= now,
            may=may,
        )

    def uses(self, actor: Actor, correction_ids: Collection[str]) -> dict[str, Uses]:
        """How many questions of how many people each of them has answered; those that the person may not see, and whose
        answer they do not get, are missing.
        """
        if not correction_ids:
            return {}
        with self._database.read() as session:
            query = sa.select(Correction.id).where(Correction.id.in_(correction_ids), is_readable(actor))
            return card_rows.uses(session, session.scalars(query).all())

    def versions(self, actor: Actor, correction_id: str) -> tuple[Version, ...]:
        """What stood in its place before and after, newest first, with itself. Raises NotFoundError."""
        with self._database.read() as session:
            return card_rows.versions(session, actor, readable(session, actor, correction_id))

    def _lines(
        self, record: CorrectionRecord, examples: list[ExampleRecord], reaches: tuple[str, ...], now: datetime
    ) -> list[Line]:
        """Both sides: what was put there, then what is made up, where memory puts it."""
        lines = [Line(one.text, one.side, one, None, ()) for one in examples]
        taken = {normalise(one.text) for one in examples}
        made = self._memory.proof(record.question, record.id, reaches, now)
        count = dict.fromkeys(Side, 0)
        for text, recall in (*made.will, *made.will_not):
            side = _side(recall, record.id)
            if normalise(text) not in taken and count[side] < EACH:
                count[side] += 1
                lines.append(Line(text, side, None, recall.decision, recall.reasons))
        return lines


def _side(recall: Recall, correction_id: str) -> Side:
    applies = recall.decision is Decision.APPLY and recall.correction_id == correction_id
    return Side.WILL if applies else Side.WILL_NOT


def _may(session: Session, actor: Actor, row: Correction) -> May:
    stands = row.state in (State.PENDING, State.LIVE)
    is_fact = row.kind == Kind.FACT
    at_once = stands and stands_at_once(actor, row)
    is_theirs = row.author_id == actor.id or actor.role.includes(Role.EXPERT)
    return May(
        teach=stands and is_fact,
        teach_at_once=is_fact and at_once,
        test=stands and is_fact,
        date=stands and may_date(actor, row),
        settle=is_fact and at_once,
        withdraw=stands and is_theirs,
        undo=rules.can_undo(session, actor, row),
    )
