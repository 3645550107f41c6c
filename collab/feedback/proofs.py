"""Proofs: a correction tested on its question, on what it was taught, and on made-up paraphrases and near misses.

For each it tells what memory decides without the correction and with it. It decides nothing itself, and it asks no
model and no library: what answers where no correction does is the assistant's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import ExampleStyleError
from collab.feedback import rules, taught
from collab.feedback.records import attributed, is_readable, names_of, readable
from collab.feedback.standing import place
from collab.feedback.tables import Correction, ExampleState, Kind, Proof, Side, State
from collab.people import audit
from collab.people.access import EVERYONE, Actor, personal
from knowledge.database import Clock, Database
from knowledge.memory import CorrectionMemory
from knowledge.scope import Decision
from knowledge.text import normalise


class Basis(StrEnum):
    """Where the question of a test comes from: the correction's own, an example, or made up from it."""

    QUESTION = "question"
    EXAMPLE = "example"
    MADE_UP = "made_up"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What memory decides on a question. `answer` has the words of the correction that applies or is suggested, as far
    as the reader may read them; without one, passages or the model answer.
    """

    decision: Decision
    correction_id: str | None
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class ProofCase:
    """One question of a test. `is_right` says whether the correction does with it what its side says."""

    text: str
    side: Side
    basis: Basis
    before: Outcome
    after: Outcome
    is_right: bool


@dataclass(frozen=True, slots=True)
class ProofRecord:
    """The last test. `is_verified` when every case is right: the correction applies to its question, to all that it was
    taught to answer and to each made-up paraphrase, and to nothing that it must not, near misses included. What is made
    up wrongly is put on the other side by a person. `is_current` unless the correction, or what it was taught, was
    changed since: then it is *not yet* verified.
    """

    is_verified: bool
    is_current: bool
    cases: tuple[ProofCase, ...]
    by: str
    at: datetime

    @property
    def holds(self) -> bool:
        """Whether *verified* may stand beside the correction."""
        return self.is_verified and self.is_current


class Proofs:
    """Tests corrections for those who get their answers, and keeps the last test of each."""

    def __init__(self, database: Database, memory: CorrectionMemory, clock: Clock) -> None:
        self._database = database
        self._memory = memory
        self._clock = clock

    def test(self, actor: Actor, correction_id: str) -> ProofRecord:
        """Tests it now, as those get it whom it is for, and keeps the result. Where the person has taught it something
        that still waits, the test is theirs alone. Raises NotFoundError, CorrectionStateError and ExampleStyleError.
        """
        with self._database.read() as session:
            row = _testable(session, actor, correction_id)
            reach, questions = reach_of(session, actor, row), _questions(session, row, actor.id)
            question, revision = row.question, row.revision
        reaches, now = (EVERYONE, reach), self._clock()
        made = self._memory.proof(question, correction_id, reaches, now)
        cases = [self._case(correction_id, reaches, now, *one) for one in questions]
        taken = {normalise(text) for text, *_ in questions}
        for side, texts in ((Side.WILL, made.will), (Side.WILL_NOT, made.will_not)):
            for text, _ in texts:
                if normalise(text) not in taken:
                    cases.append(self._case(correction_id, reaches, now, text, side, Basis.MADE_UP))
        with self._database.write() as session:
            row = _testable(session, actor, correction_id)
            kept = Proof(correction_id=row.id, reach=reach, revision=revision, is_verified=_all_right(cases))
            kept.cases, kept.person_id, kept.created_at = cases, actor.id, now
            kept = session.merge(kept)
            details = {"verified": kept.is_verified, "cases": len(cases), "revision": revision}
            audit.record(
                session,
                actor_id=actor.id,
                act="correction_tested",
                object_type="correction",
                object_id=row.id,
                details=details,
                now=now,
            )
            return proof_record(session, actor, row, kept)

    def last(self, actor: Actor, correction_id: str) -> ProofRecord | None:
        """The last test that concerns the person; None before any. Raises NotFoundError."""
        with self._database.read() as session:
            row = readable(session, actor, correction_id)
            kept = session.get(Proof, (row.id, reach_of(session, actor, row)))
            return proof_record(session, actor, row, kept) if kept else None

    def verified(self, actor: Actor, correction_ids: Sequence[str]) -> dict[str, bool]:
        """By correction that was tested for all whom it is for, whether *verified* may stand beside it. Those that were
        not tested, or that the person may not see, are missing.
        """
        found = {}
        with self._database.read() as session:
            rows = session.scalars(sa.select(Correction).where(Correction.id.in_(correction_ids), is_readable(actor)))
            for row in rows.all():
                if kept := session.get(Proof, (row.id, place(row, State(row.state)))):
                    found[row.id] = _all_right(kept.cases) and _is_current(session, actor, row, kept)
        return found

    def _case(
        self,
        correction_id: str,
        reaches: Sequence[str],
        now: datetime,
        text: str,
        side: Side,
        basis: Basis,
    ) -> dict[str, Any]:
        after = self._memory.recall(text, reaches, now)
        applies = after.decision is Decision.APPLY and after.correction_id == correction_id
        before = self._memory.recall(text, reaches, now, without=[correction_id])
        return {
            "text": text,
            "side": side.value,
            "basis": basis.value,
            "before": [before.decision.value, before.correction_id],
            "after": [after.decision.value, after.correction_id],
            "is_right": applies == (side is Side.WILL),
        }


def reach_of(session: Session, actor: Actor, row: Correction) -> str:
    """For whom a test by this person is: those whom the correction is for, or, where it holds something of the person's
    that waits, the person.
    """
    waiting = taught.of(session, [row.id], ExampleState.PENDING).get(row.id, [])
    is_own = any(one.author_id == actor.id for one in waiting)
    return personal(actor) if is_own else place(row, State(row.state))


def proof_record(session: Session, actor: Actor, row: Correction, kept: Proof) -> ProofRecord:
    """A test as one person may read it."""
    ids = {one[side][1] for one in kept.cases for side in ("before", "after") if one[side][1]}
    answers = {id: one.answer for id, one in attributed(session, actor, ids).items()}
    cases = tuple(
        ProofCase(
            text=one["text"],
            side=Side(one["side"]),
            basis=Basis(one["basis"]),
            before=_outcome(one["before"], answers),
            after=_outcome(one["after"], answers),
            is_right=one["is_right"],
        )
        for one in kept.cases
    )
    return ProofRecord(
        is_verified=_all_right(kept.cases),
        is_current=_is_current(session, actor, row, kept),
        cases=cases,
        by=names_of(session, {kept.person_id})[kept.person_id],
        at=kept.created_at,
    )


def _testable(session: Session, actor: Actor, correction_id: str) -> Correction:
    row = readable(session, actor, correction_id)
    rules.expect(row, State.PENDING, State.LIVE)
    if row.kind == Kind.STYLE:
        raise ExampleStyleError
    return row


def _questions(session: Session, row: Correction, person_id: str | None) -> list[tuple[str, Side, Basis]]:
    """What the correction is tested on, beside what is made up; with what the person taught it that waits."""
    stand = taught.of(session, [row.id], ExampleState.LIVE, ExampleState.PENDING).get(row.id, [])
    holding = {
        one.normal: one for one in stand if one.state == ExampleState.LIVE or one.author_id == person_id
    }  # one's own comes later, and holds before the live one in the same words
    examples = [(one.text, Side(one.side), Basis.EXAMPLE) for one in holding.values()]
    return [(row.question, Side.WILL, Basis.QUESTION), *examples]


def _all_right(cases: Sequence[Mapping[str, Any]]) -> bool:
    return all(one["is_right"] for one in cases)


def _is_current(session: Session, actor: Actor, row: Correction, kept: Proof) -> bool:
    """Whether the correction stands, and was tested on what it is found by now."""
    if row.state not in (State.PENDING, State.LIVE) or kept.revision != row.revision:
        return False
    now = {
        (text, side) for text, side, _ in _questions(session, row, actor.id if kept.reach == personal(actor) else None)
    }
    return now == {(one["text"], one["side"]) for one in kept.cases if one["basis"] != Basis.MADE_UP}


def _outcome(kept: Sequence[Any], answers: Mapping[str, str | None]) -> Outcome:
    decision, correction_id = kept
    return Outcome(Decision(decision), correction_id, answers.get(correction_id or ""))
