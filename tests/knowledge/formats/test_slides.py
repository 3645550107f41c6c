"""Presentations: slide by slide, with tables, charts and notes."""

from io import BytesIO
from typing import Any

import pptx
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from knowledge.documents import Section
from knowledge.formats.slides import open_slides, read_slides

BOX = (Inches(1), Inches(1), Inches(4), Inches(1))


def read(presentation: Any) -> list[Section]:
    file = BytesIO()
    presentation.save(file)
    return list(read_slides(open_slides(file.getvalue())))


def slide(presentation: Any, title: str, layout: int = 1) -> Any:
    made = presentation.slides.add_slide(presentation.slide_layouts[layout])
    made.shapes.title.text = title
    return made


def test_titles_points_and_notes() -> None:
    presentation = pptx.Presentation()
    first = slide(presentation, "Returns\nand refunds")
    first.placeholders[1].text = "Within 30 days\nUnused"
    first.notes_slide.notes_text_frame.text = "Shoes too."
    slide(presentation, "Thank you", layout=5)
    assert read(presentation) == [
        Section("Returns and refunds", "Within 30 days\nUnused\n\nShoes too.", 1),
        Section("Thank you", "Thank you", 2),
    ]


def test_hidden_slides_are_left_out_and_numbers_stay() -> None:
    presentation = pptx.Presentation()
    slide(presentation, "One", 5)._element.set("show", "0")
    slide(presentation, "Two", 5)
    assert read(presentation) == [Section("Two", "Two", 2)]


def test_a_slide_without_a_title_and_shapes_in_groups() -> None:
    presentation = pptx.Presentation()
    shapes = presentation.slides.add_slide(presentation.slide_layouts[6]).shapes
    shapes.add_textbox(*BOX).text_frame.text = "Alone"
    shapes.add_group_shape().shapes.add_textbox(*BOX).text_frame.text = "In a group"
    assert read(presentation) == [Section("", "Alone\n\nIn a group", 1)]


def test_tables_with_merged_cells() -> None:
    presentation = pptx.Presentation()
    table = slide(presentation, "Prices", 5).shapes.add_table(3, 3, *BOX).table
    for row, texts in enumerate([["Size", "EU", "US"], ["40", "5", "6"], ["", "7", "8"]]):
        for column, text in enumerate(texts):
            table.cell(row, column).text = text
    table.cell(1, 0).merge(table.cell(2, 0))
    assert read(presentation) == [Section("Prices", "Size: 40; EU: 5; US: 6\nSize: 40; EU: 7; US: 8", 1)]


def test_charts_say_their_numbers() -> None:
    data = CategoryChartData()
    data.categories = ["2023", "2024"]
    data.add_series("Visitors", (1200, 1500.5))
    data.add_series("Tours", (30, None))
    presentation = pptx.Presentation()
    slide(presentation, "Year", 5).shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, *BOX, data)
    assert read(presentation) == [Section("Year", "2023; Visitors: 1200; Tours: 30\n2024; Visitors: 1500.5", 1)]
