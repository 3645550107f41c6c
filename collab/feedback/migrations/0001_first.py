"""The first tables of feedback."""

import sqlalchemy as sa
from alembic import op

revision = "feedback_0001"
down_revision = None
branch_labels = ("feedback",)
depends_on = "dialogue_0001"


def upgrade() -> None:
    """Creates the tables."""
    op.create_table(
        "corrections",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("turn_id", sa.String(length=32), nullable=True),
        sa.Column("author_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("normal_question", sa.String(), nullable=False),
        sa.Column("answer", sa.String(), nullable=False),
        sa.Column("before", sa.String(), nullable=True),
        sa.Column("original_question", sa.String(), nullable=True),
        sa.Column("original_answer", sa.String(), nullable=True),
        sa.Column("invisible_at", sa.JSON(), nullable=False),
        sa.Column("reviewer_id", sa.String(length=32), nullable=True),
        sa.Column("review_reason", sa.String(), nullable=True),
        sa.Column("withdrawn_by", sa.String(length=32), nullable=True),
        sa.Column("superseded_by", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("decided_at", sa.String(32), nullable=True),
        sa.CheckConstraint("kind IN ('fact', 'style')", name=op.f("ck_corrections_kind")),
        sa.CheckConstraint(
            "state IN ('pending', 'live', 'superseded', 'withdrawn', 'rejected')", name=op.f("ck_corrections_state")
        ),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("fk_corrections_author_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["people.id"], name=op.f("fk_corrections_reviewer_id")),
        sa.ForeignKeyConstraint(["superseded_by"], ["corrections.id"], name=op.f("fk_corrections_superseded_by")),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_corrections_turn_id"), ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["withdrawn_by"], ["people.id"], name=op.f("fk_corrections_withdrawn_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
    )
    op.create_index(op.f("ix_corrections_author_id"), "corrections", ["author_id"], unique=False)
    op.create_index(op.f("ix_corrections_state"), "corrections", ["state"], unique=False)
    op.create_index(op.f("ix_corrections_turn_id"), "corrections", ["turn_id"], unique=False)
    op.create_index(
        "uq_corrections_live_fact",
        "corrections",
        ["normal_question", "reach"],
        unique=True,
        sqlite_where=sa.text("state = 'live' AND kind = 'fact'"),
    )
    op.create_index(
        "uq_corrections_pending",
        "corrections",
        ["normal_question", "author_id", "kind"],
        unique=True,
        sqlite_where=sa.text("state = 'pending'"),
    )
    op.create_table(
        "ratings",
        sa.Column("turn_id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("rating", sa.String(length=8), nullable=False),
        sa.Column("reason", sa.String(length=16), nullable=True),
        sa.Column("comment", sa.String(), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.CheckConstraint("rating IN ('up', 'down')", name=op.f("ck_ratings_rating")),
        sa.CheckConstraint(
            "reason IN ('wrong_fact', 'outdated', 'not_relevant', 'style', 'unsafe')", name=op.f("ck_ratings_reason")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_ratings_person_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name=op.f("fk_ratings_turn_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("turn_id", "person_id", name=op.f("pk_ratings")),
    )
    op.create_table(
        "lessons",
        sa.Column("correction_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["correction_id"], ["corrections.id"], name=op.f("fk_lessons_correction_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("correction_id", name=op.f("pk_lessons")),
    )
