"""Conversations and their turns, as rows. It decides nothing about answers; it keeps them and checks whose they are."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.dialogue import tree, wording
from collab.dialogue.allowance import DAY
from collab.dialogue.records import Considered, ConversationRecord, Decision, Source, TurnRecord
from collab.dialogue.rows import FOUND, add_words, conversation_record, erase, excerpts, turn_record, turn_records
from collab.dialogue.tables import Conversation, ErasedTokens, Turn, TurnSource
from collab.errors import ConversationTemporaryError, TextEmptyError
from collab.people.access import EVERYONE, Actor
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError
from knowledge.text import clean, normalise

TITLE_CHARS = 80
KEPT_DELETED = timedelta(days=30)  # so long a deleted conversation can be brought back
KEPT_TEMPORARY = timedelta(hours=12)  # after its last turn, where nobody said that it was left


@dataclass(frozen=True, slots=True)
class NewTurn:
    """A complete answer on its way into the database; `previous_id` is the turn that it follows."""

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
    considered: tuple[Considered, ...] = ()


class Conversations:
    """A person's chats. Another person's conversation or turn is not found, as if it were not there; nor is a deleted
    one, but for bringing it back.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    # --- reading ------------------------------------------------------------------------------------------------------

    def get(self, actor: Actor, conversation_id: str) -> ConversationRecord:
        """A conversation without its turns. Raises NotFoundError."""
        with self._database.read() as session:
            return conversation_record(_owned(session, actor, conversation_id))

    def turns(self, actor: Actor, conversation_id: str) -> Sequence[TurnRecord]:
        """All turns, those that are not shown too, in the order in which they were made. Raises NotFoundError."""
        with self._database.read() as session:
            _owned(session, actor, conversation_id)
            query = sa.select(Turn).where(Turn.conversation_id == conversation_id).order_by(Turn.position)
            return turn_records(session, session.scalars(query).all())

    def list(self, actor: Actor, limit: int = 200) -> list[ConversationRecord]:
        """The person's conversations: the pinned ones first, then the one with the newest turn."""
        with self._database.read() as session:
            return _listed(session, actor, limit)

    def search(self, actor: Actor, text: str, limit: int = 50) -> Sequence[ConversationRecord]:
        """Those whose title contains `text`, or one turn of which holds all its words, in the order of the list."""
        text = clean(text).text.strip()
        is_found = Conversation.title.contains(text, autoescape=True)
        with self._database.read() as session:
            words = wording.query(text)
            if not words:
                return _listed(session, actor, limit, is_found)
            found = _listed(session, actor, limit, is_found | Conversation.id.in_(FOUND.bindparams(words=words)))
            shown = excerpts(session, [one.id for one in found], text)
            return [replace(one, excerpt=shown.get(one.id, ())) for one in found]

    def deleted(self, actor: Actor, limit: int = 50) -> Sequence[ConversationRecord]:
        """Those that the person can bring back, the one deleted last first."""
        since = self._clock() - KEPT_DELETED
        query = (
            sa.select(Conversation)
            .where(Conversation.person_id == actor.id, Conversation.deleted_at >= since, ~Conversation.is_temporary)
            .order_by(Conversation.deleted_at.desc(), Conversation.id)
        )
        with self._database.read() as session:
            return [conversation_record(row) for row in session.scalars(query.limit(limit))]

    def turn(self, actor: Actor, turn_id: str) -> TurnRecord:
        """One turn of the person's own. Raises NotFoundError."""
        with self._database.read() as session:
            return turn_records(session, [_turn(session, actor, turn_id)])[0]

    def kept_turn(self, actor: Actor, turn_id: str) -> TurnRecord:
        """The same where something is to rest on the turn. Raises ConversationTemporaryError too."""
        with self._database.read() as session:
            row = _turn(session, actor, turn_id)
            if _owned(session, actor, row.conversation_id).is_temporary:
                raise ConversationTemporaryError
            return turn_records(session, [row])[0]

    def require(self, actor: Actor, conversation_id: str) -> None:
        """Raises NotFoundError unless the conversation is the person's."""
        self.get(actor, conversation_id)

    # --- asking -------------------------------------------------------------------------------------------------------

    def begin(self, actor: Actor, question: str, *, is_temporary: bool = False) -> ConversationRecord:
        """A conversation without turns yet, named for the question that is being answered."""
        now = self._clock()
        if is_temporary:
            self.erase_left()
        with self._database.write() as session:
            return conversation_record(_begun(session, actor, question, now, is_temporary))

    def record(self, actor: Actor, conversation_id: str | None, new: NewTurn) -> TurnRecord:
        """Writes the turn and, where there is none yet, its conversation: whole or absent. The turn is the current one
        then. An answer that ends after its conversation was deleted comes back with it.
        """
        now = self._clock()
        with self._database.write() as session:
            if conversation_id is None:
                conversation = _begun(session, actor, new.question, now)
            else:
                conversation = _owned(session, actor, conversation_id, even_deleted=True)
            row = self._add(session, conversation, new, now)
            conversation.updated_at, conversation.current_turn_id = now, row.id
            return turn_record(row, new.sources)

    def _add(self, session: Session, conversation: Conversation, new: NewTurn, now: datetime) -> Turn:
        last = session.scalar(sa.select(sa.func.max(Turn.position)).where(Turn.conversation_id == conversation.id))
        row = Turn(
            id=new_id(),
            conversation_id=conversation.id,
            position=0 if last is None else last + 1,
            created_at=now,
            normal=normalise(new.standalone),
            **{name: getattr(new, name) for name in _COLUMNS},
            reasons=list(new.reasons),
            considered=[asdict(one) for one in new.considered],
        )
        session.add(row)
        session.flush()
        if not conversation.is_temporary:
            add_words(session, [row])
        session.add_all(
            TurnSource(turn_id=row.id, **{name: getattr(source, name) for name in Source.__slots__})
            for source in new.sources
        )
        return row

    # --- keeping ------------------------------------------------------------------------------------------------------

    def choose(self, actor: Actor, turn_id: str) -> ConversationRecord:
        """Shows another version: the path through this turn to the newest that follows it. Raises NotFoundError."""
        with self._database.write() as session:
            conversation = _owned(session, actor, _turn(session, actor, turn_id).conversation_id)
            rows = session.scalars(
                sa.select(Turn).where(Turn.conversation_id == conversation.id).order_by(Turn.position)
            )
            turns = [turn_record(row, ()) for row in rows]
            conversation.current_turn_id = tree.newest(turns, turn_id)
            return conversation_record(conversation)

    def rename(self, actor: Actor, conversation_id: str, title: str) -> ConversationRecord:
        """Gives another title, cut where it is too long. Raises NotFoundError and TextEmptyError."""
        words = _title(clean(title).text)
        if not words:
            raise TextEmptyError(what="title")
        return self._change(actor, conversation_id, title=words)

    def pin(self, actor: Actor, conversation_id: str, *, is_pinned: bool) -> ConversationRecord:
        """Keeps it at the head of the list, or no longer. Raises NotFoundError."""
        return self._change(actor, conversation_id, pinned_at=self._clock() if is_pinned else None)

    def keep(self, actor: Actor, conversation_id: str) -> ConversationRecord:
        """Makes a temporary conversation one like all others. Raises NotFoundError."""
        with self._database.write() as session:
            row = _owned(session, actor, conversation_id)
            if row.is_temporary:
                row.is_temporary = False
                add_words(session, session.scalars(sa.select(Turn).where(Turn.conversation_id == row.id)).all())
            return conversation_record(row)

    def delete(self, actor: Actor, conversation_id: str) -> ConversationRecord:
        """It is gone from everywhere at once, and can be brought back for KEPT_DELETED. Raises NotFoundError."""
        gone = self._change(actor, conversation_id, deleted_at=self._clock())
        self.erase_left()
        return gone

    def restore(self, actor: Actor, conversation_id: str) -> ConversationRecord:
        """Brings a deleted conversation back, with all its turns. Raises NotFoundError once it is erased."""
        return self._change(actor, conversation_id, deleted_at=None)

    def leave(self, actor: Actor, conversation_id: str) -> None:
        """Erases a temporary conversation, and one without turns; any other stays. Raises NotFoundError."""
        with self._database.write() as session:
            row = _owned(session, actor, conversation_id)
            if row.is_temporary or row.current_turn_id is None:
                erase(session, [row.id])

    def erase_left(self) -> None:
        """Erases what nobody can come back to: deleted or temporary for too long, or begun and never answered."""
        now = self._clock()
        is_left = (
            (Conversation.deleted_at < now - KEPT_DELETED)
            | (Conversation.is_temporary & (Conversation.updated_at < now - KEPT_TEMPORARY))
            | (Conversation.current_turn_id.is_(None) & (Conversation.updated_at < now - KEPT_TEMPORARY))
        )
        with self._database.write() as session:
            erase(session, session.scalars(sa.select(Conversation.id).where(is_left)).all())
            session.execute(sa.delete(ErasedTokens).where(ErasedTokens.created_at <= now - DAY))

    def _change(self, actor: Actor, conversation_id: str, **values: object) -> ConversationRecord:
        with self._database.write() as session:
            row = _owned(session, actor, conversation_id, even_deleted="deleted_at" in values)
            for name, value in values.items():
                setattr(row, name, value)
            return conversation_record(row)


_COLUMNS = tuple(name for name in NewTurn.__slots__ if name not in ("reasons", "sources", "considered"))


def _begun(session: Session, actor: Actor, question: str, now: datetime, is_temporary: bool = False) -> Conversation:
    row = Conversation(
        id=new_id(),
        person_id=actor.id,
        title=_title(question),
        created_at=now,
        updated_at=now,
        is_temporary=is_temporary,
    )
    session.add(row)
    session.flush()
    return row


def _owned(session: Session, actor: Actor, conversation_id: str, *, even_deleted: bool = False) -> Conversation:
    row = session.get(Conversation, conversation_id)
    if row is None or row.person_id != actor.id or (row.deleted_at is not None and not even_deleted):
        raise NotFoundError(what="conversation")
    return row


def _turn(session: Session, actor: Actor, turn_id: str) -> Turn:
    row = session.scalar(
        sa.select(Turn)
        .join(Conversation)
        .where(Turn.id == turn_id, Conversation.person_id == actor.id, Conversation.deleted_at.is_(None))
    )
    if row is None:
        raise NotFoundError(what="turn")
    return row


def _listed(session: Session, actor: Actor, limit: int, *which: sa.ColumnElement[bool]) -> list[ConversationRecord]:
    """The pinned ones, then the rest: two walks along the index, each of which ends as soon as it has enough."""
    query = sa.select(Conversation).where(
        Conversation.person_id == actor.id, Conversation.deleted_at.is_(None), ~Conversation.is_temporary, *which
    )
    newest = query.order_by(Conversation.updated_at.desc(), Conversation.id)
    pinned = session.scalars(newest.where(Conversation.pinned_at.is_not(None)).limit(limit)).all()
    rest = session.scalars(newest.where(Conversation.pinned_at.is_(None)).limit(limit - len(pinned)))
    return [conversation_record(row) for row in (*pinned, *rest)]


def _title(question: str) -> str:
    words = " ".join(question.split())
    return words if len(words) <= TITLE_CHARS else words[: TITLE_CHARS - 1].rstrip() + "…"
