"""What a row says: several questions for one answer, what is refused and why."""

import pytest

from collab.feedback.exchange.entries import Entry, Refused, read_entry
from collab.feedback.exchange.files import Row, Unreadable
from collab.feedback.tables import Kind


def test_a_row_is_cleaned_as_what_people_type() -> None:
    row = Row(
        2,
        {
            "question": " Why? ",
            "answer": "Be\u200bcause.\n",
            "kind": "style ",
            "reason": " asked often ",
            "asked": " " * 21 + "7",
        },
    )
    assert read_entry(row) == Entry(2, "Why?", (), "Because.", Kind.STYLE, False, "asked often", 7, (2,))


@pytest.mark.parametrize(
    "cells",
    [
        {"question": "Why?", "other_questions": "How come?\n\n what  for \nHOW COME\nwhy"},
        {"question": "Why?", "other_questions": ["How come?", "what\nfor", "why?"]},
        {"question": ["Why?", "How come?", "what for"]},
        {"question": ["Why?"], "other_questions": ["How come?", "what for"]},
    ],
)
def test_several_questions_have_one_answer(cells: dict[str, object]) -> None:
    entry = read_entry(Row(2, {**cells, "answer": "Because."}))
    assert isinstance(entry, Entry)
    assert (entry.question, entry.aliases) == ("Why?", ("How come?", "what for"))
    assert entry.questions == ("Why?", "How come?", "what for")


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ({"question": "Why?"}, "The answer is empty"),
        ({"question": "?!", "answer": "x"}, "The question is empty"),
        ({"answer": "x"}, "The question is empty"),
        ({"question": [], "answer": "x"}, "The question is empty"),
        ({"question": 3, "answer": "x"}, "question is not a text"),
        ({"question": ["a", 3], "answer": "x"}, "one of its questions is not a text"),
        ({"question": "a", "answer": ["x"]}, "answer is not a text"),
        ({"question": "a", "other_questions": 3, "answer": "x"}, "other_questions is neither a text nor a list"),
        ({"question": "a", "answer": "x" * 20_001}, "The answer has 20001 characters, and at most 20000"),
        ({"question": "a" * 16_001, "answer": "x"}, "The question has 16001 characters, and at most 16000"),
        ({"question": "a", "answer": "x", "kind": "joke"}, "'joke' is no kind. Choose one of: fact, style."),
        ({"question": "a", "answer": "x", "state": "withdrawn"}, "its state is 'withdrawn', and only live and pending"),
        ({"question": "a", "answer": "x", "asked": "-1"}, "asked is not a number of times"),
        ({"question": "a", "answer": "x", "asked": "0" * 5_000 + "7"}, "asked is not a number of times"),
        ({"question": "a", "answer": "x", "asked": True}, "asked is not a number of times"),
        ({"question": [f"a{n}" for n in range(52)], "answer": "x"}, "it has 52 questions, and at most 51"),
    ],
)
def test_what_is_refused_is_said(cells: dict[str, object], reason: str) -> None:
    refused = read_entry(Row(5, cells))
    assert isinstance(refused, Refused)
    assert refused.number == 5
    assert refused.reason.startswith(reason)


def test_what_the_file_could_not_say_is_refused() -> None:
    assert read_entry(Unreadable(9, "not JSON")) == Refused(9, "not JSON")
