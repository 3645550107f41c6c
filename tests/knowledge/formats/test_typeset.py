"""Headings of a PDF by its type, on pages drawn line by line."""

from collections.abc import Sequence
from io import BytesIO

from reportlab.pdfgen.canvas import Canvas

from knowledge.documents import Section, read_document

TITLE, HEAD, BOLD, TEXT = ("Helvetica-Bold", 18), ("Helvetica", 14), ("Helvetica-Bold", 10), ("Helvetica", 10)
INSURED = "Every bike that is rented from us can be insured at the counter before the first ride."
PUNCTURES = "It does not cover punctures, and it costs 3 euros a day for every bike."
FALLS = "It pays for theft and for damage from falls, and it costs 6 euros a day."

Written = tuple[tuple[str, int], str]


def sections(*pages: Sequence[Written]) -> list[Section]:
    """What is read from these lines, each in its font."""
    file = BytesIO()
    canvas = Canvas(file)
    for lines in pages:
        for place, (font, line) in enumerate(lines):
            canvas.setFont(*font)
            canvas.drawString(70, 700 - 30 * place, line)
        canvas.showPage()
    canvas.save()
    return read_document("a.pdf", file.getvalue())


def test_larger_and_bolder_lines_are_headings_also_of_the_next_page() -> None:
    first = [(TITLE, "Bike insurance"), (TEXT, INSURED), (HEAD, "Basic"), (HEAD, "cover"), (TEXT, PUNCTURES)]
    second = [(TEXT, "Claims come first."), (HEAD, "Plus cover"), (BOLD, "Falls"), (TEXT, FALLS)]
    assert sections(first, second) == [
        Section("Bike insurance", INSURED, 1),
        Section("Bike insurance › Basic cover", PUNCTURES, 1),
        Section("Bike insurance › Basic cover", "Claims come first.", 2),
        Section("Bike insurance › Plus cover › Falls", FALLS, 2),
    ]


def test_what_has_nothing_below_it_or_says_a_value_stays_a_line() -> None:
    lines = [(TEXT, INSURED), (BOLD, "Price: 3 euros"), (TEXT, PUNCTURES), (BOLD, "Only 6 euros"), (TEXT, FALLS)]
    (section,) = sections([*lines, (BOLD, "Closed on Mondays")])
    assert section.heading == ""
    assert (
        section.text.split() == f"{INSURED} Price: 3 euros {PUNCTURES} Only 6 euros {FALLS} Closed on Mondays".split()
    )


def test_a_bold_word_within_a_line_and_a_bold_paragraph_are_no_headings() -> None:
    paragraph = [(BOLD, "Ride with care"), (BOLD, "where others walk"), (BOLD, "and at night")]
    lines = [(TEXT, INSURED), *paragraph, (TEXT, PUNCTURES), (TEXT, FALLS)]
    (section,) = sections(lines)
    assert section.heading == ""
    assert "where others walk" in section.text


def test_where_most_is_large_nothing_is_a_heading() -> None:
    lines = [(HEAD, "Spring"), (TEXT, "New bikes."), (HEAD, "Summer"), (TEXT, "Long days.")]
    assert [section.heading for section in sections(lines)] == [""]
