"""Deleted documents: out of everybody's sight, back as they were, and erased after a while."""

from datetime import timedelta

import pytest

from knowledge.database import Database
from knowledge.errors import DocumentPlaceTakenError, NotFoundError
from knowledge.library import Library
from knowledge.tables import Document, Passage, Sentence, StoredFile
from tests.knowledge.test_library import ALL, GUIDE, NOON, OtherEmbedder, count, found, library_on


@pytest.fixture
def library(database: Database) -> Library:
    return library_on(database)


def test_a_deleted_document_is_out_of_sight_and_comes_back_whole(library: Library, database: Database) -> None:
    record = library.add("guide.md", GUIDE, ALL)
    passage = library.passages(record.id, [ALL])[0]
    library.delete(record.id)
    assert (library.list([ALL]), found(library, "postcards"), found(library_on(database), "postcards")) == ((), [], [])
    assert library.passages(record.id, [ALL]) == ()
    with pytest.raises(NotFoundError):
        library.passage(passage.id, [ALL])
    with pytest.raises(NotFoundError):
        library.delete(record.id)
    assert [gone.deleted_at for gone in library.list([ALL], deleted=True)] == [NOON]
    assert library.bring_back(record.id) == record
    assert found(library, "postcards") == found(library_on(database), "postcards") == ["It sells postcards."]


def test_a_deleted_document_does_not_come_back_beside_another_of_its_name(library: Library) -> None:
    first = library.add("guide.md", GUIDE, ALL)
    library.delete(first.id)
    second = library.add("guide.md", b"Lockers take a token.", ALL)
    assert not library.receive("guide.md", GUIDE, "person:mel").replaces
    with pytest.raises(DocumentPlaceTakenError, match=r"guide.md cannot be brought back"):
        library.bring_back(first.id)
    library.delete(second.id)
    assert library.bring_back(first.id).id == first.id


def test_what_was_deleted_long_ago_is_erased(library: Library, database: Database) -> None:
    record = library.add("guide.md", GUIDE, ALL)
    library.delete(record.id)
    library.erase(NOON)
    assert library.list([ALL], deleted=True) != ()
    library.erase(NOON + timedelta(seconds=1))
    assert [count(database, table) for table in (Document, Passage, Sentence, StoredFile)] == [0, 0, 0, 0]


def test_what_waits_to_be_read_is_not_read_once_it_is_deleted(library: Library) -> None:
    waiting = library.receive("guide.md", GUIDE, ALL)
    library.delete(waiting.id)
    assert library.unread() == ()
    with pytest.raises(NotFoundError):
        library.process(waiting.id)
    library.bring_back(waiting.id)
    assert library.unread() == (waiting.id,)


def test_vectors_of_a_deleted_document_are_made_again_too(database: Database) -> None:
    before = library_on(database, OtherEmbedder())
    before.delete(before.add("guide.md", GUIDE, ALL).id)
    library = library_on(database)
    library.reencode()
    library.bring_back(library.list([ALL], deleted=True)[0].id)
    assert found(library, "postcards") == ["It sells postcards."]
