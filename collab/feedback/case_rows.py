"""Cases read from rows: the lines of the list, and one case with everything around it. It checks no role."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.rows import turn_records
from collab.dialogue.tables import Conversation, Turn
from collab.feedback import example_rows, thread
from collab.feedback.case_records import Case, CaseKind, OpenCase, Ref
from collab.feedback.records import CorrectionRecord, correction_records, find, names_of, visible
from collab.feedback.standing import in_the_way
from collab.feedback.tables import Correction, Example, Rating, Side, State, looked_at
from collab.feedback.thread import is_open_to
from collab.people.access import Actor

MOST_ALIKE = 20  # of the same question that are shown with a case
_Row = Correction | Rating | Example


def summaries(session: Session, actor: Actor, refs: Sequence[Ref], late_before: datetime) -> list[Case]:
    """The lines of these cases, in this order."""
    corrections = _corrections(session, [ref.id for ref in refs if ref.kind is CaseKind.CORRECTION])
    ratings = _ratings(session, [ref.id for ref in refs if ref.kind is CaseKind.TURN])
    examples = _examples(session, [ref.id for ref in refs if ref.kind is CaseKind.EXAMPLE])
    rows: list[Correction | Rating] = [*corrections.values(), *(rating for rating, _ in ratings.values())]
    people = {id for row in (*rows, *examples.values()) for id in (_author(row), row.assignee_id) if id}
    line = _Line(
        names_of(session, people),
        _counts(session, actor, {row.normal_question for row in rows}),
        _reasons(session, [row.turn_id for row in corrections.values() if row.turn_id]),
        {id: len(example_rows.said_together(session, actor, row)) for id, row in examples.items()},
        late_before,
    )
    found = []
    for ref in refs:
        if ref.kind is CaseKind.CORRECTION and ref.id in corrections:
            found.append(line.of(corrections[ref.id], corrections[ref.id].question))
        elif ref.kind is CaseKind.TURN and ref.id in ratings:
            rating, turn = ratings[ref.id]
            found.append(line.of(rating, turn.question))
        elif ref.kind is CaseKind.EXAMPLE and ref.id in examples:
            found.append(line.of(examples[ref.id], examples[ref.id].text))
    return found


def one_each(session: Session, refs: Sequence[str]) -> list[str]:
    """Of each case the first of these names: examples that were said together are one case."""
    ids = [ref.removeprefix(f"{CaseKind.EXAMPLE}:") for ref in refs]
    examples = _examples(session, [id for id, ref in zip(ids, refs, strict=True) if id != ref])
    first: dict[object, str] = {}
    for id, ref in zip(ids, refs, strict=True):
        one = examples.get(id)
        together = (one.turn_id, one.author_id, one.normal, one.side) if one and one.turn_id else ref
        first.setdefault(together, ref)
    return list(first.values())


def opened(session: Session, actor: Actor, ref: Ref, late_before: datetime) -> OpenCase:
    """One case with everything around it, as far as the reviewer may see it. Raises NotFoundError."""
    if ref.kind is CaseKind.EXAMPLE:
        return _opened_example(session, actor, ref, late_before)
    correction = find(session, actor, ref.id) if ref.kind is CaseKind.CORRECTION else None
    turn_id = correction.turn_id if correction else thread.rated_turn(session, actor, ref.id).id
    rating = session.scalar(sa.select(Rating).where(Rating.turn_id == turn_id, Rating.rating == "down"))
    turn = session.scalar(sa.select(Turn).join(Conversation).where(Turn.id == turn_id, is_open_to(actor)))
    row = correction or rating
    others = _alike(session, actor, ref, row.normal_question) if row else []
    case, *rest = summaries(session, actor, [ref, *others], late_before)
    seen = rating if turn else None  # what was said with the thumb belongs to the turn
    resolver = seen.resolved_by if seen else None
    return OpenCase(
        case=case,
        correction=correction_records(session, actor, [correction])[0] if correction else None,
        turn=turn_records(session, [turn])[0] if turn else None,
        comment=seen.comment if seen else None,
        passage_id=seen.source_passage_id if seen else None,
        resolution=seen.resolution if seen else None,
        resolver=names_of(session, {resolver})[resolver] if resolver else None,
        thread=thread.around(session, actor, turn_id),
        alike=tuple(rest),
        replaces=_replaced(session, actor, correction) if correction else (),
    )


def _replaced(session: Session, actor: Actor, row: Correction) -> tuple[CorrectionRecord, ...]:
    if row.state != State.PENDING:
        return ()
    return tuple(correction_records(session, actor, in_the_way(session, row, row.question, [row.reach])))


def _opened_example(session: Session, actor: Actor, ref: Ref, late_before: datetime) -> OpenCase:
    """An example with its correction. The turn in which it was said is private to whose it is."""
    example, row = example_rows.found(session, actor, ref.id)
    others = example_rows.said_together(session, actor, example)
    about = [session.get_one(Correction, one.correction_id) for one in others]
    return OpenCase(
        case=summaries(session, actor, [ref], late_before)[0],
        correction=correction_records(session, actor, [row])[0],
        turn=None,
        comment=None,
        passage_id=None,
        resolution=None,
        resolver=None,
        thread=(),
        alike=(),
        example=example_rows.records(session, actor, row, [example])[0],
        together=tuple(
            (example_rows.records(session, actor, of, [one])[0], correction_records(session, actor, [of])[0])
            for one, of in zip(others, about, strict=True)
        ),
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """What the lines of one list share: names, how many open cases a question has, reasons of thumbs by turn, and by
    example how many others were said with it.
    """

    names: dict[str, str]
    counts: Counter[str]
    reasons: dict[str, str]
    together: dict[str, int]
    late_before: datetime

    def of(self, row: _Row, question: str) -> Case:
        """The line of a correction, of a rated turn whose question this is, or of an example."""
        ref, is_open, author_id = _ref(row), _is_open(row), _author(row)
        return Case(
            ref=str(ref),
            kind=ref.kind,
            state=_state(row),
            question=question,
            author_id=author_id,
            author=self.names[author_id],
            reason=self._reason(row),
            asked=row.asked,
            wrong=row.wrong,
            impact=-row.rank,
            assignee_id=row.assignee_id,
            assignee=self.names.get(row.assignee_id or ""),
            created_at=row.created_at,
            is_late=is_open and row.created_at < self.late_before,
            revision=row.revision if isinstance(row, Correction) else None,
            alike=self._alike(row) if is_open else 0,
            side=Side(row.side) if isinstance(row, Example) else None,
        )

    def _alike(self, row: _Row) -> int:
        if isinstance(row, Example):
            return self.together[row.id]
        return max(self.counts[row.normal_question] - 1, 0)

    def _reason(self, row: _Row) -> str | None:
        if isinstance(row, Rating):
            return row.reason
        return self.reasons.get(row.turn_id or "") if isinstance(row, Correction) else None


def _corrections(session: Session, ids: Sequence[str]) -> dict[str, Correction]:
    return {row.id: row for row in session.scalars(sa.select(Correction).where(Correction.id.in_(ids)))}


def _examples(session: Session, ids: Sequence[str]) -> dict[str, Example]:
    return {row.id: row for row in session.scalars(sa.select(Example).where(Example.id.in_(ids)))}


def _ratings(session: Session, turn_ids: Sequence[str]) -> dict[str, tuple[Rating, Turn]]:
    query = sa.select(Rating, Turn).join(Turn, Turn.id == Rating.turn_id)
    rows = session.execute(query.where(Rating.turn_id.in_(turn_ids), Rating.rating == "down"))
    return {turn.id: (rating, turn) for rating, turn in rows}


def _reasons(session: Session, turn_ids: Sequence[str]) -> dict[str, str]:
    query = sa.select(Rating.turn_id, Rating.reason).where(
        Rating.turn_id.in_(turn_ids), Rating.rating == "down", Rating.reason.is_not(None)
    )
    return {turn_id: reason for turn_id, reason in session.execute(query) if reason}


def _waiting(actor: Actor, normals: Collection[str]) -> tuple[sa.Select[str, str, int], sa.Select[str, str, int]]:
    """Id, question and rank of the open corrections and of the open rated turns with these questions."""
    corrections = sa.select(Correction.id, Correction.normal_question, Correction.rank).where(
        Correction.normal_question.in_(normals),
        looked_at(Correction.state) == State.PENDING,
        visible(actor, is_open=True),
    )
    ratings = (
        sa.select(Rating.turn_id, Rating.normal_question, Rating.rank)
        .join(Turn, Turn.id == Rating.turn_id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .where(Rating.normal_question.in_(normals), looked_at(Rating.rating) == "down", Rating.resolved_at.is_(None))
        .where(is_open_to(actor))
    )
    return corrections, ratings


def _counts(session: Session, actor: Actor, normals: Collection[str]) -> Counter[str]:
    """How many open cases each question has."""
    counted = Counter[str]()
    if not normals:
        return counted
    for query in _waiting(actor, normals):
        found = query.subquery()
        rows = session.execute(sa.select(found.c.normal_question, sa.func.count()).group_by(found.c.normal_question))
        counted.update(dict(rows.all()))
    return counted


def _alike(session: Session, actor: Actor, ref: Ref, normal: str) -> list[Ref]:
    """The other open cases of the question."""
    corrections, ratings = _waiting(actor, {normal})
    found = []
    for kind, query in ((CaseKind.CORRECTION, corrections), (CaseKind.TURN, ratings)):
        rows = session.execute(query.order_by("rank").limit(MOST_ALIKE))
        found += [other for id, _, _ in rows if (other := Ref(kind, id)) != ref]
    return found[:MOST_ALIKE]


def _author(row: _Row) -> str:
    return row.person_id if isinstance(row, Rating) else row.author_id


def _ref(row: _Row) -> Ref:
    if isinstance(row, Rating):
        return Ref(CaseKind.TURN, row.turn_id)
    return Ref(CaseKind.CORRECTION if isinstance(row, Correction) else CaseKind.EXAMPLE, row.id)


def _is_open(row: _Row) -> bool:
    return row.resolved_at is None if isinstance(row, Rating) else row.state == State.PENDING


def _state(row: _Row) -> str:
    if isinstance(row, Rating):
        return "open" if row.resolved_at is None else "resolved"
    return row.state
