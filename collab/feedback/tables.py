"""The rows behind ratings and corrections. The partial unique indexes are promises that the database keeps."""

from datetime import datetime
from enum import StrEnum

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


class Rating(Base):
    """A person's thumb on a turn; a later one replaces it."""

    __tablename__ = "ratings"
    __table_args__ = (
        sa.CheckConstraint("rating IN ('up', 'down')", name="rating"),
        sa.CheckConstraint("reason IN ('wrong_fact', 'outdated', 'not_relevant', 'style', 'unsafe')", name="reason"),
    )

    turn_id: Mapped[str] = mapped_column(sa.ForeignKey(Turn.id, ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"), primary_key=True)
    rating: Mapped[str] = mapped_column(sa.String(8))
    reason: Mapped[str | None] = mapped_column(sa.String(16))
    comment: Mapped[str | None]
    created_at: Mapped[datetime]


class Correction(Base):
    """A person's answer to a question.

    `normal_question` is the question as compared (`knowledge.text.normalise`); `before` is what the assistant had said;
    `reach` is whom it is for once it is live; `superseded_by` names the correction that took its place;
    `original_question` and `original_answer` are the author's words where a reviewer changed them; `invisible_at` are
    the places in the author's answer before which something invisible was taken out; `decided_at` is when it went live
    or was rejected, and is empty for those that have only been pending; `withdrawn_by` is the author or an expert;
    `aliases` are other questions with this answer; `asked` is how often past conversations asked it, where somebody
    counted; `import_id` is the import that it came with.
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
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    turn_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Turn.id, ondelete="SET NULL"), index=True)
    author_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id), index=True)
    kind: Mapped[str] = mapped_column(sa.String(8))
    state: Mapped[str] = mapped_column(sa.String(16), index=True)
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
    superseded_by: Mapped[str | None] = mapped_column(sa.ForeignKey("corrections.id"))
    created_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    aliases: Mapped[list[str]] = mapped_column(sa.JSON, default=list)
    asked: Mapped[int] = mapped_column(default=0)
    import_id: Mapped[str | None] = mapped_column(sa.String(32))


class Lesson(Base):
    """A correction that waits to become a training example."""

    __tablename__ = "lessons"

    correction_id: Mapped[str] = mapped_column(sa.ForeignKey("corrections.id", ondelete="CASCADE"), primary_key=True)
    created_at: Mapped[datetime]
