"""Conversations become trees of turns; they can be found, pinned, deleted and left unkept."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import pairwise

import sqlalchemy as sa
from alembic import op

from collab.dialogue.wording import searched
from knowledge.text import normalise

revision = "dialogue_0002"
down_revision = "dialogue_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds the columns, makes each conversation the path that it showed so far, and makes every turn findable."""
    op.add_column("conversations", sa.Column("pinned_at", sa.String(32), nullable=True))
    op.add_column("conversations", sa.Column("deleted_at", sa.String(32), nullable=True))
    op.add_column("conversations", sa.Column("is_temporary", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("conversations", sa.Column("current_turn_id", sa.String(32), nullable=True))
    op.create_index("ix_conversations_deleted_at", "conversations", ["deleted_at"])
    op.execute(  # as one column: making the table anew would lose its checks
        "ALTER TABLE turns ADD COLUMN previous_id VARCHAR(32)"
        " CONSTRAINT fk_turns_previous_id REFERENCES turns (id) ON DELETE SET NULL"
    )
    op.add_column("turns", sa.Column("normal", sa.String(), nullable=False, server_default=""))
    op.add_column("turns", sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    for column in ("previous_id", "retry_of", "normal"):
        op.create_index(f"ix_turns_{column}", "turns", [column])
    op.execute(
        "CREATE VIRTUAL TABLE turns_fts USING fts5(words, conversation_id UNINDEXED, content='', contentless_delete=1,"
        " contentless_unindexed=1, tokenize='unicode61 remove_diacritics 2')"
    )
    _fill(op.get_bind())


def _fill(connection: sa.Connection) -> None:
    turns = connection.exec_driver_sql(
        "SELECT id, conversation_id, retry_of, question, standalone, answer"
        " FROM turns ORDER BY conversation_id, position"
    ).all()
    for turn in turns:
        connection.execute(
            sa.text("UPDATE turns SET normal = :normal WHERE id = :id"),
            {"normal": normalise(turn.standalone), "id": turn.id},
        )
        connection.execute(
            sa.text("INSERT INTO turns_fts (words, conversation_id) VALUES (:words, :conversation)"),
            {"words": searched(f"{turn.question}\n{turn.answer}"), "conversation": turn.conversation_id},
        )
    by_conversation = defaultdict[str, list[tuple[str, str | None]]](list)
    for turn in turns:
        by_conversation[turn.conversation_id].append((turn.id, turn.retry_of))
    for conversation, its in by_conversation.items():
        shown = list(_versions(its))
        connection.execute(
            sa.text("UPDATE conversations SET current_turn_id = :turn WHERE id = :id"),
            {"turn": shown[-1][-1], "id": conversation},
        )
        for before, after in pairwise(shown):
            connection.execute(
                sa.text("UPDATE turns SET previous_id = :previous WHERE id IN :ids").bindparams(
                    sa.bindparam("ids", expanding=True)
                ),
                {"previous": before[-1], "ids": after},
            )


def _versions(turns: Iterable[tuple[str, str | None]]) -> Iterator[list[str]]:
    """The turns of a conversation in order, each with those that were asked again in its place, the shown one last."""
    places: dict[str, list[str]] = {}
    for id, retry_of in turns:
        places[id] = places.get(retry_of or "", [])
        places[id].append(id)
    seen: list[list[str]] = []
    for versions in places.values():
        if not any(versions is one for one in seen):
            seen.append(versions)
            yield versions
