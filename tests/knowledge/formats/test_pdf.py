"""PDF: pages, headings from the outline, and files that cannot be read."""

from io import BytesIO

import pytest
from pypdf import PdfWriter

from knowledge import documents
from knowledge.documents import Section, read_document
from knowledge.errors import DamagedDocumentError, EncryptedDocumentError, NoTextError, TooManyPagesError
from tests.knowledge.formats.files import encrypted_pdf, lines_pdf, manual, pdf

WORDS = ((1, "two"), (2, "four"), (3, "nine"))


def test_pages_headings_and_paragraphs() -> None:
    rule = "Items may be returned within thirty days of delivery if they are unused and in their original packaging."
    assert read_document("a.pdf", manual()) == [
        Section("Returns", f"{rule} {rule}", 1),
        Section("Returns › Shoes", "Shoes come back with their box, and boots with two boxes.", 1),
        Section("Returns › Shoes", "Laces stay.", 2),
        Section("Shipping", "We ship daily.", 3),
    ]


def test_a_path_of_bookmarks_has_an_end() -> None:
    file = BytesIO()
    writer = PdfWriter(BytesIO(pdf("Text.")))
    above = None
    for depth in range(12):
        above = writer.add_outline_item(title=f"{depth:02}" + "x" * 1_000, page_number=0, parent=above)
    writer.write(file)
    (section,) = read_document("a.pdf", file.getvalue())
    assert section.heading == " › ".join(f"{depth:02}" + "x" * 298 for depth in range(2, 12))


def test_pages_without_an_outline() -> None:
    assert read_document("a.PDF", pdf("One.", "", "Three.")) == [Section("", "One.", 1), Section("", "Three.", 3)]


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        ("Acme handbook", "Page {page} of 12"),
        ("Acme handbook {page}", "- {page} -"),
        ("Acme | {page}", "{page}"),
        ("Acme", "guide, p. {page}"),
        ("第 {page} 页", "Acme Ltd. Seite {page}"),
    ],
)
def test_running_heads_are_left_out(head: str, foot: str) -> None:
    pages = [
        (head.format(page=page), f"The {word} hall is open.", f"Go to the {word} door.", foot.format(page=page))
        for page, word in enumerate(("first", "second", "third"), start=7)
    ]
    assert [section.text for section in read_document("a.pdf", lines_pdf(*pages))] == [
        f"The {word} hall is open.\nGo to the {word} door." for word in ("first", "second", "third")
    ]


@pytest.mark.parametrize(
    ("head", "foot"),
    [("Boiler TX-{n}00", "The price is {n}99 euros."), ("Week {n}", "{n}50 euros"), ("Boiler TX-{n}", "{n}.5 m")],
)
def test_what_tells_pages_apart_is_no_running_head(head: str, foot: str) -> None:
    pages = [(head.format(n=n), f"For {word} people.", "Made of steel.", foot.format(n=n)) for n, word in WORDS]
    for section, page in zip(read_document("a.pdf", lines_pdf(*pages)), pages, strict=True):
        assert section.text.split() == " ".join(page).split()


def test_what_running_heads_say_is_read_once() -> None:
    pages = [("Acme", f"The {word} hall.", "All prices with tax, call 0800 123.", str(n)) for n, word in WORDS]
    assert read_document("a.pdf", lines_pdf(*pages)) == [
        *(Section("", f"The {word} hall.", n) for n, word in WORDS),
        Section("", "All prices with tax, call 0800 123.", 1),
    ]


def test_password() -> None:
    with pytest.raises(EncryptedDocumentError):
        read_document("a.pdf", encrypted_pdf("secret"))


def test_protected_against_changes_only() -> None:
    assert read_document("a.pdf", encrypted_pdf("")) == [Section("", "Secret.", 1)]


def test_no_text() -> None:
    with pytest.raises(NoTextError):
        read_document("scan.pdf", pdf("", ""))


def test_too_many_pages() -> None:
    writer = PdfWriter()
    for _ in range(documents.MAX_PAGES + 1):
        writer.add_blank_page(100, 100)
    file = BytesIO()
    writer.write(file)
    with pytest.raises(TooManyPagesError, match="2001 pages"):
        read_document("a.pdf", file.getvalue())


def test_something_may_stand_before_it() -> None:
    assert read_document("a.pdf", b"\n" * 100 + pdf("One.")) == [Section("", "One.", 1)]


def test_damaged(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(DamagedDocumentError):
        read_document("a.pdf", manual()[:300])
    (said,) = caplog.text.splitlines()  # not a page of traceback for each file that a stranger sends
    assert "A .pdf file could not be parsed: " in said
