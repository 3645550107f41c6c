"""What one could ask: headings of the documents that a person may read, and questions that people have answered.

It finds the subjects; the words of a question around a heading are the screen's.
"""

from collections.abc import Collection, Sequence

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.tables import Conversation, Turn
from collab.people.access import Actor, reaches_of
from knowledge.database import Database
from knowledge.records import PRESENT
from knowledge.tables import Document, DocumentState, Passage

HEADING_CHARS = 60
_RECENT_DOCUMENTS = 12


class Suggestions:
    """Reads the library and the person's own conversations; nobody is shown what somebody else has asked."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def headings(self, actor: Actor, limit: int) -> list[str]:
        """A heading from each of the newest documents within the person's reach."""
        documents = (
            sa.select(Document.id)
            .where(Document.reach.in_(reaches_of(actor)), Document.state == DocumentState.READY, PRESENT)
            .order_by(Document.created_at.desc(), Document.name)
            .limit(_RECENT_DOCUMENTS)
        )
        with self._database.read() as session:
            found = [_first(session, document) for document in session.scalars(documents)]
        return list(dict.fromkeys(heading for heading in found if heading))[:limit]

    def asked_often(self, actor: Actor, limit: int) -> list[str]:
        """What the person themselves has asked more than once and found an answer to, the most asked first."""
        times = sa.func.count()
        query = (
            sa.select(sa.func.max(Turn.standalone))
            .join(Conversation)
            .where(
                Conversation.person_id == actor.id,
                Conversation.deleted_at.is_(None),
                ~Conversation.is_temporary,
                ~Turn.is_follow_up,
                ~Turn.is_hidden,
                Turn.retry_of.is_(None),
                Turn.decision.in_(["grounded", "corrected"]),
            )
            .group_by(Turn.normal)
            .having(times > 1)
            .order_by(times.desc(), sa.func.max(Turn.created_at).desc())
            .limit(limit)
        )
        with self._database.read() as session:
            return [question for question in session.scalars(query) if question]

    def beside(self, actor: Actor, passage_ids: Collection[int], limit: int) -> list[str]:
        """The headings that stand next to these passages in their documents, and are not theirs; the nearest first."""
        with self._database.read() as session:
            cited = session.execute(
                sa.select(Passage.document_id, Passage.position, Passage.heading)
                .join(Document)
                .where(Passage.id.in_(passage_ids), Document.reach.in_(reaches_of(actor)), PRESENT)
            ).all()
            known = {_last(heading) for _, _, heading in cited}
            found = [heading for row in cited for heading in _around(session, row.document_id, row.position)]
        return [heading for heading in dict.fromkeys(found) if heading and heading not in known][:limit]


def _first(session: Session, document_id: str) -> str:
    own = (Passage.document_id == document_id, ~Passage.is_disabled)
    headings = session.scalars(sa.select(Passage.heading).where(*own).order_by(Passage.position).limit(8))
    return next((last for heading in headings if "›" in heading and (last := _last(heading))), "")


def _around(session: Session, document_id: str, position: int) -> Sequence[str]:
    near = (
        sa.select(Passage.heading, Passage.position)
        .where(
            Passage.document_id == document_id,
            Passage.position.between(position - 4, position + 6),
            ~Passage.is_disabled,
        )
        .order_by(Passage.position)
    )
    rows = session.execute(near).all()
    after = [_last(heading) for heading, at in rows if at > position]
    return [*after, *(_last(heading) for heading, at in reversed(rows) if at < position)]


def _last(heading: str) -> str:
    """The innermost heading; nothing where it is too long to be one."""
    words = heading.rsplit("›", 1)[-1].strip()
    return words if len(words) <= HEADING_CHARS else ""
