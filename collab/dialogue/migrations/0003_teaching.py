"""A turn remembers which corrections were thought of for it."""

import sqlalchemy as sa
from alembic import op

revision = "dialogue_0003"
down_revision = "dialogue_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the column; of earlier turns nothing is known."""
    op.add_column("turns", sa.Column("considered", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))
