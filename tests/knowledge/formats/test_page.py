"""Markdown and HTML: headings, lists, tables, and what a browser would not show."""

import pytest

from knowledge.documents import Section, read_document
from knowledge.errors import DamagedDocumentError, TextTooLongError


def markdown(text: str) -> list[Section]:
    return read_document("a.md", text.encode())


def html(text: str) -> list[Section]:
    return read_document("a.html", text.encode())


class TestMarkdown:
    def test_lists_in_lists_are_read_to_the_last(self) -> None:
        outline = "".join(f"{'  ' * level}- point {level}\n" for level in range(30))
        (section,) = markdown(outline)
        assert section.text.splitlines() == [f"point {level}" for level in range(30)]

    def test_what_is_nested_beyond_reading_is_refused_whole(self) -> None:
        with pytest.raises(DamagedDocumentError):
            markdown("first\n\n" + "> " * 200 + "last")

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

    def test_a_text_in_the_form_of_a_heading_is_a_paragraph(self) -> None:
        long = "word " * 60 + "end"  # 303 characters
        assert markdown(f"# Fees\nA.\n## {long}\nB.\n## {long[3:]}\nC.") == [
            Section("Fees", f"A.\n\n{long}\n\nB."),
            Section(f"Fees › {long[3:]}", "C."),
        ]


class TestHtml:
    def test_more_is_not_read_than_headings_can_be_told(self) -> None:
        with pytest.raises(TextTooLongError):
            html(f"<h1>{'x' * 300}</h1>" + "<h2>a</h2>b" * 17_000)  # 5.1 million characters with what is repeated

    def test_a_table_of_repeated_cells_is_refused_before_it_is_built(self) -> None:
        with pytest.raises(TextTooLongError):
            html("<table><tr>" + "<td rowspan=20 colspan=20>" * 50_001)

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
