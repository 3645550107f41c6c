"""Examples: what a correction also answers, and what it must not. Said by readers, decided by experts.

An expert's stand at once wherever the correction does, unless it is an alias near a great many questions; so do an
author's on what only they get. All others hold for whoever said them at once, and for others after review. Each act is
one transaction: the row, the keys of memory, what is told, and the audit entry. It never decides whether a correction
answers a question: that is memory's.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from collab.errors import ExampleStateError, ExampleTakenError, ReasonMissingError
from collab.feedback import example_rows, example_told, hubs, impact, rules, taught, wording
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.hubs import Crowd
from collab.feedback.records import readable
from collab.feedback.standing import Standing, place
from collab.feedback.tables import Correction, Example, ExampleState, Origin, Side, State
from collab.feedback.taught import Drafts
from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role, personal, require
from knowledge.database import Clock, Database
from knowledge.errors import NotFoundError
from knowledge.memory import CorrectionMemory
from knowledge.text import normalise

_STANDS = (State.PENDING, State.LIVE)


@dataclass(frozen=True, slots=True)
class _Said:
    """What somebody says about a question, when and where; `near` is how many common questions it is like."""

    text: str
    side: Side
    origin: Origin
    turn_id: str | None
    near: int
    now: datetime


class Examples:
    """What people teach corrections. Whoever gets a correction's answer may teach it; others do not find it."""

    def __init__(self, database: Database, memory: CorrectionMemory, clock: Clock, crowd: Crowd = hubs.alone) -> None:
        self._crowd = crowd
        self._database = database
        self._memory = memory
        self._standing = Standing(memory)
        self._clock = clock

    # --- reading ------------------------------------------------------------------------------------------------------

    def of(self, actor: Actor, correction_id: str) -> list[ExampleRecord]:
        """Those that stand, oldest first: the live ones and one's own; for experts also what waits of others. Raises
        NotFoundError.
        """
        with self._database.read() as session:
            row = readable(session, actor, correction_id)
            return example_rows.records(
                session, actor, row, taught.of(session, [row.id], *example_rows.LEFT).get(row.id, [])
            )

    def get(self, actor: Actor, example_id: str) -> ExampleRecord:
        """One of those that the person may see, whatever became of it. Raises NotFoundError."""
        with self._database.read() as session:
            example, row = example_rows.found(session, actor, example_id)
            return example_rows.records(session, actor, row, [example])[0]

    # --- teaching -----------------------------------------------------------------------------------------------------

    def add(
        self,
        actor: Actor,
        correction_id: str,
        text: str,
        side: str,
        *,
        origin: Origin = Origin.MOVED,
        turn_id: str | None = None,
    ) -> ExampleRecord:
        """Teaches one question. The same words on the other side give way; the same again are the one that is there.

        Live at once from an expert, unless it is to be answered and near a great many that were asked, and on what only
        its author gets; else pending: for its author only, until somebody else approves it. `turn_id` is the person's
        own turn in which it was said. Raises NotFoundError, TextEmptyError, TextTooLongError, ChoiceUnknownError,
        CorrectionStateError, ExampleStyleError, ExampleQuestionError for the correction's own question, and
        ExampleTakenError for words that another correction answers.
        """
        return self.add_all(actor, [correction_id], text, side, origin=origin, turn_id=turn_id)[0]

    def add_all(
        self,
        actor: Actor,
        correction_ids: Sequence[str],
        text: str,
        side: str,
        *,
        origin: Origin = Origin.MOVED,
        turn_id: str | None = None,
    ) -> list[ExampleRecord]:
        """The same for several corrections: all of them are taught the question, or none. Raises as `add`."""
        chosen = wording.choice(Side, side, "side")
        words = " ".join(wording.question(text, wording.STANDALONE_CHARS).split())
        drafts = self._drafts(correction_ids, words)
        near = self._crowd(words) if chosen is Side.WILL else 0
        with self._database.write() as session:
            asked_in = example_rows.own_turn(session, actor, turn_id)
            said = _Said(words, chosen, origin, asked_in, near, self._clock())
            rows = [readable(session, actor, id) for id in correction_ids]
            return [self._add(session, actor, row, said, drafts) for row in rows]

    def _add(self, session: Session, actor: Actor, row: Correction, said: _Said, drafts: Drafts) -> ExampleRecord:
        normal = normalise(said.text)
        example_rows.expect_teachable(row, normal)
        is_live = example_rows.stands_at_once(actor, row) and not _waits(session, actor, row, said, normal)
        if there := example_rows.holding(session, actor, row, normal, said.side, is_live=is_live):
            return example_rows.records(session, actor, row, [there])[0]
        made = taught.new_example(row, said.text, said.side, said.origin, actor.id, said.now, is_live=is_live)
        made.turn_id, made.asked = said.turn_id, impact.times_asked(session, normal)
        self._refuse_taken(session, row, made)
        replaced = example_rows.replaced(session, row, made, is_live=is_live)
        example_told.taught(session, actor, row, example_rows.said_by_others(replaced, made), said.now)
        taught.give_way(session, replaced, row.id)
        there = example_rows.holding(session, actor, row, normal, said.side, is_live=is_live)
        if there:  # what stands for all is enough
            self._taught(session, actor, row, there, drafts, "moved_back", said.now)
            return example_rows.records(session, actor, row, [there])[0]
        session.add(made)
        self._taught(session, actor, row, made, drafts, "added", said.now)
        return example_rows.records(session, actor, row, [made])[0]

    def remove(self, actor: Actor, example_id: str, correction_id: str | None = None) -> None:
        """Takes an example away; what had given way to it on the other side is back. One's own while it waits; for
        those whose examples stand at once, any. Raises NotFoundError, also where `correction_id` is another's;
        ExampleStateError and CorrectionStateError.
        """
        if correction_id not in (None, self.get(actor, example_id).correction_id):
            raise NotFoundError(what="example")
        self.remove_all(actor, [example_id])

    def remove_all(self, actor: Actor, example_ids: Sequence[str]) -> None:
        """Takes all of these examples away, or none. Raises as `remove`."""
        drafts = self._drafts([self.get(actor, id).correction_id for id in example_ids])
        with self._database.write() as session:
            now = self._clock()
            for example, row in [example_rows.found(session, actor, id) for id in example_ids]:
                rules.expect(row, *_STANDS)
                if not example_rows.may_remove(actor, row, example):
                    raise ExampleStateError(state=example.state)
                before = example_rows.before(session, example)
                example_told.untell(session, example)
                session.delete(example)
                session.flush()
                if before is not None:
                    taught.give_back(session, before)
                self._taught(session, actor, row, example, drafts, "removed", now)

    # --- review -------------------------------------------------------------------------------------------------------

    def approve(self, actor: Actor, example_id: str, reason: str | None = None) -> ExampleRecord:
        """Makes a pending example hold wherever its correction stands. For experts and admins, and not one's own,
        except an admin's with a reason. The same from others is taken as approved with it.

        Raises NotAllowedError, NotFoundError, OwnCorrectionError, ReasonMissingError, TextTooLongError,
        ExampleStateError, CorrectionStateError and ExampleTakenError.
        """
        require(actor, Role.EXPERT)
        said = wording.remark(reason, "reason", wording.REASON_CHARS)
        drafts = self._drafts([self.get(actor, example_id).correction_id])
        with self._database.write() as session:
            example, row = example_rows.waiting(session, actor, example_id)
            rules.refuse_own(actor, example, said)
            now = self._clock()
            replaced = example_rows.replaced(session, row, example, is_live=True)
            together = example_rows.said_by_others(replaced, example)
            example_told.taught(session, actor, row, [example, *together], now, said)
            taught.give_way(session, replaced, row.id)
            example.state = ExampleState.LIVE
            _decided(actor, example, said, now)
            self._refuse_taken(session, row, example)
            self._taught(session, actor, row, example, drafts, "approved", now)
            return example_rows.records(session, actor, row, [example])[0]

    def reject(self, actor: Actor, example_id: str, reason: str) -> ExampleRecord:
        """Refuses a pending example; it no longer holds for its author either. For experts and admins, with a reason.

        Raises NotAllowedError, NotFoundError, ReasonMissingError, TextTooLongError, ExampleStateError and
        CorrectionStateError.
        """
        require(actor, Role.EXPERT)
        said = wording.remark(reason, "reason", wording.REASON_CHARS)
        if said is None:
            raise ReasonMissingError(act="reject")
        drafts = self._drafts([self.get(actor, example_id).correction_id])
        with self._database.write() as session:
            example, row = example_rows.waiting(session, actor, example_id)
            now = self._clock()
            example.state = ExampleState.REJECTED
            _decided(actor, example, said, now)
            example_told.refused(session, actor, row, example, now, said)
            self._taught(session, actor, row, example, drafts, "rejected", now)
            return example_rows.records(session, actor, row, [example])[0]

    def undo(self, actor: Actor, example_id: str) -> ExampleRecord:
        """Takes back one's own approval or rejection, or anybody's for an admin: it is pending again, and what had
        given way to it is back. Raises NotAllowedError, NotFoundError, ExampleStateError and CorrectionStateError.
        """
        require(actor, Role.EXPERT)
        seen = self.get(actor, example_id)
        drafts = self._drafts([seen.correction_id], seen.text)
        with self._database.write() as session:
            example, row = example_rows.found(session, actor, example_id)
            rules.expect(row, *_STANDS)
            if not example_rows.may_undo(session, actor, example):
                raise ExampleStateError(state=example.state)
            before = example_rows.before(session, example) if example.state == ExampleState.LIVE else None
            example_told.untell(session, example)
            example.state, example.decided_at = ExampleState.PENDING, None
            example.reviewer_id = example.review_reason = None
            session.flush()
            if before is not None:
                taught.give_back(session, before)
            self._taught(session, actor, row, example, drafts, "undone", self._clock())
            return example_rows.records(session, actor, row, [example])[0]

    # --- in every act -------------------------------------------------------------------------------------------------

    def _drafts(self, correction_ids: Sequence[str], *questions: str) -> Drafts:
        with self._database.read() as session:
            texts = self._standing.texts(session, correction_ids, questions)
        return self._memory.prepare_all(texts)

    def _refuse_taken(self, session: Session, row: Correction, example: Example) -> None:
        if example.side != Side.WILL:
            return
        places = {place(row, State(row.state))}
        if example.state == ExampleState.PENDING:
            places.add(personal(example.author_id))
        for reach in sorted(places):
            for other in self._standing.holders(session, [example.normal], reach, but=row.id):
                raise ExampleTakenError(text=example.text, question=other.question, correction_id=other.id)

    def _taught(
        self,
        session: Session,
        actor: Actor,
        row: Correction,
        example: Example,
        drafts: Drafts,
        act: str,
        now: datetime,
    ) -> None:
        """What every change has in common: memory, the revision where others are concerned, and the audit."""
        if example.state == ExampleState.LIVE:
            row.revision += 1
        session.flush()
        self._standing.relearn(session, row, drafts)
        said = {"text": example.text, "side": example.side, "state": example.state}
        details: Mapping[str, object] = {"correction": row.id, **said, "reason": example.review_reason}
        audit.record(
            session,
            actor_id=actor.id,
            act=f"example_{act}",
            object_type="example",
            object_id=example.id,
            details=details,
            now=now,
        )


def _waits(session: Session, actor: Actor, row: Correction, said: _Said, normal: str) -> bool:
    """Whether it would answer everyone, and its question is near a great many: whoever said so, somebody else looks. To
    say again what waits, or was rejected, makes it live no sooner.
    """
    is_own = place(row, State(row.state)) == personal(actor)
    answers_everyone = said.side is Side.WILL and row.reach == EVERYONE and not is_own
    return answers_everyone and (
        example_rows.waits(session, actor, row, normal) or hubs.is_hub(session, said.text, said.near)
    )


def _decided(actor: Actor, example: Example, said: str | None, now: datetime) -> None:
    example.reviewer_id, example.review_reason, example.decided_at = actor.id, said, now
