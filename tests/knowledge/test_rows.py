"""Rows of a document: stored as they were prepared, with nothing worked out while other writers wait."""

from datetime import UTC, datetime

import pytest

from knowledge import keywords, rows
from knowledge.chunking import Chunk
from knowledge.database import Database
from knowledge.errors import NotFoundError
from knowledge.library import Library
from knowledge.preparing import Prepared, Vectors
from knowledge.text import Span
from tests.fakes import WordEmbedder

ALL = ["everyone"]


def test_passages_are_stored_as_they_were_prepared(database: Database) -> None:
    library = Library(database, WordEmbedder(), lambda: datetime(2026, 11, 1, tzinfo=UTC))
    record = library.receive("guide.md", b"anything", "everyone")
    texts = ["They take a coin.", "It sells postcards."]
    prepared = [
        Prepared(Chunk(text, "Guide", 2, (Span(0, len(text)),)), (f"word{place}",), Vectors(None, (None,)))
        for place, text in enumerate(texts)
    ]
    with database.write() as session:
        rows.add_passages(session, record, prepared, "words")
        rows.publish(session, record)
    passages = library.passages(record.id, ALL)
    assert [(passage.heading, passage.page, passage.text) for passage in passages] == [
        ("Guide", 2, texts[0]),
        ("Guide", 2, texts[1]),
    ]
    assert [[(s.start, s.end, s.vector) for s in passage.sentences] for passage in passages] == [
        [(0, 17, None)],
        [(0, 19, None)],
    ]
    with database.read() as session:  # the words are those that were given, not those of the text
        assert [hit.id for hit in keywords.search(session, "word1", ALL, 5).hits] == [passages[1].id]
        assert keywords.search(session, "postcards", ALL, 5).hits == ()


def test_a_document_that_is_not_there(database: Database) -> None:
    with database.read() as session, pytest.raises(NotFoundError):
        rows.document(session, "nothing")
