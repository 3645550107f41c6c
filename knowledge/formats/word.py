"""Word documents (.docx) by python-docx: headings by style, paragraphs, lists and tables in document order.

It reads the text as the document stands now: insertions are in it, deletions and hidden text are not. Footnotes and
endnotes follow what refers to them. Pictures, comments, headers and footers are not read; nothing outside the file is
followed.
"""

import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from lxml import etree

from knowledge.formats.outline import Outline, Section, table_lines

_PARAGRAPH, _TABLE, _ROW, _CELL, _RUN = qn("w:p"), qn("w:tbl"), qn("w:tr"), qn("w:tc"), qn("w:r")
_LEFT_OUT = frozenset(
    [
        qn("w:del"),
        qn("w:moveFrom"),
        qn("w:sectPr"),
        "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
    ]
)
_NOTES = {qn("w:footnoteReference"): "/footnotes", qn("w:endnoteReference"): "/endnotes"}  # and the ends of their parts
_WHITE_SPACE = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}
_MAX_SPAN = 20  # columns that one cell may be repeated over; a file may claim any number
_HEADING = re.compile(r"heading (\d)", re.IGNORECASE)


def read_word(content: bytes) -> list[Section]:
    """The sections of a Word document; a paragraph in the style Title stands above all headings."""
    document = docx.Document(BytesIO(content))
    levels, lists, notes = _heading_levels(document), _list_styles(document), _notes(document)
    outline = Outline()
    for block in _blocks(document.element.body):
        if block.tag == _TABLE:
            for number, line in enumerate(_lines_of_table(block)):
                (outline.line if number else outline.paragraph)(line)
        else:
            style, text = _style_of(block), _text_of(block)
            if style in levels:
                outline.heading(levels[style], text)
            elif style in lists or block.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
                outline.line(text)
            else:
                outline.paragraph(text)
        for reference in _references(block):
            outline.paragraph(notes.pop(reference, ""))  # once, also for one in a text box
    return outline.sections()


def _notes(document: Document) -> dict[tuple[str, str], str]:
    """The texts of footnotes and endnotes by what refers to them; the lines that set them apart are none."""
    found: dict[tuple[str, str], str] = {}
    for relation in document.part.rels.values():
        for tag, ending in _NOTES.items():
            if not relation.is_external and relation.reltype.endswith(ending):
                notes = (note for note in parse_xml(relation.target_part.blob) if note.get(qn("w:type")) is None)
                found |= {(tag, str(note.get(qn("w:id")))): _text_of(note).strip() for note in notes}
    return found


def _blocks(body: Any) -> Iterator[Any]:
    """Paragraphs and whole tables in order, also those inside content controls and text boxes."""
    events = etree.iterwalk(body, events=("start",))
    for _, element in events:
        if element.tag in _LEFT_OUT:
            events.skip_subtree()
        elif element.tag == _TABLE:
            yield element
            events.skip_subtree()
        elif element.tag == _PARAGRAPH:
            yield element


def _text_of(block: Any) -> str:
    """The text of a paragraph or cell, without that of the paragraphs in its text boxes."""
    pieces: list[str] = []
    events = etree.iterwalk(block, events=("start",))
    for _, element in events:
        if element is block:
            continue
        if element.tag in _LEFT_OUT or (
            element.tag == _RUN and _is_on(element.find(f"{qn('w:rPr')}/{qn('w:vanish')}"))
        ):
            events.skip_subtree()
        elif element.tag == _PARAGRAPH:
            if block.tag == _PARAGRAPH:
                events.skip_subtree()
            pieces.append("\n")
        elif element.tag == qn("w:t"):
            pieces.append(element.text or "")
        else:
            pieces.append(_WHITE_SPACE.get(element.tag, ""))
    return "".join(pieces)


def _references(block: Any) -> Iterator[tuple[str, str]]:
    """Which notes a block refers to, by kind and id."""
    events = etree.iterwalk(block, events=("start",))
    for _, element in events:
        if element.tag in _LEFT_OUT:
            events.skip_subtree()
        elif element.tag in _NOTES:
            yield element.tag, str(element.get(qn("w:id")))


def _style_of(paragraph: Any) -> str:
    style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
    return "" if style is None else str(style.get(qn("w:val")))


def _heading_levels(document: Document) -> dict[str, int]:
    """The heading level by style id; a style based on a heading is one, the style Title comes before all."""
    levels: dict[str, int] = {}
    for style in document.styles:
        ancestor: Any = style
        for _ in range(10):  # a damaged file can go round in circles
            name = str(getattr(ancestor, "name", "") or "")
            if match := _HEADING.fullmatch(name):
                levels[style.style_id] = int(match[1]) + 1
            elif name == "Title":
                levels[style.style_id] = 1
            ancestor = getattr(ancestor, "base_style", None)
            if style.style_id in levels or ancestor is None:
                break
    return levels


def _list_styles(document: Document) -> set[str]:
    return {style.style_id for style in document.styles if str(style.name or "").startswith("List ")}


def _lines_of_table(table: Any) -> list[str]:
    rows: list[Any] = [row for row in table.iterchildren(_ROW) if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is None]
    texts: list[list[str]] = []
    for row in rows:
        texts.append(_row_texts(row, texts[-1] if texts else []))
    return table_lines(texts, bool(rows) and _is_header(rows[0]))


def _row_texts(row: Any, above: list[str]) -> list[str]:
    """The cells of a row by column; one merged with others is read in each column and row that it covers."""
    texts: list[str] = []
    for cell in row.iterchildren(_CELL):
        merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
        span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
        width = "1" if span is None else str(span.get(qn("w:val")))
        goes_on = merged is not None and merged.get(qn("w:val")) != "restart" and len(texts) < len(above)
        text = above[len(texts)] if goes_on else _text_of(cell)
        texts += [text] * (min(int(width), _MAX_SPAN) if width.isdecimal() else 1)
    return texts


def _is_header(row: Any) -> bool:
    """Whether a first row names the columns: marked to repeat on every page, or written in bold throughout."""
    if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None:
        return True
    runs = [run for run in row.iter(_RUN) if run.find(qn("w:t")) is not None]
    return bool(runs) and all(_is_on(run.find(f"{qn('w:rPr')}/{qn('w:b')}")) for run in runs)


def _is_on(mark: Any) -> bool:
    """Whether a switch of a run's properties is there and not turned off."""
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false")
