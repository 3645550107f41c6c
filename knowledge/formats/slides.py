"""Presentations (.pptx) by python-pptx: slide by slide, its title as heading, its number as page, its notes at the end.

Hidden slides, pictures and what stands in diagrams ("SmartArt") are not read; nothing outside the file is followed.
"""

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import Any

import pptx
from pptx.oxml.ns import qn
from pptx.presentation import Presentation

from knowledge.formats.outline import Outline, Section, one_line, table_lines

_MAX_SPAN = 20  # rows or columns that one cell may be repeated over; a file may claim any number
_MAX_SERIES = 100  # of a chart


def open_slides(content: bytes) -> Presentation:
    """The presentation, of which `len(slides)` can be asked."""
    return pptx.Presentation(BytesIO(content))


def read_slides(presentation: Presentation) -> Iterator[Section]:
    """The sections of the slides that are shown; a slide that is only a title says just that."""
    for number, slide in enumerate(presentation.slides, start=1):
        if slide._element.get("show") not in ("0", "false"):
            for section in _slide(slide):
                yield replace(section, page=number)


def _slide(slide: Any) -> list[Section]:
    outline = Outline()
    title = slide.shapes.title
    outline.heading(1, title.text_frame.text if title is not None else "")
    for shape in _shapes(slide.shapes):
        if title is not None and shape.shape_id == title.shape_id:
            continue
        for number, line in enumerate(_lines(shape)):
            (outline.line if number else outline.paragraph)(line)
    if slide.has_notes_slide and (notes := slide.notes_slide.notes_text_frame) is not None:
        for paragraph in notes.paragraphs:
            outline.paragraph(one_line(paragraph.text))
    return outline.sections()


def _shapes(shapes: Any) -> Iterator[Any]:
    """The shapes in their order, those in groups where the group stands."""
    for shape in shapes:
        if hasattr(shape, "shapes"):
            yield from _shapes(shape.shapes)
        else:
            yield shape


def _lines(shape: Any) -> list[str]:
    if getattr(shape, "has_table", False):
        return table_lines(_cells(shape.table), bool(shape.table.first_row))
    if getattr(shape, "has_chart", False):
        return _chart(shape.chart)
    return [one_line(paragraph.text) for paragraph in shape.text_frame.paragraphs] if shape.has_text_frame else []


def _cells(table: Any) -> list[list[str]]:
    """The texts of the cells; one merged with others is read in each row and column that it covers."""
    texts = [[cell.text for cell in row.cells] for row in table.rows]
    for top, row in enumerate(table.rows):
        for left, cell in enumerate(row.cells):
            if cell.is_merge_origin:
                for covered in texts[top : top + min(cell.span_height, _MAX_SPAN)]:
                    width = len(covered[left : left + min(cell.span_width, _MAX_SPAN)])
                    covered[left : left + width] = [cell.text] * width
    return texts


def _chart(chart: Any) -> list[str]:
    """The numbers that a chart shows: a line for each category, with the values of the series.

    They are taken from the points that are there: the file may claim any number of them.
    """
    title = [chart.chart_title.text_frame.text] if chart.has_title and chart.chart_title.has_text_frame else []
    columns: list[str] = []
    rows: dict[str, list[str]] = {}
    for series in list(chart._chartSpace.iter(qn("c:ser")))[:_MAX_SERIES]:
        names = _points(series.find(qn("c:cat")))
        for place, value in _points(series.find(qn("c:val"))).items():
            row = rows.setdefault(names.get(place) or place, [])
            row += [""] * (len(columns) - len(row)) + [value]
        columns.append(next(iter(_points(series.find(qn("c:tx"))).values()), ""))
    lines = table_lines([["", *columns], *([name, *row] for name, row in rows.items())], True)
    return [*map(one_line, title), *lines]


def _points(part: Any) -> dict[str, str]:
    """The texts of a part of a series by their places."""
    found = {} if part is None else {point.get("idx", ""): point.findtext(qn("c:v")) for point in part.iter(qn("c:pt"))}
    return {place: text for place, text in found.items() if text}
