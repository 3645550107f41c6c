"""The upgrade by which the other questions of corrections became examples."""

from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from collab.feedback import taught
from collab.services import MIGRATIONS
from knowledge.database import Database
from knowledge.schema import Migrations
from tests.collab.feedback.conftest import MEL
from tests.fakes import add_people

AT = "2026-11-01T08:00:00.000000+00:00"


def test_other_questions_become_examples(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    engine = sa.create_engine(f"sqlite:///{path}", module=dbapi2)
    with engine.begin() as connection:
        Migrations(MIGRATIONS).run(connection, ("knowledge_0002", "people_0002", "dialogue_0002", "feedback_0002"))
    engine.dispose()
    with closing(Database(path)) as before:
        add_people(before, MEL)
    with closing(dbapi2.connect(str(path))) as connection:
        for number, (id, aliases) in enumerate(
            (("a", '["When is it open?", "Open  when", "Is it OPEN?"]'), ("b", "[]"), ("c", '["Gratis?"]'))
        ):
            connection.execute(
                "INSERT INTO corrections (id, author_id, kind, state, reach, question, normal_question, answer,"
                " invisible_at, created_at, aliases, number) VALUES (?, 'mel', 'fact', 'superseded', 'everyone',"
                " 'Is it open?', 'is it open', 'Yes.', '[]', ?, ?, ?)",
                (id, AT, aliases, number),
            )
        connection.commit()
    with closing(Database(path)) as database:
        database.migrate(MIGRATIONS)
        with database.read() as session:
            assert taught.aliases(session, ["a", "b", "c"]) == {
                "a": ("When is it open?", "Open  when"),
                "c": ("Gratis?",),
            }
            (only,) = taught.of(session, ["c"])["c"]
            told = (only.normal, only.side, only.origin, only.state, only.author_id, only.created_at.isoformat())
            assert told == ("gratis", "will", "alias", "live", "mel", "2026-11-01T08:00:00+00:00")
            columns = {column["name"] for column in sa.inspect(session.connection()).get_columns("corrections")}
            assert "aliases" not in columns
            assert {"valid_until", "held"} <= columns
