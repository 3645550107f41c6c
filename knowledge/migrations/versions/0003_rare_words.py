"""Keys of the memory can be found by pieces of their words."""

from alembic import op

revision = "knowledge_0003"
down_revision = "knowledge_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Adds a table for full text over the positive keys, and what keeps it in step with them.

    Whoever makes the table of keys anew has to make the triggers anew too.
    """
    # Three characters at a time, so that names and codes are found in Chinese, too, where no space parts them.
    op.execute(
        "CREATE VIRTUAL TABLE memory_keys_fts USING fts5("
        "normal, content='', contentless_delete=1, tokenize='trigram remove_diacritics 1')"
    )
    op.execute("INSERT INTO memory_keys_fts (rowid, normal) SELECT id, normal FROM memory_keys WHERE sign = 1")
    op.execute(
        "CREATE TRIGGER memory_keys_come AFTER INSERT ON memory_keys WHEN new.sign = 1 BEGIN"
        " INSERT INTO memory_keys_fts (rowid, normal) VALUES (new.id, new.normal); END"
    )
    op.execute(
        "CREATE TRIGGER memory_keys_change AFTER UPDATE OF normal ON memory_keys WHEN new.sign = 1 BEGIN"
        " INSERT OR REPLACE INTO memory_keys_fts (rowid, normal) VALUES (new.id, new.normal); END"
    )
    op.execute(
        "CREATE TRIGGER memory_keys_go AFTER DELETE ON memory_keys WHEN old.sign = 1 BEGIN"
        " DELETE FROM memory_keys_fts WHERE rowid = old.id; END"
    )
