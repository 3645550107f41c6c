"""The library on a real database: documents whole or absent, versions, failures, crashes, other processes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from knowledge.database import Database
from knowledge.documents import MAX_BYTES
from knowledge.embedding import Vectors
from knowledge.errors import FileTooLargeError, NotFoundError
from knowledge.library import Library
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState, IndexChange, Passage, Sentence, StoredFile
from tests.fakes import WordEmbedder

ALL = "everyone"
NOON = datetime(2026, 11, 1, 12, tzinfo=UTC)
GUIDE = b"# Guide\n\n## Lockers\nThey take a 2 euro coin. Tall bags stay outside.\n\n## Shop\nIt sells postcards.\n"


class OtherEmbedder(WordEmbedder):
    """The same, under another name and looking the other way."""

    name = "other words"

    def encode(self, texts: list[str]) -> Vectors:
        return -super().encode(texts)


class FailingEmbedder(WordEmbedder):
    """Fails at its work: with KeyboardInterrupt, as a process does that is killed in the middle of a document."""

    def __init__(self, failure: type[BaseException]) -> None:
        self._failure = failure

    def encode(self, texts: list[str]) -> Vectors:
        raise self._failure


def library_on(database: Database, embedder: WordEmbedder | None = None) -> Library:
    return Library(database, embedder or WordEmbedder(), lambda: NOON)


@pytest.fixture
def library(database: Database) -> Library:
    return library_on(database)


def found(library: Library, words: str, *reaches: str) -> list[str]:
    """The texts of the passages that share a word with `words`, by their vectors."""
    hits = library.nearest(library.embedder.encode([words])[0], 5, reaches or (ALL,))
    return [library.passage(hit.id, reaches or (ALL,)).text for hit in hits if hit.score > 0.1]


def count(database: Database, table: type) -> int:
    with database.read() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(table)) or 0


def test_a_document_becomes_passages_that_remember_their_place(library: Library) -> None:
    record = library.add("guide.md", GUIDE, ALL)
    assert record == DocumentRecord(
        id=record.id,
        name="guide.md",
        reach=ALL,
        state=DocumentState.READY,
        size_bytes=len(GUIDE),
        passages=2,
        error_code=None,
        error_params={},
        created_at=NOON,
    )
    hit = library.nearest(library.embedder.encode(["coin"])[0], 1, [ALL])[0]
    passage = library.passage(hit.id, [ALL])
    assert (passage.document, passage.heading, passage.page) == ("guide.md", "Guide › Lockers", None)
    assert [passage.text[s.start : s.end] for s in passage.sentences] == [
        "They take a 2 euro coin.",
        "Tall bags stay outside.",
    ]


def test_a_sentence_is_embedded_after_its_nearest_heading(library: Library) -> None:
    library.add("guide.md", GUIDE, ALL)
    passage = library.passage(library.nearest(library.embedder.encode(["coin"])[0], 1, [ALL])[0].id, [ALL])
    expected = library.embedder.encode(["Lockers: They take a 2 euro coin."])[0]
    assert passage.sentences[0].vector is not None
    assert np.allclose(passage.sentences[0].vector, expected)


def test_the_same_content_again_is_recognised_within_its_reach(library: Library, database: Database) -> None:
    first = library.add("guide.md", GUIDE, ALL)
    again = library.add("copy of guide.md", GUIDE, ALL)
    assert (first.already_known, again.already_known) == (False, True)
    assert (again.id, again.name) == (first.id, "guide.md")
    own = library.add("guide.md", GUIDE, "person:mel")
    assert not own.already_known
    assert len(library.list([ALL, "person:mel"])) == 2
    assert count(database, StoredFile) == 1


def test_a_new_version_takes_the_place_of_the_old_one(library: Library, database: Database) -> None:
    old = library.add("guide.md", GUIDE, ALL)
    new = library.add("guide.md", b"## Lockers\nThey take a token.\n", ALL)
    assert [record.id for record in library.list([ALL])] == [new.id]
    assert found(library, "coin postcards") == []
    assert found(library, "token") == ["They take a token."]
    assert (count(database, Passage), count(database, Sentence), count(database, StoredFile)) == (1, 1, 1)
    with pytest.raises(NotFoundError):
        library.get(old.id, [ALL])


def test_what_is_known_under_another_name_may_be_the_new_version_of_this_one(library: Library) -> None:
    library.add("guide.md", GUIDE, ALL)
    library.add("draft.md", b"Lockers take a token.", ALL)
    assert not library.add("guide.md", b"Lockers take a token.", ALL).already_known
    assert found(library, "coin") == []
    assert sorted(record.name for record in library.list([ALL])) == ["draft.md", "guide.md"]


def test_going_back_to_the_version_before_one_that_is_still_being_read(library: Library) -> None:
    first = library.add("guide.md", GUIDE, ALL)
    slow = library.receive("guide.md", b"Lockers take a token.", ALL)
    assert library.receive("guide.md", b"Lockers take a token.", ALL) == replace(
        slow, already_known=True, replaces=False
    )
    back = library.add("guide.md", GUIDE, ALL)
    assert (back.already_known, library.unread()) == (False, ())
    with pytest.raises(NotFoundError):
        library.process(slow.id)
    assert [record.id for record in library.list([ALL])] == [back.id] != [first.id]


def test_a_version_for_one_person_leaves_everyones_alone(library: Library) -> None:
    library.add("guide.md", GUIDE, ALL)
    library.add("guide.md", b"Lockers take a token.", "person:mel")
    assert found(library, "coin") == ["They take a 2 euro coin. Tall bags stay outside."]
    assert found(library, "token", "person:mel") == ["Lockers take a token."]
    assert found(library, "token") == []


def test_a_failed_version_keeps_its_reason_and_the_old_one_its_place(library: Library) -> None:
    library.add("guide.md", GUIDE, ALL)
    failed = library.add("guide.md", b"\xff\xff\xff", ALL)
    assert failed.state is DocumentState.FAILED
    assert failed.error_code == "document_not_utf8"
    assert failed.error_params == {"name": "guide.md", "position": 0}
    assert found(library, "postcards") == ["It sells postcards."]
    library.add("guide.md", b"Lockers take a token.", ALL)
    assert [record.state for record in library.list([ALL])] == [DocumentState.READY]


def test_what_is_too_large_is_not_even_stored(library: Library) -> None:
    with pytest.raises(FileTooLargeError, match=r"big.txt has 26 MB, and at most 25 MB"):
        library.receive("big.txt", b"x" * (MAX_BYTES + 1), ALL)
    assert library.list([ALL]) == ()


def test_a_document_interrupted_by_a_crash_is_read_at_the_next_start(database: Database) -> None:
    before = library_on(database, FailingEmbedder(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        before.add("guide.md", GUIDE, ALL)
    assert [record.state for record in before.list([ALL])] == [DocumentState.READING]
    assert count(database, Passage) == 0
    after = library_on(database)
    for document_id in after.unread():
        after.process(document_id)
    assert [record.state for record in after.list([ALL])] == [DocumentState.READY]
    assert found(after, "postcards") == ["It sells postcards."]


def test_a_document_upon_which_the_application_ends_is_not_read_for_ever(database: Database) -> None:
    dying = library_on(database, FailingEmbedder(KeyboardInterrupt))
    document_id = dying.receive("guide.md", GUIDE, ALL).id
    for _ in range(3):
        with pytest.raises(KeyboardInterrupt):
            dying.process(document_id)
    failed = dying.process(document_id)
    assert (failed.state, failed.error_code) == (DocumentState.FAILED, "document_reading_dies")
    assert dying.unread() == ()


def test_what_trips_our_own_code_fails_once_and_for_all(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    library = library_on(database, FailingEmbedder(ZeroDivisionError))
    failed = library.add("guide.md", GUIDE, ALL)
    assert (failed.state, failed.error_code, failed.passages) == (DocumentState.FAILED, "document_unreadable", 0)
    assert library.unread() == ()
    assert "ZeroDivisionError" in caplog.text


def test_two_processes_that_read_the_same_document_store_it_once(library: Library, database: Database) -> None:
    other = library_on(database)
    waiting = library.receive("guide.md", GUIDE, ALL)
    record = library.process(waiting.id, lambda share: other.process(waiting.id))
    assert (record.state, record.passages, count(database, Passage)) == (DocumentState.READY, 2, 2)
    assert found(library, "postcards") == ["It sells postcards."]


def test_what_is_removed_while_it_is_read_leaves_nothing(library: Library, database: Database) -> None:
    waiting = library.receive("guide.md", GUIDE, ALL)
    with pytest.raises(NotFoundError):
        library.process(waiting.id, lambda share: library.remove(waiting.id))
    assert [count(database, table) for table in (Passage, Sentence, StoredFile)] == [0, 0, 0]


def test_a_version_received_later_wins_over_one_that_is_still_being_read(library: Library) -> None:
    slow = library.receive("guide.md", GUIDE, ALL)
    quick = library.add("guide.md", b"Lockers take a token.", ALL)
    with pytest.raises(NotFoundError):
        library.process(slow.id)
    assert [record.id for record in library.list([ALL])] == [quick.id]


def test_another_process_is_seen_before_each_search(library: Library, database: Database) -> None:
    other = library_on(database)
    assert found(other, "postcards") == []
    record = library.add("guide.md", GUIDE, ALL)
    assert found(other, "postcards") == ["It sells postcards."]
    library.remove(record.id)
    assert found(other, "postcards") == []
    assert other.sequence == library.sequence == count(database, IndexChange) == 4


def test_a_new_library_is_built_from_rows(library: Library, database: Database) -> None:
    library.add("guide.md", GUIDE, ALL)
    library.add("guide.md", b"Lockers take a token.", ALL)
    assert found(library_on(database), "token coin") == ["Lockers take a token."]


def test_removing_leaves_nothing_behind(library: Library, database: Database) -> None:
    record = library.add("guide.md", GUIDE, ALL)
    library.remove(record.id)
    assert library.list([ALL]) == ()
    assert [count(database, table) for table in (Passage, Sentence, StoredFile)] == [0, 0, 0]
    with database.read() as session:
        assert session.execute(sa.text("SELECT count(*) FROM passages_fts")).scalar() == 0
    with pytest.raises(NotFoundError):
        library.remove(record.id)


def test_what_is_out_of_reach_does_not_exist(library: Library) -> None:
    record = library.add("guide.md", GUIDE, "person:mel")
    passage = library.nearest(library.embedder.encode(["coin"])[0], 1, ["person:mel"])[0].id
    with pytest.raises(NotFoundError):
        library.get(record.id, [ALL])
    with pytest.raises(NotFoundError):
        library.passage(passage, [ALL])
    with pytest.raises(NotFoundError):
        library.passage(10**30, ["person:mel"])
    assert library.list([ALL]) == ()
    assert library.get(record.id, ["person:mel"]) == record


def test_chinese_is_stored_without_vectors(library: Library, database: Database) -> None:
    record = library.add("指南.txt", "储物柜需要一枚硬币。商店出售明信片。".encode(), ALL)
    assert (record.state, record.passages) == (DocumentState.READY, 1)
    with database.read() as session:
        assert session.scalars(sa.select(Passage.vector)).all() == [None]
        assert session.scalars(sa.select(Sentence.vector)).all() == [None, None]


def test_vectors_of_another_embedder_are_made_again_and_never_compared(database: Database) -> None:
    library_on(database, OtherEmbedder()).add("guide.md", GUIDE, ALL)
    library = library_on(database)
    assert found(library, "coin") == []
    library.reencode()
    assert found(library, "coin") == ["They take a 2 euro coin. Tall bags stay outside."]
    assert count(database, IndexChange) == 4  # two passages, each twice
    library.reencode()
    assert count(database, IndexChange) == 4


def test_progress_tells_the_share_done(library: Library) -> None:
    shares: list[float] = []
    text = "\n\n".join(f"## Part {n}\nSentence number {n} stands alone." for n in range(64))
    library.add("long.md", text.encode(), ALL, shares.append)
    assert shares == [0.5, 1.0]


def test_what_waits_to_be_read_is_told_oldest_first(database: Database) -> None:
    times = iter([NOON, NOON + timedelta(hours=1)])
    library = Library(database, WordEmbedder(), lambda: next(times))
    first = library.receive("z.txt", b"Lockers take a token.", ALL)
    second = library.receive("a.txt", b"The shop opens early.", ALL)
    assert library.unread() == (first.id, second.id)
    library.process(first.id)
    assert library.unread() == (second.id,)


def test_the_list_tells_how_far_reading_is(database: Database) -> None:
    library = library_on(database)
    seen: list[float | None] = []
    text = "\n\n".join(f"## Part {n}\nSentence number {n} stands alone." for n in range(64))
    library.add("long.md", text.encode(), ALL, lambda share: seen.append(library.list([ALL])[0].share_read))
    assert seen == [0.5, 1.0]
    assert library.list([ALL])[0].share_read is None


def test_the_file_outlives_the_process(tmp_path: Path) -> None:
    for _ in range(2):
        database = Database(tmp_path / "kept.db")
        database.migrate()
        library = library_on(database)
        library.add("guide.md", GUIDE, ALL)
        assert found(library, "postcards") == ["It sells postcards."]
        assert count(database, Passage) == 2
        database.close()


def test_a_new_version_says_that_it_replaces(library: Library) -> None:
    assert not library.receive("guide.md", b"no text yet", ALL).replaces
    library.add("guide.md", GUIDE, ALL)
    assert library.receive("guide.md", b"Lockers take a token.", ALL).replaces
