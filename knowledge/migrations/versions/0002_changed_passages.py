"""Passages can be disabled and corrected; a deleted document can be brought back; tries to read one are counted."""

import sqlalchemy as sa
from alembic import op

revision = "knowledge_0002"
down_revision = "knowledge_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds columns, and makes the indexes that they belong to anew."""
    op.add_column("passages", sa.Column("is_disabled", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("passages", sa.Column("original_text", sa.String(), nullable=True))
    op.drop_index("ix_passages_document_id_words", "passages")
    op.create_index("ix_passages_document_id_is_disabled_words", "passages", ["document_id", "is_disabled", "words"])
    op.add_column("documents", sa.Column("deleted_at", sa.String(32), nullable=True))
    op.add_column("documents", sa.Column("tries", sa.Integer(), nullable=False, server_default=sa.text("0")))
    op.drop_index("uq_documents_ready", "documents")
    op.create_index(
        "uq_documents_ready",
        "documents",
        ["name", "reach"],
        unique=True,
        sqlite_where=sa.text("state = 'ready' AND deleted_at IS NULL"),
    )
