"""Electronic books (.epub): the chapters in their order, each read as the page it is.

A chapter without a heading of its own has the one that the table of contents gives it. Pictures, styles and scripts are
not read, and nothing outside the book is.
"""

import codecs
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote
from zipfile import ZipFile

from lxml import etree

from knowledge.formats.outline import MAX_TITLE, Section, one_line
from knowledge.formats.page import read_html

_PAGES, _NCX = ("application/xhtml+xml", "text/html"), "application/x-dtbncx+xml"
_CONTAINER, _ENCRYPTION = "META-INF/container.xml", "META-INF/encryption.xml"
_TITLE = re.compile(
    r"<title\b[^>]*(?:/>|>.*?</title\s*>)", re.IGNORECASE | re.DOTALL
)  # of the file, not of the chapter
_HEADING = re.compile(r"<h[1-6]\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Book:
    """Where the chapters stand in the archive, in order, and the headings that the table of contents has for them."""

    archive: ZipFile
    chapters: tuple[str, ...]
    labels: dict[str, str]


def open_book(archive: ZipFile) -> Book:
    """The order of the chapters and their headings. Raises KeyError and others for what is no book."""
    where = next(_all(_xml(archive, _CONTAINER), "rootfile")).get("full-path")
    package = _xml(archive, where)
    items = {item.get("id"): item for item in _all(package, "item")}
    spine = [items[itemref.get("idref")] for itemref in _all(package, "itemref") if itemref.get("idref") in items]
    chapters = [
        _path(where, item.get("href") or "") for item in spine if item.get("media-type") in _PAGES and not _is_nav(item)
    ]
    return Book(archive, tuple(dict.fromkeys(chapters)), _labels(archive, where, list(items.values())))


def is_protected(book: Book) -> bool:
    """Whether chapters are encrypted, as copy protection does; many books have only their fonts obscured."""
    if _ENCRYPTION not in book.archive.namelist():
        return False
    encrypted = {unquote(part.get("URI") or "") for part in _all(_xml(book.archive, _ENCRYPTION), "CipherReference")}
    return not encrypted.isdisjoint(book.chapters)


def read_book(book: Book) -> Iterator[Section]:
    """The sections of all chapters."""
    for chapter in book.chapters:
        text = _TITLE.sub("", _decoded(book.archive.read(chapter)))
        for section in read_html(text):
            has_own = section.heading or _HEADING.search(text)
            yield section if has_own else replace(section, heading=book.labels.get(chapter, ""))


def _labels(archive: ZipFile, where: str, items: list[Any]) -> dict[str, str]:
    """The first name of each file in the table of contents: of EPUB 3 where there is one, else of EPUB 2."""
    labels: dict[str, str] = {}
    names = frozenset(archive.namelist())
    tables = [item for item in items if _is_nav(item)] + [item for item in items if item.get("media-type") == _NCX]
    for path in dict.fromkeys(_path(where, item.get("href") or "") for item in tables):  # each is read once
        if path not in names:
            continue
        for entry in _all(_xml(archive, path), "a", "navPoint"):
            is_link = etree.QName(entry).localname == "a"
            place = entry.get("href") if is_link else next(_all(entry, "content")).get("src")
            label = "".join(entry.itertext() if is_link else next(_all(entry, "text")).itertext())
            labels.setdefault(_path(path, place or ""), one_line(label)[:MAX_TITLE])
    return labels


def _is_nav(item: Any) -> bool:
    """Whether an item of the manifest is the table of contents of EPUB 3."""
    return "nav" in (item.get("properties") or "").split()


def _xml(archive: ZipFile, path: str) -> Any:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(archive.read(path), parser)


def _all(element: Any, *names: str) -> Iterator[Any]:
    """The elements of these names inside one, in whatever namespace, in order."""
    return iter(element.iter(*(f"{{*}}{name}" for name in names)))


def _path(base: str, link: str) -> str:
    """The place in the archive that a link in the file at `base` leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(base), unquote(link.partition("#")[0])))


def _decoded(content: bytes) -> str:
    is_wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return content.decode("utf-16" if is_wide else "utf-8-sig")
