"""The rows behind people, sign-in and the audit. Secrets are kept as hashes only."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database import Base
from knowledge.tables import Document


class Person(Base):
    """Somebody with an account. `name_key` is the name as compared: case and width do not matter."""

    __tablename__ = "people"
    __table_args__ = (sa.CheckConstraint("role IN ('member', 'expert', 'admin')", name="role"),)

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    role: Mapped[str] = mapped_column(sa.String(16))
    password_hash: Mapped[str]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    language: Mapped[str | None] = mapped_column(sa.String(8))


class LoginSession(Base):
    """A signed-in browser. `id` names it and opens nothing; `agent` is what it is, such as "Firefox/Linux"."""

    __tablename__ = "login_sessions"
    __table_args__ = (sa.Index("ix_login_sessions_id", "id", unique=True),)

    token_hash: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    id: Mapped[str] = mapped_column(sa.String(32), server_default="")
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    agent: Mapped[str] = mapped_column(sa.String(80), server_default="")
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class ApiKey(Base):
    """A key with which a program acts as a person. Those of version 0.1 have an empty name."""

    __tablename__ = "api_keys"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    person_id: Mapped[str] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"), index=True)
    key_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    name: Mapped[str] = mapped_column(server_default="")
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]


class SetupLink(Base):
    """The one-time link that makes the first admin. At most one row: the newest start's."""

    __tablename__ = "setup_links"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64))
    created_at: Mapped[datetime]


class OneTimeLink(Base):
    """A link that is good for one use: an invitation with a role, or a new password for a person.

    `name` is whom an invitation is meant for, if that was said. `made_by` is None for the operator of the machine.
    """

    __tablename__ = "one_time_links"
    __table_args__ = (
        sa.CheckConstraint(
            "(kind = 'invite' AND role IN ('member', 'expert', 'admin'))"
            " OR (kind = 'reset' AND role IS NULL AND person_id IS NOT NULL)",
            name="kind",
        ),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    token_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    kind: Mapped[str] = mapped_column(sa.String(16))
    name: Mapped[str]
    role: Mapped[str | None] = mapped_column(sa.String(16))
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"))
    made_by: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id, ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class DocumentAuthor(Base):
    """Who added a document, and when. Nobody, where the operator of the machine did."""

    __tablename__ = "document_authors"

    document_id: Mapped[str] = mapped_column(sa.ForeignKey(Document.id, ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id, ondelete="SET NULL"), index=True)
    at: Mapped[datetime]


class AuditEntry(Base):
    """One act. `hash` covers the entry and `previous_hash`, so that a changed or missing entry shows."""

    __tablename__ = "audit_entries"
    __table_args__ = ({"sqlite_autoincrement": True},)

    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    actor_id: Mapped[str | None] = mapped_column(sa.String(32))
    act: Mapped[str]
    object_type: Mapped[str]
    object_id: Mapped[str]
    details: Mapped[dict[str, Any]]
    previous_hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
    hash: Mapped[str] = mapped_column(sa.String(64), unique=True)
