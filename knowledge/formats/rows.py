"""Rows of named values become text of which each row can be found and quoted: those of tables and of JSON lines.

A short row is one line, "Product: TX-200; Warranty: 2 years". A row of prose, or a wide one, is a section under its
name. It knows no file format, and what a column means only where its name says so: a question, its answer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from knowledge.formats.outline import PATH_SEPARATOR, Section, one_line, unwrap
from knowledge.text import sentences

MAX_NAME = 100  # characters: longer than this, a text is no name of a column or a row
_LINE = 400  # characters of values that one line takes: more could not be quoted in one piece
_PIECE = 200  # characters of a line of a wide row: of many values, one is asked for
_LINES = 100  # short rows in a section
_NAMING = 2  # fields at the head of a row that may name it: often a number, then a name
_TITLES = frozenset(
    ["title", "question", "heading", "subject", "prompt", "instruction", "标题", "题目", "问题", "问", "主题"]
)
_TEXTS = frozenset(
    [
        "text",
        "answer",
        "content",
        "body",
        "response",
        "completion",
        "output",
        "正文",
        "文本",
        "内容",
        "答案",
        "回答",
        "答",
    ]
)


class BadLineError(ValueError):
    """A line that breaks the rules of its format; `line` counts from 1."""

    def __init__(self, line: int) -> None:
        super().__init__(f"line {line}")
        self.line = line


@dataclass(frozen=True, slots=True)
class Field:
    """A value and the name of its column, which is empty where columns have none."""

    name: str
    value: str


Row = Sequence[Field]


def row_sections(title: str, rows: Iterable[Row | str]) -> Iterator[Section]:
    """The sections of a table, in order; a string among the rows is a caption, which those after it stand under."""
    caption, is_stated = "", True
    lines: list[str] = []
    for row in rows:
        if isinstance(row, str) or len(lines) == _LINES:
            if lines or not is_stated:
                yield Section(_path(title, caption), "\n".join(lines) or caption)
            lines, is_stated = [], True
        if isinstance(row, str):
            caption, is_stated = one_line(row)[:MAX_NAME], False
            continue
        if not (fields := [field for field in row if field.value.strip()]):
            continue
        is_stated = True
        if (line := _line(fields)) is not None:
            lines.append(line)
            continue
        if lines:
            yield Section(_path(title, caption), "\n".join(lines))
            lines = []
        name, text = _apart(fields)
        yield Section(_path(title, caption, name), text)
    if lines or not is_stated:
        yield Section(_path(title, caption), "\n".join(lines) or caption)


def _path(*names: str) -> str:
    return PATH_SEPARATOR.join(name for name in names if name)


def _line(fields: Row) -> str | None:
    """A short row as one line that reads as one sentence; None for any other, and where a column is a text."""
    if sum(len(field.value) for field in fields) > _LINE or _named(fields, _TEXTS):
        return None
    if any("\n" in field.value.strip() for field in fields):
        return None
    line = "; ".join(_told(field) for field in fields)
    return line if len(sentences(line)) == 1 else None


def _told(field: Field) -> str:
    value, name = one_line(field.value), one_line(field.name).rstrip(":：")
    return f"{name}: {value}" if name and value != name else value


def _named(fields: Row, names: frozenset[str]) -> Field | None:
    return next((field for field in fields if one_line(field.name).casefold() in names), None)


def _apart(fields: Row) -> tuple[str, str]:
    """The name of a row that stands alone, and its text; few words about a text stand before its title."""
    text, title = _named(fields, _TEXTS), _named(fields, _TITLES)
    if text is None:
        return _name([title] if title else fields), "\n".join(_lines(fields))
    is_name = title is not None and len(one_line(title.value)) <= 2 * MAX_NAME
    rest = [field for field in fields if field not in (title, text)]
    about = "; ".join(map(_told, rest))  # found by, but never quoted for an answer: "Topic: delivery"
    is_short = len(about) <= MAX_NAME
    name = _path(about if is_short else "", one_line(title.value) if title and is_name else "")
    texts = [unwrap(title.value)] if title and not is_name else []
    return name, "\n\n".join([*texts, unwrap(text.value), *([] if is_short else ["\n".join(_lines(rest))])])


def _name(fields: Row) -> str:
    """What a row is called: the first of two fields that says it in words, or "Number: 12"; a text is no name."""
    values = [one_line(field.value) for field in fields[:_NAMING]]
    words = (value for value in values if len(value) <= MAX_NAME and any(map(str.isalpha, value)))
    name = next(words, _told(fields[0]) if fields[0].name else "") if fields[0].name or len(fields) > 1 else ""
    return name if len(name) <= MAX_NAME else ""


def _lines(fields: Row) -> Iterator[str]:
    """As few lines as can be quoted each; a value of several sentences or lines has its own."""
    line = ""
    for field in fields:
        told = _told(field)
        is_prose = "\n" in field.value.strip() or len(told) > _LINE or len(sentences(told)) > 1
        if line and (is_prose or len(line) + len(told) > _PIECE):
            yield line
            line = ""
        if is_prose:
            yield (f"{one_line(field.name).rstrip(':：')}: " if field.name else "") + unwrap(field.value)
        else:
            line = f"{line}; {told}" if line else told
    if line:
        yield line
