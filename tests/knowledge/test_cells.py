"""Which cells of a row are asked for, and which hold a number that a question states."""

import pytest

from knowledge.cells import Cell, cells, holds, naming, shortened, stated, without_columns

TENT = "Tent: Fulmar; Berths: 3; Weight (kg): 4.50; Hire per night: 18 euros; Maximum wind (km/h): 80; Colour: red"


def test_a_row_has_cells_and_a_name() -> None:
    row = cells("Number: 12; Tent: Fulmar; Note: bring pegs")
    assert row == (Cell("Number", "12"), Cell("Tent", "Fulmar"), Cell("Note", "bring pegs"))
    assert naming(row) == Cell("Tent", "Fulmar")
    assert naming(cells("Year: 1999; Nights: 12; Weather: rain")) is None


@pytest.mark.parametrize("text", ["Hours: 9:00 to 17:00", "Note: bring pegs; mallets are ours.", "It is dry."])
def test_other_sentences_are_no_rows(text: str) -> None:
    assert cells(text) == ()


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("How many berths does the Fulmar have?", "Tent: Fulmar; Berths: 3"),
        ("What color is the Fulmar?", "Tent: Fulmar; Colour: red"),
        ("Is the Fulmar red?", "Tent: Fulmar; Colour: red"),
        ("What are the weight and the colour of the Fulmar?", "Tent: Fulmar; Weight (kg): 4.50; Colour: red"),
        ("How heavy is the Fulmar, and what does it cost?", TENT),  # no column says which is the price
        ("Who sells the Fulmar?", TENT),
        ("Who mends the colour of the Fulmar?", TENT),  # no cell is said to have a mender
        ("What is the weight of the Fulmar that I saw?", "Tent: Fulmar; Weight (kg): 4.50"),
        ("What is the Fulmar?", TENT),
    ],
)
def test_a_row_is_shortened_to_its_name_and_what_is_asked_for(question: str, told: str) -> None:
    assert shortened(TENT, question) == told


def test_how_much_it_is_asks_for_the_price() -> None:
    row = "Bike: Wren; Price per day: 20; Colour: red; Gears: 7"
    assert shortened(row, "How much is the Wren?") == "Bike: Wren; Price per day: 20"
    assert shortened(row, "How much is the Wren in red?") == "Bike: Wren; Price per day: 20; Colour: red"


HOURS = "Day: Tuesday; Opens: 9:00; Closes: 18:30; Phone: 0123"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("Until when are you open on Tuesday?", "Day: Tuesday; Closes: 18:30"),
        ("How late are you open on Tuesday?", "Day: Tuesday; Closes: 18:30"),
        ("When do you close on Tuesday?", "Day: Tuesday; Closes: 18:30"),
        ("What time do you open on Tuesday?", "Day: Tuesday; Opens: 9:00"),
        ("When are you open on Tuesday?", "Day: Tuesday; Opens: 9:00; Closes: 18:30"),
        ("How long are you open on Tuesday?", "Day: Tuesday; Opens: 9:00; Closes: 18:30"),
        ("What are the opening hours on Tuesday?", HOURS),
        ("What is the phone number on Tuesday?", "Day: Tuesday; Phone: 0123"),
    ],
)
def test_of_from_when_and_until_when_the_one_that_is_asked_for_is_told(question: str, told: str) -> None:
    assert shortened(HOURS, question) == told


def test_what_tells_no_end_is_told_whole_where_one_is_asked_for() -> None:
    row = "Shop: North; Opens: 9:00; Evenings: by appointment"
    assert shortened(row, "Until when does North open?") == row


def test_the_names_of_other_rows_are_no_words_that_a_row_lacks() -> None:
    asked = "What does the Gannet cost per night? And the Fulmar?"
    row = "Tent: Fulmar; Price per night: 18; Colour: red"
    assert shortened(row, asked) == row
    assert shortened(row, asked, {"gannet"}) == "Tent: Fulmar; Price per night: 18"


@pytest.mark.parametrize(
    ("question", "without"),
    [
        ("How much is the day pass?", "How much is the day pass?"),
        ("What is the group size of the week?", "What is the , , of the week?"),
        ("Which is good for 7 days?", "Which is good for 7 ,?"),
        ("How many days is the week pass valid?", "How many , is the week pass valid?"),
        ("How much is it for a group?", "How much is it for a group?"),
    ],
)
def test_a_word_of_a_column_is_no_name_of_a_row(question: str, without: str) -> None:
    rows = [cells(f"Pass: {name}; Valid (days): 7; Group size: 1") for name in ("Day", "Week", "Group")]
    assert without_columns(question, rows) == without


def test_of_two_columns_that_which_says_more_of_the_question_is_told() -> None:
    row = "Bike: Wren; Price per hour: 4; Price per day: 20; Deposit: 50"
    assert shortened(row, "What is the price per day of the Wren?") == "Bike: Wren; Price per day: 20"
    assert shortened(row, "What are the price per day and the deposit?") == "Bike: Wren; Price per day: 20; Deposit: 50"


@pytest.mark.parametrize(
    ("question", "held"),
    [
        ("Which tent has three berths?", [True]),
        ("Which tent has 2 berths?", [False]),
        ("Which tent weighs 4.5 kg?", [True]),
        ("Which tent weighs 5?", [False]),
        ("Which tent is 18 euros a night and has one berth?", [True, False]),
        ("May I keep it for 3 nights?", [None]),  # the price is for each night: no column of nights
        ("Does it stand a wind of 60 km/h?", [True]),  # less than the maximum is fine
        ("Does it stand a wind of 90 km/h?", [False]),
        ("Do I need it in 3 days?", []),  # that says when
        ("Which tent has at least two berths?", []),
        ("Which tent has 2 berths or more?", []),
        ("What about a tent with 2 berths?", [False]),
        ("Which tent is red?", []),
    ],
)
def test_a_number_is_held_against_its_column(question: str, held: list[bool | None]) -> None:
    assert [holds(cells(TENT), number) for number in stated(question)] == held


def test_a_thousand_is_written_with_a_comma_or_without() -> None:
    (number,) = stated("Which van costs 1,900 euros?")
    assert holds(cells("Van: Gull; Price: 1900 euros"), number) is True
    assert holds(cells("Van: Gull; Price: 1,950 euros"), number) is False


def test_no_number_is_another_than_the_one_that_is_stated() -> None:
    (number,) = stated("Which van has 5 seats?")
    assert holds(cells("Van: Gull; Seats: unlimited"), number) is False
    assert holds(cells("Van: Gull; Seats: 4 to 6"), number) is None
