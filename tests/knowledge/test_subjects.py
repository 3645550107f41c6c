"""What sentences are about, and whether that is another thing than is asked for."""

import pytest

from knowledge.evidence import Evidence, Found
from knowledge.records import PassageRecord, SentenceRecord
from knowledge.subjects import Subjects
from knowledge.text import sentences

BASIC = "Basic cover costs 3 euros a day. It pays for theft. It does not pay for punctures."
PLUS = "Plus cover costs 6 euros a day. It pays for falls."
BIKES = "\n".join(f"Model: {model}; Weight: 9" for model in ("Kestrel", "Wren", "City bike", "City bike 2"))


def found(text: str, id: int = 1, heading: str = "") -> Found:
    records = tuple(SentenceRecord(span.start, span.end, None) for span in sentences(text))
    passage = PassageRecord(id, "d", "guide.md", "everyone", heading, None, text, records)
    return Found(passage, score=1.0, dense=None, keyword=None, why="")


def kept(question: str, *texts: Found, focus: str = "") -> list[str]:
    """The sentences that are not about another thing."""
    subjects = Subjects(Evidence(question, None, {}, len(texts), texts, focus))
    told = [one for each in texts for one in subjects.told(each.passage)]
    return [one.text for one in told if not one.is_title and not one.is_other]


@pytest.mark.parametrize(
    "question",
    ["Does Plus cover include punctures?", "does plus cover include punctures?", "Is the Plus policy of use?"],
)
def test_what_a_pronoun_stands_for_decides(question: str) -> None:
    assert kept(question, found(f"{BASIC} {PLUS}")) == ["Plus cover costs 6 euros a day.", "It pays for falls."]


def test_a_name_that_the_sources_lack_is_another_thing() -> None:
    assert kept("Does the Premium cover include punctures?", found(BASIC)) == []


def test_a_heading_and_a_title_line_say_what_follows() -> None:
    under = found("Punctures are paid for.", heading="Insurance › Plus cover")
    listed = found("Basic cover\nPunctures are your own.\nPlus cover\nPunctures are paid.", id=2)
    asked = "Are punctures in the Basic cover?"
    assert kept(asked, under, listed) == ["Punctures are your own."]


def test_where_no_name_is_asked_for_everything_counts() -> None:
    assert len(kept("Are punctures paid for?", found(f"{BASIC} {PLUS}"))) == 5


def test_who_does_something_is_no_kind_of_thing() -> None:
    text = "Tesla moved to New York. In 1899 Nikola moved to Colorado."
    assert len(kept("When did Tesla move to Colorado?", found(text))) == 2


@pytest.mark.parametrize(
    ("question", "models"),
    [
        ("How heavy is the Kestrel?", ["Kestrel"]),
        ("how heavy is the kestrel", ["Kestrel"]),
        ("Which is lighter, the Kestrel or the Wren?", ["Kestrel", "Wren"]),
        ("How heavy is a city bike?", ["City bike", "City bike 2"]),
        ("Which bike is the lightest?", ["Kestrel", "Wren", "City bike", "City bike 2"]),
    ],
)
def test_a_row_of_another_thing_is_left_out_where_the_one_asked_for_has_its_own(
    question: str, models: list[str]
) -> None:
    assert [row.removeprefix("Model: ").split(";")[0] for row in kept(question, found(BIKES))] == models


def test_what_was_said_last_takes_the_place_of_the_row_before() -> None:
    question, focus = "How heavy is the Kestrel? and the Wren?", "and the Wren?"
    assert kept(question, found(BIKES), focus=focus) == ["Model: Wren; Weight: 9"]
    question, focus = f"{question} how tall is it?", "how tall is it?"
    assert kept(question, found(BIKES), focus=focus) == ["Model: Wren; Weight: 9"]
    question, focus = "Is Basic cover cheap? And Plus cover? What does it pay?", "What does it pay?"
    assert kept(question, found(f"{BASIC} {PLUS}"), focus=focus) == [
        "Plus cover costs 6 euros a day.",
        "It pays for falls.",
    ]


HALLS = "\n".join(f"Hall: {hall}; Seats: {seats}" for hall, seats in (("Ash 1", 20), ("Ash 2", 60), ("Beech", 60)))


@pytest.mark.parametrize(
    ("question", "halls"),
    [
        ("Which hall has 60 seats?", ["Ash 2", "Beech"]),
        ("Which hall has twenty seats?", ["Ash 1"]),
        ("Which hall has 70 seats?", []),
        ("Which hall has more than 50 seats?", ["Ash 1", "Ash 2", "Beech"]),
        ("Has the Beech hall 20 seats?", ["Beech"]),
        ("Who cleans Ash?", ["Ash 1", "Ash 2"]),
        ("beech", ["Beech"]),
        ("How do I sweep under a beech or an ash?", ["Beech"]),
        ("Who cleans Ash Cottage?", ["Ash 1", "Ash 2", "Beech"]),
        ("Which Hall is the largest?", ["Ash 1", "Ash 2", "Beech"]),
    ],
)
def test_a_row_is_asked_for_by_a_number_of_a_column_or_by_a_part_of_its_name(question: str, halls: list[str]) -> None:
    assert [row.removeprefix("Hall: ").split(";")[0] for row in kept(question, found(HALLS))] == halls


def test_a_number_that_was_said_before_holds_for_what_is_asked_next() -> None:
    question, focus = "Which hall has 20 seats? what does it cost?", "what does it cost?"
    assert kept(question, found(HALLS), focus=focus) == ["Hall: Ash 1; Seats: 20"]


PASSES = "\n".join(
    f"Pass: {name}; Price: {price}; Valid (days): {days}; Group size: {size}"
    for name, price, days, size in (("Day", 9, 1, 1), ("Week", 30, 7, 1), ("Group", 45, 1, 5))
)


@pytest.mark.parametrize(
    ("question", "passes"),
    [
        ("How much is the day pass?", ["Day"]),
        ("How much is the day pass in 2025?", ["Day"]),
        ("Which pass is valid for 7 days?", ["Week"]),
        ("Which pass is valid for 30 days?", []),
        ("What is the group size of the week pass?", ["Week"]),
    ],
)
def test_a_word_of_a_column_names_no_row(question: str, passes: list[str]) -> None:
    assert [row.removeprefix("Pass: ").split(";")[0] for row in kept(question, found(PASSES))] == passes


def test_a_row_is_one_of_several_where_none_is_named() -> None:
    def is_one(question: str, text: str) -> bool:
        return Subjects(Evidence(question, None, {}, 1, (found(text),))).is_one_of_several(text.split("\n")[0])

    assert is_one("What is the price?", PASSES)
    assert not is_one("What is the price of the day pass?", PASSES)
    assert not is_one("What is the price?", PASSES.split("\n")[0])
    assert not is_one("What is the price?", BASIC)


def test_a_number_that_nothing_in_one_of_several_rows_has() -> None:
    def lacks(question: str) -> bool:
        return Subjects(Evidence(question, None, {}, 1, (found(PASSES),))).lacks_stated(PASSES.split("\n")[0])

    assert lacks("How much is a pass in 2025?")
    assert not lacks("How much is a pass of 9 euros?")
    assert not lacks("How much is the day pass in 2025?")
    assert not lacks("How much is a pass?")


CARDS = "Blue members pay half. Amber members pay nothing. The Amber card costs 30 euros. All members may swim."


def test_a_bare_name_takes_the_place_of_one_of_its_kind() -> None:
    question, focus = "What do Blue members pay? And for Amber?", "And for Amber?"
    about_amber = ["Amber members pay nothing.", "The Amber card costs 30 euros.", "All members may swim."]
    assert kept(question, found(CARDS), focus=focus) == about_amber
    question = f"{question} what does it cost?"
    assert kept(question, found(CARDS), focus="what does it cost?") == about_amber
    under = found("They pay half. Towels are lent.", heading="Cards › Blue", id=2)
    assert kept("What do Blue members pay? And for Amber?", found(CARDS), under, focus=focus) == about_amber


def test_what_is_no_bare_name_takes_no_place() -> None:
    question, focus = "What do Blue members pay? And more than Amber?", "And more than Amber?"
    assert kept(question, found(CARDS), focus=focus)[0] == "Blue members pay half."


def test_the_words_of_the_name_before_say_nothing_any_more() -> None:
    idf = {"blue": 2.0, "amber": 3.0, "pai": 1.0}
    question = "What do Blue members pay? And for Amber?"
    subjects = Subjects(Evidence(question, None, idf, 1, (found(CARDS),), "And for Amber?"))
    assert subjects.idf == {"amber": 3.0, "pai": 1.0}


def test_a_row_is_shortened_where_its_name_tells_it_from_all_others() -> None:
    rows = found(
        "Hall: Ash; Day: Monday; Opens: 9:00\nHall: Ash; Day: Friday; Opens: 8:00\nHall: Fir; Day: Monday; Opens: 7:00"
    )
    subjects = Subjects(Evidence("When does it open?", None, {}, 1, (rows,)))
    told = [subjects.shortened(one.text, "When does it open?") for one in subjects.told(rows.passage)]
    assert told == [
        "Hall: Ash; Day: Monday; Opens: 9:00",
        "Hall: Ash; Day: Friday; Opens: 8:00",
        "Hall: Fir; Opens: 7:00",
    ]


def test_a_row_elsewhere_that_names_the_thing_or_is_of_another_column_counts() -> None:
    parts = found("Model: Basket; Fits: Wren\nModel: Bell; Fits: Kestrel\nAge: Adult; Deposit: 50", id=2)
    assert kept("What is there for the Wren?", found(BIKES), parts) == [
        "Model: Wren; Weight: 9",
        "Model: Basket; Fits: Wren",
        "Age: Adult; Deposit: 50",
    ]
