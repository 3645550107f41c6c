"""Conflicts: live corrections and passages that contradict a correction, and what people decide about each.

It finds where the same is asked and another number, date, name or a negation is answered, and shows it; a person keeps,
replaces or retires. What is retired is not cited for that correction's questions any more, which whoever answers asks
here.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import ConflictUnknownError
from collab.feedback import conflict_rows, consequences, rules, wording
from collab.feedback.conflict_rows import About, Conflict
from collab.feedback.example_rows import stands_at_once
from collab.feedback.records import readable
from collab.feedback.standing import Standing
from collab.feedback.tables import Choice, Correction, Example, ExampleState, Kind, Settlement, Side, State, looked_at
from collab.feedback.taught import Drafts
from collab.people import audit
from collab.people.access import Actor, reaches_of
from knowledge.contradiction import contradictions
from knowledge.database import Clock, Database
from knowledge.errors import NotFoundError
from knowledge.memory import CorrectionMemory, Recall
from knowledge.records import PassageRecord
from knowledge.retrieval import Retriever
from knowledge.scope import Considered, Reason
from knowledge.tables import Passage
from knowledge.text import normalise

LIKELY = 0.25  # that two corrections ask the same, before their answers are compared
_OTHER_THING = frozenset(
    {Reason.OTHER_NUMBER, Reason.OTHER_TIME, Reason.OTHER_UNIT, Reason.OTHER_NAME, Reason.NEGATION, Reason.OPPOSITE}
)


class Conflicts:
    """Finds contradictions as far as a person may read what contradicts, and keeps what they decide."""

    def __init__(self, database: Database, memory: CorrectionMemory, retriever: Retriever, clock: Clock) -> None:
        self._database = database
        self._memory = memory
        self._standing = Standing(memory)
        self._retriever = retriever
        self._clock = clock

    def of(self, actor: Actor, correction_id: str) -> list[Conflict]:
        """The open ones, then the settled ones; none for what answers nobody. Raises NotFoundError."""
        with self._database.read() as session:
            row = readable(session, actor, correction_id)
            question, is_fact = row.question, row.kind == Kind.FACT
            is_standing = row.state in (State.PENDING, State.LIVE)
        if not is_fact or not is_standing:
            return []
        reaches = reaches_of(actor)
        recall = self._memory.recall(question, reaches, self._clock(), without=[correction_id])
        alike = {one.correction_id for one in recall.considered if _asks_the_same(one)}
        if recall.correction_id is not None and _asks_the_same(recall):
            alike.add(recall.correction_id)
        cited = {quote.passage_id: quote.text for quote in self._retriever.answer(question, reaches).quotes}
        with self._database.read() as session:
            row = readable(session, actor, correction_id)
            settled = conflict_rows.settlements(session, row.id)
            found = [
                *conflict_rows.corrections(session, actor, row, alike),
                *conflict_rows.passages(session, actor, row, cited),
            ]
            known = {one.key for one in found}
            before = [conflict_rows.settled(session, actor, one) for key, one in settled.items() if key not in known]
            done = [
                replace(one, choice=Choice(settled[one.key].choice), choices=()) for one in found if one.key in settled
            ]
        return [*(one for one in found if one.key not in settled), *done, *(one for one in before if one is not None)]

    def settle(self, actor: Actor, correction_id: str, about: str, other_id: str, choice: str) -> Conflict:
        """Decides about one: `keep` both; `replace` the other correction, which steps back for this one, at once where
        this one is live, else for its author, and for all when it is approved; or `retire` the passage for this one's
        questions. For experts and admins, and for whom alone the correction is. Raises NotFoundError,
        ChoiceUnknownError, CorrectionStateError and ConflictUnknownError for a choice that is not among `choices`.
        """
        kind, chosen = wording.choice(About, about, "kind of conflict"), wording.choice(Choice, choice, "choice")
        open_one = self._open(actor, correction_id, kind, other_id)
        if chosen not in open_one.choices:
            raise ConflictUnknownError(choice=chosen.value)
        drafts = self._drafts([correction_id, other_id]) if chosen is Choice.REPLACE else {}
        with self._database.write() as session:
            row, now = self._row(session, actor, correction_id), self._clock()
            session.merge(
                Settlement(
                    correction_id=row.id,
                    about=kind,
                    other_id=other_id,
                    choice=chosen,
                    person_id=actor.id,
                    created_at=now,
                )
            )
            session.flush()
            if chosen is Choice.REPLACE:
                other = session.get_one(Correction, other_id)
                rules.expect(other, State.LIVE)
                older = [other] if row.state == State.LIVE else []
                self._standing.replace(session, row, older, drafts)
                consequences.replaced(session, actor, row, older, now)
            _audit(session, actor, "settled", row, kind, other_id, chosen, now)
        return replace(open_one, choice=chosen, choices=())

    def reopen(self, actor: Actor, correction_id: str, about: str, other_id: str) -> None:
        """Takes a decision back: a retired passage may be cited again, a replaced correction is live again unless
        another has taken its place. For those who may settle. Raises NotFoundError and CorrectionStateError.
        """
        kind, drafts = wording.choice(About, about, "kind of conflict"), self._drafts([correction_id, other_id])
        with self._database.write() as session:
            row, now = self._row(session, actor, correction_id), self._clock()
            settled = session.get(Settlement, (row.id, kind.value, other_id))
            if settled is None:
                raise NotFoundError(what="conflict")
            choice = Choice(settled.choice)
            session.delete(settled)
            session.flush()
            if choice is Choice.REPLACE:
                self._standing.give_up(session, row, session.get_one(Correction, other_id), drafts)
            _audit(session, actor, "reopened", row, kind, other_id, choice, now)

    def retired(self, actor: Actor, question: str) -> frozenset[int]:
        """The passages that are not to be cited for a question to this person: those retired for the corrections that
        they get and that have this question, in the same words.
        """
        normal = normalise(question)
        same = sa.select(Example.correction_id).where(
            Example.normal == normal, Example.side == Side.WILL, looked_at(Example.state) == ExampleState.LIVE
        )
        asked = (Correction.normal_question == normal) | Correction.id.in_(same)
        with self._database.read() as session:
            return frozenset(int(id) for id, _ in session.execute(self._retirements(actor, asked)))

    def outdated(self, actor: Actor, cited: Mapping[int, str], correction_ids: Collection[str]) -> frozenset[int]:
        """Of the passages that are cited beside these corrections, those retired for one of them whose answer the cited
        words contradict. What else such a passage says stays true.
        """
        with self._database.read() as session:
            found = session.execute(self._retirements(actor, Correction.id.in_(correction_ids))).all()
        return frozenset(
            int(id)
            for id, row in found
            if int(id) in cited and contradictions(row.answer, cited[int(id)], row.question)
        )

    def _retirements(self, actor: Actor, which: sa.ColumnElement[bool]) -> sa.Select[str, Correction]:
        """What was retired for the corrections that a person gets now and for which `which` holds, with these."""
        own = sa.and_(looked_at(Correction.state) == State.PENDING, Correction.author_id == actor.id)
        live = sa.and_(looked_at(Correction.state) == State.LIVE, Correction.reach.in_(reaches_of(actor)))
        return (
            sa.select(Settlement.other_id, Correction)
            .join(Correction, Correction.id == Settlement.correction_id)
            .where(
                Settlement.about == About.PASSAGE,
                Settlement.choice == Choice.RETIRE,
                own | live,
                Correction.valid_until.is_(None) | (Correction.valid_until > self._clock()),
                which,
            )
        )

    # --- in every act -------------------------------------------------------------------------------------------------

    def _open(self, actor: Actor, correction_id: str, about: About, other_id: str) -> Conflict:
        found = self.of(actor, correction_id)
        for one in found:
            if (one.about, one.other_id) == (about, other_id) and one.choice is None:
                return one
        raise NotFoundError(what="conflict")

    def _row(self, session: Session, actor: Actor, correction_id: str) -> Correction:
        """The row, for those who may settle. Raises NotFoundError, CorrectionStateError and ConflictUnknownError."""
        row = readable(session, actor, correction_id)
        rules.expect(row, State.PENDING, State.LIVE)
        if not stands_at_once(actor, row):
            raise ConflictUnknownError(choice=Choice.KEEP.value)
        return row

    def _drafts(self, ids: Sequence[str]) -> Drafts:
        with self._database.read() as session:
            texts = self._standing.texts(session, ids)
        return self._memory.prepare_all(texts)


def _asks_the_same(one: Considered | Recall) -> bool:
    return one.probability >= LIKELY and not _OTHER_THING & set(one.reasons)


def asked_again(session: Session, passage: PassageRecord) -> None:
    """For whoever puts a passage in other words, given it as it was: what was decided about it is open again."""
    is_same = sa.exists().where(Passage.id == passage.id, Passage.text == passage.text)
    about = sa.and_(Settlement.about == About.PASSAGE, Settlement.other_id == str(passage.id))
    session.execute(sa.delete(Settlement).where(about, ~is_same))


def _audit(
    session: Session,
    actor: Actor,
    act: str,
    row: Correction,
    about: About,
    other_id: str,
    choice: Choice,
    now: datetime,
) -> None:
    details = {"about": about.value, "other": other_id, "choice": choice.value}
    audit.record(
        session,
        actor_id=actor.id,
        act=f"conflict_{act}",
        object_type="correction",
        object_id=row.id,
        details=details,
        now=now,
    )
