"""Files as people have them: good ones row by row, bad ones refused in words, and no file is held in memory."""

import json
import tracemalloc
from pathlib import Path

import pytest

from collab.errors import (
    FileUnavailableError,
    ImportColumnsError,
    ImportColumnTwiceError,
    ImportContentError,
    ImportEmptyError,
    ImportEncodingError,
    ImportFileError,
    ImportKindError,
    ImportTooLongError,
)
from collab.feedback.exchange import files
from collab.feedback.exchange.encodings import encoding_named
from collab.feedback.exchange.files import Columns, Row, RowFile, Unreadable

COLUMNS = Columns({"question": ("question", "frage"), "answer": ("answer",)}, needed=("question", "answer"))


def rows(path: Path, content: str | bytes, **options: str) -> list[Row | Unreadable]:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return list(RowFile(path, COLUMNS, **options))


def told(path: Path, content: str | bytes, name: str = "rows.csv") -> str:
    with pytest.raises(ImportFileError) as caught:
        rows(path / name, content)
    return str(caught.value)


def test_a_csv_file_is_read_row_by_row(tmp_path: Path) -> None:
    found = rows(
        tmp_path / "rows.CSV", '\ufeffQuestion ,note,ANSWER\r\nWhy?,x,"Because,\r\nyes"\r\n\r\nHow?,,\'-5 °C\r\n'
    )
    assert found == [
        Row(2, {"question": "Why?", "answer": "Because,\nyes"}),
        Row(4, {"question": "How?", "answer": "-5 °C"}),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_are_seen_in_the_header(tmp_path: Path, delimiter: str) -> None:
    content = f"Frage{delimiter}answer\nWhy, really?{delimiter}So.\n"
    assert rows(tmp_path / "rows.csv", content) == [Row(2, {"question": "Why, really?", "answer": "So."})]


def test_a_jsonl_file_is_read_line_by_line(tmp_path: Path) -> None:
    lines = ['{"question": ["A?", "B?"], "answer": "=1", "more": 1}', "", '{"question": null}', "[1]", "{", '"x"']
    assert rows(tmp_path / "rows.jsonl", "\n".join(lines)) == [
        Row(1, {"question": ["A?", "B?"], "answer": "=1"}),
        Row(3, {}),
        Unreadable(4, "not a JSON object"),
        Unreadable(5, "not JSON"),
        Unreadable(6, "not a JSON object"),
    ]


def test_two_names_of_one_column_in_a_line_are_told(tmp_path: Path) -> None:
    found = rows(tmp_path / "rows.jsonl", '{"question": "A?", "Frage": "B?"}\n')
    assert found == [Unreadable(1, "it has question twice")]


def test_a_damaged_row_is_told_in_its_place_and_the_next_one_read(tmp_path: Path) -> None:
    content = 'question,answer\nA?,a\nB?,"b"x\nC?,c,d\nD?,d\0\nE?,e\nF?,"f\n'
    found = rows(tmp_path / "rows.csv", content)
    assert [row.number for row in found] == [2, 3, 4, 5, 6, 7]
    assert [row.reason.split(";")[0] for row in found if isinstance(row, Unreadable)] == [
        "damaged (',' expected after '\"')",
        "3 cells under 2 columns",
        "it has NUL characters",
        "damaged (unexpected end of data)",
    ]


@pytest.mark.parametrize("name", ["rows.csv", "rows.jsonl"])
def test_an_endless_line_is_passed_over_without_being_held(tmp_path: Path, name: str) -> None:
    good = "A?,a\n" if name.endswith("csv") else json.dumps({"question": "A?", "answer": "a"}) + "\n"
    path = tmp_path / name
    with path.open("w", encoding="utf-8") as stream:
        stream.write("question,answer\n" if name.endswith("csv") else good)
        for _ in range(40):
            stream.write("x" * 1_000_000)
        stream.write("\n" + good)
    tracemalloc.start()
    found = list(RowFile(path, COLUMNS))
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found[-2] == Unreadable(2, "a line has more than 1,000,000 characters")
    assert found[-1] == Row(3, {"question": "A?", "answer": "a"})
    assert peak_bytes < 16_000_000


def test_two_hundred_columns_are_no_matter(tmp_path: Path) -> None:
    names = [f"c{n}" for n in range(198)] + ["question", "answer"]
    file = tmp_path / "rows.csv"
    assert rows(file, ",".join(names) + "\n" + "x," * 198 + "A?,a\n") == [Row(2, {"question": "A?", "answer": "a"})]
    assert len(RowFile(file, COLUMNS).ignored) == 198


def test_missing_columns_are_named_beside_those_that_are_there(tmp_path: Path) -> None:
    message = told(tmp_path, "question,reply\nA?,a\n")
    assert message.startswith("rows.csv was not imported: its first row lacks answer; it reads: question, reply.")
    assert "lacks question and answer; it reads: ask, reply." in told(tmp_path, "ask,reply\nA?,a\n")
    wide = ",".join(f"c{n}" for n in range(200))
    assert "c11 and 188 more" in told(tmp_path, wide + "\n")
    with pytest.raises(ImportColumnsError):
        rows(tmp_path / "rows.csv", "\n\nquestion,answer\n")


def test_a_column_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportColumnTwiceError, match="more than one column for question"):
        rows(tmp_path / "rows.csv", "question,answer,Frage\nA?,a,b\n")


@pytest.mark.parametrize("content", [b"", b"\n \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(tmp_path: Path, content: bytes) -> None:
    for name in ("rows.csv", "rows.jsonl"):
        with pytest.raises(ImportEmptyError):
            rows(tmp_path / name, content)


@pytest.mark.parametrize(
    ("encoding", "seen"),
    [
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("latin-1", "windows-1252"),
        ("gb18030", "gb18030"),
    ],
)
def test_another_encoding_is_named_and_can_be_chosen(tmp_path: Path, encoding: str, seen: str) -> None:
    words = "博物馆星期一开放吗,开放" if encoding == "gb18030" else "Où est la clé du musée?,Ici"
    content = f"question,answer\n{words}\n".encode(encoding)
    with pytest.raises(ImportEncodingError) as caught:
        rows(tmp_path / "rows.csv", content)
    assert f"it looks like {seen}." in str(caught.value)
    assert f"--encoding {seen}" in str(caught.value)
    found = rows(tmp_path / "rows.csv", content, encoding=seen)
    assert found == [Row(2, dict(zip(("question", "answer"), words.split(","), strict=True)))]


@pytest.mark.parametrize(
    "words", ["Wie öffne ich die Tür?,Später", "Où est la clé?,À côté", "¿Dónde está el baño?,Aquí mañana", "Größe,Maß"]
)
def test_advice_on_a_western_file_does_not_go_in_a_circle(tmp_path: Path, words: str) -> None:
    content = f"question,answer\n{words}\nWas it so?,Café\n".encode("latin-1")
    for encoding in ("utf-8", "gb18030"):
        with pytest.raises(ImportEncodingError) as caught:
            rows(tmp_path / "rows.csv", content, encoding=encoding)
        assert caught.value.params["seen"] == "windows-1252"
    assert len(rows(tmp_path / "rows.csv", content, encoding="windows-1252")) == 2


def test_a_utf_8_file_read_as_another_is_seen(tmp_path: Path) -> None:
    with pytest.raises(ImportEncodingError) as caught:
        rows(tmp_path / "rows.csv", "question,answer\n开放时间,五\n", encoding="shift_jis")
    assert caught.value.params["seen"] == "utf-8"


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("UTF8", "utf-8"),
        ("latin-1", "windows-1252"),
        ("ISO-8859-1", "windows-1252"),
        ("cp1252", "windows-1252"),
        ("gbk", "gb18030"),
        ("GB2312", "gb18030"),
        ("Big5", "big5"),
        ("Shift-JIS", "shift_jis"),
        ("utf-16le", "utf-16-le"),
        ("rot13", None),
        ("klingon", None),
        ("a\0b", None),
    ],
)
def test_an_encoding_goes_by_its_common_names(name: str, meant: str | None) -> None:
    assert encoding_named(name) == meant


def test_the_row_of_the_first_wrong_byte_is_told(tmp_path: Path) -> None:
    content = b"question,answer\n" + b"A?,a\n" * 20_000 + b"\xe9?,b\n"
    with pytest.raises(ImportEncodingError) as caught:
        rows(tmp_path / "rows.csv", content)
    assert 18_000 < int(caught.value.params["row"]) <= 20_002


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("rows.csv", b"PK\x03\x04rest", "an Excel workbook"),
        ("rows.csv", b"%PDF-1.7", "a PDF"),
        ("rows.csv", b'{"question": "A?"}\n', "JSONL"),
        ("rows.csv", bytes(range(32)) * 40, "not text"),
        ("rows.jsonl", b'[{"question": "A?"}]\n', "one JSON list"),
        ("rows.jsonl", b"question,answer\n", "not one JSON object a line"),
        ("rows.csv", b"x" * 100_000, "a first line without an end"),
    ],
)
def test_content_that_is_not_what_the_name_says(tmp_path: Path, name: str, content: bytes, found: str) -> None:
    with pytest.raises(ImportContentError, match=found):
        rows(tmp_path / name, content)


def test_other_names_and_absent_files(tmp_path: Path) -> None:
    with pytest.raises(ImportKindError, match=r"rows\.xlsx was not read"):
        rows(tmp_path / "rows.xlsx", "question,answer\n")
    with pytest.raises(FileUnavailableError):
        RowFile(tmp_path / "absent.csv", COLUMNS)


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ImportTooLongError, match="more than 200000 rows"):
        rows(tmp_path / "rows.csv", "question,answer\n" + "A?,a\n" * files.ROWS)
