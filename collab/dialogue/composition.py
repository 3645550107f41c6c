"""Composing an answer from quotes: the model may word it, the sources decide what of it is said.

Text leaves sentence by sentence. A sentence that no source supports is left out, and nothing leaves at all before the
kept sentences carry what the best quote says; where that never happens, the quotes are the answer. It knows no database
and no engine: it is given pieces of text.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from collab.dialogue.records import Source
from knowledge.retrieval import Answer
from knowledge.support import carries, supports
from knowledge.text import normalise, sentences

_OWN_MARKS = re.compile(r"(?<!\s)\s*\[\d+\]")


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


def quoted_answer(sources: Sequence[Source]) -> str:
    """The quotes themselves as the answer, those of one passage that stand together with its number once."""
    runs = [(n, list(run)) for n, run in groupby(sources, key=lambda source: source.n)]
    return " ".join(f"{' '.join(source.quote for source in run)} [{n}]" for n, run in runs)


def composed_answer(
    pieces: Iterable[str], question: str, sources: Sequence[Source], passages: Sequence[str]
) -> Iterator[str]:
    """Releases what of the model's text is supported, with the number of the source after each sentence.

    `passages` are the texts of `sources`, in the same order. Yields nothing when the text may not stand as an answer.
    """
    quotes = [source.quote for source in sources]
    said: set[str] = set()
    held: list[str] = []
    is_released = False
    for sentence in _as_sentences(pieces):
        place = supports(sentence, passages)
        if place is None or (words := normalise(sentence)) in said:
            continue
        said.add(words)
        held.append(f"{sentence} [{sources[place].n}]")
        if not is_released and not carries(" ".join(held), quotes[0], question):
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
