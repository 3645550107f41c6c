"""Where corrections stand: puts them in force and out of it, inside the caller's transaction.

A correction that is pending or live has a *place*: its author alone while pending, its reach once live. One fact for a
question and place; it is found through memory there, and waits as a lesson unless it is restricted. This module knows
nothing of who may do what, and it makes no embeddings: they are drafted before the transaction.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import CorrectionChangedError
from collab.feedback.tables import Correction, Kind, Lesson, State
from collab.people.access import EVERYONE, personal
from knowledge.memory import CorrectionMemory, KeyDraft
from knowledge.text import normalise

Drafts = Mapping[str, KeyDraft]
"""What memory needs to learn a question, by question."""

_PLACE = sa.case((Correction.state == State.PENDING, personal("") + Correction.author_id), else_=Correction.reach)


def place(row: Correction, state: State) -> str:
    """The reach that a correction answers when it is in this state, pending or live."""
    return personal(row.author_id) if state is State.PENDING else row.reach


class Standing:
    """Enters and leaves, with everything that has to follow in memory and lessons."""

    def __init__(self, memory: CorrectionMemory) -> None:
        self._memory = memory

    def in_the_way(self, session: Session, row: Correction, question: str, places: Sequence[str]) -> list[Correction]:
        """The others of the same question that stand at one of the places. Style only ever meets pending style."""
        states = [State.PENDING, State.LIVE] if row.kind == Kind.FACT else [State.PENDING]
        query = sa.select(Correction).where(
            Correction.kind == row.kind,
            Correction.normal_question == normalise(question),
            Correction.state.in_(states),
            _PLACE.in_(places),
            Correction.id != row.id,
        )
        return list(session.scalars(query))

    def replace(self, session: Session, row: Correction, older: Sequence[Correction], drafts: Drafts) -> None:
        """Enters `row`, whose state is pending or live; the older ones step back for it."""
        with session.no_autoflush:
            ids = [one.id for one in older]
            session.execute(sa.update(Correction).where(Correction.id.in_(ids)).values(state=State.SUPERSEDED))
            for one in older:
                self._forget(session, one)
            session.add(row)
            session.flush()
            session.execute(sa.update(Correction).where(Correction.id.in_(ids)).values(superseded_by=row.id))
        self._learn(session, row, drafts)

    def leave(self, session: Session, row: Correction, state: State) -> None:
        """Takes `row` out of force."""
        row.state = state
        self._forget(session, row)
        session.flush()

    def move(self, session: Session, row: Correction, drafts: Drafts) -> None:
        """Finds `row`, whose state or question has changed, where it stands now."""
        self._forget(session, row)
        session.flush()
        self._learn(session, row, drafts)

    def revive(self, session: Session, rows: Sequence[Correction], drafts: Drafts) -> list[str]:
        """Brings back what had been superseded, unless something newer stands there. Returns the ids brought back."""
        revived = []
        for row in rows:
            state = State.LIVE if row.decided_at else State.PENDING
            if self.in_the_way(session, row, row.question, [place(row, state)]):
                continue
            row.state, row.superseded_by = state, None
            session.flush()
            self._learn(session, row, drafts)
            revived.append(row.id)
        return revived

    def _learn(self, session: Session, row: Correction, drafts: Drafts) -> None:
        if row.kind == Kind.FACT:
            if row.question not in drafts:
                raise CorrectionChangedError  # it was changed after the embeddings had been made
            self._memory.learn(session, row.id, [drafts[row.question]], place(row, State(row.state)))
        if row.reach == EVERYONE:
            session.add(Lesson(correction_id=row.id, created_at=row.created_at))
            session.flush()

    def _forget(self, session: Session, row: Correction) -> None:
        if row.kind == Kind.FACT:
            self._memory.forget(session, row.id)
        session.execute(sa.delete(Lesson).where(Lesson.correction_id == row.id))
