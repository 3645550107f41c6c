"""Sections become passages: whole sentences, up to a number of tokens, never across sections.

It counts tokens with what it is given and knows no model, no database and no file.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from knowledge.documents import Section
from knowledge.text import Span, sentences

MAX_TOKENS = 200  # of the embedder; the rest of what it reads at once is for the heading
MAX_CHARS = 2_000  # of a passage, and so of a sentence: a model may count any run of letters as one token
_OVERLAP_SHARE = 1 / 3  # of a passage: what is repeated from the one before may take no more
_TAIL_SHARE = 1 / 4  # of a passage: a last one shorter than this joins the one before, where it fits
_PARAGRAPH_SHARE = 0.6  # of the aimed-at length: from here on a passage ends where a paragraph does
_CUT = re.compile(r"\s+|(?<=[,，、;；:：])(?=\S)")


@dataclass(frozen=True, slots=True)
class Chunk:
    """A passage: a stretch of a section as it stands there, and its sentences as spans of `text`, in order.

    Every character that is not white space is in exactly one span. A sentence longer than the limits is several spans.
    """

    text: str
    heading: str
    page: int | None
    sentences: tuple[Span, ...]


def chunk(
    sections: Iterable[Section], count_tokens: Callable[[str], int], max_tokens: int = MAX_TOKENS, overlap: int = 1
) -> list[Chunk]:
    """The passages of a document, in order, each of at most `max_tokens` and MAX_CHARS.

    A passage repeats the last `overlap` sentences of the one before it in the same section, where there is room. The
    passages of a section are of about the same length, so that none is left with a few words.
    """
    return [passage for section in sections for passage in _Packing(section, count_tokens, max_tokens).chunks(overlap)]


class _Packing:
    """The sentences of one section on their way into passages."""

    def __init__(self, section: Section, count_tokens: Callable[[str], int], max_tokens: int) -> None:
        self._section = section
        self._count_tokens = count_tokens
        self._max = max_tokens
        whole = sentences(section.text)
        self._spans = [piece for sentence in whole for piece in self._pieces(sentence)]
        self._sizes = [self._count(section.text[span.start : span.end]) for span in self._spans]

    def _count(self, text: str) -> int:
        """The length in tokens; for a text of very long tokens in characters, on the same scale."""
        return max(self._count_tokens(text), -(-len(text) * self._max // MAX_CHARS))

    def chunks(self, overlap: int) -> Iterator[Chunk]:
        for first, end in self._groups():
            start = first
            while start > 0 and first - start < overlap and self._may_repeat(start - 1, first, end):
                start -= 1
            yield self._chunk(start, end)

    def _groups(self) -> list[tuple[int, int]]:
        """The ranges of sentences that make a passage each, without overlap."""
        total = sum(self._sizes)
        aim = total / max(1, -(-total // self._max))
        groups: list[tuple[int, int]] = []
        first = 0
        while first < len(self._spans):
            end = self._end_of_group(first, aim)
            groups.append((first, end))
            first = end
        if len(groups) > 1:
            (before, _), (last, end) = groups[-2:]
            if sum(self._sizes[last:end]) < _TAIL_SHARE * self._max and self._fits(before, end):
                groups[-2:] = [(before, end)]
        return groups

    def _end_of_group(self, first: int, aim: float) -> int:
        end, size = first + 1, self._sizes[first]
        while end < len(self._spans) and size < aim and size + self._sizes[end] <= self._max:
            if size >= _PARAGRAPH_SHARE * aim and self._is_new_paragraph(end):
                break
            size += self._sizes[end]
            end += 1
        while end > first + 1 and not self._fits(first, end):  # joined, sentences can count for more than apart
            end -= 1
        return end

    def _may_repeat(self, candidate: int, first: int, end: int) -> bool:
        is_short = sum(self._sizes[candidate:first]) <= _OVERLAP_SHARE * self._max
        return is_short and self._fits(candidate, end)

    def _is_new_paragraph(self, place: int) -> bool:
        return "\n\n" in self._section.text[self._spans[place - 1].end : self._spans[place].start]

    def _fits(self, first: int, end: int) -> bool:
        text = self._section.text[self._spans[first].start : self._spans[end - 1].end]
        return self._count(text) <= self._max

    def _pieces(self, span: Span) -> Iterator[Span]:
        """A sentence that fits, or else its halves, cut between words (or clauses, or Chinese characters)."""
        text = self._section.text[span.start : span.end]
        if len(text) < 2 or self._count(text) <= self._max:
            yield span
            return
        middle = len(text) // 2
        places = (match.span() for match in _CUT.finditer(text))
        cut = min(places, key=lambda place: abs(place[0] - middle), default=(middle, middle))
        yield from self._pieces(Span(span.start, span.start + cut[0]))
        yield from self._pieces(Span(span.start + cut[1], span.end))

    def _chunk(self, first: int, end: int) -> Chunk:
        offset = self._spans[first].start
        spans = tuple(Span(span.start - offset, span.end - offset) for span in self._spans[first:end])
        text = self._section.text[offset : self._spans[end - 1].end]
        return Chunk(text, self._section.heading, self._section.page, spans)
