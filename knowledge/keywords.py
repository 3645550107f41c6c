"""Passages by their words: full-text search in the database, in the same transaction as the passages themselves.

Words are cut and stemmed by `knowledge.text`, English and Chinese alike. It knows passages by id, and no vectors.
"""

import math
from collections.abc import Collection, Iterable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from knowledge.index import Hit
from knowledge.text import content_words

MOST_WORDS = 64  # of a question; a pasted page would otherwise become a query of a thousand words

_ADD = sa.text("INSERT INTO passages_fts (rowid, heading, body) VALUES (:id, :heading, :body)")
_REMOVE = sa.text("DELETE FROM passages_fts WHERE rowid = :id")
_WITHIN = """
    FROM passages_fts
    JOIN passages ON passages.id = passages_fts.rowid
    JOIN documents ON documents.id = passages.document_id
    WHERE passages_fts MATCH :query AND documents.reach IN :reaches
"""
_REACHES = sa.bindparam("reaches", expanding=True, type_=sa.String)
_SEARCH = sa.text(
    f"SELECT passages.id, -bm25(passages_fts) AS score {_WITHIN} ORDER BY score DESC, passages.id LIMIT :k"
).bindparams(_REACHES)
_COUNT = sa.text(f"SELECT count(*) {_WITHIN}").bindparams(_REACHES)
_ALL = sa.text(
    """
    SELECT count(*) FROM passages JOIN documents ON documents.id = passages.document_id
    WHERE documents.reach IN :reaches
    """
).bindparams(_REACHES)


def add(session: Session, passage_id: int, heading: str, text: str) -> None:
    """Makes a passage findable by the words of its text and of its heading."""
    session.execute(
        _ADD, {"id": passage_id, "heading": " ".join(content_words(heading)), "body": " ".join(content_words(text))}
    )


def remove(session: Session, passage_ids: Iterable[int]) -> None:
    """Forgets the passages; ids that are not there are passed over."""
    if rows := [{"id": id} for id in passage_ids]:
        session.execute(_REMOVE, rows)


def search(session: Session, question: str, reaches: Collection[str], k: int) -> list[Hit]:
    """The `k` passages within the reaches that share words with the question, best first; the score is BM25."""
    query = _any_of(content_words(question))
    if not query or not reaches:
        return []
    rows = session.execute(_SEARCH, {"query": query, "reaches": list(reaches), "k": k})
    return [Hit(row[0], row[1]) for row in rows]


def count(session: Session, reaches: Collection[str]) -> int:
    """How many passages there are within the reaches."""
    return int(session.execute(_ALL, {"reaches": list(reaches)}).scalar_one())


def idf(session: Session, words: Collection[str], reaches: Collection[str]) -> dict[str, float]:
    """How telling each content word is within the reaches: its inverse document frequency, in nats, above 0.

    A word that stands in no passage there has the greatest of all, log(2 passages + 2).
    """
    passages = count(session, reaches)
    return {word: _idf(passages, _holding(session, word, list(reaches))) for word in words}


def _holding(session: Session, word: str, reaches: list[str]) -> int:
    return int(session.execute(_COUNT, {"query": _any_of([word]), "reaches": reaches}).scalar_one())


def _idf(passages: int, holding: int) -> float:
    return math.log(1 + (passages - holding + 0.5) / (holding + 0.5))


def _any_of(words: Iterable[str]) -> str:
    """The query for passages with any of the words; each is quoted, so that none can be read as FTS5 syntax."""
    distinct = list(dict.fromkeys(words))[:MOST_WORDS]
    return " OR ".join('"{}"'.format(word.replace('"', '""')) for word in distinct)
