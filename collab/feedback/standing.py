"""Where corrections stand: puts them in force and out of it, inside the caller's transaction.

A correction that is pending or live has a *place*: its author alone while pending, its reach once live. One fact for a
question and place; it is found through memory there, and waits as a lesson unless it is restricted. This module knows
nothing of who may do what, and it makes no embeddings: they are drafted before the transaction.

Words stand for one answer at a place: where two corrections would answer the same words there, the one whose question
they are does, then the one that had them first; the other's example gives way until that one is taken back.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import PlaceTakenError
from collab.feedback import finding, heirs, impact, taught
from collab.feedback.tables import (
    Correction,
    Example,
    ExampleState,
    Kind,
    Lesson,
    Settlement,
    Side,
    State,
    looked_at,
)
from collab.feedback.taught import Drafts, Sided
from collab.people.access import EVERYONE, personal
from knowledge.keys import KeyDraft
from knowledge.memory import CorrectionMemory
from knowledge.text import normalise

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


def in_the_way(session: Session, row: Correction, question: str, places: Sequence[str]) -> list[Correction]:
    """The others of the same question, or that it is to replace, that stand at one of the places. Style only ever
    meets pending style.
    """
    states = [State.PENDING, State.LIVE] if row.kind == Kind.FACT else [State.PENDING]
    query = sa.select(Correction).where(
        Correction.kind == row.kind,
        (Correction.normal_question == normalise(question)) | Correction.id.in_(heirs.to_replace(session, [row.id])),
        looked_at(Correction.state).in_(states),
        _PLACE.in_(places),
        Correction.id != row.id,
    )
    return list(session.scalars(query))


class Standing:
    """Enters and leaves, with everything that has to follow in memory and lessons."""

    def __init__(self, memory: CorrectionMemory) -> None:
        self._memory = memory

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

    def texts(self, session: Session, ids: Collection[str], questions: Sequence[str] = ()) -> list[str]:
        """What has to be drafted before an act on these corrections, or on new ones with these questions: everything by
        which they, and whatever may give way or come back for them, are found.
        """
        near = set(ids)
        if ids:
            near.update(session.scalars(sa.select(Correction.id).where(Correction.superseded_by.in_(ids))))
            near |= heirs.to_replace(session, ids)
            near.update(session.scalars(sa.select(Example.correction_id).where(Example.superseded_by.in_(near))))
        texts = [*questions, *taught.questions(session, near)]
        normals = {normalise(text) for text in texts}
        stands = looked_at(Correction.state).in_([State.PENDING, State.LIVE])
        same = sa.select(Correction.id).where(Correction.normal_question.in_(normals), stands)
        taken = sa.select(Example.correction_id).where(Example.normal.in_(normals), Example.side == Side.WILL)
        others = {*session.scalars(same), *session.scalars(taken)} - near
        return list(dict.fromkeys([*texts, *taught.questions(session, others)]))

    def replace(
        self,
        session: Session,
        row: Correction,
        older: Sequence[Correction],
        drafts: Drafts,
        examples: Sequence[Sided] = (),
        settled: Sequence[Settlement] = (),
    ) -> None:
        """Puts `row`, whose state is pending or live, where it stands now; the older ones step back for it, and leave
        it what they were taught, as do those for its author alone that it is to replace once it is approved. `examples`
        and what is `settled` came with a new one. Raises CorrectionChangedError.
        """
        is_new = bool(sa.inspect(row).transient)
        with session.no_autoflush:
            ids = [one.id for one in older]
            if ids:
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
            if ids:
                session.execute(sa.update(Correction).where(Correction.id.in_(ids)).values(superseded_by=row.id))
            session.add_all(settled)
        taught.add(session, [row], {row.id: examples})
        here = place(row, State(row.state))
        left_by = [one for one in older if place(one, state_before(one)) == here]
        to_come = heirs.to_come(session, row)
        taught.inherit(session, row, [*left_by, *to_come])
        for one in to_come:
            taught.give_way(session, taught.waiting_of(session, one, row.author_id), row.id)
            self.relearn(session, one, drafts)
        self.relearn(session, row, drafts)

    def enter(
        self, session: Session, rows: Sequence[Correction], drafts: Drafts, examples_of: Mapping[str, Sequence[Sided]]
    ) -> None:
        """Puts many rows, each with its examples, where nothing stands yet. Raises CorrectionChangedError."""
        for row in rows:
            impact.weigh(session, row)
        session.add_all(rows)
        session.flush()
        finding.keep(session, rows)
        taught.add(session, rows, examples_of)
        keys: dict[tuple[str, datetime | None], dict[str, list[KeyDraft]]] = {}
        for row in (one for one in rows if one.kind == Kind.FACT):
            here = place(row, State(row.state))
            keys.setdefault((here, row.valid_until), {})[row.id] = taught.keys(session, row, here, drafts)[here]
        for (reach, until), drafts_of in keys.items():
            self._memory.learn_all(session, drafts_of, reach, until)
        session.add_all(
            Lesson(correction_id=row.id, created_at=row.created_at) for row in rows if row.reach == EVERYONE
        )

    def relearn(self, session: Session, row: Correction, drafts: Drafts) -> None:
        """Makes memory find `row`, which is pending or live, by what it was taught until now, and by nothing else."""
        if row.kind == Kind.FACT:
            self._memory.forget(session, row.id)
            self._make_room(session, row, drafts)
        self._learn(session, row, drafts)

    def leave(self, session: Session, row: Correction, state: State) -> None:
        """Takes `row` out of force."""
        row.state = state
        row.revision += 1
        self._forget(session, row)
        session.flush()

    def take_back(self, session: Session, row: Correction, drafts: Drafts) -> list[str]:
        """As if `row` had not been written. Returns the ids of those that are back in its place."""
        self.leave(session, row, State.WITHDRAWN)
        revived = self.revive(session, superseded_by(session, row), drafts)
        self._give_back(session, row, drafts)
        return revived

    def reject(self, session: Session, row: Correction, drafts: Drafts) -> list[str]:
        """Takes `row` out of force. Its author's restricted one that had stepped back for it is back; the tries that
        they had replaced themselves are not. Returns the ids of those that are back.
        """
        self.leave(session, row, State.REJECTED)
        own = [one for one in superseded_by(session, row) if one.decided_at and one.reach == personal(row.author_id)]
        revived = self.revive(session, own, drafts)
        self._give_back(session, row, drafts)
        return revived

    def reopen(self, session: Session, row: Correction, drafts: Drafts) -> list[str]:
        """As if `row` had not been reviewed: pending, in its author's words. Returns the ids of those that are back.

        Raises PlaceTakenError when its author has since written another one.
        """
        older = [one for one in superseded_by(session, row) if one.decided_at and one.reach == row.reach]
        question = row.original_question or row.question
        own = in_the_way(session, row, question, [place(row, State.PENDING)])
        if any(one.created_at > row.created_at for one in own):
            raise PlaceTakenError
        row.question, row.normal_question = question, normalise(question)
        row.answer = row.original_answer or row.answer
        row.original_question = row.original_answer = None
        row.state, row.decided_at = State.PENDING, None
        row.reviewer_id = row.review_reason = None
        taught.hand_back(session, row, older)
        self.replace(session, row, own, drafts)
        revived = self.revive(session, older, drafts)
        self._give_back(session, row, drafts)
        return revived

    def restore(self, session: Session, row: Correction, drafts: Drafts) -> None:
        """As if `row` had not been withdrawn. Raises PlaceTakenError when another one stands there now."""
        state = state_before(row)
        if in_the_way(session, row, row.question, [place(row, state)]):
            raise PlaceTakenError
        row.state, row.withdrawn_by = state, None
        self.replace(session, row, [], drafts)

    def revive(self, session: Session, rows: Sequence[Correction], drafts: Drafts) -> list[str]:
        """Brings back what had been superseded, unless something newer stands there."""
        revived = []
        for row in rows:
            state = state_before(row)
            if in_the_way(session, row, row.question, [place(row, state)]):
                continue
            row.state, row.superseded_by = state, None
            row.revision += 1
            session.flush()
            self.relearn(session, row, drafts)
            revived.append(row.id)
        return revived

    def give_up(self, session: Session, row: Correction, other: Correction, drafts: Drafts) -> None:
        """As if `row` were not to replace the other one, which is back unless something newer stands there."""
        taught.give_up(session, row, other)
        row.revision += 1
        self.relearn(session, row, drafts)
        if other.state == State.SUPERSEDED and other.superseded_by == row.id:
            self.revive(session, [other], drafts)
        self._give_back(session, row, drafts)

    def _give_back(self, session: Session, row: Correction, drafts: Drafts) -> None:
        """The examples of others that had given way to `row`, which is gone, stand again where nothing else does."""
        gone = sa.select(Example).where(Example.superseded_by == row.id, Example.correction_id != row.id)
        for example in session.scalars(gone).all():
            other = session.get_one(Correction, example.correction_id)
            if other.state in (State.PENDING, State.LIVE) and not taught.is_there(session, example):
                taught.give_back(session, example)
                self.relearn(session, other, drafts)

    def _make_room(self, session: Session, row: Correction, drafts: Drafts) -> None:
        """Leaves one answer for the words by which `row` is found: its question takes them, its examples give way."""
        examples = taught.of(session, [row.id], ExampleState.LIVE, ExampleState.PENDING).get(row.id, [])
        own = {(_place_of(one, row), one.normal): one for one in examples if one.side == Side.WILL}
        here = (place(row, State(row.state)), row.normal_question)
        for reach, normal in (here, *own):
            for other in self.holders(session, [normal], reach, but=row.id):
                if (reach, normal) == here:
                    taught.give_way(session, _answering(session, other, reach, normal), row.id)
                    self.relearn(session, other, drafts)
                else:
                    taught.give_way(session, [own[reach, normal]], other.id)
                    break

    def holders(self, session: Session, normals: Sequence[str], reach: str, but: str) -> list[Correction]:
        """The other corrections that are found by these very words at a place."""
        ids = {id for _, id in self._memory.holders(session, normals, [reach]) if id != but}
        return list(session.scalars(sa.select(Correction).where(Correction.id.in_(ids))))

    def _learn(self, session: Session, row: Correction, drafts: Drafts) -> None:
        if row.kind == Kind.FACT:
            for reach, keys in taught.keys(session, row, place(row, State(row.state)), drafts).items():
                self._memory.learn(session, row.id, keys, reach, row.valid_until)
        if row.reach == EVERYONE:
            session.merge(Lesson(correction_id=row.id, created_at=row.created_at))

    def _forget(self, session: Session, row: Correction) -> None:
        if row.kind == Kind.FACT:
            self._memory.forget(session, row.id)
        session.execute(sa.delete(Lesson).where(Lesson.correction_id == row.id))


def _place_of(example: Example, row: Correction) -> str:
    """Whom an example of `row` is for: one that waits is its author's."""
    is_live = example.state == ExampleState.LIVE
    return place(row, State(row.state)) if is_live else personal(example.author_id)


def _answering(session: Session, row: Correction, reach: str, normal: str) -> list[Example]:
    """The examples by which `row` answers these words at a place."""
    stand = taught.of(session, [row.id], ExampleState.LIVE, ExampleState.PENDING).get(row.id, [])
    return [one for one in stand if (one.normal, one.side, _place_of(one, row)) == (normal, Side.WILL, reach)]
