"""What files are by their first bytes."""

import zipfile
from io import BytesIO

import pytest

from knowledge.formats.signatures import is_encrypted_office, type_of

OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def archive(*names: str) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        for name in names:
            made.writestr(name, "x")
    return file.getvalue()


@pytest.mark.parametrize(
    ("names", "found"),
    [
        (["[Content_Types].xml", "word/document.xml"], "Word"),
        (["[Content_Types].xml", "xl/workbook.xml"], "Excel"),
        (["[Content_Types].xml", "ppt/presentation.xml"], "PowerPoint"),
        (["mimetype", "META-INF/container.xml"], "EPUB"),
        (["content.xml"], "OpenDocument"),
        (["word/notes.md", "content.xml.md"], "ZIP"),
    ],
)
def test_archives_are_told_apart_by_what_is_in_them(names: list[str], found: str) -> None:
    assert type_of(archive(*names), "ZIP") == found


def test_what_cannot_be_told_is_as_expected_and_its_reader_will_say_more() -> None:
    assert type_of(archive("a.md")[:-10], "ZIP") == "ZIP"
    assert type_of(b"\x00\x01\x02\xff", "EPUB") == "EPUB"
    assert type_of(b"name,price", "Excel") == "text"
    assert type_of(b" <!doctype HTML>", "Excel") == "HTML"
    assert type_of(b" <!doctype HTML>", "") == ""


def test_office_files_with_a_password() -> None:
    assert is_encrypted_office(OLD_OFFICE + bytes(8) + "EncryptedPackage".encode("utf-16-le"))
    assert not is_encrypted_office(OLD_OFFICE)
    assert type_of(OLD_OFFICE, "Word") == "Microsoft Office 97-2003"
