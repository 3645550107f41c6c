"""Headings of a PDF by its type: lines of a larger or bolder font than the text that they stand above.

It reads lines with their fonts, and knows neither outline nor running heads. Where type tells little, nothing is a
heading; no line is ever lost, for one that has nothing below it stays a line.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from math import hypot
from typing import Any

from pypdf import PageObject

from knowledge.formats.outline import MAX_TITLE, PATH_SEPARATOR, one_line
from knowledge.scope.words import UNITS

_LARGER = 1.12  # times the size of the text
_WORDS, _CHARACTERS = 12, 100  # of a line of a heading
_RUN = 2  # lines of a heading
_MOST = 1 / 3  # of all characters: more is no heading but the text
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_SAYS = re.compile(  # a value or a sentence, which somebody may ask for: never out of reach of a quote
    rf"[.,;。，；、]$|[:：]\s*\S|[@%€$£¥]|\b\d[\d.,]*\s?(?:{'|'.join(filter(str.isalpha, UNITS))})\b", re.IGNORECASE
)

Style = tuple[float, bool]
"""The size of a line and whether it is bold."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page; one in several styles has none."""

    text: str
    style: Style | None


def typed_lines(page: PageObject, letters: dict[int, str]) -> list[Line]:
    """The lines of a page in the order of its text, with `letters` put in place of others."""
    pieces: list[tuple[str, Style]] = []

    def visit(
        text: str, at: Sequence[float], within: Sequence[float], font: dict[str, Any] | None, size: float
    ) -> None:
        if text:
            height = round(2 * size * _scale(at) * _scale(within)) / 2
            pieces.append((text.translate(letters), (height, bool(_BOLD.search(str((font or {}).get("/BaseFont")))))))

    text = page.extract_text(visitor_text=visit).translate(letters)
    if "".join(piece for piece, _ in pieces) != text:
        return [Line(line, None) for line in text.splitlines()]
    styles = [style for piece, style in pieces for _ in piece]
    lines, start = [], 0
    for line in text.splitlines(keepends=True):
        seen = {style for character, style in zip(line, styles[start:], strict=False) if not character.isspace()}
        (bare,) = line.splitlines()
        lines.append(Line(bare, seen.pop() if len(seen) == 1 else None))
        start += len(line)
    return lines


def _scale(matrix: Sequence[float]) -> float:
    """By how much a matrix enlarges what stands upright."""
    return hypot(matrix[2], matrix[3])


def headings(pages: Sequence[Sequence[Line]]) -> list[dict[int, str]]:
    """For each page, the places of the lines that are headings, with the path that what follows stands under."""
    found: list[dict[int, str]] = [{} for _ in pages]
    lines = [(found[index], place, line) for index, page in enumerate(pages) for place, line in enumerate(page)]
    lines = [one for one in lines if one[2].text.strip()]
    characters: Counter[Style | None] = Counter()
    for _, _, line in lines:
        characters[line.style] += len(line.text)
    usual = max((style for style in characters if style), key=characters.__getitem__, default=None)
    ranks = _with_text_below([_rank(line, usual) if usual else None for _, _, line in lines])
    if (
        sum(len(line.text) for (_, _, line), rank in zip(lines, ranks, strict=True) if rank)
        > _MOST * characters.total()
    ):
        return found
    path: list[tuple[Style, str]] = []
    before: Style | None = None
    for (on_page, place, line), rank in zip(lines, ranks, strict=True):
        if rank is not None:
            title = f"{path.pop()[1]} {line.text}" if rank == before else line.text
            path = [*(above for above in path if above[0] > rank), (rank, one_line(title)[:MAX_TITLE])]
            on_page[place] = PATH_SEPARATOR.join(title for _, title in path)
        before = rank
    return found


def _rank(line: Line, usual: Style) -> Style | None:
    """The style of a line that may be a heading over text of the usual style: a larger one stands above a smaller."""
    if line.style is None or line.style <= usual:
        return None
    size, is_bold = line.style
    stands_out = size >= _LARGER * usual[0] or (is_bold and not usual[1])
    text = one_line(line.text)
    is_short = len(text) <= _CHARACTERS and len(text.split()) <= _WORDS
    return line.style if stands_out and is_short and any(map(str.isalpha, text)) and not _SAYS.search(text) else None


def _with_text_below(ranks: Sequence[Style | None]) -> list[Style | None]:
    """The same without those that nothing stands under, and those that run on over many lines."""
    kept: list[Style | None] = []
    for style, run in reversed([(style, len(list(run))) for style, run in groupby(ranks)]):
        below = kept[-1] if kept else None
        is_heading = style is not None and kept and run <= _RUN and (below is None or below < style)
        kept += [style if is_heading else None] * run
    return kept[::-1]
