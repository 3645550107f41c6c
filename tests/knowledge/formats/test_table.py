"""CSV: delimiters, quotes, which row names the columns."""

import pytest

from knowledge.formats.rows import BadLineError, Field, Row
from knowledge.formats.table import delimiter_of, named_rows, read_csv


def named(*rows: list[str]) -> list[Row | str]:
    return list(named_rows(iter(rows)))


def fields(**values: str) -> Row:
    return [Field(name, value) for name, value in values.items()]


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("a,b\n1,2\n", ","),
        ("Name;Price\nA;1,50\nB;2,50\n", ";"),
        ("a\tb\nx, y\tz\n", "\t"),
        ("a|b\n1|2\n", "|"),
        ('name,note\nA,"x; y; z"\nB,"p; q"\n', ","),
        ("1,5;2,5\n3,5;4,5\n", ";"),
        ("one column\nonly\n", ","),
        ("", ","),
    ],
)
def test_delimiters(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_a_delimiter_that_is_stated_is_believed() -> None:
    assert list(read_csv("sep=|\na,b|c\n")) == [["a,b", "c"]]


def test_quotes_hold_delimiters_quotes_and_line_breaks() -> None:
    assert list(read_csv('a,b\n"x, ""y""","one\ntwo"\n5" pipe,\u2028z\n')) == [
        ["a", "b"],
        ['x, "y"', "one\ntwo"],
        ['5" pipe', "\u2028z"],
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [('a,b\n1,2\n"never closed,3\n4,5\n', 3), ('sep=,\na,b\n"x"y,1\n', 3), ('a,"b\nc"\n"x"y,z\n', 3)],
)
def test_damage_is_told_with_the_line_that_its_row_begins_on(text: str, line: int) -> None:
    with pytest.raises(BadLineError) as caught:
        list(read_csv(text))
    assert caught.value.line == line


def test_a_cell_of_more_characters_than_a_cell_has_is_damage() -> None:
    with pytest.raises(BadLineError):
        list(read_csv("a,b\n" + "x" * 200_000 + ",1\n"))


def test_the_first_row_names_the_columns() -> None:
    assert named(["Product", "Warranty"], [], ["TX-200", "2 years"], ["", " "], ["TX-300"]) == [
        fields(Product="TX-200", Warranty="2 years"),
        fields(Product="TX-300"),
    ]


def test_cells_beyond_the_names_have_none() -> None:
    assert named(["A", "B", ""], ["x", "y", "z", "w"]) == [
        [Field("A", "x"), Field("B", "y"), Field("", "z"), Field("", "w")]
    ]


@pytest.mark.parametrize(
    "first",
    [
        ["TX-200", "5 kg", "black"],
        ["Ghent", "1,999.50 €", "x"],
        ["Ann", "ann@example.org", "x"],
        ["Ann", "2024-03-05", "x"],
        ["Ann", "n" * 101, "x"],
    ],
)
def test_a_row_of_values_names_nothing(first: list[str]) -> None:
    assert named(first, ["b", "c", "d"]) == [
        [Field("", cell) for cell in first],
        [Field("", "b"), Field("", "c"), Field("", "d")],
    ]


def test_a_first_row_whose_values_come_again_names_nothing() -> None:
    assert named(["Ghent", "Belgium", "yes"], ["Bruges", "Belgium", "no"])[0] == [
        Field("", "Ghent"),
        Field("", "Belgium"),
        Field("", "yes"),
    ]


def test_years_name_columns_unless_years_stand_below() -> None:
    assert named(["Region", "2023", "2024"], ["Ghent", "5", "6"]) == [
        [Field("Region", "Ghent"), Field("2023", "5"), Field("2024", "6")]
    ]
    assert named(["Ghent", "1999", "x"], ["Bruges", "1998", "y"])[0][0] == Field("", "Ghent")


def test_two_columns_without_names_are_a_name_and_its_value() -> None:
    assert named(["Weight", "5 kg"], ["Colour", "black"]) == [fields(Weight="5 kg"), fields(Colour="black")]


def test_one_column_is_a_list() -> None:
    assert named(["Name"], ["Ann"]) == [[Field("", "Name")], [Field("", "Ann")]]


def test_a_header_that_is_repeated_is_left_out() -> None:
    assert named(["A", "B"], ["1", "2"], ["A", "B"], ["3", "4"]) == [fields(A="1", B="2"), fields(A="3", B="4")]


def test_captions_above_and_inside() -> None:
    assert named(
        ["Prices 2024", "", ""],
        ["Product", "EU", "US"],
        ["Shoes", "Shoes", "Shoes"],
        ["Boot", "5", "5"],
        ["", "7", "7"],
    ) == [
        "Prices 2024",
        "Shoes",
        fields(Product="Boot", EU="5", US="5"),
        fields(EU="7", US="7"),
    ]


def test_two_rows_of_names_under_merged_cells() -> None:
    assert named(["Size", "Price", "Price"], ["Size", "EU", "US"], ["40", "5", "6"]) == [
        [Field("Size", "40"), Field("Price EU", "5"), Field("Price US", "6")]
    ]
