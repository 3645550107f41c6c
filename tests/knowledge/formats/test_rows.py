"""Rows of named values become text that can be found and quoted."""

from collections.abc import Iterator

from knowledge.documents import Section
from knowledge.formats.rows import Field, Row, row_sections


def row(**values: str) -> Row:
    return [Field(name, value) for name, value in values.items()]


def sections(*rows: Row | str, title: str = "") -> list[Section]:
    return list(row_sections(title, rows))


def test_a_short_row_is_one_line_without_its_empty_cells() -> None:
    assert sections(row(Product="TX-200", Warranty="2 years"), row(Product="TX-300", Warranty=" ")) == [
        Section("", "Product: TX-200; Warranty: 2 years\nProduct: TX-300")
    ]


def test_names_lose_their_colon_and_a_value_that_is_its_name_stands_once() -> None:
    assert sections([Field("Size:", "40"), Field("Waterproof", "Waterproof"), Field("", "new")]) == [
        Section("", "Size: 40; Waterproof; new")
    ]


def test_a_row_of_prose_is_a_section_under_its_name() -> None:
    rows = (row(Id="1", Item="Kettle", Note="Fill it. Press the button."), row(Id="2", Item="Pan", Note="none"))
    assert sections(*rows, title="Manual") == [
        Section("Manual › Kettle", "Id: 1; Item: Kettle\nNote: Fill it. Press the button."),
        Section("Manual", "Id: 2; Item: Pan; Note: none"),
    ]


def test_a_row_without_words_is_called_by_its_number() -> None:
    assert sections(row(Id="17", Year="1999", Note="One. Two.")) == [
        Section("Id: 17", "Id: 17; Year: 1999\nNote: One. Two.")
    ]


def test_a_wide_row_is_lines_of_at_most_200_characters_under_its_name() -> None:
    wide = [Field("Name", "Ghent"), *(Field(f"Column {number}", f"value {number}") for number in range(1, 200))]
    (section,) = sections(wide, title="Towns")
    lines = section.text.split("\n")
    assert section.heading == "Towns › Ghent"
    assert lines[0].startswith("Name: Ghent; Column 1: value 1; Column 2: value 2; ")
    assert lines[-1].endswith("; Column 199: value 199")
    assert max(map(len, lines)) <= 200
    assert "; ".join(lines).count("value ") == 199


def test_a_question_heads_its_answer_after_few_words_about_it() -> None:
    assert sections(
        row(Question="How long does it take?", Answer="Two weeks.\nOver Christmas three.", Topic="Delivery"),
        row(Question="Is it free?", Answer="Yes", Topic=""),
    ) == [
        Section("Topic: Delivery › How long does it take?", "Two weeks.\nOver Christmas three."),
        Section("Is it free?", "Yes"),
    ]


def test_names_of_columns_in_chinese() -> None:
    assert sections(row(问题="多久送到？", 答案="两周。")) == [Section("多久送到？", "两周。")]


def test_a_text_without_a_title_and_one_whose_title_is_a_text() -> None:
    long = "Very " * 50 + "long?"
    assert sections(row(text="A. B."), row(question=long, answer="No.")) == [
        Section("", "A. B."),
        Section("", f"{long}\n\nNo."),
    ]


def test_many_words_about_a_text_follow_it() -> None:
    note = "Seen " * 30 + "often"
    assert sections(row(title="Fees", text="They are low.", note=note)) == [
        Section("Fees", f"They are low.\n\nnote: {note}")
    ]


def test_captions_head_what_follows_and_are_said_where_nothing_does() -> None:
    assert sections("Prices", "In euro", row(A="1", B="2"), "Valid in 2024", title="Shop") == [
        Section("Shop › Prices", "Prices"),
        Section("Shop › In euro", "A: 1; B: 2"),
        Section("Shop › Valid in 2024", "Valid in 2024"),
    ]


def test_lines_of_a_cell_stay_lines() -> None:
    assert sections(row(Name="Kettle", Steps="1. Fill\n2. Press")) == [
        Section("Kettle", "Name: Kettle\nSteps: 1. Fill\n2. Press")
    ]


def test_long_tables_come_in_sections_of_100_rows_while_they_are_read() -> None:
    read = 0

    def rows() -> Iterator[Row]:
        nonlocal read
        for number in range(250):
            read += 1
            yield row(Name=f"N{number}", Value=str(number))

    found = row_sections("", rows())
    first = next(found)
    assert (first.text.count("\n"), read) == (99, 101)
    assert [section.text.count("\n") for section in found] == [99, 49]
