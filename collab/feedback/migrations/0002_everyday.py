"""Review as everyday work: what is asked most comes first, cases are assigned and found, and people are told.

Corrections may come from files, with other questions for the same answer, and how often past conversations asked them.
"""

import sqlalchemy as sa
from alembic import op

from collab.dialogue.wording import searched
from knowledge.text import normalise

revision = "feedback_0002"
down_revision = "feedback_0001"
branch_labels = None
depends_on = "dialogue_0002"

RANK = "INTEGER GENERATED ALWAYS AS (-max(asked, 1) * wrong) VIRTUAL"
PERSON = "VARCHAR(32) CONSTRAINT {} REFERENCES people (id)"


def upgrade() -> None:
    """Adds the columns, fills them from what is there, and makes what keeps them filled."""
    _corrections()
    _ratings()
    _notices()
    _fill(op.get_bind())
    op.create_index("ix_corrections_number", "corrections", ["number"], unique=True)
    op.execute(  # whoever writes a turn counts its question
        "CREATE TRIGGER turns_asked AFTER INSERT ON turns BEGIN"
        " UPDATE corrections SET asked = asked + 1 WHERE normal_question = NEW.normal;"
        " UPDATE ratings SET asked = asked + 1 WHERE normal_question = NEW.normal; END"
    )


def _add(table: str, column: str, type: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD COLUMN {column} {type}")


def _corrections() -> None:
    op.add_column("corrections", sa.Column("aliases", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("corrections", sa.Column("asked", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("corrections", sa.Column("import_id", sa.String(length=32), nullable=True))
    for column, default in (("wrong", "4"), ("revision", "1")):
        op.add_column("corrections", sa.Column(column, sa.Integer(), nullable=False, server_default=sa.text(default)))
    op.add_column("corrections", sa.Column("number", sa.BigInteger(), nullable=False, server_default=sa.text("0")))
    _add("corrections", "rank", RANK)
    _add("corrections", "assignee_id", PERSON.format("fk_corrections_assignee_id"))
    op.add_column("corrections", sa.Column("assigned_at", sa.String(32), nullable=True))
    op.drop_index("ix_corrections_state", "corrections")  # others begin with it
    op.create_index("ix_corrections_normal_question", "corrections", ["normal_question"])
    op.create_index("ix_corrections_assignee_id", "corrections", ["assignee_id"])
    filtered = ["number", "author_id", "assignee_id", "turn_id"]
    op.create_index("ix_corrections_rank", "corrections", ["state", "rank", "created_at", "id", *filtered])
    op.create_index("ix_corrections_age", "corrections", ["state", "created_at", "id", *filtered])
    op.create_index("ix_corrections_reach", "corrections", ["state", "reach", "author_id"])
    op.execute(
        "CREATE VIRTUAL TABLE corrections_fts USING fts5(words, content='', contentless_delete=1,"
        " tokenize='unicode61 remove_diacritics 2')"
    )


def _ratings() -> None:
    op.add_column("ratings", sa.Column("source_passage_id", sa.Integer(), nullable=True))
    op.add_column("ratings", sa.Column("normal_question", sa.String(), nullable=False, server_default=""))
    for column, default in (("asked", "0"), ("wrong", "2")):
        op.add_column("ratings", sa.Column(column, sa.Integer(), nullable=False, server_default=sa.text(default)))
    _add("ratings", "rank", RANK)
    _add("ratings", "assignee_id", PERSON.format("fk_ratings_assignee_id"))
    op.add_column("ratings", sa.Column("assigned_at", sa.String(32), nullable=True))
    op.add_column("ratings", sa.Column("resolved_at", sa.String(32), nullable=True))
    _add("ratings", "resolved_by", PERSON.format("fk_ratings_resolved_by"))
    op.add_column("ratings", sa.Column("resolution", sa.String(), nullable=True))
    _add("ratings", "correction_id", "VARCHAR(32) CONSTRAINT fk_ratings_correction_id REFERENCES corrections (id)")
    for column in ("normal_question", "assignee_id", "correction_id"):
        op.create_index(f"ix_ratings_{column}", "ratings", [column])
    op.create_index("ix_ratings_rank", "ratings", ["rating", "resolved_at", "rank", "created_at", "turn_id"])
    op.create_index("ix_ratings_age", "ratings", ["rating", "resolved_at", "created_at", "turn_id"])


def _notices() -> None:
    op.create_table(
        "notices",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("person_id", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("turn_id", sa.String(length=32), nullable=True),
        sa.Column("correction_id", sa.String(length=32), nullable=True),
        sa.Column("created_at", sa.String(32), nullable=False),
        sa.Column("read_at", sa.String(32), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name="fk_notices_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["turn_id"], ["turns.id"], name="fk_notices_turn_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["correction_id"], ["corrections.id"], name="fk_notices_correction_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notices"),
    )
    for column in ("person_id", "turn_id", "correction_id"):
        op.create_index(f"ix_notices_{column}", "notices", [column])


def _fill(connection: sa.Connection) -> None:
    """How wrong, how often asked, and the words by which each is found, for what is there already. What somebody's own
    correction has answered is theirs alone, now that rated turns are read by others.
    """
    connection.exec_driver_sql(
        "UPDATE turns SET reach = corrections.reach FROM corrections WHERE corrections.id = turns.correction_id"
        " AND turns.decision = 'corrected' AND corrections.reach <> 'everyone'"
    )
    connection.exec_driver_sql("UPDATE corrections SET number = rowid, wrong = iif(kind = 'style', 1, 4)")
    connection.exec_driver_sql(
        "UPDATE ratings SET wrong = CASE reason WHEN 'unsafe' THEN 5 WHEN 'wrong_fact' THEN 4 WHEN 'outdated' THEN 3"
        " WHEN 'style' THEN 1 ELSE 2 END"
    )
    for turn_id, standalone in connection.exec_driver_sql(
        "SELECT id, standalone FROM turns WHERE id IN (SELECT turn_id FROM ratings)"
    ).all():
        values = {"normal": normalise(standalone), "id": turn_id}
        connection.execute(sa.text("UPDATE ratings SET normal_question = :normal WHERE turn_id = :id"), values)
    for table in ("corrections", "ratings"):
        connection.exec_driver_sql(
            f"UPDATE {table} SET asked = (SELECT count(*) FROM turns WHERE normal = {table}.normal_question)"
        )
    for number, question, answer in connection.exec_driver_sql("SELECT number, question, answer FROM corrections"):
        words = {"number": number, "words": searched(f"{question}\n{answer}")}
        connection.execute(sa.text("INSERT INTO corrections_fts (rowid, words) VALUES (:number, :words)"), words)
