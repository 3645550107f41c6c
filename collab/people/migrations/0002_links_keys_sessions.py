"""One-time links, names and last use of keys, browsers one can tell apart, languages, and who added a document."""

import sqlalchemy as sa
from alembic import op

revision = "people_0002"
down_revision = "people_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds tables and columns."""
    op.add_column("people", sa.Column("language", sa.String(8), nullable=True))
    op.add_column("api_keys", sa.Column("name", sa.String(), nullable=False, server_default=""))
    op.add_column("api_keys", sa.Column("last_used_at", sa.String(32), nullable=True))
    _tell_sessions_apart()
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("role", sa.String(16), nullable=True),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("made_by", sa.String(32), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("expires_at", sa.String(32), nullable=False),
        sa.Column("used_at", sa.String(32), nullable=True),
        sa.CheckConstraint(
            "(kind = 'invite' AND role IN ('member', 'expert', 'admin'))"
            " OR (kind = 'reset' AND role IS NULL AND person_id IS NOT NULL)",
            name=op.f("ck_one_time_links_kind"),
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("fk_one_time_links_made_by"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_one_time_links_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_links")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_links_token_hash")),
    )
    op.create_table(
        "document_authors",
        sa.Column("document_id", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(32), nullable=True),
        sa.Column("at", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["documents.id"], name=op.f("fk_document_authors_document_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_document_authors_person_id"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_authors")),
    )
    op.create_index(op.f("ix_document_authors_person_id"), "document_authors", ["person_id"], unique=False)
    op.execute(  # the audit knows who added those that are there
        "INSERT INTO document_authors (document_id, person_id, at)"
        " SELECT documents.id, people.id, min(audit_entries.at) FROM documents"
        " JOIN audit_entries ON audit_entries.object_id = documents.id AND audit_entries.act = 'document_added'"
        " LEFT JOIN people ON people.id = audit_entries.actor_id GROUP BY documents.id"
    )


def _tell_sessions_apart() -> None:
    """A session is told apart by an id that opens nothing; those that are open get one."""
    op.add_column("login_sessions", sa.Column("id", sa.String(32), nullable=False, server_default=""))
    op.add_column("login_sessions", sa.Column("agent", sa.String(80), nullable=False, server_default=""))
    op.add_column("login_sessions", sa.Column("seen_at", sa.String(32), nullable=True))
    op.execute("UPDATE login_sessions SET id = lower(hex(randomblob(8)))")
    op.create_index("ix_login_sessions_id", "login_sessions", ["id"], unique=True)
