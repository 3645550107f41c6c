"""Text files become sections; each file that cannot be read says why. The formats have tests of their own."""

import random

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.documents import MEDIA_TYPES, Section, read_document
from knowledge.errors import (
    DocumentError,
    FileTooLargeError,
    NoTextError,
    NothingInItError,
    NotUtf8Error,
    OtherTypeError,
    TextTooLongError,
    UnsupportedTypeError,
)
from tests.knowledge.formats.files import archive_of, manual, pdf, word


def plain(text: str) -> str:
    (section,) = read_document("a.txt", text.encode())
    return section.text


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
        for name in ("a.md", "a.html"):
            assert read_document(name, text.encode()) == [Section("", "password is set")]

    @pytest.mark.parametrize(
        ("content", "position"),
        [(b"caf\xe9", 3), (b"\xef\xbb\xbfab\xff", 5), (b"\xff\xfeabc", 4), ("ab".encode("utf-16-le"), 1)],
    )
    def test_other_encodings_are_named_with_the_place(self, content: bytes, position: int) -> None:
        with pytest.raises(NotUtf8Error) as caught:
            read_document("a.txt", content)
        assert caught.value.params["position"] == position
        assert str(position) in str(caught.value)


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

    @pytest.mark.parametrize("name", ["a.exe", "a", "a.docm", ".pdf", "a.zip"])
    def test_unsupported(self, name: str) -> None:
        with pytest.raises(UnsupportedTypeError, match=r"\.docx"):
            read_document(name, b"x")

    @pytest.mark.parametrize("extension", MEDIA_TYPES)
    def test_empty(self, extension: str) -> None:
        with pytest.raises(NothingInItError, match="There is no text in a"):
            read_document(f"a{extension}", b" \n")

    @pytest.mark.parametrize(("name", "content"), [("a.txt", b"***"), ("a.md", b"***"), ("a.csv", b",,\n;;\n")])
    def test_where_there_are_no_pictures_none_are_spoken_of(self, name: str, content: bytes) -> None:
        with pytest.raises(NothingInItError, match="Check whether it was saved"):
            read_document(name, content)

    @pytest.mark.parametrize("content", [b"<p> </p>", b"<title>Only a title</title>", b"<script>x</script>", b"***"])
    def test_no_text_on_the_page(self, content: bytes) -> None:
        with pytest.raises(NoTextError):
            read_document("a.html", content)

    def test_too_many_bytes(self) -> None:
        with pytest.raises(FileTooLargeError, match="26 MB, and at most 25 MB"):
            read_document("a.txt", bytes(25 * 1024 * 1024 + 1))

    def test_too_much_text(self) -> None:
        with pytest.raises(TextTooLongError, match="more than 5000000 characters"):
            read_document("a.txt", b"x" * 5_000_001)

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
