"""Word: headings by style, lists, tables, and the text as it stands now."""

import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.opc.constants import CONTENT_TYPE as CT
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import nsdecls, qn

from knowledge.documents import Section, read_document
from knowledge.errors import DamagedDocumentError, EncryptedDocumentError, UnpackedTooLargeError
from tests.knowledge.formats.files import word


def test_headings_lists_and_paragraphs() -> None:
    document = docx.Document()
    document.add_heading("Handbook", 0)
    document.add_heading("Returns", 1)
    document.add_paragraph("You need:")
    document.add_paragraph("a box", style="List Bullet")
    document.add_paragraph("tape", style="List Number")
    document.add_heading("Shoes", 2)
    document.add_paragraph("In their box.")
    assert read_document("a.docx", word(document)) == [
        Section("Handbook › Returns", "You need:\na box\ntape"),
        Section("Handbook › Returns › Shoes", "In their box."),
    ]


def test_a_style_based_on_a_heading_is_one() -> None:
    document = docx.Document()
    document.styles.add_style("Chapter", 1).base_style = document.styles["Heading 1"]
    document.add_paragraph("Returns", style="Chapter")
    document.add_paragraph("A.")
    assert read_document("a.docx", word(document)) == [Section("Returns", "A.")]


def test_tables_in_their_place() -> None:
    document = docx.Document()
    document.add_paragraph("Before.")
    table = document.add_table(3, 3)
    for row, texts in enumerate([["Product", "Years", "Note"], ["TX-200", "2", "new"], ["TX-300", "", ""]]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 1).merge(table.cell(2, 1))
    pairs = document.add_table(2, 2)
    pairs.cell(0, 0).text, pairs.cell(0, 1).text = "Weight", "5 kg"
    pairs.cell(1, 0).merge(pairs.cell(1, 1)).text = "Made in Ghent"
    document.add_paragraph("After.")
    assert read_document("a.docx", word(document)) == [
        Section(
            "",
            "Before.\n\nProduct: TX-200; Years: 2; Note: new\nProduct: TX-300; Years: 2\n\n"
            "Weight: 5 kg\nMade in Ghent\n\nAfter.",
        )
    ]


def test_a_bold_first_row_names_the_columns() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for cell, text in zip(table.rows[0].cells, ["Size", "Price"], strict=True):
        cell.paragraphs[0].add_run(text).bold = True
    table.cell(1, 0).text, table.cell(1, 1).text = "40", "5"
    assert read_document("a.docx", word(document)) == [Section("", "Size: 40; Price: 5")]


def _two_columns(*rows: tuple[str, str]) -> str:
    document = docx.Document()
    table = document.add_table(len(rows), 2)
    for place, texts in enumerate(rows):
        for column, text in enumerate(texts):
            table.cell(place, column).text = text
    (section,) = read_document("a.docx", word(document))
    return section.text


def test_a_first_row_over_two_columns_of_one_form_names_them() -> None:
    told = _two_columns(("Tool", "Shelf"), ("Jigsaw", "S07"), ("Drill", "K12"))
    assert told == "Tool: Jigsaw; Shelf: S07\nTool: Drill; Shelf: K12"
    prices = _two_columns(("Ticket", "Price"), ("Adult", "14 euros"), ("Child", "9 euros"))
    assert prices.splitlines()[0] == "Ticket: Adult; Price: 14 euros"


@pytest.mark.parametrize(
    "rows",
    [
        (("Name", "Ada"), ("Age", "41"), ("Born", "1985")),
        (("Name", "Ada"), ("Weight", "5 kg"), ("Height", "1.80 m")),
        (("Name", "Ada"), ("Room", "S07")),
        (("Code", "S07"), ("Room", "K12"), ("Bed", "B2")),
    ],
)
def test_names_and_their_values_stay_pairs(rows: tuple[tuple[str, str], ...]) -> None:
    assert _two_columns(*rows).splitlines() == [f"{name}: {value}" for name, value in rows]


def test_the_text_as_it_stands_now() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Within ")
    for tag, text in (("w:del", "60"), ("w:ins", "30")):
        change = OxmlElement(tag)
        change.append(paragraph.add_run(text)._r)
        paragraph._p.append(change)
    paragraph.add_run(" days.")
    paragraph.add_run("secret").font.hidden = True
    assert read_document("a.docx", word(document)) == [Section("", "Within 30 days.")]


def _with_note(paragraph: Any, kind: str, id: str, inside: str = "") -> None:
    """Refers to a note in a paragraph, perhaps in a deletion."""
    reference = OxmlElement(f"w:{kind}Reference", {qn("w:id"): id})
    run = paragraph.add_run()._r
    run.append(reference)
    if inside:
        around = OxmlElement(inside)
        run.addprevious(around)
        around.append(run)


def test_notes_follow_what_refers_to_them() -> None:
    document = docx.Document()
    first = document.add_paragraph("Returns are free.")
    _with_note(first, "footnote", "2")
    _with_note(first, "footnote", "3", inside="w:del")
    _with_note(document.add_table(1, 1).cell(0, 0).paragraphs[0], "endnote", "2")
    document.add_paragraph("Ask at the desk.")
    for kind, texts in (("footnote", ("Not from abroad.", "Gone.")), ("endnote", ("As of May.",))):
        notes = "".join(
            f'<w:{kind} w:id="{id}"><w:p><w:r><w:{kind}Ref/><w:t>{text}</w:t></w:r></w:p></w:{kind}>'
            for id, text in enumerate(texts, start=2)
        )
        line = f'<w:{kind} w:type="separator" w:id="1"><w:p><w:r><w:t>---</w:t></w:r></w:p></w:{kind}>'
        xml = f"<w:{kind}s {nsdecls('w')}>{line}{notes}</w:{kind}s>"
        part = Part(PackURI(f"/word/{kind}s.xml"), f"{CT.WML_DOCUMENT}.{kind}s", xml.encode(), document.part.package)
        document.part.relate_to(part, getattr(RT, f"{kind.upper()}S"))
    assert read_document("a.docx", word(document)) == [
        Section("", "Returns are free.\n\nNot from abroad.\n\nAs of May.\n\nAsk at the desk.")
    ]


def test_too_much_after_unpacking() -> None:
    file = BytesIO(word(docx.Document()))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/bomb", "w") as entry:
        for _ in range(201):
            entry.write(bytes(1024 * 1024))
    with pytest.raises(UnpackedTooLargeError, match="202 MB, and at most 200 MB"):
        read_document("a.docx", file.getvalue())


def test_entities_are_not_resolved() -> None:
    source = zipfile.ZipFile(BytesIO(word(docx.Document())))
    file = BytesIO()
    body = (
        '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document xmlns:w="http://schemas.openxmlformats.org/'
        'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>Text &x;</w:t></w:r></w:p></w:body></w:document>'
    )
    with zipfile.ZipFile(file, "w") as archive:
        for entry in source.namelist():
            archive.writestr(entry, body if entry == "word/document.xml" else source.read(entry))
    assert read_document("a.docx", file.getvalue()) == [Section("", "Text")]


def test_password() -> None:
    content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(EncryptedDocumentError):
        read_document("a.docx", content)


def test_damaged() -> None:
    with pytest.raises(DamagedDocumentError):
        read_document("a.docx", word(docx.Document())[:2_000])
