"""Tables, presentations and books as documents: each is read whole or says why not."""

import random
import re
from io import BytesIO

import openpyxl
import pptx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.chunking import chunk
from knowledge.documents import Section, read_document
from knowledge.errors import (
    CopyProtectedError,
    DamagedDocumentError,
    DamagedLineError,
    DocumentError,
    EncryptedDocumentError,
    NoTextError,
    NotUtf8Error,
    OtherTypeError,
    TextTooLongError,
    TooManyCellsError,
    TooManyPagesError,
    TooManySectionsError,
)
from tests.knowledge.formats.test_ebook import book, chapter, encryption
from tests.knowledge.formats.test_sheet import SHEET, changed, saved, workbook


def presentation(slides: int = 1, title: str = "Prices") -> bytes:
    made, file = pptx.Presentation(), BytesIO()
    for _ in range(slides):
        made.slides.add_slide(made.slide_layouts[5]).shapes.title.text = title
    made.save(file)
    return file.getvalue()


LOCKED = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")
PRICES = saved(workbook(["Product", "Price"], ["TX-200", 5], ["TX-300", 6]))
BOOK = book({"one": chapter("<h1>First</h1><p>A.</p>")}, "one")
DECK = presentation()


@pytest.mark.parametrize(
    ("name", "content", "section"),
    [
        ("a.csv", b"\xef\xbb\xbfProduct;Price\r\nTX-200;5\r\n", Section("", "Product: TX-200; Price: 5")),
        ("a.csv", "产品\t价格\n鞋\t五\n".encode("utf-16"), Section("", "产品: 鞋; 价格: 五")),
        ("a.JSONL", b'{"title": "Fees", "text": "They are low."}\r\n', Section("Fees", "They are low.")),
        ("a.xlsx", PRICES, Section("Prices", "Product: TX-200; Price: 5\nProduct: TX-300; Price: 6")),
        ("a.pptx", DECK, Section("Prices", "Prices", 1)),
        ("a.epub", BOOK, Section("First", "A.")),
    ],
)
def test_each_format_is_read(name: str, content: bytes, section: Section) -> None:
    assert read_document(name, content) == [section]


def test_a_row_is_one_sentence_of_a_passage() -> None:
    (passage,) = chunk(read_document("a.xlsx", PRICES), lambda text: len(text.split()))
    assert passage.heading == "Prices"
    assert [passage.text[span.start : span.end] for span in passage.sentences] == [
        "Product: TX-200; Price: 5",
        "Product: TX-300; Price: 6",
    ]


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.csv", b"a,b\ncaf\xe9,1\n", NotUtf8Error),
        ("a.jsonl", '{"a": "é"}'.encode("latin-1"), NotUtf8Error),
        ("a.csv", b",,\n;;\n", NoTextError),
        ("a.jsonl", b'{"a": null}', NoTextError),
        ("a.csv", PRICES, OtherTypeError),
        ("a.pptx", PRICES, OtherTypeError),
        ("a.xlsx", b"a,b\n1,2\n", OtherTypeError),
        ("a.epub", DECK, OtherTypeError),
        ("a.xlsx", saved(openpyxl.Workbook()), NoTextError),
        ("a.pptx", presentation(title=""), NoTextError),
        ("a.xlsx", LOCKED, EncryptedDocumentError),
        ("a.pptx", LOCKED, EncryptedDocumentError),
        ("a.epub", BOOK[:-20], DamagedDocumentError),
        ("a.epub", book({}, "", **{"META-INF__container.xml": "<x/>"}), DamagedDocumentError),
        ("a.epub", book({"one": ""}, "one", **{"OEBPS__text__one.xhtml": chapter("<p> </p>")}), NoTextError),
    ],
)
def test_each_says_why_it_is_not_read(name: str, content: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error):
        read_document(name, content)


@pytest.mark.parametrize(("name", "content"), [("a.csv", b'a,b\n1,2\n"x,3\n'), ("a.jsonl", b'{"a": 1}\n\n{"a": \n')])
def test_a_damaged_line_is_named(name: str, content: bytes) -> None:
    with pytest.raises(DamagedLineError, match="line 3 breaks"):
        read_document(name, content)


def test_copy_protection() -> None:
    locked = {"META-INF__encryption.xml": encryption("OEBPS/text/one.xhtml")}
    with pytest.raises(CopyProtectedError):
        read_document("a.epub", book({"one": chapter("<p>A.</p>")}, "one", **locked))


def test_too_many_slides() -> None:
    def repeat(xml: bytes) -> bytes:
        return re.sub(rb"<p:sldId [^>]*/>", lambda slide: slide[0] * 2_001, xml)

    with pytest.raises(TooManyPagesError, match="2001 pages"):
        read_document("a.pptx", changed(DECK, "ppt/presentation.xml", repeat))


def test_a_text_in_many_cells_counts_each_time() -> None:
    content = saved(workbook(["x" * 30_000] * 200))
    assert len(content) < 20_000
    with pytest.raises(TextTooLongError, match="more than 5000000 characters"):
        read_document("a.xlsx", content)


@pytest.mark.parametrize(
    "table",
    [
        f"<tr><td rowspan=20>{'x' * 300_000}" + "<tr><td>y" * 19,
        f"<tr><th>{'x' * 1_000}<th>b" + "<tr><td>y<td>z" * 5_000,
    ],
)
def test_a_text_that_a_table_repeats_counts_each_time(table: str) -> None:
    with pytest.raises(TextTooLongError):
        read_document("a.html", f"<table>{table}</table>".encode())


def test_a_text_in_too_many_pieces() -> None:
    with pytest.raises(TooManySectionsError, match="a.md has more than 50000 separate pieces"):
        read_document("a.md", b"# a\nb\n" * 50_001)


def test_a_sheet_with_more_cells_than_are_read() -> None:
    rows = "".join(f'<row r="{row}"><c r="XFD{row}"><v>1</v></c></row>' for row in range(1, 400)).encode()
    content = changed(PRICES, SHEET, lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + rows, 1))
    with pytest.raises(TooManyCellsError, match="more than 5000000 cells"):
        read_document("a.xlsx", content)


def test_entities_that_multiply_are_refused() -> None:
    bomb = "<!DOCTYPE x [<!ENTITY a '" + "x" * 1_000 + "'><!ENTITY b '" + "&a;" * 1_000 + "'>]>"

    def add(xml: bytes) -> bytes:
        return bomb.encode() + xml.replace(b"TX-200", b"&b;")

    with pytest.raises(DamagedDocumentError):
        read_document("a.xlsx", changed(PRICES, SHEET, add))


@settings(deadline=None)
@given(st.sampled_from([".csv", ".jsonl"]), st.text(alphabet='",;|\t\n {}[]:a1é', max_size=200))
def test_wild_text_is_read_or_refused(extension: str, text: str) -> None:
    try:
        sections = read_document(f"a{extension}", text.encode())
    except DocumentError:
        return
    assert all(section.text.strip() for section in sections)


@pytest.mark.filterwarnings("ignore")  # of what the libraries say about damage
@pytest.mark.parametrize("seed", range(30))
@pytest.mark.parametrize(("name", "content"), [("a.xlsx", PRICES), ("a.pptx", DECK), ("a.epub", BOOK)])
def test_damage_is_survived_or_named(name: str, content: bytes, seed: int) -> None:
    chance = random.Random(seed)
    parts = {"a.xlsx": [SHEET, "xl/workbook.xml"], "a.pptx": ["ppt/slides/slide1.xml"], "a.epub": ["OEBPS/book.opf"]}

    def spoil(xml: bytes) -> bytes:
        data = bytearray(xml)
        for _ in range(chance.randrange(1, 10)):
            data[chance.randrange(len(data))] = chance.randrange(32, 127)
        return bytes(data)

    try:
        sections = read_document(name, changed(content, chance.choice(parts[name]), spoil))
    except DocumentError:
        return
    assert all(section.text.strip() for section in sections)
