"""Composing an answer from quotes: the model may word it, the sources decide what of it is said.

Text leaves sentence by sentence. A sentence that no source supports is left out, and nothing leaves at all before the
kept sentences carry what the best quote says; where that never happens, the quotes are the answer. It knows no database
and no engine: it is given pieces of text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from collab.dialogue.records import Source
from knowledge.cells import cells
from knowledge.retrieval import Answer
from knowledge.support import adds, carries, supports
from knowledge.text import normalise, sentences
from knowledge.variants import is_other, named

_OWN_MARKS = re.compile(r"(?<!\s)\s*\[\d+\]")


def without_citations(answer: str) -> str:
    """The words of an answer without its numbers, as a person would write them."""
    return re.sub(r"\s*\[\d{1,3}\]", "", answer)


def cited(found: Answer) -> tuple[Source, ...]:
    """The quotes of an answer, each with its place in its document; their passages are numbered from 1.

    The same words from another passage say nothing more, and are left out.
    """
    numbers: dict[int, int] = {}
    seen: set[str] = set()
    sources: list[Source] = []
    for quote in found.quotes:
        passage = found.passages[quote.passage_id]
        if (words := normalise(quote.text)) in seen:
            continue
        seen.add(words)
        sources.append(
            Source(
                n=numbers.setdefault(passage.id, len(numbers) + 1),
                document_id=passage.document_id,
                document=passage.document,
                reach=passage.reach,
                passage_id=passage.id,
                heading=passage.heading,
                page=passage.page,
                quote=quote.text,
                start=quote.start,
                end=quote.end,
            )
        )
    return tuple(sources)


def told(found: Answer, sources: Sequence[Source]) -> tuple[Source, ...]:
    """The sources with that of each quote which answers: of a row of a table, some of its cells."""
    answering = {(quote.passage_id, quote.start): quote.told for quote in found.quotes}
    return tuple(replace(source, quote=answering[source.passage_id, source.start]) for source in sources)


def quoted_answer(sources: Sequence[Source]) -> str:
    """The quotes themselves as the answer, those of one passage that stand together with its number once."""
    runs = [(n, [source.quote for source in run]) for n, run in groupby(sources, key=lambda source: source.n)]
    return " ".join(f"{_together(quotes)} [{n}]" for n, quotes in runs)


def _together(quotes: Sequence[str]) -> str:
    """One after the other; a row of a table, which ends without a stop, is parted from what follows."""
    joints = [*("; " if cells(quote) else " " for quote in quotes[:-1]), ""]
    return "".join(f"{_readable(quote)}{joint}" for quote, joint in zip(quotes, joints, strict=True))


def _readable(quote: str) -> str:
    """A row of a table with its first column's value as its subject; any other quote as it is."""
    row = cells(quote)
    if not row:
        return quote
    first = row[0].value if any(map(str.isalpha, row[0].value)) else row[0].text
    return " · ".join([first, *(cell.text for cell in row[1:])])


def composed_answer(
    pieces: Iterable[str], question: str, sources: Sequence[Source], passages: Sequence[str]
) -> Iterator[str]:
    """Releases what of the model's text is supported, with the number of the source after each sentence.

    `passages` are the texts of `sources`, in the same order; what they say of several variants, the text must say of
    each. Yields nothing when the text may not stand as an answer.
    """
    best, *others = (source.quote for source in sources)
    needed = [best, *(other for other in others if is_other(named(best), named(other)))]
    said: list[str] = []
    held: list[str] = []
    is_released = False
    for sentence in _as_sentences(pieces):
        place = supports(sentence, passages)
        if place is None or not adds(sentence, said, question):
            continue
        said.append(sentence)
        held.append(f"{sentence} [{sources[place].n}]")
        if not is_released and not all(carries(" ".join(held), quote, question) for quote in needed):
            continue
        yield (" " if is_released else "") + " ".join(held)
        held, is_released = [], True


def ends(text: str) -> bool:
    """Whether the last sentence of a text is whole."""
    return text.rstrip(" \n\"'”’)]*").endswith((".", "!", "?", "。", "！", "？", "…"))


def _as_sentences(pieces: Iterable[str]) -> Iterator[str]:
    """Joins pieces of text into whole sentences; the last one may lack its end and is then left out."""
    text = ""
    for piece in pieces:
        text += piece
        spans = sentences(text)
        if len(spans) > 1:
            yield from (_OWN_MARKS.sub("", text[span.start : span.end]) for span in spans[:-1])
            text = text[spans[-1].start :]
    if ends(text):
        yield _OWN_MARKS.sub("", text.strip())
