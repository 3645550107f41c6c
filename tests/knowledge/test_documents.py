"""Files of every kind become sections; each one that cannot says why."""

import random
import zipfile
from io import BytesIO
from typing import Any

import docx
import pytest
from docx.oxml import OxmlElement
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate

from knowledge import documents
from knowledge.documents import MEDIA_TYPES, Section, read_document
from knowledge.errors import (
    DamagedDocumentError,
    DocumentError,
    EncryptedDocumentError,
    FileTooLargeError,
    NoTextError,
    NotUtf8Error,
    OtherTypeError,
    TextTooLongError,
    TooManyPagesError,
    UnpackedTooLargeError,
    UnsupportedTypeError,
)


def markdown(text: str) -> list[Section]:
    return read_document("a.md", text.encode())


def html(text: str) -> list[Section]:
    return read_document("a.html", text.encode())


def plain(text: str) -> str:
    (section,) = read_document("a.txt", text.encode())
    return section.text


class TestMarkdown:
    def test_headings_become_paths(self) -> None:
        text = "# Returns *policy*\nA.\n## Shoes\nB.\n\nBoots\n-----\nC.\n### Care\nD.\n# Shipping\nE."
        assert markdown(text) == [
            Section("Returns policy", "A."),
            Section("Returns policy › Shoes", "B."),
            Section("Returns policy › Boots", "C."),
            Section("Returns policy › Boots › Care", "D."),
            Section("Shipping", "E."),
        ]

    def test_a_fence_holds_no_headings(self) -> None:
        assert markdown("# Commands\n```\n# remark\nrun it\n```") == [Section("Commands", "# remark\nrun it")]

    def test_markup_goes_and_wrapped_lines_join(self) -> None:
        text = (
            "Read [the *rules*](http://x.example) in\n**30 days**, `code` ~~60 days~~ ![x](x.png)\n\n期限\n是三十天。"
        )
        assert markdown(text) == [Section("", "Read the rules in 30 days, code\n\n期限是三十天。")]

    def test_rows_of_tables_stand_alone(self) -> None:
        text = "| Product | Warranty |\n|---|---|\n| TX-200 | **2 years** |\n| TX-300 | |"
        assert markdown(text) == [Section("", "Product: TX-200; Warranty: 2 years\nProduct: TX-300")]

    def test_lists_keep_their_order_and_numbers(self) -> None:
        assert markdown("You need:\n\n- glue\n- tape\n  - wide\n\n3. Cut.\n4. Glue.") == [
            Section("", "You need:\nglue\ntape\nwide\n3. Cut.\n4. Glue.")
        ]

    def test_a_heading_alone_is_a_statement(self) -> None:
        assert markdown("# Hours\n## Closed on Mondays\n## Open\nDaily.") == [
            Section("Hours › Closed on Mondays", "Closed on Mondays"),
            Section("Hours › Open", "Daily."),
        ]

    def test_front_matter_is_left_out_and_a_rule_is_none(self) -> None:
        assert markdown("---\ntitle: X\ntags:\n  - a\n---\nText.") == [Section("", "Text.")]
        assert markdown("---\nA.\n\n---\nB.") == [Section("", "A.\n\nB.")]


class TestHtml:
    def test_what_a_browser_hides_is_left_out(self) -> None:
        text = (
            "<html><head><title>Fees</title><style>p{}</style></head><body><nav>Home</nav><!-- no -->"
            "<p>We <b>pay</b><script>x()</script> you.</p><p hidden>a</p><p style='Display: NONE'>b</p>"
            "<p aria-hidden=true>c</p><del>d</del>loose<br>lines</body></html>"
        )
        assert html(text) == [Section("Fees", "We pay you.\n\nloose\nlines")]

    def test_title_steps_back_where_there_is_an_h1(self) -> None:
        assert html("<title>x</title><h1>Fees<a href=#f>¶</a></h1>A.<h2>Post</h2><p>B&amp;C.") == [
            Section("Fees", "A."),
            Section("Fees › Post", "B&C."),
        ]

    def test_tables_with_spans_and_two_header_rows(self) -> None:
        text = (
            "<table><caption>Prices</caption><tr><th rowspan=2>Size<th colspan=2>Price<tr><th>EU<th>US"
            "<tr><td rowspan=2>40<td>5<td>6<tr><td>7<td>8</table>"
        )
        assert html(text) == [
            Section("", "Prices\nSize: 40; Price EU: 5; Price US: 6\nSize: 40; Price EU: 7; Price US: 8")
        ]

    def test_tables_without_a_header(self) -> None:
        assert html("<table><tr><td>Weight:<td>5 kg<tr><td>Colour<td>black</table>") == [
            Section("", "Weight: 5 kg\nColour: black")
        ]

    def test_a_table_of_nothing_but_headers_is_content(self) -> None:
        assert html("<table><tr><th>Weight<th>5 kg<tr><th>Colour<th>black</table>") == [
            Section("", "Weight: 5 kg\nColour: black")
        ]

    def test_a_table_for_layout_is_read_as_blocks(self) -> None:
        text = "<table><tr><td><table><tr><td>Left</table><td><p>Right.</table>"
        assert html(text) == [Section("", "Left\n\nRight.")]

    def test_definitions(self) -> None:
        assert html("<dl><dt>Return<dd>Send back.<dt>Swap:<dd>Send another.</dl>") == [
            Section("", "Return: Send back.\nSwap: Send another.")
        ]

    @pytest.mark.parametrize(
        "content",
        [
            "<meta charset=gb2312><p>退货".encode("gb2312"),
            b"<META http-equiv=Content-Type content='text/html; charset=gbk'><p>" + "退货".encode("gbk"),
            "<meta charset=latin1><p>退货".encode(),
            "<meta charset=iso-8859-12><p>退货".encode(),
            "<p>退货".encode("utf-8-sig"),
            "<p>退货".encode("utf-16"),
            '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html><body><p>退货</p></body></html>'.encode(),
        ],
    )
    def test_encodings(self, content: bytes) -> None:
        assert read_document("a.htm", content) == [Section("", "退货")]

    def test_windows_text_that_calls_itself_latin(self) -> None:
        assert read_document("a.html", b"<meta charset='ISO-8859-1'>5 \x80") == [Section("", "5 €")]

    def test_nothing_outside_is_read(self) -> None:
        text = (
            '<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><p>A &x; B</p><iframe src="file:///etc/passwd">'
        )
        (section,) = html(text)
        assert "root:" not in section.text

    def test_a_page_nested_beyond_reading_is_refused_whole(self) -> None:
        with pytest.raises(DamagedDocumentError):
            html("<p>first" + "<div>" * 5_000 + "last")


class TestText:
    def test_wrapped_lines_join_and_paragraphs_stay(self) -> None:
        text = (
            "Items may be returned within thirty days of the delivery if they are un-\r\n"
            "used, in their original packaging and with the receipt that came with\r\n"
            "them. This holds for all.\r\n\r\nShoes\r\nThey are different.\r\n"
        )
        assert plain(text) == (
            "Items may be returned within thirty days of the delivery if they are unused, in their original packaging "
            "and with the receipt that came with them. This holds for all.\n\nShoes\nThey are different."
        )

    def test_hyphens_that_belong_stay(self) -> None:
        text = "Our well-known kettle of the type TX-\n200 is well-\nknown and was made of stain-\nless steel."
        assert plain(text) == "Our well-known kettle of the type TX-200 is well-known and was made of stainless steel."

    def test_short_lines_and_items_stay_lines(self) -> None:
        assert plain("Monday: 9 to 17\nTuesday: closed\nand so on") == "Monday: 9 to 17\nTuesday: closed\nand so on"

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
    def test_encodings(self, encoding: str) -> None:
        assert read_document("A.TXT", "naïve 退货".encode(encoding)) == [Section("", "naïve 退货")]

    def test_invisible_characters_are_removed(self) -> None:
        text = "pass\u200bword\0 is\u202e set"
        assert plain(text) == "password is set"
        assert markdown(text) == html(text) == [Section("", "password is set")]

    @pytest.mark.parametrize(
        ("content", "position"),
        [(b"caf\xe9", 3), (b"\xef\xbb\xbfab\xff", 5), (b"\xff\xfeabc", 4), ("ab".encode("utf-16-le"), 1)],
    )
    def test_other_encodings_are_named_with_the_place(self, content: bytes, position: int) -> None:
        with pytest.raises(NotUtf8Error) as caught:
            read_document("a.txt", content)
        assert caught.value.params["position"] == position
        assert str(position) in str(caught.value)


class _Manual(SimpleDocTemplate):  # type: ignore[misc]
    """A PDF with bookmarks for its headings."""

    def afterFlowable(self, flowable: Any) -> None:  # noqa: N802 - the name is reportlab's
        if isinstance(flowable, Paragraph) and flowable.style.name.startswith("Heading"):
            self.canv.bookmarkPage(str(id(flowable)))
            self.canv.addOutlineEntry(flowable.getPlainText(), str(id(flowable)), int(flowable.style.name[-1]) - 1)


def _head_and_foot(canvas: Canvas, document: Any) -> None:
    canvas.drawString(70, 820, "Acme handbook")
    canvas.drawString(70, 20, f"Page {document.page} of 3")


def manual() -> bytes:
    styles = getSampleStyleSheet()
    rule = "Items may be returned within thirty days of delivery if they are unused and in their original packaging. "
    story = [
        Paragraph("Returns", styles["Heading1"]),
        Paragraph(rule * 2, styles["BodyText"]),
        Paragraph("Shoes", styles["Heading2"]),
        Paragraph("Shoes come back with their box, and boots", styles["BodyText"]),
        PageBreak(),
        Paragraph("with two boxes. Laces stay.", styles["BodyText"]),
        PageBreak(),
        Paragraph("Shipping", styles["Heading1"]),
        Paragraph("We ship daily.", styles["BodyText"]),
    ]
    file = BytesIO()
    _Manual(file).build(story, onFirstPage=_head_and_foot, onLaterPages=_head_and_foot)
    return file.getvalue()


def pdf(*pages: str) -> bytes:
    file = BytesIO()
    canvas = Canvas(file)
    for text in pages:
        canvas.drawString(70, 700, text)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def encrypted_pdf(password: str) -> bytes:
    writer = PdfWriter(PdfReader(BytesIO(pdf("Secret."))))
    writer.encrypt(password, "owner", algorithm="AES-256")
    file = BytesIO()
    writer.write(file)
    return file.getvalue()


class TestPdf:
    def test_pages_headings_and_paragraphs(self) -> None:
        rule = (
            "Items may be returned within thirty days of delivery if they are unused and in their original packaging."
        )
        assert read_document("a.pdf", manual()) == [
            Section("Returns", f"{rule} {rule}", 1),
            Section("Returns › Shoes", "Shoes come back with their box, and boots with two boxes.", 1),
            Section("Returns › Shoes", "Laces stay.", 2),
            Section("Shipping", "We ship daily.", 3),
        ]

    def test_pages_without_an_outline(self) -> None:
        assert read_document("a.PDF", pdf("One.", "", "Three.")) == [Section("", "One.", 1), Section("", "Three.", 3)]

    def test_password(self) -> None:
        with pytest.raises(EncryptedDocumentError):
            read_document("a.pdf", encrypted_pdf("secret"))

    def test_protected_against_changes_only(self) -> None:
        assert read_document("a.pdf", encrypted_pdf("")) == [Section("", "Secret.", 1)]

    def test_no_text(self) -> None:
        with pytest.raises(NoTextError):
            read_document("scan.pdf", pdf("", ""))

    def test_too_many_pages(self) -> None:
        writer = PdfWriter()
        for _ in range(documents.MAX_PAGES + 1):
            writer.add_blank_page(100, 100)
        file = BytesIO()
        writer.write(file)
        with pytest.raises(TooManyPagesError, match="2001 pages"):
            read_document("a.pdf", file.getvalue())

    def test_something_may_stand_before_it(self) -> None:
        assert read_document("a.pdf", b"\n" * 100 + pdf("One.")) == [Section("", "One.", 1)]

    def test_damaged(self, caplog: pytest.LogCaptureFixture) -> None:
        with pytest.raises(DamagedDocumentError):
            read_document("a.pdf", manual()[:300])
        (said,) = caplog.text.splitlines()  # not a page of traceback for each file that a stranger sends
        assert "A .pdf file could not be parsed: " in said


def word(document: Any) -> bytes:
    file = BytesIO()
    document.save(file)
    return file.getvalue()


class TestWord:
    def test_headings_lists_and_paragraphs(self) -> None:
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

    def test_a_style_based_on_a_heading_is_one(self) -> None:
        document = docx.Document()
        document.styles.add_style("Chapter", 1).base_style = document.styles["Heading 1"]
        document.add_paragraph("Returns", style="Chapter")
        document.add_paragraph("A.")
        assert read_document("a.docx", word(document)) == [Section("Returns", "A.")]

    def test_tables_in_their_place(self) -> None:
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

    def test_a_bold_first_row_names_the_columns(self) -> None:
        document = docx.Document()
        table = document.add_table(2, 2)
        for cell, text in zip(table.rows[0].cells, ["Size", "Price"], strict=True):
            cell.paragraphs[0].add_run(text).bold = True
        table.cell(1, 0).text, table.cell(1, 1).text = "40", "5"
        assert read_document("a.docx", word(document)) == [Section("", "Size: 40; Price: 5")]

    def test_the_text_as_it_stands_now(self) -> None:
        document = docx.Document()
        paragraph = document.add_paragraph("Within ")
        for tag, text in (("w:del", "60"), ("w:ins", "30")):
            change = OxmlElement(tag)
            change.append(paragraph.add_run(text)._r)
            paragraph._p.append(change)
        paragraph.add_run(" days.")
        paragraph.add_run("secret").font.hidden = True
        assert read_document("a.docx", word(document)) == [Section("", "Within 30 days.")]

    def test_too_much_after_unpacking(self) -> None:
        file = BytesIO(word(docx.Document()))
        with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/media/bomb", "w") as entry:
            for _ in range(201):
                entry.write(bytes(1024 * 1024))
        with pytest.raises(UnpackedTooLargeError, match="202 MB, and at most 200 MB"):
            read_document("a.docx", file.getvalue())

    def test_entities_are_not_resolved(self) -> None:
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

    def test_password(self) -> None:
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le")
        with pytest.raises(EncryptedDocumentError):
            read_document("a.docx", content)

    def test_damaged(self) -> None:
        with pytest.raises(DamagedDocumentError):
            read_document("a.docx", word(docx.Document())[:2_000])


def archive_of(name: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x")
    return file.getvalue()


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "content", "found"),
        [
            ("a.pdf", b"Hello.", "text"),
            ("a.pdf", b"\n<!DOCTYPE html><p>Hello.", "HTML"),
            ("a.pdf", b"\x89PNG\r\n\x1a\n", "PNG"),
            ("a.txt", pdf("Hello."), "PDF"),
            ("a.md", archive_of("x.txt"), "ZIP"),
            ("a.docx", archive_of("xl/workbook.xml"), "Excel"),
            ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "Microsoft Office 97-2003"),
            ("a.html", archive_of("word/document.xml"), "Word"),
        ],
    )
    def test_other_type_behind_the_extension(self, name: str, content: bytes, found: str) -> None:
        with pytest.raises(OtherTypeError) as caught:
            read_document(name, content)
        assert f"its name ends in {name[1:]}, but its content is {found}." in str(caught.value)

    def test_a_text_may_speak_of_pdf(self) -> None:
        assert plain("A PDF begins with %PDF-1.7.") == "A PDF begins with %PDF-1.7."

    @pytest.mark.parametrize("name", ["a.exe", "a", "a.docm", ".pdf"])
    def test_unsupported(self, name: str) -> None:
        with pytest.raises(UnsupportedTypeError, match=r"\.docx"):
            read_document(name, b"x")

    @pytest.mark.parametrize("extension", MEDIA_TYPES)
    def test_empty(self, extension: str) -> None:
        with pytest.raises(NoTextError):
            read_document(f"a{extension}", b" \n")

    @pytest.mark.parametrize("content", [b"<p> </p>", b"<title>Only a title</title>", b"<script>x</script>", b"***"])
    def test_no_text_on_the_page(self, content: bytes) -> None:
        with pytest.raises(NoTextError):
            read_document("a.html", content)

    def test_too_many_bytes(self) -> None:
        with pytest.raises(FileTooLargeError, match="26 MB, and at most 25 MB"):
            read_document("a.txt", bytes(25 * 1024 * 1024 + 1))

    def test_too_much_text(self) -> None:
        with pytest.raises(TextTooLongError, match="5000001 characters"):
            read_document("a.txt", b"x" * 5_000_001)

    @settings(deadline=None)
    @given(
        st.sampled_from(sorted(MEDIA_TYPES)),
        st.binary(max_size=300) | st.text(alphabet="<>#|-\n `ab1.").map(str.encode),
    )
    def test_wild_content_is_read_or_refused(self, extension: str, content: bytes) -> None:
        try:
            sections = read_document(f"a{extension}", content)
        except DocumentError:
            return
        assert all(section.text.strip() for section in sections)

    @pytest.mark.parametrize("seed", range(30))
    def test_damage_is_survived_or_named(self, seed: int) -> None:
        chance = random.Random(seed)
        name, content = chance.choice([("a.pdf", manual()), ("a.docx", word(docx.Document()))])
        damaged = bytearray(content)
        for _ in range(chance.randrange(1, 60)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        try:
            sections = read_document(name, bytes(damaged[: chance.randrange(len(damaged) // 2, len(damaged))]))
        except DocumentError:
            return
        assert all(section.text.strip() for section in sections)
