"""PDF by pypdf: the text layer of each page, as paragraphs under the headings of the document's outline.

It reads no pictures (a scan has no text here) and follows no links.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import Destination

from knowledge.formats.outline import PATH_SEPARATOR, Section, one_line, rejoin, unwrap
from knowledge.text import sentences

# Its remarks about odd files would fill the log; what matters comes as an exception.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_LONGEST_REST = 1_000  # characters: what runs on for longer is no sentence
_EDGE_LINES = 2  # lines at the top and bottom of a page that may be a running head
_DIGITS = re.compile(r"\d+")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st", "\xad": "-"})
_OPEN_END = re.compile(r"[\w,;，、-]$")

_Bookmark = tuple[int, str, str]  # page index, title, path


def open_pdf(content: bytes) -> PdfReader:
    """The reader of a PDF, forgiving about small damage."""
    return PdfReader(BytesIO(content), strict=False)


def is_locked(reader: PdfReader) -> bool:
    """Whether a PDF needs a password; one that opens with the empty one is opened."""
    return reader.is_encrypted and not reader.decrypt("")


def read_pdf(reader: PdfReader) -> list[Section]:
    """One section for each page and heading, in order; pages count from 1."""
    pages = [page.extract_text().translate(_LIGATURES).splitlines() for page in reader.pages]
    bookmarks = list(_bookmarks(reader, reader.outline, ()))
    sections: list[Section] = []
    path = ""
    for index, lines in enumerate(_without_running_heads(pages)):
        here = [bookmark for bookmark in bookmarks if bookmark[0] == index]
        for path, part in _split_at_titles(lines, here, path):  # noqa: B020 - the last heading holds for the next page
            sections.append(Section(path, unwrap("\n".join(part)), index + 1))
    return _mend_page_breaks([section for section in sections if section.text])


def _bookmarks(reader: PdfReader, outline: Sequence[object], above: tuple[str, ...]) -> Iterator[_Bookmark]:
    """The entries of the outline in order; a nested list belongs to the entry before it."""
    titles = above
    for entry in outline:
        if isinstance(entry, list):
            yield from _bookmarks(reader, entry, titles)
        elif isinstance(entry, Destination):
            title = one_line(str(entry.title or ""))
            titles = (*above, title) if title else above
            page = reader.get_destination_page_number(entry)
            if page is not None and page >= 0 and title:
                yield page, title, PATH_SEPARATOR.join(titles)


def _without_running_heads(pages: list[list[str]]) -> list[list[str]]:
    """The pages without the first and last lines that most of them share, page numbers aside."""

    def shape(line: str) -> str:
        return _DIGITS.sub("0", one_line(line))

    def edges(lines: list[str]) -> set[str]:
        return {shape(line) for line in [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]] if line.strip()}

    counts = Counter(edge for lines in pages for edge in edges(lines))
    repeated = {edge for edge, count in counts.items() if count >= 3 and count > len(pages) / 2}

    def kept(lines: list[str]) -> list[str]:
        last = len(lines) - _EDGE_LINES
        at_edge = [number < _EDGE_LINES or number >= last for number in range(len(lines))]
        return [line for line, edge in zip(lines, at_edge, strict=True) if not (edge and shape(line) in repeated)]

    return [kept(lines) for lines in pages]


def _split_at_titles(lines: list[str], bookmarks: list[_Bookmark], path: str) -> list[tuple[str, list[str]]]:
    """The lines of one page under the headings that stand on it; `path` is the heading the page begins under."""
    parts: list[tuple[str, list[str]]] = [(path, [])]
    pending = list(bookmarks)
    for line in lines:
        place = next(
            (n for n, (_, title, _) in enumerate(pending) if title.casefold() == one_line(line).casefold()), None
        )
        if place is None:
            parts[-1][1].append(line)
        else:
            parts.append((pending[place][2], []))
            del pending[: place + 1]
    if bookmarks and len(parts) == 1:  # no title was found as a line: the whole page stands under the last one
        return [(bookmarks[-1][2], lines)]
    return parts


def _mend_page_breaks(sections: list[Section]) -> list[Section]:
    """Give the end of a sentence that runs over to the next page back to the page where it began."""
    mended: list[Section] = []
    for section in sections:
        before = mended[-1] if mended else None
        text = section.text
        if before and before.heading == section.heading and _OPEN_END.search(before.text) and text[0].islower():
            end = sentences(text)[0].end
            if end <= _LONGEST_REST:
                mended[-1] = Section(before.heading, rejoin(before.text, text[:end]), before.page)
                text = text[end:].strip()
        if text:
            mended.append(Section(section.heading, text, section.page))
    return mended
