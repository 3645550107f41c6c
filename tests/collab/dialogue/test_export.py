"""A conversation as a file."""

import json
from dataclasses import replace
from datetime import UTC, datetime

from collab.dialogue.conversations import Conversations, NewTurn
from collab.dialogue.export import as_json, as_markdown, file_name
from collab.dialogue.records import Decision, Source
from collab.people.access import Actor, Role
from collab.texts import load_texts
from knowledge.database import Database
from tests.fakes import add_people

MEL = Actor("mel", "Mel", Role.MEMBER)
SOURCE = Source(1, "d1", "guide.md", "everyone", 1, "Guide › Tickets", None, "Nine\neuros.", 0, 11)
TURN = NewTurn("What *is* it?", "What is it?", False, "en", "Nine. [1]", Decision.GROUNDED, 0.9, sources=(SOURCE,))


def test_as_markdown_and_as_json(database: Database) -> None:
    add_people(database, MEL)
    conversations = Conversations(database, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    turn = conversations.record(MEL, None, TURN)
    record = conversations.get(MEL, turn.conversation_id)
    assert as_markdown(load_texts("en"), record, [turn], {}) == (
        "# What *is* it?\n\n## What *is* it?\n\nNine. [1]\n\nSources:\n\n"
        "- [1] guide.md · Guide › Tickets: “Nine euros.”\n\n*From sources, 2026-11-22T12:00+00:00*\n"
    )
    content = json.loads(as_json(record, [turn], {}))
    assert (content["current_turn_id"], content["turns"][0]["previous_id"]) == (turn.id, None)
    assert content["turns"][0]["sources"][0]["heading"] == "Guide › Tickets"


def test_what_the_person_wrote_in_the_place_of_an_answer_is_in_both_files(database: Database) -> None:
    add_people(database, MEL)
    conversations = Conversations(database, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    turn = conversations.record(MEL, None, TURN)
    record, own = conversations.get(MEL, turn.conversation_id), {turn.id: "Seven."}
    assert "\n\n**Your correction**\n\nSeven.\n\n*From sources" in as_markdown(load_texts("en"), record, [turn], own)
    assert json.loads(as_json(record, [turn], own))["turns"][0]["correction"] == "Seven."


def test_a_hidden_answer_is_in_neither_file(database: Database) -> None:
    add_people(database, MEL)
    conversations = Conversations(database, lambda: datetime(2026, 11, 22, 12, tzinfo=UTC))
    turn = replace(conversations.record(MEL, None, TURN), is_hidden=True)
    record = conversations.get(MEL, turn.conversation_id)
    shown = as_markdown(load_texts("en"), record, [turn], {})
    told = as_json(record, [turn], {})
    assert "Nine. [1]" not in shown + told
    assert load_texts("en")("chat.hidden") in shown
    assert "Nine" not in shown
    assert (json.loads(told)["turns"][0]["answer"], json.loads(told)["turns"][0]["is_hidden"]) == (None, True)


def test_a_title_becomes_a_name_that_every_file_system_takes() -> None:
    assert file_name("What/is: it? ..", "md") == "What is it.md"
    assert file_name("退货？", "json") == "退货.json"
    assert file_name("???", "md") == "conversation.md"
    assert file_name("x" * 100, "md") == "x" * 60 + ".md"
