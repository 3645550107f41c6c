"""The rows behind conversations. A turn is written once, when its answer is complete or was stopped.

The words by which conversations are found stand in `turns_fts`, a full-text table that migrations make.
"""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from collab.people.tables import Person
from knowledge.database import Base


class Conversation(Base):
    """A chat of one person: a tree of turns, of which the path to the current one is shown.

    A temporary one is in no list and is erased when it is left. A deleted one can be brought back for a while.
    `current_turn_id` is no foreign key, as the turns refer to the conversation; it is None while there are none.
    """

    __tablename__ = "conversations"
    __table_args__ = (sa.Index(None, "person_id", "pinned_at", "updated_at"),)  # as they are listed

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"))
    title: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    pinned_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    is_temporary: Mapped[bool] = mapped_column(server_default=sa.text("0"))
    current_turn_id: Mapped[str | None] = mapped_column(sa.String(32))


class Turn(Base):
    """A question with its answer and how it was decided.

    `reach` is whom the sources, and the earlier answers that the model was given, may reach. `previous_id` is the turn
    that it follows; answers asked for again and questions worded anew follow the same one. `normal` is the standalone
    question as compared (`knowledge.text.normalise`). The answer of a hidden turn is shown to nobody who asked it.
    `considered` are the corrections that were thought of, as ids, numbers and codes: nobody's words.
    """

    __tablename__ = "turns"
    __table_args__ = (
        sa.UniqueConstraint("conversation_id", "position"),
        sa.CheckConstraint(
            "decision IN ('corrected', 'suggested', 'grounded', 'model', 'not_found', 'clarify', 'handed_off')",
            name="decision",
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(sa.ForeignKey(Conversation.id, ondelete="CASCADE"))
    position: Mapped[int]
    question: Mapped[str]
    standalone: Mapped[str]
    normal: Mapped[str] = mapped_column(index=True, server_default="")
    is_follow_up: Mapped[bool]
    reach: Mapped[str]
    language: Mapped[str] = mapped_column(sa.String(8))
    answer: Mapped[str]
    decision: Mapped[str] = mapped_column(sa.String(16))
    confidence: Mapped[float]
    reasons: Mapped[list[str]] = mapped_column(sa.JSON)
    correction_id: Mapped[str | None] = mapped_column(sa.String(32), index=True)
    model: Mapped[str | None]
    adapter: Mapped[str | None]
    completion_tokens: Mapped[int]
    memory_seq: Mapped[int]
    is_stopped: Mapped[bool]
    is_hidden: Mapped[bool] = mapped_column(server_default=sa.text("0"))
    retry_of: Mapped[str | None] = mapped_column(sa.ForeignKey("turns.id", ondelete="SET NULL"), index=True)
    previous_id: Mapped[str | None] = mapped_column(sa.ForeignKey("turns.id", ondelete="SET NULL"), index=True)
    created_at: Mapped[datetime]
    considered: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON, server_default=sa.text("'[]'"))


class TurnSource(Base):
    """A sentence that a turn cites, with the words as they were then; those of one passage share the number `n`.

    The passage may be gone since.
    """

    __tablename__ = "turn_sources"
    __table_args__ = (sa.Index("ix_turn_sources_document", "document_id", "turn_id", "passage_id"),)

    turn_id: Mapped[str] = mapped_column(sa.ForeignKey("turns.id", ondelete="CASCADE"), primary_key=True)
    n: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(sa.String(32))
    document: Mapped[str]
    reach: Mapped[str]
    passage_id: Mapped[int]
    heading: Mapped[str]
    page: Mapped[int | None]
    quote: Mapped[str]
    start: Mapped[int] = mapped_column(primary_key=True)
    end: Mapped[int]


class ErasedTokens(Base):
    """How much the model wrote in a turn that is erased, and when: for a person's limit of a day, and no longer."""

    __tablename__ = "erased_tokens"
    __table_args__ = (sa.Index(None, "person_id", "created_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"))
    created_at: Mapped[datetime]
    tokens: Mapped[int]
