"""Passages by their words: full-text search in the database, in the same transaction as the passages themselves.

Words are cut and stemmed by `knowledge.text`, English and Chinese alike. What is out of reach counts for nothing: how
telling a word is, and how long a passage usually is, is worked out within the reaches. It knows passages by id, and no
vectors.
"""

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge.index import Hit
from knowledge.text import content_words

MOST_WORDS = 64  # of a question; a pasted page would otherwise become a query of a thousand words

# BM25 as it is usually set (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009).
_SATURATION = 1.2
_LENGTH = 0.75

_ADD = sa.text("INSERT INTO passages_fts (rowid, words) VALUES (:id, :words)")
_REMOVE = sa.text("DELETE FROM passages_fts WHERE rowid = :id")
_REACHES = sa.bindparam("reaches", expanding=True, type_=sa.String)
_WITHIN = sa.text(
    """
    SELECT count(*), coalesce(avg(passages.words), 0)
    FROM documents CROSS JOIN passages ON passages.document_id = documents.id AND passages.is_disabled = 0
    WHERE documents.reach IN :reaches AND documents.deleted_at IS NULL
    """
).bindparams(_REACHES)
_MATCHING = sa.text(  # CROSS JOIN keeps the order: from the words to their passages, never through all passages
    """
    SELECT found.term, passages.id, count(*), passages.words
    FROM passages_fts_terms AS found
    CROSS JOIN passages ON passages.id = found.doc
    CROSS JOIN documents ON documents.id = passages.document_id
    WHERE found.term IN :words AND documents.reach IN :reaches
        AND passages.is_disabled = 0 AND documents.deleted_at IS NULL
    GROUP BY found.term, passages.id
    """
).bindparams(_REACHES, sa.bindparam("words", expanding=True, type_=sa.String))


@dataclass(frozen=True, slots=True)
class Matches:
    """What a question's words find within the reaches.

    `hits` are the best passages, best first, scored by BM25. `idf` says how telling each content word of the question
    is: its inverse document frequency in nats, above 0, greatest for a word that stands in no passage; of the first
    MOST_WORDS. `searched` is how many passages there are.
    """

    hits: tuple[Hit, ...]
    idf: dict[str, float]
    searched: int


class _Match(NamedTuple):
    """A word in a passage: how often it stands there, and how many content words the passage has."""

    word: str
    passage_id: int
    times: int
    length: int


def terms(heading: str, text: str) -> tuple[str, ...]:
    """The words by which a passage is found, those of its heading too. Slow for Chinese: not for a transaction."""
    return (*content_words(heading), *content_words(text))


def add(session: Session, passages: Iterable[tuple[int, Sequence[str]]]) -> None:
    """Makes passages findable, each an id with its terms."""
    if rows := [{"id": id, "words": " ".join(words)} for id, words in passages]:
        session.execute(_ADD, rows)


def remove(session: Session, passage_ids: Iterable[int]) -> None:
    """Forgets the passages; ids that are not there are passed over."""
    if rows := [{"id": id} for id in passage_ids]:
        session.execute(_REMOVE, rows)


def search(session: Session, question: str, reaches: Collection[str], k: int) -> Matches:
    """The `k` passages within the reaches that share words with the question."""
    words = list(dict.fromkeys(content_words(question)))[:MOST_WORDS]
    searched, mean = session.execute(_WITHIN, {"reaches": list(reaches)}).one()
    matching = session.execute(_MATCHING, {"words": words, "reaches": list(reaches)}) if words else ()
    matches = [_Match(*row) for row in matching]
    holding = dict.fromkeys(words, 0)
    for match in matches:
        holding[match.word] += 1
    idf = {word: math.log(1 + (searched - held + 0.5) / (held + 0.5)) for word, held in holding.items()}
    return Matches(_best(matches, idf, mean, k), idf, searched)


def _best(matches: Iterable[_Match], idf: Mapping[str, float], mean: float, k: int) -> tuple[Hit, ...]:
    scores: dict[int, float] = {}
    for match in matches:
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * match.length / mean)
        weight = idf[match.word] * match.times * (_SATURATION + 1) / (match.times + damping)
        scores[match.passage_id] = scores.get(match.passage_id, 0.0) + weight
    ranked = sorted(scores.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Hit(id, score) for id, score in ranked[:k])
