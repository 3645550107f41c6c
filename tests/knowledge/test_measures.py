"""Words of measure: which are asked for, that they are one word, and what tells them."""

import pytest

from knowledge.measures import as_one_word, asked_words, measures, tells, wants, words_of
from knowledge.text import content_words


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("How heavy is the Kestrel?", {"heavi": "=weight"}),
        ("What is the weight of the Kestrel?", {"weight": "=weight"}),
        ("How expensive is it?", {"expens": "=price"}),
        ("What does it cost, and how old is it?", {"cost": "=price", "old": "=age"}),
        ("How long is the boat?", {"long": "=length"}),
        ("How long can I keep it?", {}),
        ("How long are you open?", {}),
        ("How long is the label valid?", {}),
        ("How long are parcels stored?", {}),
        ("How far in advance must I book?", {}),
        ("Is the old boat in the high season?", {}),
    ],
)
def test_what_is_asked_for(question: str, asked: dict[str, str]) -> None:
    assert asked_words(question) == asked


def test_the_words_of_a_measure_are_one_as_telling_as_the_commonest() -> None:
    asked = asked_words("How heavy is the Kestrel?")
    assert words_of(asked) == "heavy weight weigh"
    idf = {"heavi": 3.0, "kestrel": 2.0, "weight": 0.5, "weigh": 3.0}
    assert as_one_word(idf, asked) == {"=weight": 0.5, "kestrel": 2.0}
    assert as_one_word({"lamp": 1.0, "high": 2.0}, {}) == {"lamp": 1.0, "high": 2.0}


def test_a_closed_list_says_the_same() -> None:
    assert measures(content_words("Weight kg: 8.4")) == measures(content_words("It weighs little.")) == {"=weight"}
    assert measures(content_words("A fee, a load, a height")) == {"=height"}


@pytest.mark.parametrize(
    ("question", "measure"),
    [
        ("How heavy is it?", "=weight"),
        ("What does it weigh?", "=weight"),
        ("How tall is it?", "=height"),
        ("How high is the fee?", None),
        ("How long is the tour?", "=length"),
        ("What is the price?", None),
        ("How fast is it?", "=speed"),
        ("How fast do you deliver?", None),
        ("What color is it?", "=colour"),
        ("What is the colour of the Kestrel?", "=colour"),
        ("Which towels are in the colour room?", None),
    ],
)
def test_without_which_measure_nothing_is_an_answer(question: str, measure: str | None) -> None:
    assert wants(question) == measure


@pytest.mark.parametrize(
    ("measure", "text", "expected"),
    [
        ("=weight", "Weight: 8.4", True),
        ("=weight", "The Kestrel has 8.4 kg.", True),
        ("=weight", "Tyre pressure bar: 7.5", False),
        ("=height", "It is 50 cm from the ground.", True),
        ("=price", "Rent: 24 euros", True),
        ("=price", "Rent: 24 hours", False),
        ("=length", "Warranty: 2 years; Colour: red", True),
        ("=length", "Model: Wren; Pressure: 4.0", False),
        ("=length", "The reign was short.", True),
        ("=length", "Tour: Wren; Starts: 9:00; Ends: 11:30", True),
        ("=length", "Tour: Wren; Starts: 9:00; Seats: 12", False),
        ("=speed", "Model: Wren; Motor: up to 25 km/h", True),
        ("=speed", "Model: Wren; Gears: 7", False),
        ("=speed", "Delivery takes two days.", True),
        ("=colour", "Model: Wren; Colours: two", True),
        ("=colour", "Model: Wren; Finish: matt black", True),
        ("=colour", "Model: Wren; Gears: 7", False),
    ],
)
def test_what_tells_a_measure(measure: str, text: str, expected: bool) -> None:
    assert tells(measure, text, content_words(text)) is expected
