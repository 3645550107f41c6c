"""The rows behind ratings, corrections, and what people are told of them.

The partial unique indexes are promises that the database keeps. Two more things are made by migrations alone: the
full-text table `corrections_fts`, and a trigger that counts each new question in `asked`.
"""

import secrets
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from collab.dialogue.tables import Turn
from collab.people.tables import Person
from knowledge.database import Base


class Kind(StrEnum):
    """A `fact` is answered from memory; `style` only teaches."""

    FACT = "fact"
    STYLE = "style"


class State(StrEnum):
    """Where a correction stands."""

    PENDING = "pending"
    LIVE = "live"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


# Minus the impact: how often it was asked, at least once, times how wrong it is. So one index holds the order.
_FILTERED = ("number", "author_id", "assignee_id", "turn_id")  # looked at on the way through an order's index
_RANK = sa.text("-max(asked, 1) * wrong")


def looked_at(column: Any) -> Any:
    """A column whose own index is not to be used: left to itself, the planner takes it instead of the order's index, or
    of the question's, and goes through all rows.
    """
    return sa.type_coerce(sa.type_coerce(column, sa.String).op("||")(""), column.type)


def _number() -> int:
    return secrets.randbits(62)


class Rating(Base):
    """A person's thumb on a turn; a later one replaces it.

    One that points down is open until it is resolved: by a person, who says what was done, or by the correction
    `correction_id` that went live. `source_passage_id` is the passage that the reason is about: the outdated one, or
    the one that would have been right. `normal_question`, `asked` and `wrong` say the same as with a correction.
    """

    __tablename__ = "ratings"
    __table_args__ = (
        sa.CheckConstraint("rating IN ('up', 'down')", name="rating"),
        sa.CheckConstraint("reason IN ('wrong_fact', 'outdated', 'not_relevant', 'style', 'unsafe')", name="reason"),
        sa.Index("ix_ratings_rank", "rating", "resolved_at", "rank", "created_at", "turn_id"),
        sa.Index("ix_ratings_age", "rating", "resolved_at", "created_at", "turn_id"),
    )

    turn_id: Mapped[str] = mapped_column(sa.ForeignKey(Turn.id, ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"), primary_key=True)
    rating: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str | None] = mapped_column(sa.String(16))
    comment: Mapped[str | None]
    created_at: Mapped[datetime]
    source_passage_id: Mapped[int | None]
    normal_question: Mapped[str] = mapped_column(index=True, server_default="")
    asked: Mapped[int] = mapped_column(server_default=sa.text("0"))
    wrong: Mapped[int] = mapped_column(server_default=sa.text("2"))
    rank: Mapped[int] = mapped_column(sa.Computed(_RANK, persisted=False))
    assignee_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id), index=True)
    assigned_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolved_by: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id))
    resolution: Mapped[str | None]
    correction_id: Mapped[str | None] = mapped_column(sa.ForeignKey("corrections.id"), index=True)


class Correction(Base):
    """A person's answer to a question.

    `normal_question` is the question as compared (`knowledge.text.normalise`); `before` is what the assistant had said;
    `reach` is whom it is for once it is live; `superseded_by` names the correction that took its place;
    `original_question` and `original_answer` are the author's words where a reviewer changed them; `invisible_at` are
    the places in the author's answer before which something invisible was taken out; `decided_at` is when it went live
    or was rejected, and is empty for those that have only been pending; `withdrawn_by` is the author or an expert;
    `asked` is how often it was asked, in past conversations that were imported too; `wrong` says from 1 to 5 how bad
    the old answer is; `import_id` is the import that it came with; `revision` grows when the words, the state or what
    it was taught change; `number` is its row in the full-text table; after `valid_until` it answers nobody; `held` says
    why one waits that would have been live (`hub`). Its other questions are its examples.
    """

    __tablename__ = "corrections"
    __table_args__ = (
        sa.CheckConstraint("kind IN ('fact', 'style')", name="kind"),
        sa.CheckConstraint("state IN ('pending', 'live', 'superseded', 'withdrawn', 'rejected')", name="state"),
        sa.Index(
            "uq_corrections_live_fact",
            "normal_question",
            "reach",
            unique=True,
            sqlite_where=sa.text("state = 'live' AND kind = 'fact'"),
        ),
        sa.Index(
            "uq_corrections_pending",
            "normal_question",
            "author_id",
            "kind",
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
        ),
        sa.Index("ix_corrections_rank", "state", "rank", "created_at", "id", *_FILTERED),
        sa.Index("ix_corrections_age", "state", "created_at", "id", *_FILTERED),
        sa.Index("ix_corrections_reach", "state", "reach", "author_id"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    turn_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Turn.id, ondelete="SET NULL"), index=True)
    author_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[str] = mapped_column(sa.String(16))
    reach: Mapped[str]
    question: Mapped[str]
    normal_question: Mapped[str] = mapped_column(index=True)
    answer: Mapped[str]
    before: Mapped[str | None]
    original_question: Mapped[str | None]
    original_answer: Mapped[str | None]
    invisible_at: Mapped[list[int]] = mapped_column(sa.JSON)
    reviewer_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id))
    review_reason: Mapped[str | None]
    withdrawn_by: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id))
    superseded_by: Mapped[str | None] = mapped_column(sa.ForeignKey("corrections.id"), index=True)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(default=0)
    import_id: Mapped[str | None] = mapped_column(sa.String(32))
    wrong: Mapped[int] = mapped_column(default=4, server_default=sa.text("4"))
    rank: Mapped[int] = mapped_column(sa.Computed(_RANK, persisted=False))
    revision: Mapped[int] = mapped_column(default=1, server_default=sa.text("1"))
    assignee_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id), index=True)
    assigned_at: Mapped[datetime | None]
    number: Mapped[int] = mapped_column(
        sa.BigInteger, unique=True, index=True, default=_number, server_default=sa.text("0")
    )
    valid_until: Mapped[datetime | None] = mapped_column(index=True)
    held: Mapped[str | None] = mapped_column(sa.String(8))


class Lesson(Base):
    """A correction that waits to become a training example."""

    __tablename__ = "lessons"

    correction_id: Mapped[str] = mapped_column(sa.ForeignKey("corrections.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime]


class Notice(Base):
    """Something that a person is told when they come back. `params` fill its words; it is kept until it is read."""

    __tablename__ = "notices"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    params: Mapped[dict[str, Any]]
    turn_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Turn.id, ondelete="CASCADE"), index=True)
    correction_id: Mapped[str | None] = mapped_column(sa.ForeignKey("corrections.id"), index=True)
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]


class Side(StrEnum):
    """What an example says of its question: the correction answers it, or does not."""

    WILL = "will"
    WILL_NOT = "will_not"


class Origin(StrEnum):
    """Where an example comes from: a file, a hand on the card, or what was said under an answer."""

    ALIAS = "alias"
    MOVED = "moved"
    YES = "yes"
    NO = "no"
    NOT_ASKED = "not_asked"


class ExampleState(StrEnum):
    """`live` stands wherever its correction does; `pending` for its author only; `superseded` gave way to another."""

    PENDING = "pending"
    LIVE = "live"
    REJECTED = "rejected"
    SUPERSEDED = "superseded"


class Example(Base):
    """Another question that a correction answers in these very words, or one that it must not answer.

    `normal` is it as compared; `superseded_by` is the correction whose words took its place, which may be its own;
    `asked`, `wrong` and `rank` say the same as with a correction.
    """

    __tablename__ = "examples"
    __table_args__ = (
        sa.CheckConstraint("side IN ('will', 'will_not')", name="side"),
        sa.CheckConstraint("origin IN ('alias', 'moved', 'yes', 'no', 'not_asked')", name="origin"),
        sa.CheckConstraint("state IN ('pending', 'live', 'rejected', 'superseded')", name="state"),
        sa.Index("uq_examples_live", "correction_id", "normal", unique=True, sqlite_where=sa.text("state = 'live'")),
        sa.Index(
            "uq_examples_pending",
            "correction_id",
            "normal",
            "author_id",
            unique=True,
            sqlite_where=sa.text("state = 'pending'"),
        ),
        sa.Index("ix_examples_rank", "state", "rank", "created_at", "id"),
        sa.Index("ix_examples_age", "state", "created_at", "id"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    correction_id: Mapped[str] = mapped_column(sa.ForeignKey(Correction.id, ondelete="CASCADE"), index=True)
    text: Mapped[str]
    normal: Mapped[str] = mapped_column(index=True)
    side: Mapped[str] = mapped_column(sa.String(8))
    origin: Mapped[str] = mapped_column(sa.String(16))
    state: Mapped[str] = mapped_column(sa.String(16))
    author_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id), index=True)
    reviewer_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id))
    review_reason: Mapped[str | None]
    turn_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Turn.id, ondelete="SET NULL"), index=True)
    superseded_by: Mapped[str | None] = mapped_column(sa.ForeignKey(Correction.id), index=True)
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    asked: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))
    wrong: Mapped[int] = mapped_column(default=2, server_default=sa.text("2"))
    rank: Mapped[int] = mapped_column(sa.Computed(_RANK, persisted=False))
    assignee_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id), index=True)
    assigned_at: Mapped[datetime | None]


class Proof(Base):
    """The last test of a correction for a reach: its `cases`, at which `revision` of it, and by whom."""

    __tablename__ = "proofs"

    correction_id: Mapped[str] = mapped_column(sa.ForeignKey(Correction.id, ondelete="CASCADE"), primary_key=True)
    reach: Mapped[str] = mapped_column(primary_key=True)
    revision: Mapped[int]
    is_verified: Mapped[bool]
    cases: Mapped[list[dict[str, Any]]] = mapped_column(sa.JSON)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    created_at: Mapped[datetime]


class Choice(StrEnum):
    """What was decided about something that contradicts a correction."""

    KEEP = "keep"
    REPLACE = "replace"
    RETIRE = "retire"


class Settlement(Base):
    """What was decided about a `correction` or `passage` that contradicts a correction; a retired passage is not cited
    for that correction's questions any more.
    """

    __tablename__ = "settlements"
    __table_args__ = (
        sa.CheckConstraint("about IN ('correction', 'passage')", name="about"),
        sa.CheckConstraint("choice IN ('keep', 'replace', 'retire')", name="choice"),
    )

    correction_id: Mapped[str] = mapped_column(sa.ForeignKey(Correction.id, ondelete="CASCADE"), primary_key=True)
    about: Mapped[str] = mapped_column(sa.String(16), primary_key=True)
    other_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    choice: Mapped[str] = mapped_column(sa.String(8))
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id))
    created_at: Mapped[datetime]
