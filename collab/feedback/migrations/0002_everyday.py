"""Corrections that come from files: other questions for the same answer, how often they were asked, which import."""

import sqlalchemy as sa
from alembic import op

revision = "feedback_0002"
down_revision = "feedback_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns."""
    op.add_column("corrections", sa.Column("aliases", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("corrections", sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("corrections", sa.Column("import_id", sa.String(length=32), nullable=True))
    op.create_index(op.f("ix_corrections_normal_question"), "corrections", ["normal_question"], unique=False)
