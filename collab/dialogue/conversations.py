"""Conversations and their turns, as rows. It decides nothing about answers; it keeps them and checks whose they are."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue.records import ConversationRecord, Decision, Source, TurnRecord
from collab.dialogue.rows import add_words, conversation_record, turn_record, turn_records
from collab.dialogue.tables import Conversation, Turn, TurnSource
from collab.people.access import EVERYONE, Actor
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError
from knowledge.text import normalise

TITLE_CHARS = 80


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A complete answer on its way into the database."""

    question: str
    standalone: str
    is_follow_up: bool
    language: str
    answer: str
    decision: Decision
    confidence: float
    reach: str = EVERYONE
    reasons: tuple[str, ...] = ()
    sources: tuple[Source, ...] = ()
    correction_id: str | None = None
    model: str | None = None
    adapter: str | None = None
    completion_tokens: int = 0
    memory_seq: int = 0
    is_stopped: bool = False
    retry_of: str | None = None
    previous_id: str | None = None


class Conversations:
    """A person's chats. Another person's conversation or turn is not found, as if it were not there."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def turns(self, actor: Actor, conversation_id: str) -> Sequence[TurnRecord]:
        """All turns in order. Raises NotFoundError."""
        with self._database.read() as session:
            self._owned(session, actor, conversation_id)
            query = sa.select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.position)
            return turn_records(session, session.scalars(query).all())

    def list(self, actor: Actor, limit: int = 200) -> list[ConversationRecord]:
        """The person's conversations, the one with the newest turn first."""
        query = sa.select(Conversation).where(
            Conversation.person_id == actor.id, Conversation.deleted_at.is_(None), ~Conversation.is_temporary
        )
        with self._database.read() as session:
            rows = session.scalars(query.order_by(Conversation.updated_at.desc(), Conversation.id).limit(limit))
            return [conversation_record(row) for row in rows]

    def turn(self, actor: Actor, turn_id: str) -> TurnRecord:
        """One turn of the person's own. Raises NotFoundError."""
        query = sa.select(Turn).join(Conversation).where(Turn.id == turn_id, Conversation.person_id == actor.id)
        with self._database.read() as session:
            row = session.scalar(query)
            if row is None:
                raise NotFoundError(what="turn")
            return turn_records(session, [row])[0]

    def require(self, actor: Actor, conversation_id: str) -> None:
        """Raises NotFoundError unless the conversation is the person's."""
        with self._database.read() as session:
            self._owned(session, actor, conversation_id)

    def record(self, actor: Actor, conversation_id: str | None, new: NewTurn) -> TurnRecord:
        """Writes the turn and, where there is none yet, its conversation: whole or absent."""
        now = self._clock()
        with self._database.write() as session:
            if conversation_id is None:
                conversation = Conversation(
                    id=new_id(), person_id=actor.id, title=_title(new.question), created_at=now, updated_at=now
                )
                session.add(conversation)
                session.flush()
            else:
                conversation = self._owned(session, actor, conversation_id)
                conversation.updated_at = now
            last = session.scalar(sa.select(sa.func.max(Turn.position)).where(Turn.conversation_id == conversation.id))
            row = Turn(
                id=new_id(),
                conversation_id=conversation.id,
                position=0 if last is None else last + 1,
                created_at=now,
                normal=normalise(new.standalone),
                **{name: getattr(new, name) for name in _COLUMNS},
                reasons=list(new.reasons),
            )
            session.add(row)
            session.flush()
            conversation.current_turn_id = row.id
            if not conversation.is_temporary:
                add_words(session, row)
            session.add_all(
                TurnSource(turn_id=row.id, **{name: getattr(source, name) for name in Source.__slots__})
                for source in new.sources
            )
            return turn_record(row, new.sources)

    def _owned(self, session: Session, actor: Actor, conversation_id: str) -> Conversation:
        row = session.get(Conversation, conversation_id)
        if row is None or row.person_id != actor.id:
            raise NotFoundError(what="conversation")
        return row


_COLUMNS = tuple(name for name in NewTurn.__slots__ if name not in ("reasons", "sources"))


def _title(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= TITLE_CHARS else words[: TITLE_CHARS - 1].rstrip() + "…"
