"""The characters of text files, and where they are none. (Each encoding that is read: see the tests of documents.)"""

import pytest

from knowledge.formats.encoding import UndecodableError, declared_encoding, decoded


def test_a_mark_goes_before_what_is_declared() -> None:
    assert decoded("é".encode("utf-8-sig"), "windows-1252") == "é"
    assert decoded(b"\xe9", "windows-1252") == "é"


def test_line_ends_are_one_and_nul_goes() -> None:
    assert decoded(b"a\r\nb\rc\fd\0\n") == "a\nb\nc\nd\n"


@pytest.mark.parametrize(("content", "position"), [(b"caf\xe9", 3), (b"\xef\xbb\xbfab\xff", 5), (b"a\0b\0", 1)])
def test_the_first_byte_that_is_no_character(content: bytes, position: int) -> None:
    with pytest.raises(UndecodableError) as caught:
        decoded(content)
    assert caught.value.position == position


@pytest.mark.parametrize(
    ("head", "encoding"),
    [(b"<meta charset=GBK>", "gb18030"), (b"<meta charset=made-up>", "utf-8"), (b"<p>", "utf-8")],
)
def test_what_a_page_says_is_believed_where_it_is_known(head: bytes, encoding: str) -> None:
    assert declared_encoding(head) == encoding
