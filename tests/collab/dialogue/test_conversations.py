"""Conversations as rows: order, titles, and that a turn is whole or absent."""

import threading
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from collab.dialogue import tree
from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.records import Considered, ConversationRecord, Decision, Source
from collab.dialogue.tables import Turn
from collab.errors import ConversationTemporaryError, TextEmptyError
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


def later(database: Database, days: int) -> Conversations:
    """The same conversations, so many days after."""
    return Conversations(database, lambda: NOON + timedelta(days=days))


def ids(conversations: Sequence[ConversationRecord]) -> list[str]:
    return [one.id for one in conversations]


def test_what_was_recorded_is_read_again(conversations: Conversations) -> None:
    made = conversations.record(MEL, None, replace(TURN, reasons=("why.quoted",), is_stopped=True))
    assert conversations.turn(MEL, made.id) == made
    assert conversations.turns(MEL, made.conversation_id) == [made]
    assert (made.sources, made.reasons, made.is_stopped, made.created_at) == ((SOURCE,), ("why.quoted",), True, NOON)


SUGGESTED = replace(
    TURN,
    decision=Decision.SUGGESTED,
    correction_id="k2",
    considered=(
        Considered("k1", 0.3, 0.1, ("why.other_words",), is_offered=True),
        Considered("k2", 0.2, -0.1, (), is_offered=True),
        Considered("k3", 0.1, -0.2, ()),
    ),
)


def test_what_is_offered_is_kept_the_one_in_full_first(conversations: Conversations) -> None:
    made = conversations.record(MEL, None, SUGGESTED)
    assert conversations.turn(MEL, made.id).considered == SUGGESTED.considered
    assert conversations.turn(MEL, made.id).offered == ("k2", "k1")
    corrected = conversations.record(MEL, None, replace(SUGGESTED, decision=Decision.CORRECTED))
    assert conversations.turn(MEL, corrected.id).offered == ()


def test_turns_from_before_there_were_others_offer_one(database: Database, conversations: Conversations) -> None:
    made = conversations.record(MEL, None, SUGGESTED)
    with database.write() as session:
        row = session.get_one(Turn, made.id)
        row.considered = [{name: one[name] for name in one if name != "is_offered"} for one in row.considered]
    turn = conversations.turn(MEL, made.id)
    assert [one.is_offered for one in turn.considered] == [False, False, False]
    assert turn.offered == ("k2",)


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


# --- what one can do with them ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("lock", ["lockers"]),
        ("COIN two", ["lockers"]),
        ("locker ticket", []),
        ("退货", ["returns"]),
        ("货退", []),
        ("fees 2026", ["tickets"]),
        ("tic", ["tickets"]),
        ('"', []),
        ("100%", ["lockers"]),
        ("%", ["lockers"]),
        ("_", []),
        ("lo\ud800ck", ["lockers"]),
        ("ti\0c", ["tickets"]),
    ],
)
def test_titles_and_texts_are_searched(conversations: Conversations, text: str, found: list[str]) -> None:
    named = {
        conversations.record(MEL, None, replace(TURN, question=question, answer=answer)).conversation_id: name
        for name, question, answer in (
            ("lockers", "What do the lockers take, at 100%?", "A coin of two euros."),
            ("tickets", "How much is it?", "The tíckets are free."),
            ("returns", "怎样退货？", "三十天内可以退货。"),
        )
    }
    tickets = next(id for id, name in named.items() if name == "tickets")
    conversations.rename(MEL, tickets, "Fees 2026")
    conversations.record(OLI, None, replace(TURN, question="locker coin two 退货 tickets fees 2026"))
    assert [named[one.id] for one in conversations.search(MEL, text)] == found


def test_pinned_ones_come_first(conversations: Conversations) -> None:
    first, second, third = (conversations.record(MEL, None, TURN).conversation_id for _ in range(3))
    assert conversations.pin(MEL, second, is_pinned=True).is_pinned
    assert ids(conversations.list(MEL)) == [second, third, first]
    assert not conversations.pin(MEL, second, is_pinned=False).is_pinned
    assert ids(conversations.list(MEL)) == [third, second, first]


def test_a_title_is_changed_and_never_empty(conversations: Conversations) -> None:
    id = conversations.record(MEL, None, TURN).conversation_id
    assert conversations.rename(MEL, id, "  Fees\u200b of \n 2026 ").title == "Fees of 2026"
    with pytest.raises(TextEmptyError):
        conversations.rename(MEL, id, " \u200b")
    assert conversations.get(MEL, id).title == "Fees of 2026"


def test_a_deleted_one_is_gone_at_once_and_comes_back(conversations: Conversations, database: Database) -> None:
    made = conversations.record(MEL, None, TURN)
    id = made.conversation_id
    conversations.delete(MEL, id)
    assert (ids(conversations.list(MEL)), ids(conversations.search(MEL, "What"))) == ([], [])
    for look in (lambda: conversations.turns(MEL, id), lambda: conversations.turn(MEL, made.id)):
        with pytest.raises(NotFoundError):
            look()
    later(database, 29).erase_left()
    with pytest.raises(NotFoundError):
        conversations.restore(OLI, id)
    conversations.restore(MEL, id)
    assert conversations.turns(MEL, id) == [made]

    conversations.delete(MEL, id)
    later(database, 31).erase_left()
    with pytest.raises(NotFoundError):
        conversations.restore(MEL, id)
    with database.read() as session:
        assert session.scalar(sa.text("SELECT count(*) FROM turns_fts")) == 0
        assert session.scalar(sa.text("SELECT count(*) FROM turns")) == 0


def test_what_is_found_shows_the_words_that_were_looked_for(conversations: Conversations) -> None:
    new = replace(TURN, question="What do students pay?", answer="The guided tour costs 14 euros, 学生票9欧元。")
    made = conversations.record(MEL, None, new)
    (found,) = conversations.search(MEL, "guided EURO")
    assert found.excerpt == (
        ("The ", False), ("guided", True), (" tour costs 14 ", False), ("euro", True), ("s, 学生票9欧元。", False)
    )  # fmt: skip
    (found,) = conversations.search(MEL, "学生")
    assert found.excerpt == (("…tour costs 14 euros, ", False), ("学生", True), ("票9欧元。", False))
    assert conversations.search(OLI, "guided") == []
    conversations.rename(MEL, made.conversation_id, "Fees")
    (found,) = conversations.search(MEL, "Fees")
    assert found.excerpt == ()


def test_the_deleted_ones_that_come_back_are_listed(conversations: Conversations, database: Database) -> None:
    first, second, kept = (conversations.record(MEL, None, TURN).conversation_id for _ in range(3))
    unkept = conversations.begin(MEL, "What is it?", is_temporary=True).id
    for id in (first, second, unkept):
        conversations.delete(MEL, id)
    assert ids(conversations.deleted(MEL)) == [second, first]
    assert all(one.deleted_at is not None for one in conversations.deleted(MEL))
    assert conversations.deleted(OLI) == []
    assert later(database, 31).deleted(MEL) == []
    conversations.restore(MEL, second)
    assert ids(conversations.deleted(MEL)) == [first]
    assert set(ids(conversations.list(MEL))) == {second, kept}


def test_the_old_ones_are_erased_while_the_application_runs_on(
    conversations: Conversations, database: Database
) -> None:
    deleted = conversations.record(MEL, None, TURN).conversation_id
    conversations.delete(MEL, deleted)
    left = conversations.begin(MEL, "What is it?", is_temporary=True).id
    after = later(database, 31)
    after.delete(OLI, after.begin(OLI, "What is it?").id)
    with pytest.raises(NotFoundError):
        conversations.restore(MEL, deleted)
    with pytest.raises(NotFoundError):
        conversations.get(MEL, left)


def test_an_answer_that_ends_after_its_conversation_was_deleted_comes_back_with_it(
    conversations: Conversations,
) -> None:
    id = conversations.record(MEL, None, TURN).conversation_id
    conversations.delete(MEL, id)
    conversations.record(MEL, id, TURN)
    conversations.restore(MEL, id)
    assert len(conversations.turns(MEL, id)) == 2


def test_a_temporary_one_is_in_no_list_and_is_erased_when_it_is_left(conversations: Conversations) -> None:
    id = conversations.begin(MEL, "What is it?", is_temporary=True).id
    turn = conversations.record(MEL, id, TURN)
    assert (ids(conversations.list(MEL)), ids(conversations.search(MEL, "What"))) == ([], [])
    with pytest.raises(ConversationTemporaryError):
        conversations.kept_turn(MEL, turn.id)
    conversations.leave(MEL, id)
    with pytest.raises(NotFoundError):
        conversations.get(MEL, id)


def test_a_temporary_one_can_be_kept(conversations: Conversations) -> None:
    id = conversations.begin(MEL, "What is it?", is_temporary=True).id
    turn = conversations.record(MEL, id, TURN)
    assert not conversations.keep(MEL, id).is_temporary
    conversations.leave(MEL, id)
    assert (ids(conversations.list(MEL)), ids(conversations.search(MEL, "nine"))) == ([id], [id])
    assert conversations.kept_turn(MEL, turn.id) == turn


def test_what_was_begun_and_never_answered_leaves_no_trace(conversations: Conversations, database: Database) -> None:
    left, lost, temporary = (
        conversations.begin(MEL, "What is it?", is_temporary=is_temporary).id for is_temporary in (False, False, True)
    )
    conversations.leave(MEL, left)
    conversations.record(MEL, temporary, TURN)
    kept = conversations.record(MEL, None, TURN).conversation_id
    assert ids(conversations.list(MEL)) == [kept, lost]
    conversations.erase_left()
    assert ids(conversations.list(MEL)) == [kept, lost]
    later(database, 1).erase_left()
    assert ids(conversations.list(MEL)) == [kept]
    with pytest.raises(NotFoundError):
        conversations.get(MEL, temporary)


def test_the_newest_turn_is_the_current_one_until_another_is_chosen(conversations: Conversations) -> None:
    first = conversations.record(MEL, None, TURN)
    id = first.conversation_id
    again = conversations.record(MEL, id, replace(TURN, retry_of=first.id))
    after = conversations.record(MEL, id, replace(TURN, previous_id=again.id))
    assert conversations.get(MEL, id).current_turn_id == after.id
    assert conversations.choose(MEL, first.id).current_turn_id == first.id
    assert conversations.choose(MEL, again.id).current_turn_id == after.id
    turns = conversations.turns(MEL, id)
    assert tree.path(turns, after.id) == [again, after]
    assert tree.versions(turns, again) == [first, again]
