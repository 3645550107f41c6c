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

_CHECKS = (
    sa.CheckConstraint(
        "decision IN ('corrected', 'suggested', 'grounded', 'model', 'not_found', 'clarify', 'handed_off')",
        name="ck_turns_decision",
    ),
    sa.CheckConstraint("confidence BETWEEN 0 AND 1", name="ck_turns_confidence"),
)


def upgrade() -> None:
    """Adds the columns, makes each conversation the path that it showed so far, and makes every turn findable."""
    op.add_column("conversations", sa.Column("pinned_at", sa.String(32), nullable=True))
    op.add_column("conversations", sa.Column("deleted_at", sa.String(32), nullable=True))
    op.add_column("conversations", sa.Column("is_temporary", sa.Boolean(), nullable=False, server_default=sa.text("0")))
    op.add_column("conversations", sa.Column("current_turn_id", sa.String(32), nullable=True))
    op.create_index("ix_conversations_deleted_at", "conversations", ["deleted_at"])
    op.drop_index("ix_conversations_person_id", "conversations")
    columns = ["person_id", "pinned_at", "updated_at"]
    op.create_index(f"ix_conversations_{'_'.join(columns)}", "conversations", columns)
    with op.batch_alter_table("turns", recreate="always", table_args=_CHECKS) as turns:  # what is not read from SQLite
        turns.add_column(sa.Column("previous_id", sa.String(32), nullable=True))
        turns.add_column(sa.Column("normal", sa.String(), nullable=False, server_default=""))
        turns.add_column(sa.Column("is_hidden", sa.Boolean(), nullable=False, server_default=sa.text("0")))
        turns.create_foreign_key("fk_turns_previous_id", "turns", ["previous_id"], ["id"], ondelete="SET NULL")
    for column in ("previous_id", "retry_of", "normal"):
        op.create_index(f"ix_turns_{column}", "turns", [column])
    with op.batch_alter_table("turn_sources", recreate="always") as sources:  # quotes of one passage share a number
        sources.drop_constraint("pk_turn_sources", type_="primary")
        sources.create_primary_key("pk_turn_sources", ["turn_id", "n", "start"])
    op.create_index("ix_turn_sources_document", "turn_sources", ["document_id", "turn_id", "passage_id"])
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
