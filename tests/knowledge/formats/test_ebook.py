"""Electronic books: chapters in the order of the spine, with the headings that a reader sees."""

import zipfile
from collections import Counter
from io import BytesIO
from typing import Any

import pytest

from knowledge.documents import Section
from knowledge.formats.ebook import is_protected, open_book, read_book

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
)
NCX = (
    '<ncx xmlns="http://www.daisy.org/z3986/2005/ncx/"><navMap><navPoint><navLabel><text>Opening</text></navLabel>'
    '<content src="text/one.xhtml#top"/></navPoint></navMap></ncx>'
)
NAV = (
    '<html xmlns="http://www.w3.org/1999/xhtml"><body><nav><ol><li><a href="text/one.xhtml">The <b>start</b></a>'
    "</li></ol></nav></body></html>"
)


def chapter(body: str, title: str = "My book") -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><!DOCTYPE html><html xmlns="http://www.w3.org/1999/xhtml"><head>'
        f'<title>{title}</title><script src="x.js"/></head><body><a id="top"/>{body}</body></html>'
    )


def book(chapters: dict[str, str], spine: str = "one two", **more: str) -> bytes:
    """An EPUB with these chapters; `more` are other files, with __ for / in their names."""
    items = "".join(
        f'<item id="{name}" href="text/{name}.xhtml" media-type="application/xhtml+xml"/>' for name in chapters
    )
    refs = "".join(f'<itemref idref="{name}"/>' for name in ["nav", *spine.split()])
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
        f'<item id="ncx" href="toc.ncx" media-type="application/x-dtbncx+xml"/>{items}</manifest>'
        f"<spine>{refs}</spine></package>"
    )
    files = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package}
    files |= {f"OEBPS/text/{name}.xhtml": text for name, text in chapters.items()}
    files |= {name.replace("__", "/"): text for name, text in more.items()}
    file = BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        for path, text in files.items():
            archive.writestr(path, text)
    return file.getvalue()


def read(content: bytes) -> list[Section]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return list(read_book(open_book(archive)))


def test_chapters_in_the_order_of_the_spine_once_each() -> None:
    chapters = {
        "two": chapter("<h1>Second</h1><p>B.</p>"),
        "one": chapter("<h1>First</h1><h2>Part</h2><p>A&#160;b.</p>"),
    }
    assert read(book(chapters, "one two one missing")) == [Section("First › Part", "A b."), Section("Second", "B.")]


@pytest.mark.parametrize(
    ("contents", "heading"),
    [({"OEBPS__toc.ncx": NCX}, "Opening"), ({"OEBPS__nav.xhtml": NAV}, "The start"), ({}, "")],
)
def test_a_chapter_without_a_heading_has_the_one_of_the_table_of_contents(
    contents: dict[str, str], heading: str
) -> None:
    assert read(book({"one": chapter("<p>A.</p>")}, "one", **contents)) == [Section(heading, "A.")]


class CountingZip(zipfile.ZipFile):
    """Counts how often each file is read."""

    def __init__(self, file: BytesIO) -> None:
        super().__init__(file)
        self.reads: Counter[str] = Counter()

    def read(self, name: Any, pwd: bytes | None = None) -> bytes:
        self.reads[str(name)] += 1
        return super().read(name, pwd)


def test_the_newer_table_of_contents_goes_first_and_each_is_read_once() -> None:
    contents = {"OEBPS__nav.xhtml": NAV, "OEBPS__toc.ncx": NCX}
    nav = '<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>'
    ncx = '<item id="ncx{}" href="toc.ncx" media-type="application/x-dtbncx+xml"/>'
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        f"{''.join(map(ncx.format, range(5)))}{nav}"
        '<item id="one" href="text/one.xhtml" media-type="application/xhtml+xml"/></manifest>'
        '<spine><itemref idref="one"/></spine></package>'
    )
    content = book({"one": chapter("<p>A.</p>")}, **contents, **{"OEBPS__book.opf": package})
    with CountingZip(BytesIO(content)) as archive:
        assert list(read_book(open_book(archive))) == [Section("The start", "A.")]
        assert (archive.reads["OEBPS/toc.ncx"], archive.reads["OEBPS/nav.xhtml"]) == (1, 1)


def encryption(path: str) -> str:
    return (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><EncryptedData '
        f'xmlns="http://www.w3.org/2001/04/xmlenc#"><CipherData><CipherReference URI="{path}"/></CipherData>'
        "</EncryptedData></encryption>"
    )


@pytest.mark.parametrize(("path", "protected"), [("OEBPS/text/one.xhtml", True), ("OEBPS/fonts/a.otf", False)])
def test_chapters_that_are_encrypted_are_protected_and_fonts_do_not_matter(path: str, protected: bool) -> None:
    content = book({"one": chapter("<p>A.</p>")}, "one", **{"META-INF__encryption.xml": encryption(path)})
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert is_protected(open_book(archive)) is protected


def test_entities_are_not_resolved() -> None:
    attack = '<!DOCTYPE c [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + NCX.replace("Opening", "&x;Opening")
    (section,) = read(book({"one": chapter("<p>A.</p>")}, "one", **{"OEBPS__toc.ncx": attack}))
    assert section == Section("&x;Opening", "A.")  # as it stands there
