"""What the model wrote for a person is counted on where its conversation is erased."""

import sqlalchemy as sa
from alembic import op

revision = "dialogue_0004"
down_revision = "dialogue_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Creates the table; of what was erased earlier nothing is known."""
    op.create_table(
        "erased_tokens",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("tokens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_erased_tokens_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erased_tokens")),
    )
    op.create_index(op.f("ix_erased_tokens_person_id_created_at"), "erased_tokens", ["person_id", "created_at"])
