"""How often answers cite documents and passages: counted from the turns. It tells numbers, and nobody's words.

What cites a document follows it to its next version; the passages of the version before are gone with it.
"""

from collections.abc import Collection

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import TurnSource
from knowledge.database import Database
from knowledge.library import Replaced
from knowledge.records import DocumentRecord

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


def carried_over(noted: Replaced) -> Replaced:
    """For the library: besides `noted`, what cites a version that goes cites the next one, and keeps its words."""

    def replaced(session: Session, record: DocumentRecord, document_id: str) -> None:
        noted(session, record, document_id)
        cites = TurnSource.document_id == record.id
        session.execute(sa.update(TurnSource).where(cites).values(document_id=document_id))

    return replaced
