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


@pytest.mark.parametrize("will_not", ["Who?\n\n Why  not\nWHO", ["Who?", "Why\nnot"]])
def test_what_it_must_not_answer(will_not: object) -> None:
    entry = read_entry(Row(2, {"question": "Why?", "answer": "Because.", "will_not": will_not}))
    assert isinstance(entry, Entry)
    assert entry.will_not == ("Who?", "Why not")
    assert entry.examples == (("Who?", "will_not"), ("Why not", "will_not"))


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2027-03-31", "2027-04-01T00:00:00+00:00"),  # the day itself still counts
        (" 2027-03-31T18:00+02:00 ", "2027-03-31T16:00:00+00:00"),
        ("2027-03-31 18:00", "2027-03-31T18:00:00+00:00"),
        ("9999-12-31", "9999-12-31T23:59:59.999999+00:00"),
        ("", None),
    ],
)
def test_until_when_it_holds(text: str, end: str | None) -> None:
    entry = read_entry(Row(2, {"question": "Why?", "answer": "Because.", "valid_until": text}))
    assert isinstance(entry, Entry)
    assert (entry.valid_until and entry.valid_until.isoformat()) == end


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
        ({"question": "a", "valid_until": 3, "answer": "x"}, "valid_until is not a text"),
        (
            {"question": "a", "valid_until": "31/3/2027", "answer": "x"},
            "its valid_until '31/3/2027' is neither a day",
        ),
        ({"question": "a", "will_not": 3, "answer": "x"}, "will_not is neither a text nor a list"),
        ({"question": "a", "will_not": ["b"] * 51, "answer": "x"}, "will_not has 51 questions, and at most 50"),
        ({"question": "a", "will_not": "b\nA?", "answer": "x"}, "'A?' is one of its questions, and in will_not too"),
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
