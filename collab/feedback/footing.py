"""What stands on a document: the corrections of answers that cite it. It changes none of them."""

from collections.abc import Collection
from dataclasses import dataclass

import sqlalchemy as sa

from collab.dialogue.tables import TurnSource
from collab.feedback.records import visible
from collab.feedback.tables import Correction, State
from collab.people.access import Actor
from knowledge.database import Database


@dataclass(frozen=True, slots=True)
class Standing:
    """A correction that answers somebody now, by its question."""

    correction_id: str
    question: str
    state: State


class Footing:
    """Corrections by the documents that the corrected answers cite."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_documents(self, actor: Actor, document_ids: Collection[str]) -> dict[str, list[Standing]]:
        """By document, the live and pending ones that the person may see, newest first; without any, it is missing."""
        query = (
            sa.select(TurnSource.document_id, Correction.id, Correction.question, Correction.state)
            .join(Correction, Correction.turn_id == TurnSource.turn_id)
            .where(TurnSource.document_id.in_(document_ids), visible(actor))
            .where(Correction.state.in_([State.LIVE, State.PENDING]))
            .order_by(Correction.created_at.desc(), Correction.id)
            .distinct()
        )
        found: dict[str, list[Standing]] = {}
        with self._database.read() as session:
            for document_id, id, question, state in session.execute(query):
                found.setdefault(document_id, []).append(Standing(id, question, State(state)))
        return found
