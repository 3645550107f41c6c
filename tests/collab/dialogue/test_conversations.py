"""Conversations as rows: order, titles, and that a turn is whole or absent."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.records import Decision, Source
from collab.people.access import Actor, Role
from knowledge.database import Database
from knowledge.errors import NotFoundError, StorageFullError
from tests.fakes import add_people

MEL = Actor("mel", "Mel", Role.MEMBER)
OLI = Actor("oli", "Oli", Role.MEMBER)
SOURCE = Source(1, "d1", "guide.md", "everyone", 1, "Tickets", None, "Nine euros.", 0, 11)
TURN = NewTurn("What is it?", "What is it?", False, "en", "Nine euros.", Decision.GROUNDED, 0.9, sources=(SOURCE,))
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture
def conversations(database: Database) -> Conversations:
    add_people(database, MEL, OLI)
    seconds = iter(range(1_000))
    return Conversations(database, lambda: NOON + timedelta(seconds=next(seconds)))


def test_what_was_recorded_is_read_again(conversations: Conversations) -> None:
    made = conversations.record(MEL, None, replace(TURN, reasons=("why.quoted",), is_stopped=True))
    assert conversations.turn(MEL, made.id) == made
    assert conversations.turns(MEL, made.conversation_id) == [made]
    assert (made.sources, made.reasons, made.is_stopped, made.created_at) == ((SOURCE,), ("why.quoted",), True, NOON)


def test_the_conversation_with_the_newest_turn_comes_first(conversations: Conversations) -> None:
    first, second = (conversations.record(MEL, None, TURN).conversation_id for _ in range(2))
    assert [one.id for one in conversations.list(MEL)] == [second, first]
    conversations.record(MEL, first, TURN)
    assert [one.id for one in conversations.list(MEL)] == [first, second]
    assert [one.id for one in conversations.list(MEL, limit=1)] == [first]


@pytest.mark.parametrize(
    ("question", "title"), [("What\n is  it?", "What is it?"), ("x" * 80, "x" * 80), ("x" * 81, "x" * 79 + "…")]
)
def test_the_first_question_is_the_title(conversations: Conversations, question: str, title: str) -> None:
    conversations.record(MEL, None, replace(TURN, question=question))
    (conversation,) = conversations.list(MEL)
    assert conversation.title == title


def test_another_persons_conversation_is_as_if_it_were_not_there(conversations: Conversations) -> None:
    made = conversations.record(MEL, None, TURN)
    for act in (
        lambda: conversations.turns(OLI, made.conversation_id),
        lambda: conversations.turn(OLI, made.id),
        lambda: conversations.require(OLI, made.conversation_id),
        lambda: conversations.record(OLI, made.conversation_id, TURN),
    ):
        with pytest.raises(NotFoundError):
            act()
    assert (conversations.list(OLI), len(conversations.turns(MEL, made.conversation_id))) == ([], 1)


def test_turns_that_end_together_each_have_a_place(conversations: Conversations) -> None:
    id = conversations.record(MEL, None, TURN).conversation_id
    threads = [threading.Thread(target=conversations.record, args=(MEL, id, TURN)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [turn.position for turn in conversations.turns(MEL, id)] == list(range(9))


def test_a_turn_is_whole_or_absent(conversations: Conversations, database: Database) -> None:
    kept = conversations.record(MEL, None, TURN)
    with database.write() as session:
        session.execute(
            sa.text("CREATE TRIGGER trip BEFORE INSERT ON turn_sources BEGIN SELECT raise(ABORT, 'trips'); END")
        )
    for conversation in (None, kept.conversation_id):
        with pytest.raises(sa.exc.IntegrityError, match="trips"):
            conversations.record(MEL, conversation, TURN)
    assert [one.updated_at for one in conversations.list(MEL)] == [NOON]
    assert conversations.turns(MEL, kept.conversation_id) == [kept]


def test_a_full_disk_keeps_no_part_of_a_turn(conversations: Conversations, database: Database) -> None:
    kept = conversations.record(MEL, None, TURN)
    with database.write() as session:
        pages = session.execute(sa.text("PRAGMA page_count")).scalar()
        session.execute(sa.text(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageFullError, match="nothing was saved"):
        conversations.record(MEL, None, replace(TURN, answer="x" * 1_000_000))
    with database.write() as session:
        session.execute(sa.text("PRAGMA max_page_count = 1000000"))
    assert [one.id for one in conversations.list(MEL)] == [kept.conversation_id]
    assert conversations.record(MEL, kept.conversation_id, TURN).position == 1
