"""Rows become conversations, in order of time, whatever their order in the file."""

import pytest

from collab.feedback.dialogues import messages
from collab.feedback.dialogues.messages import Message, conversations
from collab.feedback.exchange.entries import Refused
from collab.feedback.exchange.files import Row, Unreadable


def row(number: int, conversation: object, speaker: str, text: object, time: object = "") -> Row:
    return Row(number, {"conversation": conversation, "speaker": speaker, "text": text, "time": time})


def test_messages_are_grouped_and_sorted_by_time() -> None:
    rows = [
        row(2, "a", "Agent", "two", "2026-01-01T10:01:00"),
        row(3, 7, "Client", "other", 1767261600),
        row(4, "a", "Client", "one", "2026-01-01 10:00:59"),
    ]
    refused: list[Refused] = []
    assert [[message.text for message in told] for told in conversations(rows, refused)] == [["other"], ["one", "two"]]
    assert refused == []


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-01-01T11:30:00+02:00", "2026-01-01T10:00:00Z"),  # 09:30 and 10:00
        ("1712011200000", "1712011260000"),  # milliseconds, which are also forms of dates in the year 1712
        ("1710131159", "1710131160"),
    ],
)
def test_times_sort_by_the_moment(earlier: str, later: str) -> None:
    (told,) = conversations([row(2, "a", "x", "two", later), row(3, "a", "y", "one", earlier)], [])
    assert [message.text for message in told] == ["one", "two"]


def test_without_times_the_order_of_the_file_holds() -> None:
    rows = [row(2, "a", "x", "one", "2026-01-02"), row(3, "a", "y", "two"), row(4, "a", "x", "three", "2026-01-01")]
    (told,) = conversations(rows, [])
    assert told == [
        Message(2, "x", "one", "2026-01-02T00:00:00"),
        Message(3, "y", "two", ""),
        Message(4, "x", "three", "2026-01-01T00:00:00"),
    ]


def test_rows_without_a_conversation_or_speaker_are_refused() -> None:
    refused: list[Refused] = []
    rows = [row(2, " ", "x", "a"), row(3, "a", "", "b"), Unreadable(4, "not JSON"), row(5, "a", "x", None)]
    (told,) = conversations(rows, refused)
    assert [message.text for message in told] == [""]
    assert [(one.number, one.reason) for one in refused] == [
        (2, "it has no conversation"),
        (3, "it has no speaker"),
        (4, "not JSON"),
    ]


def test_a_conversation_that_was_long_ago_is_complete() -> None:
    rows = (row(number, str(number // 2), "x", "hello") for number in range(20_000))
    opened = conversations(rows, [])
    next(opened)
    next_row = next(rows)
    assert next_row.number == 2 * messages.OPEN + 1


@pytest.mark.parametrize("count", [messages.MESSAGES, messages.MESSAGES + 50])
def test_an_endless_conversation_is_cut(count: int) -> None:
    (told,) = conversations((row(number, "a", "x", "hello") for number in range(count)), [])
    assert len(told) == messages.MESSAGES
