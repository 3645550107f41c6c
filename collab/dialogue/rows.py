"""Rows of conversations as the records that everybody else reads, and the words by which they are found."""

from collections.abc import Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.records import Considered, ConversationRecord, Decision, Excerpt, Source, TurnRecord
from collab.dialogue.tables import Conversation, ErasedTokens, Turn, TurnSource
from collab.dialogue.wording import excerpt, searched, sought

_ADD_WORDS = sa.text("INSERT INTO turns_fts (words, conversation_id) VALUES (:words, :conversation)")
_FORGET_WORDS = sa.text("DELETE FROM turns_fts WHERE conversation_id IN :conversations").bindparams(
    sa.bindparam("conversations", expanding=True)
)
_TEXTS = (Turn.question, Turn.answer)
FOUND = sa.text("SELECT conversation_id FROM turns_fts WHERE turns_fts MATCH :words")
"""The conversations that hold the words of `wording.query`."""


def excerpts(session: Session, conversation_ids: Sequence[str], looked_for: str) -> dict[str, Excerpt]:
    """Where one of the words first stands in each of these conversations, but for answers that are hidden."""
    is_there = [column.icontains(word, autoescape=True) for word in sought(looked_for) for column in _TEXTS]
    query = sa.select(Turn.conversation_id, Turn.question, Turn.answer).order_by(Turn.position)
    query = query.where(Turn.conversation_id.in_(conversation_ids), ~Turn.is_hidden, sa.or_(*is_there))
    found: dict[str, Excerpt] = {}
    for id, *texts in session.execute(query):
        shown = next(filter(None, (excerpt(text, looked_for) for text in texts)), ())
        found[id] = found.get(id) or shown
    return found


def add_words(session: Session, turns: Sequence[Turn]) -> None:
    """Makes turns findable by their questions and answers."""
    for turn in turns:
        words = searched(f"{turn.question}\n{turn.answer}")
        session.execute(_ADD_WORDS, {"words": words, "conversation": turn.conversation_id})


def erase(session: Session, conversation_ids: Sequence[str]) -> None:
    """Takes conversations out for good, with their turns and with what these are found by; what was written is counted
    on.
    """
    if conversation_ids:
        written = (
            sa.select(Conversation.person_id, Turn.created_at, Turn.completion_tokens)
            .join(Conversation, Turn.conversation_id == Conversation.id)
            .where(Conversation.id.in_(conversation_ids), Turn.completion_tokens > 0)
        )
        session.execute(sa.insert(ErasedTokens).from_select(["person_id", "created_at", "tokens"], written))
        session.execute(_FORGET_WORDS, {"conversations": list(conversation_ids)})
        session.execute(sa.delete(Conversation).where(Conversation.id.in_(conversation_ids)))


def conversation_record(row: Conversation) -> ConversationRecord:
    """One conversation without its turns."""
    return ConversationRecord(
        id=row.id,
        title=row.title,
        created_at=row.created_at,
        updated_at=row.updated_at,
        is_pinned=row.pinned_at is not None,
        is_temporary=row.is_temporary,
        current_turn_id=row.current_turn_id,
        deleted_at=row.deleted_at,
    )


def turn_records(session: Session, rows: Sequence[Turn]) -> list[TurnRecord]:
    """The turns in the same order, each with its sources."""
    sources: dict[str, list[Source]] = {row.id: [] for row in rows}
    query = sa.select(TurnSource).where(TurnSource.turn_id.in_(list(sources))).order_by(TurnSource.n)
    for found in session.scalars(query):
        sources[found.turn_id].append(Source(**{name: getattr(found, name) for name in Source.__slots__}))
    return [turn_record(row, tuple(sources[row.id])) for row in rows]


def turn_record(row: Turn, sources: tuple[Source, ...]) -> TurnRecord:
    """One turn with its sources."""
    return TurnRecord(
        id=row.id,
        conversation_id=row.conversation_id,
        position=row.position,
        question=row.question,
        standalone=row.standalone,
        is_follow_up=row.is_follow_up,
        language=row.language,
        reach=row.reach,
        answer=row.answer,
        decision=Decision(row.decision),
        confidence=row.confidence,
        reasons=tuple(row.reasons),
        sources=sources,
        correction_id=row.correction_id,
        model=row.model,
        adapter=row.adapter,
        completion_tokens=row.completion_tokens,
        memory_seq=row.memory_seq,
        is_stopped=row.is_stopped,
        retry_of=row.retry_of,
        created_at=row.created_at,
        previous_id=row.previous_id,
        is_hidden=row.is_hidden,
        considered=tuple(_considered(**one) for one in row.considered),
    )


def _considered(
    correction_id: str, probability: float, margin: float, reasons: Sequence[str], is_offered: bool = False
) -> Considered:
    return Considered(correction_id, probability, margin, tuple(reasons), is_offered)
