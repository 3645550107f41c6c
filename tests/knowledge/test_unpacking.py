"""An archive becomes its files, each under a name of its own; what cannot be taken is told and the others go on."""

import random
import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.errors import (
    ArchiveBombError,
    ArchiveEmptyError,
    DamagedDocumentError,
    DocumentError,
    EncryptedDocumentError,
    FileTooLargeError,
    NestedArchiveError,
    NoTextError,
    OtherTypeError,
    TooManyFilesError,
    UnpackedTooLargeError,
    UnsupportedTypeError,
)
from knowledge.unpacking import File, expand

MB = 1024 * 1024


def archive(*files: tuple[str | zipfile.ZipInfo, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in files:
            made.writestr(name, content)
    return file.getvalue()


def names(content: bytes, name: str = "docs.zip") -> list[str]:
    return [one.name if isinstance(one, File) else str(one.params["name"]) for one in expand(name, content)]


def marked(content: bytes, *, local: int, central: int, bits: int, count: int) -> bytes:
    """The archive with `bits` set in both headers of its first `count` files."""
    data = bytearray(content)
    for signature, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = -1
        for _ in range(count):
            place = data.index(signature, place + 1)
            data[place + offset] |= bits
    return bytes(data)


def encrypted(content: bytes, count: int) -> bytes:
    return marked(content, local=6, central=8, bits=1, count=count)


def test_any_other_file_comes_as_it_is_under_its_harmless_name() -> None:
    assert list(expand("a/b.md", b"x")) == [File("a/b.md", b"x")]
    assert list(expand("../b.exe", b"x")) == [File("b.exe", b"x")]


def test_files_stand_under_the_name_of_their_archive() -> None:
    content = archive(("a.md", b"A."), ("shoes/b.txt", b"B."))
    assert list(expand("docs.zip", content)) == [File("docs/a.md", b"A."), File("docs/shoes/b.txt", b"B.")]
    assert names(content, "team/Docs.ZIP") == ["team/Docs/a.md", "team/Docs/shoes/b.txt"]


def test_a_folder_named_as_the_archive_is_said_once() -> None:
    assert names(archive(("docs/a.md", b"A."), ("b.md", b"B."))) == ["docs/a.md", "docs/b.md"]


def test_names_that_lead_elsewhere_do_not() -> None:
    content = archive(
        ("../../etc/a.md", b"1"), ("/root/a.md", b"2"), ("C:\\a.md", b"3"), ("x/../../a.md", b"4"), ("a.md", b"5")
    )
    assert names(content) == ["docs/a.md", "docs/a (2).md", "docs/a (3).md", "docs/a (4).md", "docs/a (5).md"]


def test_what_programs_leave_behind_is_left_out() -> None:
    kept = ("a.md", b"A.")
    left = ["b/", ".DS_Store", "b/.DS_Store", "__MACOSX/._a.md", ".git/config.md", "Thumbs.db", "b/~$a.docx"]
    assert names(archive(kept, *((name, b"x") for name in left))) == ["docs/a.md"]


def test_names_of_older_programs() -> None:
    for name, encoding, shown in (("退货", "utf-8", "退货"), ("退货", "gb2312", "退货"), ("Gerät", "cp437", "Gerät")):
        place = "X" * len(name.encode(encoding))
        content = archive((f"{place}.md", b"A.")).replace(place.encode(), name.encode(encoding))
        assert names(content) == [f"docs/{shown}.md"]


def test_one_that_cannot_be_taken_is_told_and_the_others_go_on() -> None:
    damaged = archive(("a.md", b"first text"), ("b.exe", b"x"), ("c.zip", b"x"), ("d.md", b"D."), method=0)
    found = list(expand("docs.zip", damaged.replace(b"first", b"First")))
    assert [type(one) for one in found] == [DamagedDocumentError, UnsupportedTypeError, NestedArchiveError, File]
    assert str(found[2]).startswith("docs/c.zip was not opened, because it is an archive inside an archive.")


def test_one_with_a_password_among_others_and_all_of_them() -> None:
    content = archive(("a.md", b"A."), ("b.md", b"B."))
    assert [type(one) for one in expand("docs.zip", encrypted(content, 1))] == [EncryptedDocumentError, File]
    with pytest.raises(EncryptedDocumentError, match=r"docs\.zip"):
        list(expand("docs.zip", encrypted(content, 2)))


def test_a_bomb_is_told_from_a_large_text() -> None:
    found = list(expand("docs.zip", archive(("bomb.txt", bytes(24 * MB)), ("fine.txt", b"x" * 9 * MB))))
    assert [type(one) for one in found] == [ArchiveBombError, File]
    assert "would grow to 10" in str(found[0])  # zeros shrink to about a thousandth


def test_one_over_the_limit_of_a_document() -> None:
    (found,) = expand("docs.zip", archive(("a.txt", random.Random(0).randbytes(100) * 262_145)))
    assert isinstance(found, FileTooLargeError)
    assert found.params == {"name": "docs/a.txt", "size_mb": 26, "limit_mb": 25}


def test_all_together_over_the_limit() -> None:
    content = bytearray(archive(*((f"{number}.md", b"x") for number in range(9))))
    for place in (place for place in range(len(content)) if content.startswith(b"PK\x01\x02", place)):
        struct.pack_into("<L", content, place + 24, 23 * MB)
    with pytest.raises(UnpackedTooLargeError, match="docs.zip unpacks to 207 MB, and at most 200 MB"):
        list(expand("docs.zip", bytes(content)))


def test_more_files_than_are_taken() -> None:
    with pytest.raises(TooManyFilesError, match="docs.zip holds 1001 files, and at most 1000"):
        list(expand("docs.zip", archive(*((f"{number}.md", b"") for number in range(1_001)))))


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (archive(), ArchiveEmptyError),
        (archive((".DS_Store", b"x")), ArchiveEmptyError),
        (archive(("[Content_Types].xml", b"x"), ("word/document.xml", b"x")), OtherTypeError),
        (b"%PDF-1.7", OtherTypeError),
        (b"text", OtherTypeError),
        (b" ", NoTextError),
        (archive(("a.md", b"A."))[:-10], DamagedDocumentError),
        (bytes(26 * MB), FileTooLargeError),
    ],
    ids=["empty", "hidden", "word", "pdf", "text", "blank", "cut", "large"],
)
def test_archives_that_are_refused_whole(content: bytes, error: type[DocumentError]) -> None:
    with pytest.raises(error, match=r"docs\.zip"):
        list(expand("docs.zip", content))


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_damage_is_survived_or_named(chance: random.Random) -> None:
    content = bytearray(archive(("a.md", b"some text " * 20), ("b/c.txt", b"B."), ("b/", b"")))
    for _ in range(chance.randrange(1, 20)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    try:
        found = list(expand("docs.zip", bytes(content[: chance.randrange(20, len(content) + 1)])))
    except DocumentError:
        return
    assert all(isinstance(one, File | DocumentError) for one in found)
