"""The schema and its migrations: each folder with tables has a line of its own. It opens no database.

Nothing runs by halves: whoever calls `run` has begun a transaction, and commits it.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

_MIGRATIONS = Path(__file__).parent / "migrations"


class Migrations:
    """Our own migrations and those in `folders`. `known` are all revisions that there are."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._config = Config()
        self._config.set_main_option("script_location", str(_MIGRATIONS))
        self._config.set_main_option("path_separator", "newline")
        places = "\n".join(map(str, [_MIGRATIONS / "versions", *folders]))
        self._config.set_main_option("version_locations", places)
        self._scripts = ScriptDirectory.from_config(self._config)
        self.known = {script.revision for script in self._scripts.walk_revisions()}

    def pending(self, present: Sequence[str]) -> set[str]:
        """The revisions that a database lacks whose newest ones are `present`, all of them known."""
        applied, left = set[str](), list(present)
        while left:
            script = self._scripts.get_revision(left.pop())
            applied.add(script.revision)
            for earlier in (script.down_revision, script.dependencies):
                left += [earlier] if isinstance(earlier, str) else earlier or ()
        return self.known - applied

    def run(self, connection: sa.Connection, to: Sequence[str] = ("heads",)) -> None:
        """Runs what is pending up to the revisions `to`, in the transaction that the connection is in."""
        self._config.attributes["connection"] = connection
        for revision in to:
            command.upgrade(self._config, revision)


def revisions(connection: sa.Connection) -> list[str]:
    """The newest revision of each line that a database has; none for an empty one.

    One that another depends on is left out, as Alembic does.
    """
    if not sa.inspect(connection).has_table("alembic_version"):
        return []
    return [row[0] for row in connection.exec_driver_sql("SELECT version_num FROM alembic_version")]


@contextmanager
def loose_foreign_keys(connection: sa.Connection) -> Iterator[None]:
    """Leaves foreign keys unchecked in the transactions inside, as SQLite asks for where a table is made anew.

    Otherwise dropping the old form of a table deletes what refers to its rows. `orphan` checks at the end.
    """
    driver: Any = connection.connection.driver_connection  # the pragma does nothing inside a transaction
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def orphan(connection: sa.Connection) -> str | None:
    """The table of a row that refers to one which is not there, or None."""
    row = connection.exec_driver_sql("PRAGMA foreign_key_check").first()
    return None if row is None else str(row[0])
