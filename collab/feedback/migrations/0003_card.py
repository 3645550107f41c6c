"""What corrections are taught: examples as rows of their own, proofs, what contradicts them, and until when they hold.

The other questions that stood in a list beside each correction become examples.
"""

import json
import secrets

import sqlalchemy as sa
from alembic import op

from knowledge.text import normalise

revision = "feedback_0003"
down_revision = "feedback_0002"
branch_labels = None
depends_on = None

RANK = "-max(asked, 1) * wrong"
ASKED = (
    "CREATE TRIGGER turns_asked AFTER INSERT ON turns BEGIN"
    " UPDATE corrections SET asked = asked + 1 WHERE normal_question = NEW.normal;"
    " UPDATE ratings SET asked = asked + 1 WHERE normal_question = NEW.normal;"
    " UPDATE examples SET asked = asked + 1 WHERE normal = NEW.normal; END"
)


def upgrade() -> None:
    """Makes the tables, moves the other questions into them, and drops the list in which they stood."""
    _examples()
    _proofs_and_settlements()
    op.add_column("corrections", sa.Column("valid_until", sa.String(32), nullable=True))
    op.add_column("corrections", sa.Column("held", sa.String(length=8), nullable=True))
    for column in ("valid_until", "superseded_by"):
        op.create_index(f"ix_corrections_{column}", "corrections", [column])
    _move(op.get_bind())
    op.execute("ALTER TABLE corrections DROP COLUMN aliases")
    op.execute("DROP TRIGGER turns_asked")
    op.execute(ASKED)


def _examples() -> None:
    text, id = sa.String(), sa.String(length=32)
    op.create_table(
        "examples",
        sa.Column("id", id, nullable=False),
        sa.Column("correction_id", id, nullable=False),
        sa.Column("text", text, nullable=False),
        sa.Column("normal", text, nullable=False),
        sa.Column("side", sa.String(length=8), nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("author_id", id, nullable=False),
        sa.Column("reviewer_id", id, nullable=True),
        sa.Column("review_reason", text, nullable=True),
        sa.Column("turn_id", id, nullable=True),
        sa.Column("superseded_by", id, nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("decided_at", sa.String(32), nullable=True),
        sa.Column("asked", sa.Integer(), nullable=False, server_default=sa.text("0")),
        sa.Column("wrong", sa.Integer(), nullable=False, server_default=sa.text("2")),
        sa.Column("rank", sa.Integer(), sa.Computed(RANK, persisted=False)),
        sa.Column("assignee_id", id, nullable=True),
        sa.Column("assigned_at", sa.String(32), nullable=True),
        sa.CheckConstraint("side IN ('will', 'will_not')", name=op.f("ck_examples_side")),
        sa.CheckConstraint("origin IN ('alias', 'moved', 'yes', 'no', 'not_asked')", name=op.f("ck_examples_origin")),
        sa.CheckConstraint("state IN ('pending', 'live', 'rejected', 'superseded')", name=op.f("ck_examples_state")),
        _to_correction("examples", "correction_id", ondelete="CASCADE"),
        _to_correction("examples", "superseded_by"),
        *(_to_person("examples", column) for column in ("author_id", "reviewer_id", "assignee_id")),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_examples_turn_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_examples"),
    )
    for column in ("correction_id", "normal", "author_id", "turn_id", "superseded_by", "assignee_id"):
        op.create_index(f"ix_examples_{column}", "examples", [column])
    op.create_index("ix_examples_rank", "examples", ["state", "rank", "created_at", "id"])
    op.create_index("ix_examples_age", "examples", ["state", "created_at", "id"])
    for state, columns in (
        ("live", ["correction_id", "normal"]),
        ("pending", ["correction_id", "normal", "author_id"]),
    ):
        where = sa.text(f"state = '{state}'")
        op.create_index(f"uq_examples_{state}", "examples", columns, unique=True, sqlite_where=where)


def _proofs_and_settlements() -> None:
    id = sa.String(length=32)
    op.create_table(
        "proofs",
        sa.Column("correction_id", id, nullable=False),
        sa.Column("reach", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("is_verified", sa.Boolean(), nullable=False),
        sa.Column("cases", sa.JSON(), nullable=False),
        sa.Column("person_id", id, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        _to_correction("proofs", "correction_id", ondelete="CASCADE"),
        _to_person("proofs", "person_id"),
        sa.PrimaryKeyConstraint("correction_id", "reach", name="pk_proofs"),
    )
    op.create_table(
        "settlements",
        sa.Column("correction_id", id, nullable=False),
        sa.Column("about", sa.String(length=16), nullable=False),
        sa.Column("other_id", id, nullable=False),
        sa.Column("choice", sa.String(length=8), nullable=False),
        sa.Column("person_id", id, nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.CheckConstraint("about IN ('correction', 'passage')", name=op.f("ck_settlements_about")),
        sa.CheckConstraint("choice IN ('keep', 'replace', 'retire')", name=op.f("ck_settlements_choice")),
        _to_correction("settlements", "correction_id", ondelete="CASCADE"),
        _to_person("settlements", "person_id"),
        sa.PrimaryKeyConstraint("correction_id", "about", "other_id", name="pk_settlements"),
    )


def _to_correction(table: str, column: str, ondelete: str | None = None) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["corrections.id"], name=f"fk_{table}_{column}", ondelete=ondelete)


def _to_person(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["people.id"], name=f"fk_{table}_{column}")


def _move(connection: sa.Connection) -> None:
    """Each other question as a live example of its correction, as its author brought it."""
    rows = connection.exec_driver_sql(
        "SELECT id, author_id, created_at, normal_question, aliases FROM corrections WHERE aliases <> '[]'"
    ).all()
    for correction_id, author_id, created_at, question, aliases in rows:
        texts = {normalise(text): text for text in json.loads(aliases)}
        texts.pop(question, None)
        for normal, text in texts.items():
            values = {
                "id": secrets.token_urlsafe(12),
                "correction_id": correction_id,
                "text": text,
                "normal": normal,
                "author_id": author_id,
                "at": created_at,
            }
            connection.execute(
                sa.text(
                    "INSERT INTO examples (id, correction_id, text, normal, side, origin, state, author_id, created_at,"
                    " decided_at, asked) VALUES (:id, :correction_id, :text, :normal, 'will', 'alias', 'live',"
                    " :author_id, :at, :at, (SELECT count(*) FROM turns WHERE normal = :normal))"
                ),
                values,
            )
