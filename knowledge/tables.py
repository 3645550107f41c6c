"""The rows behind documents and memory. Indexes are derived from them and can be rebuilt at any time."""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from knowledge.database import Base


class DocumentState(StrEnum):
    """`reading` until its passages can be found, then `ready`; `failed` keeps the reason."""

    READING = "reading"
    READY = "ready"
    FAILED = "failed"


class Collection(StrEnum):
    """What an index change is about."""

    PASSAGES = "passages"
    MEMORY = "memory"


class StoredFile(Base):
    """The bytes of an upload, once each."""

    __tablename__ = "files"

    sha256: Mapped[str] = mapped_column(sa.String(64), primary_key=True)
    content: Mapped[bytes]


class Document(Base):
    """One version of an uploaded file. One ready version for a name and reach.

    One with `deleted_at` is found by nobody, and can be brought back for a while. `tries` counts how often its reading
    was begun.
    """

    __tablename__ = "documents"
    __table_args__ = (
        sa.CheckConstraint("state IN ('reading', 'ready', 'failed')", name="state"),
        sa.Index(
            "uq_documents_ready",
            "name",
            "reach",
            unique=True,
            sqlite_where=sa.text("state = 'ready' AND deleted_at IS NULL"),
        ),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    name: Mapped[str]
    reach: Mapped[str]
    sha256: Mapped[str] = mapped_column(sa.ForeignKey("files.sha256"), index=True)
    size_bytes: Mapped[int]
    state: Mapped[str] = mapped_column(sa.String(16), index=True)
    error_code: Mapped[str | None]
    error_params: Mapped[dict[str, Any] | None]
    created_at: Mapped[datetime]
    deleted_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0, server_default=sa.text("0"))


class Passage(Base):
    """A piece of a document that can be found and quoted, unless it `is_disabled`.

    `words` counts its content words, those of the heading too; the index counts them without reading the texts.
    `vector` is float32 bytes made by `embedder`, and absent where that cannot read the text. `original_text` is the
    text as it was read, where a person corrected it.
    """

    __tablename__ = "passages"
    __table_args__ = (sa.Index(None, "document_id", "is_disabled", "words"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[str] = mapped_column(sa.ForeignKey("documents.id", ondelete="CASCADE"))
    position: Mapped[int]
    heading: Mapped[str]
    page: Mapped[int | None]
    words: Mapped[int]
    text: Mapped[str]
    embedder: Mapped[str]
    vector: Mapped[bytes | None]
    is_disabled: Mapped[bool] = mapped_column(server_default=sa.text("0"))
    original_text: Mapped[str | None]


class Sentence(Base):
    """A sentence of a passage: characters `start` to `end` of its text."""

    __tablename__ = "sentences"

    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(sa.ForeignKey("passages.id", ondelete="CASCADE"), index=True)
    start: Mapped[int]
    end: Mapped[int]
    vector: Mapped[bytes | None]


class MemoryKey(Base):
    """A text by which a correction is found (sign 1: its question, an alias) or must not be (sign -1).

    `vector` is float32 bytes made by `embedder`, and absent where that cannot read the text.
    """

    __tablename__ = "memory_keys"
    __table_args__ = (sa.CheckConstraint("sign IN (1, -1)", name="sign"), {"sqlite_autoincrement": True})

    id: Mapped[int] = mapped_column(primary_key=True)
    correction_id: Mapped[str] = mapped_column(sa.String(32), index=True)
    text: Mapped[str]
    normal: Mapped[str] = mapped_column(index=True)
    sign: Mapped[int]
    reach: Mapped[str]
    valid_until: Mapped[datetime | None]
    embedder: Mapped[str]
    vector: Mapped[bytes | None]


class IndexChange(Base):
    """An item entered or left an index. Indexes in memory read the rows that they have not seen, in order of `seq`."""

    __tablename__ = "index_changes"
    __table_args__ = (
        sa.CheckConstraint("collection IN ('passages', 'memory')", name="collection"),
        {"sqlite_autoincrement": True},
    )

    seq: Mapped[int] = mapped_column(primary_key=True)
    collection: Mapped[str] = mapped_column(sa.String(16))
    item_id: Mapped[int]
    added: Mapped[bool]
