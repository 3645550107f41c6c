"""What a question says: its kind, its names, and one slip of the finger."""

import pytest

from knowledge.scope.aboutness import is_typo
from knowledge.scope.kinds import Kind
from knowledge.scope.reading import read


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Can you tell me how much a ticket is?", Kind.PRICE),
        ("Hello, can you please tell me how much a ticket is?", Kind.PRICE),
        ("How many days do I have?", Kind.DURATION),
        ("How many tickets are left?", Kind.COUNT),
        ("At what time do you open?", Kind.TIME),
        ("What is the price of a ticket?", Kind.PRICE),
        ("What do students pay?", Kind.PRICE),
        ("How high is the fine?", Kind.PRICE),
        ("How high is the tower?", Kind.MEASURE),
        ("What is the refund policy?", Kind.THING),
        ("What is the delivery time?", Kind.DURATION),
        ("What is the opening time?", Kind.TIME),
        ("How quickly do you answer?", Kind.DURATION),
        ("What do I have to pay for?", Kind.THING),
        ("What should I do to reset it?", Kind.MANNER),
        ("Which city is it in?", Kind.PLACE),
        ("What does it mean?", Kind.THING),
        ("When I travel, can I pay by card?", Kind.NONE),
        ("ticket price", Kind.PRICE),
    ],
)
def test_the_kind_of_a_question(question: str, kind: Kind) -> None:
    assert read(question).kind == kind


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("Where does Karl Marx's brother live?", {"karl", "marx"}),
        ("Karl Marx lived where?", {"karl", "marx"}),
        ("Parking for guests?", set()),
        ("How Do I Reset My Password?", set()),
        ("What does error E41 mean?", {"e41"}),
        ("Is it open on Mondays in May?", set()),
        ("Hello, can I park here?", set()),
    ],
)
def test_names_are_capitals_inside_a_sentence_and_letters_with_digits(question: str, names: set[str]) -> None:
    assert set(read(question).names) - {"may"} == names


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("library", "libary", True),
        ("museum", "muesum", True),
        ("ticket", "tickets", True),
        ("museum", "muses", False),
        ("x2000", "x2001", False),
        ("cat", "car", False),
    ],
)
def test_one_slip_of_the_finger(word: str, other: str, expected: bool) -> None:
    assert is_typo(word, other) is expected
    assert is_typo(other, word) is expected
