"""How often answers cite documents and passages: counted from the turns. It tells numbers, and nobody's words."""

from collections.abc import Collection

import sqlalchemy as sa

from collab.dialogue.tables import TurnSource
from knowledge.database import Database

_TURNS = sa.func.count(sa.distinct(TurnSource.turn_id))


class Citations:
    """Counts answers, whoever asked for them; an answer that cites something twice counts once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_documents(self, document_ids: Collection[str]) -> dict[str, int]:
        """Document id -> the number of answers that cite it; one that none does is missing."""
        query = sa.select(TurnSource.document_id, _TURNS).group_by(TurnSource.document_id)
        with self._database.read() as session:
            return dict(iter(session.execute(query.where(TurnSource.document_id.in_(document_ids)))))

    def of_passages(self, document_id: str) -> dict[int, int]:
        """The same by passage, for those of one document."""
        query = sa.select(TurnSource.passage_id, _TURNS).group_by(TurnSource.passage_id)
        with self._database.read() as session:
            return dict(iter(session.execute(query.where(TurnSource.document_id == document_id))))
