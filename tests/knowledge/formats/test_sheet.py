"""Excel workbooks: what a person sees in the cells, sheet by sheet."""

import re
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from io import BytesIO
from typing import Any

import openpyxl
import xlsxwriter

from knowledge.formats.sheet import read_sheets


def saved(book: Any) -> bytes:
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def workbook(*rows: list[Any], title: str = "Prices") -> Any:
    book = openpyxl.Workbook()
    book.active.title = title
    for row in rows:
        book.active.append(row)
    return book


def read(content: bytes) -> list[tuple[str, list[list[str]]]]:
    return [(title, list(rows)) for title, rows in read_sheets(content)]


def changed(content: bytes, path: str, change: Callable[[bytes], bytes]) -> bytes:
    """The workbook with one of its parts rewritten."""
    file = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as source, zipfile.ZipFile(file, "w") as archive:
        for name in source.namelist():
            archive.writestr(name, change(source.read(name)) if name == path else source.read(name))
    return file.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_name_that_stands_over_every_row_is_not_longer_than_a_name() -> None:
    content = changed(saved(workbook(["A"])), "xl/workbook.xml", lambda part: part.replace(b"Prices", b"P" * 5_000))
    assert read(content) == [("P" * 100, [["A"]])]


def test_values_as_they_are_shown() -> None:
    book = workbook(
        ["text", 5, 5.0, 0.1 + 0.2, 12345678901, True, None],
        [datetime(2024, 3, 5), datetime(2024, 3, 5, 14, 30), date(2024, 3, 5), time(9, 5), timedelta(hours=36), "#N/A"],
        [0.15, 0.155],
    )
    book.active["A3"].number_format, book.active["B3"].number_format = "0%", "0.0%"
    assert read(saved(book)) == [
        (
            "Prices",
            [
                ["text", "5", "5", "0.3", "12345678901", "True"],
                ["2024-03-05", "2024-03-05 14:30", "2024-03-05", "09:05", "36:00", ""],
                ["15%", "15.5%"],
            ],
        )
    ]


def test_hidden_sheets_are_left_out_and_given_names_kept() -> None:
    book = workbook(["a"], title="Sheet1")
    book.create_sheet("Secret").sheet_state = "hidden"
    book.create_sheet("More").append(["b"])
    assert read(saved(book)) == [("", [["a"]]), ("More", [["b"]])]


def test_of_a_formula_its_stored_result_is_read() -> None:
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Sums")
        sheet.write_row("A1", ["Sum", "Text", "Sum"])
        sheet.write_formula("A2", "=1+1", value=7)
        sheet.write_formula("B2", '="x"', value="stored")
    assert read(file.getvalue()) == [("Sums", [["Sum", "Text", "Sum"], ["7", "stored"]])]
    assert read(saved(workbook(["Never computed", "=2+2"]))) == [("Prices", [["Never computed", ""]])]


def test_merged_cells_are_read_in_each_cell_that_they_cover() -> None:
    book = workbook(
        ["Price list", None, None], ["Shoes", "40", 5], [None, "41", 6], [None, None, None], ["Hats", "M", 7]
    )
    book.active.merge_cells("A1:C1")
    book.active.merge_cells("A2:A4")
    assert read(saved(book)) == [
        (
            "Prices",
            [
                ["Price list", "Price list", "Price list"],
                ["Shoes", "40", "5"],
                ["Shoes", "41", "6"],
                [],
                ["Hats", "M", "7"],
            ],
        )
    ]


def test_rows_and_columns_that_a_file_only_claims_are_not_made() -> None:
    content = saved(workbook(["a"]))
    claims = changed(content, SHEET, lambda xml: re.sub(rb'ref="A1(:A1)?"', b'ref="A1:XFD1048576"', xml))
    far = changed(content, SHEET, lambda xml: xml.replace(b'<row r="1"', b'<row r="99999999999"'))
    assert read(claims) == [("Prices", [["a"]])]
    rows = 0
    for _, sheet in read_sheets(far):
        rows = sum(1 for _ in sheet)
    assert rows == 1_048_576
