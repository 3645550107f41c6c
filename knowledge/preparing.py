"""A file becomes passages with their words and vectors: the slow part of an upload, done before any transaction.

It knows how a passage and a sentence are put to the embedder; it stores nothing.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from knowledge import keywords
from knowledge.chunking import MAX_TOKENS, Chunk, chunk
from knowledge.documents import Section, read_document
from knowledge.embedding import Embedder
from knowledge.errors import CollabError, DocumentError, PassageEmptyError, PassageTooLongError
from knowledge.formats.outline import PATH_SEPARATOR
from knowledge.text import clean

STEP = 64  # texts between two reports of progress

_log = logging.getLogger(__name__)

Progress = Callable[[float], None]

Place: TypeAlias = tuple[str, str]
"""What tells a passage from the others of its document: its heading and its text, as it was read."""


@dataclass(frozen=True, slots=True)
class Vectors:
    """The vectors of a passage and of its sentences as float32 bytes; None where the embedder cannot read the text."""

    passage: bytes | None
    sentences: tuple[bytes | None, ...]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A passage with all that storing it needs: the words that full text finds it by, and its vectors.

    `original_text` is how it was read, where a person corrected it.
    """

    chunk: Chunk
    words: tuple[str, ...]
    vectors: Vectors
    original_text: str | None = None
    is_disabled: bool = False


@dataclass(frozen=True, slots=True)
class Change:
    """What became of a passage that people could change: its text now, and whether it is found."""

    text: str
    is_disabled: bool


Read: TypeAlias = list[Prepared] | CollabError
"""The passages of a document, or why there are none."""


def tried(name: str, work: Callable[[], list[Prepared]]) -> Read:
    """What comes of reading the document `name`, whatever happens."""
    try:
        return work()
    except CollabError as error:
        return error
    except Exception:  # noqa: BLE001 - a job ends here: what trips our own code must not be tried at every start
        _log.exception("A document could not be read")
        return DocumentError(name=name)


def prepare(name: str, content: bytes, embedder: Embedder, progress: Progress) -> list[Prepared]:
    """Reads, cuts and embeds a file; `progress` is told the share done, 0 to 1. Raises DocumentError."""
    longest = min(MAX_TOKENS, embedder.max_tokens)
    chunks = chunk(read_document(name, content), embedder.count_tokens, max_tokens=longest)
    vectors = embed(chunks, embedder, progress)
    return [
        Prepared(piece, keywords.terms(piece.heading, piece.text), made)
        for piece, made in zip(chunks, vectors, strict=True)
    ]


def prepare_text(heading: str, page: int | None, text: str, embedder: Embedder) -> Prepared:
    """One passage in a person's words, under the heading that it had. Raises PassageEmptyError, PassageTooLongError."""
    text = clean(text).text.strip()
    if not any(character.isalnum() for character in text):
        raise PassageEmptyError
    longest = min(MAX_TOKENS, embedder.max_tokens)
    chunks = chunk([Section(heading, text, page)], embedder.count_tokens, max_tokens=longest)
    if len(chunks) > 1:
        raise PassageTooLongError(chars=len(text), passages=len(chunks))
    (vectors,) = embed(chunks, embedder, lambda share: None)
    return Prepared(chunks[0], keywords.terms(heading, text), vectors)


def as_changed(read: Sequence[Prepared], before: Mapping[Place, Change], embedder: Embedder) -> list[Prepared]:
    """The passages with what people changed in the same ones of the version before.

    The same has the same text under the same heading; where that is gone, it is the only new one of that text.
    """
    places = [(piece.chunk.heading, piece.chunk.text) for piece in read]
    gone: dict[str, list[Change]] = defaultdict(list)
    for place in before.keys() - set(places):
        gone[place[1]].append(before[place])
    new = Counter(text for _, text in set(places) - before.keys())

    def moved(text: str) -> Change | None:
        return gone[text][0] if len(gone[text]) == new[text] == 1 else None

    changes = [before.get(place) or moved(place[1]) for place in places]
    return [
        piece if change is None else _with_change(piece, change, embedder)
        for piece, change in zip(read, changes, strict=True)
    ]


def _with_change(read: Prepared, change: Change, embedder: Embedder) -> Prepared:
    if change.text == read.chunk.text:
        return replace(read, is_disabled=change.is_disabled)
    try:
        made = prepare_text(read.chunk.heading, read.chunk.page, change.text, embedder)
    except PassageTooLongError:  # for another embedder
        return replace(read, is_disabled=change.is_disabled)
    return replace(made, original_text=read.chunk.text, is_disabled=change.is_disabled)


def embed(chunks: Sequence[Chunk], embedder: Embedder, progress: Progress) -> list[Vectors]:
    """The vectors of each passage and its sentences. A passage that cannot be read as a whole gets none at all."""
    readable = [piece for piece in chunks if embedder.can_read(piece.text)]
    texts = dict.fromkeys(text for piece in readable for text in (_whole(piece), *_sentences(piece)))
    vectors = _encode([text for text in texts if embedder.can_read(text)], embedder, progress)
    return [
        Vectors(vectors.get(_whole(piece)), tuple(map(vectors.get, _sentences(piece))))
        if embedder.can_read(piece.text)
        else Vectors(None, (None,) * len(piece.sentences))
        for piece in chunks
    ]


def _encode(texts: Sequence[str], embedder: Embedder, progress: Progress) -> dict[str, bytes]:
    vectors: dict[str, bytes] = {}
    for start in range(0, len(texts), STEP):
        part = texts[start : start + STEP]
        rows = embedder.encode(part)
        vectors.update((text, row.astype("<f4").tobytes()) for text, row in zip(part, rows, strict=True))
        progress(len(vectors) / len(texts))
    return vectors


def _whole(piece: Chunk) -> str:
    """A passage is found by what it says and by where it stands."""
    return f"{piece.heading}\n{piece.text}" if piece.heading else piece.text


def _sentences(piece: Chunk) -> Iterable[str]:
    """Each sentence after its nearest heading, which often carries the subject: "Lockers: They take a 2 euro coin."."""
    nearest = piece.heading.rpartition(PATH_SEPARATOR)[2]
    lead = f"{nearest}: " if nearest else ""
    return [lead + piece.text[span.start : span.end] for span in piece.sentences]
