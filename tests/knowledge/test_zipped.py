"""ZIP archives from strangers are opened without harm."""

import struct
import warnings
import zipfile
import zlib
from io import BytesIO

import pytest

from knowledge.errors import (
    CompressionUnknownError,
    DamagedDocumentError,
    EncryptedDocumentError,
    TooManyFilesError,
    UnpackedTooLargeError,
)
from knowledge.zipped import open_zip, unpack, unpacked

MB = 1024 * 1024


def archive(*files: tuple[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(file, "w", method) as made:
        warnings.simplefilter("ignore")  # of names that come twice
        for name, content in files:
            made.writestr(name, content)
    return file.getvalue()


def lying(content: bytes, size: int) -> bytes:
    """An archive of one file that says in both places that it unpacks to the first `size` bytes of zeros."""
    data = bytearray(content)
    central = data.index(b"PK\x01\x02")
    crc = zlib.crc32(bytes(size))
    struct.pack_into("<L", data, 14, crc)
    struct.pack_into("<L", data, 22, size)
    struct.pack_into("<L", data, central + 16, crc)
    struct.pack_into("<L", data, central + 24, size)
    return bytes(data)


def read(content: bytes) -> list[tuple[str, bytes]]:
    with zipfile.ZipFile(BytesIO(content)) as made:
        assert all(entry.compress_type == zipfile.ZIP_STORED for entry in made.infolist())
        return [(name, made.read(name)) for name in made.namelist()]


def test_the_same_files_are_there_with_nothing_compressed() -> None:
    content = archive(("a/b.xml", b"<x/>" * 100), ("folder/", b""), ("c.xml", b"old"), ("c.xml", b"new"))
    assert read(unpacked("a.docx", content)) == [("a/b.xml", b"<x/>" * 100), ("c.xml", b"new")]


def test_a_file_that_says_it_is_smaller_gives_no_more_than_it_says() -> None:
    content = lying(archive(("bomb.xml", bytes(100 * MB))), size=10)
    assert read(unpacked("a.docx", content)) == [("bomb.xml", bytes(10))]


def test_a_file_that_says_it_is_larger_is_damaged() -> None:
    with pytest.raises(DamagedDocumentError):
        unpacked("a.docx", lying(archive(("a.xml", bytes(10))), size=1_000))


def test_what_is_said_is_refused_before_anything_is_unpacked() -> None:
    content = archive(("a.xml", b"x"), ("b.xml", b"x"))
    said = bytearray(content)
    for place in (place for place in range(len(said)) if said.startswith(b"PK\x01\x02", place)):
        struct.pack_into("<L", said, place + 24, 101 * MB)
    with pytest.raises(UnpackedTooLargeError, match="a.docx unpacks to 202 MB, and at most 200 MB"):
        unpacked("a.docx", bytes(said))


def test_more_entries_than_are_read() -> None:
    with pytest.raises(TooManyFilesError, match="20001 files"):
        open_zip("a.zip", archive(("a", b"x")) + b"PK\x01\x02" * 20_000)


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"", archive(("a", b"x"))[:-10], b"PK\x05\x06" + b"\xff" * 18])
def test_what_is_no_archive_is_damaged(content: bytes) -> None:
    with pytest.raises(DamagedDocumentError):
        open_zip("a.zip", content)


def test_a_changed_byte_is_damage() -> None:
    content = bytearray(archive(("a.md", b"some text"), method=zipfile.ZIP_STORED))
    content[content.index(b"some")] ^= 1
    with open_zip("a.zip", bytes(content)) as made, pytest.raises(DamagedDocumentError, match="a.zip/a.md"):
        unpack("a.zip/a.md", made, made.infolist()[0])


def test_a_password() -> None:
    content = bytearray(archive(("a.md", b"text")))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(EncryptedDocumentError):
        unpacked("a.docx", bytes(content))


def test_rare_compression_cannot_be_held_to_its_sizes() -> None:
    with pytest.raises(CompressionUnknownError):
        unpacked("a.docx", archive(("a.md", b"text"), method=zipfile.ZIP_BZIP2))
