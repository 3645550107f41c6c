"""Cases: what waits for review, as one list. A case is a correction, a turn that somebody rated down, or an example.

It lists, opens and assigns, resolves rated turns, and decides several at once; a correction is decided by
`Corrections`, an example by `Examples`. Everything here is for experts and admins, which is checked on every call.
"""

import heapq
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Conversation, Turn
from collab.errors import (
    CaseClosedError,
    CasePrivateError,
    NothingToApproveError,
    ReasonMissingError,
    ReviewerUnknownError,
)
from collab.feedback import example_rows, late, notices, queue, rules, thread, wording
from collab.feedback.case_records import Case, CaseKind, OpenCase, Outcome, Page, Ref
from collab.feedback.case_rows import one_each, opened, summaries
from collab.feedback.corrections import Corrections
from collab.feedback.examples import Examples
from collab.feedback.notices import NoticeKind
from collab.feedback.queue import Filter, Order, Place, Status
from collab.feedback.ratings import Reason
from collab.feedback.records import find, visible
from collab.feedback.tables import Correction, Example, ExampleState, Notice, Rating, State
from collab.people import audit
from collab.people.access import EVERYONE, Actor, Role, require
from collab.people.tables import Person
from knowledge.database import Clock, Database
from knowledge.errors import CollabError, NotFoundError

PAGE = 50
MOST = 500  # cases in one page
Verdict = Literal["approve", "reject"]


class Cases:
    """The list of the review, and what is done with it. `review_days` is after how long a case is late."""

    def __init__(
        self, database: Database, corrections: Corrections, examples: Examples, clock: Clock, review_days: int
    ) -> None:
        self._database = database
        self._corrections = corrections
        self._examples = examples
        self._clock = clock
        self._late_after = timedelta(days=review_days)

    # --- reading ------------------------------------------------------------------------------------------------------

    def page(self, actor: Actor, wanted: Filter | None = None, after: str | None = None, limit: int = PAGE) -> Page:
        """The first cases that are wanted, or those behind the place `after`. Raises NotAllowedError, NotFoundError."""
        require(actor, Role.EXPERT)
        wanted, limit, now = wanted or Filter(), min(limit, MOST), self._clock()
        place = _place(after) if after else None
        with self._database.read() as session:
            found = _merged(session, actor, wanted, now, place, limit + 1)
            refs = [ref for ref, _ in found[:limit]]
            cases = summaries(session, actor, refs, now - self._late_after)
        return Page(tuple(cases), _named(found[limit - 1][1]) if len(found) > limit else None)

    def open(self, actor: Actor, ref: str) -> OpenCase:
        """One case with everything around it. Raises NotAllowedError and NotFoundError."""
        require(actor, Role.EXPERT)
        with self._database.read() as session:
            return opened(session, actor, Ref.parsed(ref), self._clock() - self._late_after)

    def count(self, actor: Actor) -> int:
        """How many cases wait: rated turns with the question of a waiting correction are no case of their own."""
        require(actor, Role.EXPERT)
        pending = Correction.state == State.PENDING
        with self._database.read() as session:
            waiting = session.scalar(sa.select(sa.func.count()).where(visible(actor, is_open=True), pending)) or 0
            answered = sa.exists().where(pending, Correction.normal_question == Rating.normal_question)
            rated = _open_ratings(actor).where(~answered).with_only_columns(sa.func.count())
            said = sa.select(sa.func.count()).select_from(Example).where(*_open_examples(actor))
            return waiting + (session.scalar(rated) or 0) + (session.scalar(said) or 0)

    def authors(self, actor: Actor, status: Status = Status.OPEN) -> dict[str, str]:
        """Everybody with a case that stands so, names by ids."""
        require(actor, Role.EXPERT)
        query = sa.select(Person.id, Person.name).where(queue.has_case(actor, status)).order_by(Person.name_key)
        with self._database.read() as session:
            return dict(session.execute(query).all())

    def reviewers(self, actor: Actor) -> dict[str, str]:
        """Everybody to whom a case can be given, names by ids."""
        require(actor, Role.EXPERT)
        with self._database.read() as session:
            return notices.reviewers(session)

    # --- acting -------------------------------------------------------------------------------------------------------

    def assign(self, actor: Actor, ref: str, person_id: str | None) -> Case:
        """Gives an open case to somebody who reviews, and tells them; None takes it back. Raises NotAllowedError,
        NotFoundError, ReviewerUnknownError, CorrectionStateError, ExampleStateError and CaseClosedError; and
        CasePrivateError for one that only the actor may read.
        """
        require(actor, Role.EXPERT)
        case, now = Ref.parsed(ref), self._clock()
        with self._database.write() as session:
            if person_id is not None and person_id not in notices.reviewers(session):
                raise ReviewerUnknownError(name=person_id)
            row = self._open_row(session, actor, case, person_id or actor.id)
            together = example_rows.said_together(session, actor, row) if isinstance(row, Example) else []
            for one in (row, *together):
                one.assignee_id, one.assigned_at = person_id, now if person_id else None
            (found,) = summaries(session, actor, [case], now - self._late_after)
            for id in [case.id, *(one.id for one in together)]:
                _untell_assigned(session, Ref(case.kind, id))
            if person_id not in (None, actor.id):
                params: dict[str, str | int] = {"name": actor.name, "question": found.question}
                params |= {"example": case.id} if case.kind is CaseKind.EXAMPLE else {}
                correction_id = row.id if isinstance(row, Correction) else row.correction_id
                about = (case.id, None) if case.kind is CaseKind.TURN else (None, correction_id)
                notices.tell(session, {str(person_id)}, NoticeKind.ASSIGNED, params, now, *about)
            _audit(session, actor, "case_assigned", case, {"to": person_id}, now)
            return found

    def resolve(self, actor: Actor, turn_id: str, said: str, *, show_again: bool = False) -> None:
        """Closes a rated turn with a word of what was done, which whoever rated it reads; `show_again` takes the veil
        from an answer that was called unsafe and is not. Raises NotAllowedError, NotFoundError, ReasonMissingError,
        TextTooLongError and CaseClosedError.
        """
        require(actor, Role.EXPERT)
        resolution = wording.remark(said, "reason", wording.REASON_CHARS)
        if resolution is None:
            raise ReasonMissingError(act="resolve this")
        now = self._clock()
        with self._database.write() as session:
            turn, row = thread.rated_turn(session, actor, turn_id), _rating(session, turn_id)
            if row.resolved_at is not None:
                raise CaseClosedError
            row.resolved_at, row.resolved_by, row.resolution = now, actor.id, resolution
            if show_again:
                _veil(session, turn_id, is_hidden=False)
            if row.person_id != actor.id:
                params: dict[str, str | int] = {"name": actor.name, "question": turn.question, "said": resolution}
                notices.tell(session, {row.person_id}, NoticeKind.RESOLVED, params, now, turn_id)
            details = {"said": resolution, "shown_again": show_again}
            _audit(session, actor, "rating_resolved", Ref(CaseKind.TURN, turn_id), details, now)

    def reopen(self, actor: Actor, turn_id: str) -> None:
        """Takes back one's own resolving, or anybody's for an admin. Raises NotAllowedError, NotFoundError and
        CaseClosedError.
        """
        require(actor, Role.EXPERT)
        with self._database.write() as session:
            thread.rated_turn(session, actor, turn_id)
            row = _rating(session, turn_id)
            is_theirs = row.resolved_by == actor.id or actor.role is Role.ADMIN
            if row.resolved_at is None or row.correction_id is not None or not is_theirs:
                raise CaseClosedError
            row.resolved_at = row.resolved_by = row.resolution = None
            _veil(session, turn_id, is_hidden=row.reason == Reason.UNSAFE)
            notices.untell(session, [NoticeKind.RESOLVED], Notice.turn_id == turn_id)
            _audit(session, actor, "rating_reopened", Ref(CaseKind.TURN, turn_id), {}, self._clock())

    def decide(
        self, actor: Actor, chosen: Mapping[str, int | None], verdict: Verdict, reason: str | None = None
    ) -> list[Outcome]:
        """Decides several cases, each with the revision that was read, and each for itself: one that cannot be decided
        keeps no other from it. Examples that were said together are decided together. To reject a rated turn is to
        resolve it. Raises NotAllowedError.
        """
        require(actor, Role.EXPERT)
        with self._database.read() as session:
            refs = {one: revision for ref, revision in chosen.items() for one in _with_others(session, actor, ref)}
        return [Outcome(ref, self._decide(actor, ref, revision, verdict, reason)) for ref, revision in refs.items()]

    def one_each(self, actor: Actor, refs: Sequence[str]) -> list[str]:
        """Of each case the first of these, whatever became of it. Raises NotAllowedError."""
        require(actor, Role.EXPERT)
        with self._database.read() as session:
            return one_each(session, refs)

    def _decide(
        self, actor: Actor, ref: str, revision: int | None, verdict: Verdict, reason: str | None
    ) -> CollabError | None:
        try:
            case = Ref.parsed(ref)
            if case.kind is CaseKind.TURN:
                if verdict == "approve":
                    raise NothingToApproveError
                self.resolve(actor, case.id, reason or "")
            elif case.kind is CaseKind.EXAMPLE:
                self._decide_example(actor, case.id, verdict, reason)
            elif verdict == "approve":
                self._corrections.approve(actor, case.id, reason=reason, revision=revision)
            else:
                self._corrections.reject(actor, case.id, reason or "", revision=revision)
        except CollabError as error:
            return error
        return None

    def _decide_example(self, actor: Actor, example_id: str, verdict: Verdict, reason: str | None) -> None:
        if verdict == "approve":
            self._examples.approve(actor, example_id, reason)
        else:
            self._examples.reject(actor, example_id, reason or "")

    def _open_row(self, session: Session, actor: Actor, case: Ref, for_id: str) -> Correction | Rating | Example:
        if case.kind is CaseKind.EXAMPLE:  # of what is live for everyone: nothing else waits
            return example_rows.waiting(session, actor, case.id)[0]
        if case.kind is CaseKind.CORRECTION:  # a pending one is for everyone
            correction = find(session, actor, case.id)
            rules.expect(correction, State.PENDING)
            return correction
        turn, row = thread.rated_turn(session, actor, case.id), _rating(session, case.id)
        if row.resolved_at is not None:
            raise CaseClosedError
        if turn.reach != EVERYONE and for_id != actor.id:
            raise CasePrivateError
        return row


def _merged(
    session: Session, actor: Actor, wanted: Filter, now: datetime, after: Place | None, limit: int
) -> list[tuple[Ref, Place]]:
    """The first of each kind, in order."""
    found: list[list[tuple[Ref, Place]]] = []
    for kind, query in (
        (CaseKind.CORRECTION, queue.corrections(actor, wanted, now, after)),
        (CaseKind.TURN, queue.ratings(actor, wanted, now, after)),
        (CaseKind.EXAMPLE, queue.examples(actor, wanted, now, after)),
    ):
        rows = session.execute(query.limit(limit)) if query is not None else ()
        found.append([(Ref(kind, id), Place(rank, at, id)) for id, rank, at in rows])

    def key(entry: tuple[Ref, Place]) -> tuple[object, ...]:
        place = entry[1]
        return (place.rank, place.at, place.id) if wanted.order is Order.IMPACT else (place.at, place.id)

    return list(heapq.merge(*found, key=key, reverse=wanted.order is Order.NEWEST))[:limit]


def _named(place: Place) -> str:
    return f"{place.rank} {place.at.isoformat()} {place.id}"


def _place(name: str) -> Place:
    try:
        rank, at, id = name.split(" ", 2)
        return Place(int(rank), datetime.fromisoformat(at), id)
    except ValueError:
        raise NotFoundError(what="page") from None


def _open_ratings(actor: Actor) -> sa.Select[Rating]:
    return (
        sa.select(Rating)
        .join(Turn, Turn.id == Rating.turn_id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Rating.rating == "down", Rating.resolved_at.is_(None), thread.is_open_to(actor))
    )


def _open_examples(actor: Actor) -> tuple[sa.ColumnElement[bool], ...]:
    return (Example.state == ExampleState.PENDING, queue.is_reviewable(actor), queue.is_first_said(actor))


def _with_others(session: Session, actor: Actor, ref: str) -> list[str]:
    """The case, and what was said together with it."""
    kind, _, id = ref.partition(":")
    example = session.get(Example, id) if kind == CaseKind.EXAMPLE else None
    others = example_rows.said_together(session, actor, example) if example else []
    return [ref, *(f"{CaseKind.EXAMPLE}:{one.id}" for one in others)]


def _rating(session: Session, turn_id: str) -> Rating:
    return session.scalars(sa.select(Rating).where(Rating.turn_id == turn_id, Rating.rating == "down")).one()


def _veil(session: Session, turn_id: str, *, is_hidden: bool) -> None:
    session.execute(sa.update(Turn).where(Turn.id == turn_id).values(is_hidden=is_hidden))


def _untell_assigned(session: Session, case: Ref) -> None:
    about = Notice.turn_id == case.id if case.kind is CaseKind.TURN else Notice.correction_id == case.id
    if case.kind is CaseKind.EXAMPLE:
        about = late.about_example(case.id)
    notices.untell(session, [NoticeKind.ASSIGNED, NoticeKind.LATE], about)


def _audit(session: Session, actor: Actor, act: str, case: Ref, details: Mapping[str, object], now: datetime) -> None:
    audit.record(
        session, actor_id=actor.id, act=act, object_type=case.kind, object_id=case.id, details=details, now=now
    )
