"""What every format comes down to: sections under a path of headings, tables as lines, wrapped lines joined.

It knows nothing of any one format.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

PATH_SEPARATOR = " › "
MAX_CHARACTERS = 5_000_000  # of the text of a document
MAX_TITLE = 300  # characters: a longer one is no heading; it would come again with every passage below


class TooMuchTextError(ValueError):
    """More than MAX_CHARACTERS: a small file can say that a cell stands in every row, or a name before every value, or
    have a long heading over many short sections.
    """


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of a document under one heading.

    `heading` is the path from the title down ("Returns › Shoes") or empty; `page` counts from 1 where there are pages.
    In `text` a line break ends a sentence: an item of a list, a row of a table, a paragraph.
    """

    heading: str
    text: str
    page: int | None = None


class Outline:
    """Collects the blocks of a document in reading order and gives them back as sections. Raises TooMuchTextError."""

    def __init__(self, title: str = "") -> None:
        self._sections: list[Section] = []
        self._path: list[tuple[int, str]] = [(0, title[:MAX_TITLE])] if title else []
        self._pieces: list[str] = []
        self._is_open = False  # a heading has come that neither text nor a lower heading has followed yet
        self._headings = 0  # characters of the headings of all sections so far

    def heading(self, level: int, title: str) -> None:
        """Start a section; levels count from 1 (the highest). A text in the form of a heading is a paragraph."""
        title = one_line(title)
        if len(title) > MAX_TITLE:
            self.paragraph(title)
        if not title or len(title) > MAX_TITLE:
            return
        if self._is_open and level <= self._path[-1][0]:
            self._state_heading()
        self._close()
        while self._path and self._path[-1][0] >= level:
            self._path.pop()
        self._path.append((level, title))
        self._is_open = True

    def paragraph(self, text: str) -> None:
        """Add a block that stands apart."""
        self._add(text, "\n\n")

    def line(self, text: str) -> None:
        """Add a line that belongs to the one before: the item of a list, the row of a table."""
        self._add(text, "\n")

    def sections(self) -> list[Section]:
        """Everything so far, in order; sections without text are left out."""
        if self._is_open:
            self._state_heading()
        self._close()
        return self._sections

    def _add(self, text: str, separator: str) -> None:
        if text.strip():
            self._pieces += [separator, text.strip()] if self._pieces else [text.strip()]
            self._is_open = False

    def _state_heading(self) -> None:
        """A heading with nothing below it is a statement of its own: "Closed on Mondays"."""
        self._pieces = [self._path[-1][1]]

    def _close(self) -> None:
        if self._pieces:
            heading = PATH_SEPARATOR.join(title for _, title in self._path)
            self._headings += len(heading)
            if self._headings > MAX_CHARACTERS:
                raise TooMuchTextError
            self._sections.append(Section(heading, "".join(self._pieces)))
        self._pieces = []
        self._is_open = False


# --- lines ------------------------------------------------------------------------------------------------------------

_WIDE = "\u3001-\u303f\u3400-\u4dbf\u4e00-\u9fff\uff00-\uff60"
_WIDE_CHARACTER = re.compile(f"[{_WIDE}]")
_WIDE_BREAK = re.compile(f"(?<=[{_WIDE}])[^\\S\n]*\n\\s*(?=[{_WIDE}])")
_LIST_ITEM = re.compile(r"\s*(?:[-*•‣◦▪–—·]\s|\(?(?:\d{1,3}|[a-z])[.)]\s)")
_HYPHENATED = re.compile(r"(?<!\w)\w++-\w++")
_LAST_PART = re.compile(r"(?<!\w)(\w++)-$")
_FIRST_PART = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?:;。！？；：…][\"'”’»)\]」』）]*$")
_WRAPPED_AT = 50  # characters: narrower than this, lines were not wrapped but written so
_FULL = 0.75  # of the usual width: a shorter line ended because its author ended it


def one_line(text: str) -> str:
    """The text with every run of white space as one space, and none where a line of Chinese was wrapped."""
    return " ".join(_WIDE_BREAK.sub("", text).split())


def unwrap(text: str) -> str:
    """Join lines that were only wrapped, and words hyphenated at the end of a line; blank lines part paragraphs."""
    lines = [one_line(line) for line in text.split("\n")]
    widths = sorted(len(line) for line in lines if line)
    width = widths[len(widths) * 9 // 10] if widths else 0
    hyphenated = frozenset(_HYPHENATED.findall(text.casefold()))
    pieces: list[str] = []
    before = ""
    for line in lines:
        if before and line and _goes_on(before, line, width):
            pieces[-1], piece = _joined(pieces[-1], line, hyphenated)
            pieces.append(piece)
        elif line:
            pieces += ["" if not pieces else "\n" if before else "\n\n", line]
        before = line
    return "".join(pieces)


def rejoin(before: str, after: str) -> str:
    """Two parts of one sentence that a page break has parted."""
    return "".join(_joined(before, after, frozenset()))


def _goes_on(before: str, line: str, width: int) -> bool:
    """Whether `line` is the rest of the paragraph of `before` rather than a line of its own."""
    if _LAST_PART.search(before) and line[0].isalnum():
        return True
    if width < _WRAPPED_AT or _LIST_ITEM.match(line):
        return False
    is_full = len(before) >= _FULL * width or len(before) + len(line.split()[0]) >= width
    return is_full or (line[0].islower() and not _SENTENCE_END.search(before))


def _joined(before: str, line: str, hyphenated: frozenset[str]) -> tuple[str, str]:
    """The end of one line and the next, ready to be put together; `hyphenated` are the words that keep their hyphen."""
    last, first = _LAST_PART.search(before), _FIRST_PART.match(line)
    if last and first:
        keeps_hyphen = f"{last[1]}-{first[0]}".casefold() in hyphenated or not first[0].islower()
        return before if keeps_hyphen else before[:-1], line
    is_wide = _WIDE_CHARACTER.match(before[-1]) and _WIDE_CHARACTER.match(line)
    return before, line if is_wide else f" {line}"


# --- tables -----------------------------------------------------------------------------------------------------------

_WORD, _DIGITS = re.compile(r"[^\W\d_]+"), re.compile(r"\d+")
_LONGEST_FORM = 8  # characters: whole sentences have no form


def table_lines(rows: Sequence[Sequence[str]], has_header: bool) -> list[str]:
    """A table as one line a row, each of which can be quoted alone: "Column: value; Column: value".

    Without a header, two columns read "name: value", unless the values below the first row are all of one form, which
    its own has not: then it names them, as a first row of words does over three columns or more. Raises
    TooMuchTextError.
    """
    if sum(len(cell) for row in rows for cell in row) > MAX_CHARACTERS:
        raise TooMuchTextError
    filled = [[one_line(cell) for cell in row] for row in rows if any(cell.strip() for cell in row)]
    if len(filled) > 1 and (has_header or _looks_like_header(filled[0]) or _heads_a_form(filled)):
        if sum(map(len, filled[0])) * len(filled) > MAX_CHARACTERS:
            raise TooMuchTextError
        return [_row_line(row, filled[0]) for row in filled[1:]]
    return [_row_line(row[1:], row[:1]) if _is_pair(row) else _row_line(row, ()) for row in filled]


def _is_pair(row: Sequence[str]) -> bool:
    return len(row) == 2 and all(row) and row[0] != row[1]


def _looks_like_header(row: Sequence[str]) -> bool:
    is_plain = all(cell and not any(character.isdigit() for character in cell) for cell in row)
    return len(row) >= 3 and is_plain and len(set(row)) == len(row)


def _heads_a_form(rows: Sequence[Sequence[str]]) -> bool:
    """Whether two columns list values of one form, such as S07, under a name: "Tool, Shelf"."""
    if len(rows) < 3 or not all(_is_pair(row) for row in rows):
        return False
    forms = {_form(row[1]) for row in rows[1:]}
    is_plain = not any(character.isdigit() for cell in rows[0] for character in cell)
    return is_plain and len(forms) == 1 and "a" in (form := forms.pop()) and "9" in form and len(form) <= _LONGEST_FORM


def _form(cell: str) -> str:
    """How a value is made: S07 and K12 are both `a9`."""
    return _DIGITS.sub("9", _WORD.sub("a", cell))


def _row_line(row: Sequence[str], header: Sequence[str]) -> str:
    if len(row) > 1 and len(set(row)) == 1:
        return row[0]  # one cell across the whole width
    named = [(header[place] if place < len(header) else "", cell) for place, cell in enumerate(row)]
    return "; ".join(f"{name.rstrip(':：')}: {cell}" if name else cell for name, cell in named if cell)
