"""HTML and Markdown. Markdown is rendered to HTML first, so both follow one set of rules.

Nothing is fetched: no style sheet, image, frame or entity. What a browser would not show is left out.
"""

import re
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any

from lxml import etree
from markdown_it import MarkdownIt

from knowledge.formats.outline import Outline, Section, TooMuchTextError, one_line, table_lines

_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "nav",
        "head",
        "iframe",
        "object",
        "svg",
        "math",
        "canvas",
        "audio",
        "video",
        "button",
        "select",
        "textarea",
        "datalist",
        "dialog",
        "del",
        "s",
        "strike",
    ]
)
_INLINE = _SKIPPED.union(
    [
        "a",
        "abbr",
        "b",
        "bdi",
        "bdo",
        "big",
        "cite",
        "code",
        "data",
        "dfn",
        "em",
        "font",
        "i",
        "img",
        "ins",
        "kbd",
        "label",
        "mark",
        "q",
        "ruby",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "time",
        "tt",
        "u",
        "var",
        "wbr",
    ]
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_TOO_DEEP = "nested too deeply: the rest of the page was not read"
_LEVELS = 100  # two for each list in a list
_LEVELS_INLINE = 20  # of brackets and emphasis within a line, each of which costs time
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n\w[\w-]*:.*\n(?:\w[\w-]*:.*\n|[ \t#-].*\n|\n)*?(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_MAX_SPAN = 20  # rows or columns that one cell may be repeated over; a page may claim any number
_MAX_CELLS = 1_000_000  # of a table, repeated ones included


def read_markdown(text: str) -> list[Section]:
    """The sections of a Markdown text (CommonMark with tables and strike-through; front matter is left out).

    Raises ValueError for what is nested so deeply that the parser would leave it out without a word.
    """
    renderer = MarkdownIt("commonmark", {"html": True, "maxNesting": _LEVELS}).enable(["table", "strikethrough"])
    renderer.core.ruler.before("inline", "levels", lambda state: state.md.options.update(maxNesting=_LEVELS_INLINE))
    tokens = renderer.parse(_FRONT_MATTER.sub("", text))
    if any(token.level >= _LEVELS - 1 for token in tokens):
        raise ValueError(_TOO_DEEP)
    return read_html(renderer.renderer.render(tokens, renderer.options, {}))


def read_html(text: str) -> list[Section]:
    """The sections of an HTML page; without an h1 its title stands at the head of the path."""
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True)
    root = etree.fromstring(text.encode() or b" ", parser)
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise ValueError(_TOO_DEEP)
    if root is None:
        return []
    title = "" if root.find(".//h1") is not None else one_line(root.findtext(".//title") or "")
    walk = _Walk(Outline(title))
    walk.through(root)
    return walk.outline.sections()


def _is_hidden(element: Any) -> bool:
    return (
        element.tag in _SKIPPED
        or "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or bool(_HIDDEN_STYLE.search(element.get("style") or ""))
    )


class _Walk:
    """One pass over the tree in document order, collecting running text until a block begins or ends."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline
        self._buffer: list[str] = []
        self._prefix = ""  # what the next block begins with: the number of a list item, the term of a definition
        self._lists: list[int | None] = []  # of the lists we are in, the number that the next item gets, if any

    def through(self, root: Any) -> None:
        events = etree.iterwalk(root, events=("start", "end"))
        for event, element in events:
            if event == "start" and self._takes_whole(element):
                events.skip_subtree()
            elif event == "start":
                self._start(element)
            else:
                self._end(element)
        self._flush()

    def _takes_whole(self, element: Any) -> bool:
        """Handle an element that is left out or read as one; its end event still comes."""
        if _is_hidden(element):
            return True
        if element.tag in _HEADINGS:
            self._flush()
            self.outline.heading(_HEADINGS[element.tag], _text_of(element).rstrip("¶ "))
        elif element.tag == "pre":
            self._flush()
            self.outline.paragraph(_text_of(element))
        elif element.tag == "table" and element.find(".//table") is None:
            self._flush()
            for number, line in enumerate(_table(element)):
                (self.outline.line if number else self.outline.paragraph)(line)
        else:
            return False
        return True

    def _start(self, element: Any) -> None:
        if element.tag == "br":
            self._buffer.append("\v")
        elif element.tag not in _INLINE:
            self._flush()
        if element.tag in ("ul", "ol", "dl"):
            self._lists.append(_number(element, "start") if element.tag == "ol" else None)
        if element.tag == "li" and self._lists and (number := self._lists[-1]) is not None:
            self._prefix = f"{number}. "
            self._lists[-1] = number + 1
        self._buffer.append(element.text or "")

    def _end(self, element: Any) -> None:
        if element.tag == "dt":
            term = one_line("".join(self._buffer))
            self._buffer, self._prefix = [], f"{term.rstrip(':：')}: " if term else ""
        elif element.tag not in _INLINE and element.tag != "br":
            self._flush()
        if element.tag in ("ul", "ol", "dl"):
            self._lists.pop()
        self._buffer.append(element.tail or "")

    def _flush(self) -> None:
        lines = [one_line(line) for line in "".join(self._buffer).split("\v")]
        self._buffer = []
        for number, line in enumerate(line for line in lines if line):
            add = self.outline.line if number or self._lists else self.outline.paragraph
            add(self._prefix + line)
            self._prefix = ""


def _text_of(element: Any) -> str:
    """The text inside an element as it stands, without what is hidden."""
    return "".join(_visible_text(element))


def _visible_text(element: Any) -> Iterator[str]:
    events = etree.iterwalk(element, events=("start", "end"))
    for event, inner in events:
        if event == "end":
            yield (inner.tail or "") if inner is not element else ""
        elif inner is not element and _is_hidden(inner):
            events.skip_subtree()
        else:
            yield "\n" if inner.tag == "br" else ""
            yield "" if inner.tag in _INLINE or inner is element else " "
            yield inner.text or ""


def _table(table: Any) -> list[str]:
    """The lines of a table; a cell that spans rows or columns is read in each of them. Raises TooMuchTextError."""
    rows: list[list[str]] = []
    header_rows = count = 0
    waiting: dict[int, tuple[int, str]] = {}  # column -> rows still to fill with a cell from above, and its text
    for row in table.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th") and not _is_hidden(cell)]
        if header_rows == len(rows) and cells and all(cell.tag == "th" for cell in cells):
            header_rows += 1
        line: list[str] = []
        for cell in cells:
            _fill(line, waiting)
            text, below = _text_of(cell), min(_number(cell, "rowspan"), _MAX_SPAN) - 1
            for _ in range(min(_number(cell, "colspan"), _MAX_SPAN)):
                if below > 0:
                    waiting[len(line)] = (below, text)
                line.append(text)
            if count + len(line) > _MAX_CELLS:
                raise TooMuchTextError
        _fill(line, waiting)
        count += len(line)
        rows.append(line)
    caption = table.find("caption")
    if header_rows == len(rows):  # nothing but headers: then they are the content
        header_rows = 0
    lines = table_lines(_merge_header(rows, header_rows), header_rows > 0)
    return lines if caption is None else [one_line(_text_of(caption)), *lines]


def _merge_header(rows: list[list[str]], count: int) -> list[list[str]]:
    """The table with its first `count` rows as one: "Price" over "EU" reads "Price EU"."""
    if count < 2:
        return rows
    columns = zip_longest(*rows[:count], fillvalue="")
    return [[" ".join(dict.fromkeys(map(one_line, column))) for column in columns], *rows[count:]]


def _fill(line: list[str], waiting: dict[int, tuple[int, str]]) -> None:
    """Put the cells that reach down from rows above where the line has come to."""
    while len(line) in waiting:
        column = len(line)
        rows_left, text = waiting.pop(column)
        line.append(text)
        if rows_left > 1:
            waiting[column] = (rows_left - 1, text)


def _number(element: Any, name: str) -> int:
    """A whole number above zero in an attribute, else 1."""
    value = element.get(name) or ""
    return max(1, int(value)) if value.isdecimal() and len(value) < 6 else 1
