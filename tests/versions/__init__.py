"""Databases as earlier versions left them. A released version is added here once, and never changed."""

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from collab.services import MIGRATIONS
from knowledge.schema import Migrations

PASSWORD = "a long pass phrase 42"  # of everybody in them
KEY = "collab_a-key-of-version-0.1"  # Mel's
SESSION = "a-browser-of-version-0.1"  # Mel's


@dataclass(frozen=True)
class Version:
    """A released version: its name, whose rows stand in `<name>.sql`, and the newest revision of each line.

    `rewritten` are the columns ("table.column") whose old values a later migration changes on purpose.
    """

    name: str
    revisions: tuple[str, ...]
    rewritten: frozenset[str] = frozenset()

    def make(self, path: Path) -> None:
        """Writes a database of this version, with its rows, to a new file."""
        engine = sa.create_engine(f"sqlite:///{path}", module=dbapi2)
        with engine.begin() as connection:
            Migrations(MIGRATIONS).run(connection, self.revisions)
        engine.dispose()
        rows = Path(__file__).with_name(f"{self.name}.sql").read_text(encoding="utf-8")
        with closing(dbapi2.connect(str(path))) as connection:
            connection.executescript(rows)


VERSIONS = (Version("0.1", ("knowledge_0001", "people_0001", "dialogue_0001", "feedback_0001")),)
