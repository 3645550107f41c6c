"""PDF by pypdf: the text layer of each page, as paragraphs under the headings of its outline, or of its type.

It reads no pictures (a scan has no text here) and follows no links.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO

from pypdf import PdfReader
from pypdf.generic import Destination

from knowledge.formats.outline import MAX_TITLE, PATH_SEPARATOR, Section, one_line, rejoin, unwrap
from knowledge.formats.typeset import Line, headings, typed_lines
from knowledge.text import sentences

# Its remarks about odd files would fill the log; what matters comes as an exception.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)

_LONGEST_REST = 1_000  # characters: what runs on for longer is no sentence
_DEEPEST = 10  # headings in a path
_EDGE_LINES = 2  # lines at the top and bottom of a page that may be a running head
_NUMBER = re.compile(r"(?<!\w)(?<!\w-)(?<!\d[.,])\d{1,4}(?!\w)(?![.,]\d)")
_HERE = "\0"  # stands for the number in a line that may be that of its page
_PAGE = re.compile(
    rf"\b(?:page|pg|p|seite|s|slide)\.? ?{_HERE}|第 ?{_HERE}|[|/·•–—] ?{_HERE}|{_HERE} ?[|/·•–—]", re.IGNORECASE
)
_SAYS = re.compile(r"\w.*(?:\d|[.!?。！？]$)|\d.*[^\W\d_]|@")  # a sentence, or words with a figure
_WORD = re.compile(r"[^\W\d_]+")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "ft", "ﬆ": "st", "\xad": "-"})
_OPEN_END = re.compile(r"[\w,;，、-]$")

_Bookmark = tuple[int, str, str]  # page index, title, path
_Part = tuple[int, str, list[str]]  # page index, path, lines
_Head = tuple[str, int]  # a line without its page's number, and how far that is ahead of the index


def open_pdf(content: bytes) -> PdfReader:
    """The reader of a PDF, forgiving about small damage."""
    return PdfReader(BytesIO(content), strict=False)


def is_locked(reader: PdfReader) -> bool:
    """Whether a PDF needs a password; one that opens with the empty one is opened."""
    return reader.is_encrypted and not reader.decrypt("")


def read_pdf(reader: PdfReader) -> list[Section]:
    """One section for each page and heading, in order; pages count from 1."""
    typed = [typed_lines(page, _LIGATURES) for page in reader.pages]
    pages = [[line.text for line in lines] for lines in typed]
    running = _running_heads(pages)
    bodies = [_body(lines, index, running) for index, lines in enumerate(pages)]
    parts = (
        _under_bookmarks([lines[body] for lines, body in zip(pages, bodies, strict=True)], bookmarks)
        if (bookmarks := list(_bookmarks(reader, reader.outline, ())))
        else _under_headings([lines[body] for lines, body in zip(typed, bodies, strict=True)])
    )
    sections = [Section(path, unwrap("\n".join(lines)), index + 1) for index, path, lines in parts]
    return _mend_page_breaks([section for section in sections if section.text]) + _told(pages, bodies, running)


def _under_bookmarks(pages: Sequence[list[str]], bookmarks: Sequence[_Bookmark]) -> Iterator[_Part]:
    """The lines of each page under the titles of the outline; the last one of a page holds for the next."""
    path = ""
    for index, lines in enumerate(pages):
        here = [bookmark for bookmark in bookmarks if bookmark[0] == index]
        for path, part in _split_at_titles(lines, here, path):  # noqa: B020 - the last heading holds for the next page
            yield index, path, part


def _under_headings(pages: Sequence[Sequence[Line]]) -> Iterator[_Part]:
    """The same under the headings that stand out by their type."""
    path, part = "", list[str]()
    for index, (lines, titles) in enumerate(zip(pages, headings(pages), strict=True)):
        for place, line in enumerate(lines):
            if place in titles:
                yield index, path, part
                path, part = titles[place], []
            else:
                part.append(line.text)
        yield index, path, part
        part = []


def _bookmarks(reader: PdfReader, outline: Sequence[object], above: tuple[str, ...]) -> Iterator[_Bookmark]:
    """The entries of the outline in order; a nested list belongs to the entry before it."""
    titles = above
    for entry in outline:
        if isinstance(entry, list):
            yield from _bookmarks(reader, entry, titles)
        elif isinstance(entry, Destination):
            title = one_line(str(entry.title or ""))[:MAX_TITLE]
            titles = (*above, title)[-_DEEPEST:] if title else above
            page = reader.get_destination_page_number(entry)
            if page is not None and page >= 0 and title:
                yield page, title, PATH_SEPARATOR.join(titles)


def _running_heads(pages: list[list[str]]) -> set[_Head]:
    """What stands first or last on most pages, page numbers aside."""

    def edges(index: int, lines: list[str]) -> set[_Head]:
        return {head for line in [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]] for head in _heads(line, index)}

    counts = Counter(head for index, lines in enumerate(pages) for head in edges(index, lines))
    return {head for head, count in counts.items() if count >= 3 and count > len(pages) / 2}


def _body(lines: list[str], index: int, running: set[_Head]) -> slice:
    """Where a page is without its running heads, which have nothing of its own further out."""

    def running_in(edge: list[str]) -> int:
        is_running = (not line.strip() or not running.isdisjoint(_heads(line, index)) for line in edge)
        return next((place for place, is_one in enumerate(is_running) if not is_one), len(edge))

    start = running_in(lines[:_EDGE_LINES])
    end = running_in(lines[start:][::-1][:_EDGE_LINES])
    return slice(start, len(lines) - end)


def _told(pages: list[list[str]], bodies: list[slice], running: set[_Head]) -> list[Section]:
    """What the running heads say beside names, once each: a telephone number, a condition."""
    first: dict[str, int] = {}
    for index, (lines, body) in enumerate(zip(pages, bodies, strict=True)):
        for line in map(one_line, (*lines[: body.start], *lines[body.stop :])):
            if (line, 0) in running and _SAYS.search(line):
                first.setdefault(line, index)
    return [Section("", line, index + 1) for line, index in first.items()]


def _heads(line: str, index: int) -> Iterator[_Head]:
    """What a line on the page `index` would say on other pages if it were a running head: the same, but for a number
    that grows with the pages. Boiler TX-100 is none beside Boiler TX-200, nor is Week 1 before Week 2.
    """
    line = one_line(line)
    if line:
        yield line, 0
    for number in _NUMBER.finditer(line):
        rest = f"{line[: number.start()]}{_HERE}{line[number.end() :]}"
        if _PAGE.search(rest) or len(_WORD.findall(rest)) != 1:
            yield rest, int(number[0]) - index


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
