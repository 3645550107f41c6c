"""Corrections: a person's answer to a question, from the edit to the review, and back.

Every act checks the person, then is one transaction: the row, what memory finds it by, the lesson and the audit entry,
all or nothing. Embeddings are made before it. It knows no screen, and it never decides whether a correction answers a
question: that is memory's.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.conversations import Conversations
from collab.dialogue.records import CorrectedBy, TurnRecord
from collab.errors import (
    AnswerUnchangedError,
    CorrectionChangedError,
    CorrectionStateError,
    CorrectionTargetError,
    ReasonMissingError,
)
from collab.feedback import consequences, hubs, rules, succession, thread, validity, wording, writing
from collab.feedback.hubs import Crowd
from collab.feedback.records import CorrectionRecord, attributed, correction_records, find, originals, readable, visible
from collab.feedback.standing import Standing, in_the_way
from collab.feedback.tables import Correction, Kind, State
from collab.feedback.taught import Drafts
from collab.people import audit
from collab.people.access import Actor, Role, require
from knowledge.database import Clock, Database
from knowledge.errors import NotFoundError
from knowledge.memory import CorrectionMemory


class Corrections:
    """What people wrote in place of answers. Others' corrections are not found by those who may not see them."""

    def __init__(
        self,
        database: Database,
        memory: CorrectionMemory,
        conversations: Conversations,
        clock: Clock,
        crowd: Crowd = hubs.alone,
    ) -> None:
        self._crowd = crowd
        self._database = database
        self._memory = memory
        self._standing = Standing(memory)
        self._conversations = conversations
        self._clock = clock

    # --- reading ------------------------------------------------------------------------------------------------------

    def list(
        self, actor: Actor, state: State | None = None, mine: bool = False, limit: int = 200
    ) -> list[CorrectionRecord]:
        """A member's own; for experts and admins also everybody's whose reach includes them. Newest first; those that
        wait for review oldest first, so that none is cut off for long.
        """
        time = Correction.created_at if state is State.PENDING else Correction.created_at.desc()
        query = sa.select(Correction).where(visible(actor, mine))
        if state is not None:
            query = query.where(Correction.state == state)
        with self._database.read() as session:
            rows = session.scalars(query.order_by(time, Correction.id).limit(limit)).all()
            return correction_records(session, actor, rows)

    def get(self, actor: Actor, correction_id: str) -> CorrectionRecord:
        """One of those that the person may see. Raises NotFoundError."""
        with self._database.read() as session:
            return correction_records(session, actor, [find(session, actor, correction_id)])[0]

    def of_turns(self, actor: Actor, turn_ids: Sequence[str]) -> dict[str, CorrectionRecord]:
        """By turn, what the person last wrote in its place and has not withdrawn; a turn without it is missing."""
        if not turn_ids:
            return {}
        mine = sa.select(Correction).where(visible(actor, mine=True), Correction.turn_id.in_(turn_ids))
        query = mine.where(Correction.state != State.WITHDRAWN).order_by(Correction.created_at, Correction.id)
        with self._database.read() as session:
            newest = {row.turn_id: row for row in session.scalars(query)}
            records = correction_records(session, actor, list(newest.values()))
        return dict(zip((turn_id for turn_id in newest if turn_id), records, strict=True))

    def attributions(self, actor: Actor, correction_ids: Sequence[str]) -> dict[str, CorrectedBy]:
        """Who wrote those that a person's past turns name, and when; the words only while that person may read them."""
        if not correction_ids:
            return {}
        with self._database.read() as session:
            return attributed(session, actor, correction_ids)

    # --- the author ---------------------------------------------------------------------------------------------------

    def submit(
        self,
        actor: Actor,
        *,
        turn_id: str | None = None,
        question: str | None = None,
        answer: str,
        kind: str = Kind.FACT,
        valid_until: datetime | None = None,
    ) -> CorrectionRecord:
        """Answers a turn's question, or a question, in the person's own words.

        A member's is pending and answers its author; an expert's, and one about sources that only the author may read,
        is live at once for its reach, unless its question is near a great many that were asked: then it waits (`held`
        is `hub`). After `valid_until` it answers nobody; without one, the end of an edited correction stays. What the
        author had pending for the question is superseded; the same words again are the one that is there. Raises
        NotFoundError for a turn of somebody else, but for one rated down before an expert; ConversationTemporaryError,
        AnswerUnchangedError, TextEmptyError, TextTooLongError, ChoiceUnknownError, ValidityPastError and
        CorrectionTargetError; and AnsweredMeanwhileError where somebody else answers the question now in words that the
        turn did not show. To a question that comes alone, the new words take their place; their author is told.
        """
        if (turn_id is None) == (question is None):
            raise CorrectionTargetError
        chosen = wording.choice(Kind, kind, "kind")
        turn = self._turn(actor, turn_id) if turn_id is not None else None
        asked = writing.asked(turn, question or "")
        written = wording.answer(answer, [source.n for source in turn.sources] if turn else [])
        if turn and wording.same(written.text, turn.answer):
            raise AnswerUnchangedError
        drafts = self._drafts(chosen, self._spoke(turn), [asked])
        near = self._crowd(asked) if chosen is Kind.FACT else 0
        with self._writing() as session:
            now, reach = self._clock(), rules.widest_reach(session, actor, turn)
            spoke = succession.line(session, turn)
            row = writing.new_row(actor, turn, chosen, asked, written, reach, now)
            row.valid_until = validity.checked(valid_until, now) or succession.end(session, spoke, now)
            hubs.hold(session, row, near)
            taken = succession.spoke(session, actor, spoke, row)
            older = succession.stepping_back(session, actor, row, taken)
            if twin := self._standing.twin(session, row, older):  # sent twice
                if turn and consequences.written_again(session, actor, twin, turn.id, now):
                    self._audit(session, actor, "written_again", twin, turn=turn.id)
                return correction_records(session, actor, [twin])[0]
            if turn:
                succession.refuse_unseen(session, actor, turn, older)
            settled = succession.settlement(actor, row, taken, now)
            self._standing.replace(session, row, older, drafts, settled=settled)
            consequences.held(session, row, now)
            consequences.replaced(session, actor, row, older, now)
            consequences.went_live(session, actor, [row], now)
            self._audit(session, actor, "submitted", row, held=row.held, superseded=[one.id for one in older])
            return correction_records(session, actor, [row])[0]

    def withdraw(self, actor: Actor, correction_id: str) -> CorrectionRecord:
        """Takes a pending or live correction out of force; its author's act, or an expert's, who is then named to them.
        What it had superseded stays so. Raises NotFoundError, CorrectionStateError, and NotAllowedError for one whose
        answer the person only gets.
        """
        with self._writing() as session:
            row = readable(session, actor, correction_id)
            if row.author_id != actor.id:
                require(actor, Role.EXPERT)
            rules.expect(row, State.PENDING, State.LIVE)
            row.withdrawn_by = actor.id
            self._standing.leave(session, row, State.WITHDRAWN)
            consequences.withdrawn(session, actor, row, self._clock())
            self._audit(session, actor, "withdrawn", row)
            return correction_records(session, actor, [row])[0]

    # --- review -------------------------------------------------------------------------------------------------------

    def approve(
        self,
        actor: Actor,
        correction_id: str,
        *,
        question: str | None = None,
        answer: str | None = None,
        reason: str | None = None,
        revision: int | None = None,
    ) -> CorrectionRecord:
        """Makes a pending correction live for its reach, where it supersedes the older one; may change its words.

        For experts and admins, and not one's own, except an admin's with a reason. `revision` is the one that was read:
        CorrectionChangedError carries what stands there now when it is another. Raises NotAllowedError, NotFoundError,
        OwnCorrectionError, ReasonMissingError, CorrectionStateError, TextEmptyError, TextTooLongError too.
        """
        require(actor, Role.EXPERT)
        seen = self.get(actor, correction_id)  # while it is pending, its words are its author's and do not change
        said = wording.remark(reason, "reason", wording.REASON_CHARS)
        new_question = seen.question if question is None else wording.question(question, wording.STANDALONE_CHARS)
        new_answer = seen.answer if answer is None else wording.answer(answer).text
        drafts = self._drafts(seen.kind, [correction_id], [new_question])
        with self._writing() as session:
            row = find(session, actor, correction_id, revision)
            rules.expect(row, State.PENDING)
            rules.refuse_own(actor, row, said)
            now = self._clock()
            older = in_the_way(session, row, new_question, [row.reach])
            with session.no_autoflush:
                writing.reword(row, new_question, new_answer)
                row.state, row.decided_at = State.LIVE, now
                row.reviewer_id, row.review_reason = actor.id, said
                self._standing.replace(session, row, older, drafts)
            consequences.decided(session, actor, row, now)
            consequences.replaced(session, actor, row, older, now)
            consequences.went_live(session, actor, [row], now)
            self._audit(session, actor, "approved", row, superseded=[one.id for one in older], **originals(row))
            return correction_records(session, actor, [row])[0]

    def reject(self, actor: Actor, correction_id: str, reason: str, *, revision: int | None = None) -> CorrectionRecord:
        """Refuses a pending correction; from now on it answers nobody, and what its author had for themselves before it
        is back. For experts and admins, with a reason; `revision` as with `approve`.

        Raises NotAllowedError, NotFoundError, ReasonMissingError, TextTooLongError, CorrectionStateError and
        CorrectionChangedError.
        """
        require(actor, Role.EXPERT)
        said = wording.remark(reason, "reason", wording.REASON_CHARS)
        if said is None:
            raise ReasonMissingError(act="reject")
        drafts = self._drafts_behind(actor, correction_id)
        with self._writing() as session:
            row = find(session, actor, correction_id, revision)
            rules.expect(row, State.PENDING)
            row.reviewer_id, row.review_reason, row.decided_at = actor.id, said, self._clock()
            revived = self._standing.reject(session, row, drafts)
            consequences.decided(session, actor, row, row.decided_at)
            self._audit(session, actor, "rejected", row, revived=revived)
            return correction_records(session, actor, [row])[0]

    # --- taking it back -----------------------------------------------------------------------------------------------

    def undo(self, actor: Actor, correction_id: str) -> CorrectionRecord:
        """Takes back what was done last: one's own edit before any review (what it superseded is back), one's own
        review (it is pending again, in its author's words; what it superseded for everyone is back), or one's own
        withdrawal. An admin may take back anybody's review.

        Raises NotFoundError, PlaceTakenError, and CorrectionStateError when there is nothing of one's own to take back.
        """
        drafts = self._drafts_behind(actor, correction_id)
        with self._writing() as session:
            row = find(session, actor, correction_id)
            if rules.may_restore(actor, row):
                revived: list[str] = []
                self._standing.restore(session, row, drafts)
            elif rules.may_reopen(actor, row):
                revived = self._standing.reopen(session, row, drafts)
            elif rules.may_take_back(actor, row):
                row.withdrawn_by = actor.id
                revived = self._standing.take_back(session, row, drafts)
            else:
                raise CorrectionStateError(state=row.state)
            consequences.undone(session, row)
            consequences.went_live(session, actor, [row], self._clock())
            self._audit(session, actor, "undone", row, revived=revived)
            return correction_records(session, actor, [row])[0]

    # --- in every act -------------------------------------------------------------------------------------------------

    def _turn(self, actor: Actor, turn_id: str) -> TurnRecord:
        """The person's own, or one that was rated down, for those who review it."""
        try:
            return self._conversations.kept_turn(actor, turn_id)
        except NotFoundError:
            with self._database.read() as session:
                return thread.rated_turn(session, actor, turn_id)

    def _spoke(self, turn: TurnRecord | None) -> Sequence[str]:
        if turn is None or turn.correction_id is None:
            return []
        with self._database.read() as session:
            return succession.line(session, turn)

    def _drafts(self, kind: Kind, ids: Sequence[str] = (), questions: Sequence[str] = ()) -> Drafts:
        """For these corrections, new ones with these questions, and whatever may give way or come back for them."""
        if kind is Kind.STYLE:
            return {}
        with self._database.read() as session:
            texts = self._standing.texts(session, ids, questions)
        return self._memory.prepare_all(texts)

    def _drafts_behind(self, actor: Actor, correction_id: str) -> Drafts:
        """For the correction, and whatever may come back when it goes. Raises NotFoundError."""
        return self._drafts(self.get(actor, correction_id).kind, [correction_id])

    @contextmanager
    def _writing(self) -> Iterator[Session]:
        try:
            with self._database.write() as session:
                yield session
        except sa.exc.IntegrityError as error:  # another writer was quicker; the indexes keep their promises
            raise CorrectionChangedError from error

    def _audit(self, session: Session, actor: Actor, act: str, row: Correction, **details: object) -> None:
        audit.record(
            session,
            actor_id=actor.id,
            act=f"correction_{act}",
            object_type="correction",
            object_id=row.id,
            details={"state": row.state, "reach": row.reach, "reason": row.review_reason, **details},
            now=self._clock(),
        )
