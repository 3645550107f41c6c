"""Examples of what a correction will and will not answer, made from its question alone."""

import pytest

from knowledge.scope.examples import are_same_but_for_politeness, will_and_will_not
from knowledge.scope.reading import read
from knowledge.scope.wordings import SAME


@pytest.mark.parametrize(
    ("question", "will"),
    [
        # By a noun and without one, as it is typed, in another order, with a synonym; a polite opening last.
        (
            "What is the return period?",
            ["How long is the return period?", "return period"],
        ),
        (
            "Is the museum open on Mondays?",
            [
                "On Mondays, is the museum open?",
                "museum open on mondays",
            ],
        ),
        (
            "Does my child need a referral?",
            [
                "Does my kid need a referral?",
                "child need referral",
            ],
        ),
        (
            "Can I get a refund if I cancel?",
            [
                "Is it possible to get a refund if I cancel?",
                "If I cancel, can I get a refund?",
                "can i get refund if i cancel",
                "Am I allowed to get a refund if I cancel?",
                "May I get a refund if I cancel?",
            ],
        ),
        (
            "How heavy is my tent?",
            ["What is my tent's weight?", "Weight of my tent", "how heavy tent", "What is the weight of my tent?",
             "What does my tent weigh?"],
        ),
        ("Who pays duties in the US?", ["who pays duties in US"]),
    ],
)  # fmt: skip
def test_other_wordings_are_of_other_shapes(question: str, will: list[str]) -> None:
    found, _ = will_and_will_not(question)
    assert len(found) == 5
    assert [text for text in found if not are_same_but_for_politeness(text, question)] == will


def test_a_question_of_a_known_form_is_said_by_its_templates() -> None:
    will, _ = will_and_will_not("How much does express shipping cost?")
    assert will == [
        "How much do you charge for express shipping?",
        "Price of express shipping",
        "how much express shipping cost",
        "What is the price of express shipping?",
        "What does express shipping cost?",
    ]


@pytest.mark.parametrize(
    ("question", "typed"),
    [
        ("How long can I return shoes?", "how long return shoes"),
        ("What should I do if my parcel is lost?", "what should i do if parcel lost"),
        ("How much does the Heron Solo cost per day?", "how much heron solo cost per day"),
        ("Can I bring my dog?", "can i bring dog"),
    ],
)
def test_what_people_type(question: str, typed: str) -> None:
    assert typed in will_and_will_not(question)[0]


def test_what_follows_stays_behind() -> None:
    will, _ = will_and_will_not("How much is parking for guests?")
    assert will[0] == "Price of parking for guests"
    assert "How much does parking cost for guests?" in will


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("When is the deposit returned?", "time"),  # within a week: no time of the day
        ("Where is the reading room?", "building"),
        ("How long is the return period?", "minutes"),
        ("Is parking free?", "cost anything"),  # a yes would be a no
        ("What is the return period?", "running time"),  # films have one
        ("Do I have to pay a deposit?", "Can I"),
        ("Who decides when the tour starts?", "When the tour starts, who"),
        ("How do I know if it was sent?", "If it was sent, how"),
    ],
)
def test_no_wording_asks_for_another_answer(question: str, never: str) -> None:
    assert [text for text in will_and_will_not(question)[0] if never in text] == []


def test_polite_openings_are_the_last_of_them() -> None:
    for question in ("Can I get a refund if I cancel?", "My card was stolen", "为什么扣钱？"):
        will, _ = will_and_will_not(question)
        politer = [are_same_but_for_politeness(text, question) for text in will]
        assert (len(politer), politer) == (5, sorted(politer))
    assert are_same_but_for_politeness("请问几点开门？", "几点开门")
    assert not are_same_but_for_politeness("什么时候开门？", "几点开门")


def test_synonyms_are_those_of_the_decision_in_one_sense_of_theirs() -> None:
    def meant(frame: str, word: str) -> list[str]:
        return list(read(frame.format(word)).content)[:1]

    frames = ("Is the {} here?", "Do you {} it?", "Is {} here?")
    pairs = [pair.split("/") for pair in SAME.split()]
    apart = [pair for pair in pairs if all(meant(frame, pair[0]) != meant(frame, pair[1]) for frame in frames)]
    assert apart == []


@pytest.mark.parametrize(
    ("question", "never"),
    [
        ("What is the flat rate for shipping?", "apartment"),
        ("How do I fix a flat tyre?", "apartment"),
        ("How firm is the mattress?", "company"),
        ("Is there a company car?", "firm"),
        ("Who do I call at night?", "january"),
        ("How many days of holiday do I get?", "monday"),
        ("How much is the deposit for a bike?", "withdraw"),
        ("Where is international now?", "abroad"),
        ("Is the exchange open on the left?", "depart"),
        ("How do I turn on Bluetooth on the headset?", "off the headset"),
        ("Is the cafe open on Mondays?", "cafe close on"),
        ("Can I get more towels?", "is there more"),
        ("Can I get more towels?", "is more"),
        ("Is the cheapest room free?", "there the"),
    ],
)
def test_what_is_not_english_is_not_shown(question: str, never: str) -> None:
    will, will_not = will_and_will_not(question)
    assert [text for text in (*will, *will_not) if never in text.casefold()] == []


@pytest.mark.parametrize(
    ("question", "near_miss"),
    [
        ("Can I bring a dog in 2024?", "Can I bring a dog in 2025?"),
        ("Can I bring a dog?", "Can't I bring a dog?"),
        ("How do I turn on Bluetooth?", "How do I turn off Bluetooth?"),
        ("When is the pool open on Mondays?", "When is the pool open on Sundays?"),
        ("Where was Marie Curie born?", "Where did Marie Curie die?"),
        ("Is parking free?", "Is parking free for children?"),
    ],
)
def test_a_near_miss_differs_in_one_thing(question: str, near_miss: str) -> None:
    assert near_miss in will_and_will_not(question)[1]


def test_what_is_said_already_narrows_nothing() -> None:
    assert [text for text in will_and_will_not("Does my kid need a referral?")[1] if "for children" in text] == []


def test_what_neighbours_ask_is_a_near_miss_and_nothing_is_said_twice() -> None:
    will, will_not = will_and_will_not("Is parking free?", ["Is breakfast free?", "is parking FREE"])
    assert "Is breakfast free?" in will_not
    assert "is parking FREE" not in will_not
    assert len({*will, *will_not}) == len(will) + len(will_not) == 10
