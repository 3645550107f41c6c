"""Where corrections stand: puts them in force and out of it, inside the caller's transaction.

A correction that is pending or live has a *place*: its author alone while pending, its reach once live. One fact for a
question and place; it is found through memory there, and waits as a lesson unless it is restricted. This module knows
nothing of who may do what, and it makes no embeddings: they are drafted before the transaction.
"""

from collections.abc import Mapping, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import CorrectionChangedError, PlaceTakenError
from collab.feedback import finding, impact
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


def state_before(row: Correction) -> State:
    """What a superseded or withdrawn correction was before: once decided, it had been live."""
    return State.LIVE if row.decided_at else State.PENDING


def superseded_by(session: Session, row: Correction) -> list[Correction]:
    """Those that stepped back for `row`."""
    return list(session.scalars(sa.select(Correction).where(Correction.superseded_by == row.id)))


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

    def twin(self, session: Session, row: Correction, older: Sequence[Correction]) -> Correction | None:
        """The author's own in the same words, where it stands already as far as `row` would, and is what answers."""
        states = [State.LIVE] if row.state == State.LIVE else [State.LIVE, State.PENDING]
        query = sa.select(Correction).where(
            Correction.author_id == row.author_id,
            Correction.kind == row.kind,
            Correction.normal_question == row.normal_question,
            Correction.answer == row.answer,
            Correction.reach == row.reach,
            Correction.state.in_(states),
        )
        return next((one for one in session.scalars(query) if all(other is one for other in older)), None)

    def replace(self, session: Session, row: Correction, older: Sequence[Correction], drafts: Drafts | None) -> None:
        """Puts `row`, whose state is pending or live, where it stands now; the older ones step back for it.

        Without drafts it keeps what it is found by, which only changes reach. Raises CorrectionChangedError.
        """
        is_new = bool(sa.inspect(row).transient)
        with session.no_autoflush:
            ids = [one.id for one in older]
            stepped_back = {"state": State.SUPERSEDED, "revision": Correction.revision + 1}
            session.execute(sa.update(Correction).where(Correction.id.in_(ids)).values(stepped_back))
            for one in older:
                self._forget(session, one)
            if is_new:
                impact.weigh(session, row)
            else:
                row.revision += 1
            session.add(row)
            session.flush()
            finding.keep(session, [row])
            session.execute(sa.update(Correction).where(Correction.id.in_(ids)).values(superseded_by=row.id))
        if drafts is not None:
            self._forget(session, row)
        self._learn(session, row, drafts)

    def enter(self, session: Session, rows: Sequence[Correction], drafts: Drafts) -> None:
        """Puts many rows where nothing stands yet. Raises CorrectionChangedError."""
        for row in rows:
            impact.weigh(session, row)
        session.add_all(rows)
        session.flush()
        finding.keep(session, rows)
        keys: dict[str, dict[str, list[KeyDraft]]] = {}
        for row in rows:
            if row.kind == Kind.FACT:
                keys.setdefault(place(row, State(row.state)), {})[row.id] = _keys(row, drafts)
        for reach, drafts_of in keys.items():
            self._memory.learn_all(session, drafts_of, reach)
        session.add_all(
            Lesson(correction_id=row.id, created_at=row.created_at) for row in rows if row.reach == EVERYONE
        )

    def leave(self, session: Session, row: Correction, state: State) -> None:
        """Takes `row` out of force."""
        row.state = state
        row.revision += 1
        self._forget(session, row)
        session.flush()

    def take_back(self, session: Session, row: Correction, drafts: Drafts) -> list[str]:
        """As if `row` had not been written. Returns the ids of those that are back in its place."""
        self.leave(session, row, State.WITHDRAWN)
        return self._revive(session, superseded_by(session, row), drafts)

    def reject(self, session: Session, row: Correction, drafts: Drafts) -> list[str]:
        """Takes `row` out of force. Its author's restricted one that had stepped back for it is back; the tries that
        they had replaced themselves are not. Returns the ids of those that are back.
        """
        self.leave(session, row, State.REJECTED)
        own = [one for one in superseded_by(session, row) if one.decided_at and one.reach == personal(row.author_id)]
        return self._revive(session, own, drafts)

    def reopen(self, session: Session, row: Correction, drafts: Drafts) -> list[str]:
        """As if `row` had not been reviewed: pending, in its author's words. Returns the ids of those that are back.

        Raises PlaceTakenError when its author has since written another one.
        """
        older = [one for one in superseded_by(session, row) if one.decided_at and one.reach == row.reach]
        question = row.original_question or row.question
        own = self.in_the_way(session, row, question, [place(row, State.PENDING)])
        if any(one.created_at > row.created_at for one in own):
            raise PlaceTakenError
        row.question, row.normal_question = question, normalise(question)
        row.answer = row.original_answer or row.answer
        row.original_question = row.original_answer = None
        row.state, row.decided_at = State.PENDING, None
        row.reviewer_id = row.review_reason = None
        self.replace(session, row, own, drafts)
        return self._revive(session, older, drafts)

    def restore(self, session: Session, row: Correction, drafts: Drafts) -> None:
        """As if `row` had not been withdrawn. Raises PlaceTakenError when another one stands there now."""
        state = state_before(row)
        if self.in_the_way(session, row, row.question, [place(row, state)]):
            raise PlaceTakenError
        row.state, row.withdrawn_by = state, None
        self.replace(session, row, [], drafts)

    def _revive(self, session: Session, rows: Sequence[Correction], drafts: Drafts) -> list[str]:
        """Brings back what had been superseded, unless something newer stands there."""
        revived = []
        for row in rows:
            state = state_before(row)
            if self.in_the_way(session, row, row.question, [place(row, state)]):
                continue
            row.state, row.superseded_by = state, None
            row.revision += 1
            session.flush()
            self._learn(session, row, drafts)
            revived.append(row.id)
        return revived

    def _learn(self, session: Session, row: Correction, drafts: Drafts | None) -> None:
        reach = place(row, State(row.state))
        if row.kind == Kind.FACT and drafts is None:
            self._memory.move(session, row.id, reach)
        elif row.kind == Kind.FACT and drafts is not None:
            self._memory.learn(session, row.id, _keys(row, drafts), reach)
        if row.reach == EVERYONE:
            session.merge(Lesson(correction_id=row.id, created_at=row.created_at))

    def _forget(self, session: Session, row: Correction) -> None:
        if row.kind == Kind.FACT:
            self._memory.forget(session, row.id)
        session.execute(sa.delete(Lesson).where(Lesson.correction_id == row.id))


def _keys(row: Correction, drafts: Drafts) -> list[KeyDraft]:
    """What a fact is found by: its question and its aliases. Raises CorrectionChangedError."""
    questions = dict.fromkeys((row.question, *row.aliases))
    if any(question not in drafts for question in questions):
        raise CorrectionChangedError  # it was changed after the embeddings had been made
    return [drafts[question] for question in questions]
