"""Passages that people change: what is found, what is kept, and what a new version of the document keeps of it."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from knowledge import keywords
from knowledge.database import Database
from knowledge.editing import PassageEditor
from knowledge.embedding import Vectors
from knowledge.errors import NotFoundError, PassageChangedError, PassageEmptyError, PassageTooLongError
from knowledge.library import Library
from knowledge.records import PassageRecord
from knowledge.retrieval import Retriever
from knowledge.tables import DocumentState, Passage, Sentence
from tests.fakes import WordEmbedder
from tests.knowledge.test_library import ALL, GUIDE, found, library_on

LOCKERS = "They take a 2 euro coin. Tall bags stay outside."
TOKENS = "Lockers take a token. Coins are refused. Tall bags stay outside."


@pytest.fixture
def library(database: Database) -> Library:
    library = library_on(database)
    library.add("guide.md", GUIDE, ALL)
    return library


@pytest.fixture
def lockers(library: Library) -> PassageRecord:
    return library.passages(library.list([ALL])[0].id, [ALL])[0]


def nothing(session: object, passage: PassageRecord) -> None:
    """Nothing to note."""


def by_words(library: Library, question: str) -> list[str]:
    """The texts of the passages that full text finds."""
    with library.database.read() as session:
        hits = keywords.search(session, question, [ALL], 5).hits
    return [library.passage(hit.id, [ALL]).text for hit in hits]


def test_a_disabled_passage_is_not_found_in_any_way(library: Library, lockers: PassageRecord) -> None:
    editor = PassageEditor(library)
    assert editor.disable(lockers.id, [ALL], nothing).is_disabled
    assert found(library, "coin") == by_words(library, "coin") == []
    assert library.list([ALL])[0].disabled == 1
    assert Retriever(library).gather("coin", [ALL]).searched == 1
    assert [passage.is_disabled for passage in library.passages(lockers.document_id, [ALL])] == [True, False]
    assert not editor.enable(lockers.id, [ALL], nothing).is_disabled
    assert found(library, "coin") == by_words(library, "coin") == [LOCKERS]


def test_what_was_changed_is_kept_by_the_next_start(
    library: Library, database: Database, lockers: PassageRecord
) -> None:
    shop = library.passages(lockers.document_id, [ALL])[1]
    PassageEditor(library).correct(lockers.id, TOKENS, [ALL], nothing)
    PassageEditor(library).disable(shop.id, [ALL], nothing)
    after = library_on(database)
    assert found(after, "token") == [TOKENS]
    assert found(after, "postcards") == by_words(after, "postcards") == []


def test_a_corrected_passage_is_found_by_its_new_words_and_sentences(
    library: Library, database: Database, lockers: PassageRecord
) -> None:
    made = PassageEditor(library).correct(lockers.id, f"  {TOKENS}\u200b ", [ALL], nothing)
    assert (made.text, made.original_text, made.heading) == (TOKENS, LOCKERS, "Guide › Lockers")
    assert found(library, "token") == by_words(library, "token") == [TOKENS]
    assert found(library, "euro") == by_words(library, "euro") == []
    assert [TOKENS[one.start : one.end] for one in made.sentences] == [
        "Lockers take a token.",
        "Coins are refused.",
        "Tall bags stay outside.",
    ]
    answer = Retriever(library).answer("What do lockers take?", [ALL])
    assert answer.quotes[0].text == "Lockers take a token."
    with database.read() as session:
        assert session.scalar(sa.select(sa.func.count()).select_from(Sentence)) == 4
        words = session.scalar(sa.select(Passage.words).where(Passage.id == lockers.id))
    assert words == 11  # guide lockers lockers take token coins refused tall bags stay outside


def test_a_passage_goes_back_to_how_it_was_read(library: Library, lockers: PassageRecord) -> None:
    editor = PassageEditor(library)
    editor.correct(lockers.id, TOKENS, [ALL], nothing)
    editor.correct(lockers.id, "Lockers are free.", [ALL], nothing)
    restored = editor.restore(lockers.id, [ALL], nothing)
    assert (restored.text, restored.original_text) == (LOCKERS, None)
    assert found(library, "coin") == [LOCKERS]


def test_who_read_another_text_changes_nothing(library: Library, lockers: PassageRecord) -> None:
    editor = PassageEditor(library)
    editor.correct(lockers.id, TOKENS, [ALL], nothing, seen=LOCKERS)
    with pytest.raises(PassageChangedError):
        editor.correct(lockers.id, "Lockers are free.", [ALL], nothing, seen=LOCKERS)
    assert library.passage(lockers.id, [ALL]).text == TOKENS


@pytest.mark.parametrize(("text", "error"), [("", PassageEmptyError), (" \u200b…", PassageEmptyError)])
def test_nothing_is_no_passage(library: Library, lockers: PassageRecord, text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        PassageEditor(library).correct(lockers.id, text, [ALL], nothing)


def test_a_text_that_would_be_cut_is_refused(library: Library, lockers: PassageRecord) -> None:
    with pytest.raises(PassageTooLongError, match="into 2"):
        PassageEditor(library).correct(lockers.id, "Lockers take a token now. " * 60, [ALL], nothing)
    assert library.passage(lockers.id, [ALL]).text == LOCKERS


def test_what_is_out_of_reach_cannot_be_changed(library: Library, lockers: PassageRecord) -> None:
    editor = PassageEditor(library)
    for act in (editor.disable, editor.enable, editor.restore):
        with pytest.raises(NotFoundError):
            act(lockers.id, ["person:mel"], nothing)
    with pytest.raises(NotFoundError):
        editor.correct(10**30, "Lockers are free.", [ALL], nothing)


def test_a_note_that_fails_leaves_everything_as_it_was(library: Library, lockers: PassageRecord) -> None:
    def fail(session: object, passage: PassageRecord) -> None:
        raise ZeroDivisionError

    for act in (
        lambda: PassageEditor(library).disable(lockers.id, [ALL], fail),
        lambda: PassageEditor(library).correct(lockers.id, TOKENS, [ALL], fail),
    ):
        with pytest.raises(ZeroDivisionError):
            act()
    assert found(library, "coin") == by_words(library, "coin") == [LOCKERS]


def test_a_new_version_keeps_what_was_changed_in_passages_that_it_still_has(
    library: Library, lockers: PassageRecord
) -> None:
    shop = library.passages(lockers.document_id, [ALL])[1]
    PassageEditor(library).correct(lockers.id, TOKENS, [ALL], nothing)
    PassageEditor(library).disable(shop.id, [ALL], nothing)
    again = library.add("guide.md", GUIDE + b"\n## Lift\nIt is in the hall.\n", ALL)
    assert [(one.text, one.original_text, one.is_disabled) for one in library.passages(again.id, [ALL])] == [
        (TOKENS, LOCKERS, False),
        ("It sells postcards.", None, True),
        ("It is in the hall.", None, False),
    ]
    other = library.add("guide.md", b"# Guide\n\n## Shop\nIt sells stamps.\n", ALL)
    assert [(one.text, one.is_disabled) for one in library.passages(other.id, [ALL])] == [("It sells stamps.", False)]


DAYS = b"# Guide\n\n## Monday\nClosed all day.\n\n## Tuesday\nClosed all day.\n"


def texts_by_heading(library: Library, document_id: str) -> dict[str, str]:
    return {one.heading.removeprefix("Guide \u203a "): one.text for one in library.passages(document_id, [ALL])}


@pytest.mark.parametrize(
    ("version", "kept"),
    [
        (DAYS + b"\n## Friday\nClosed all day.\n", {"Monday": "", "Tuesday": "Open until 5.", "Friday": ""}),
        (DAYS.replace(b"Tuesday", b"Tuesdays"), {"Monday": "", "Tuesdays": "Open until 5."}),
        (
            DAYS.replace(b"Tuesday", b"Friday") + b"\n## Sunday\nClosed all day.\n",
            dict.fromkeys(("Monday", "Friday", "Sunday"), ""),
        ),
        (DAYS.partition(b"## Tuesday")[0], {"Monday": ""}),
    ],
)
def test_of_passages_with_the_same_text_the_changed_one_is_known_by_its_heading(
    library: Library, version: bytes, kept: dict[str, str]
) -> None:
    _, tuesday = library.passages(library.add("days.md", DAYS, ALL).id, [ALL])
    PassageEditor(library).correct(tuesday.id, "Open until 5.", [ALL], nothing)
    again = library.add("days.md", version, ALL)
    assert texts_by_heading(library, again.id) == {day: text or "Closed all day." for day, text in kept.items()}


def test_what_has_become_too_long_for_the_embedder_stays_disabled(
    library: Library, database: Database, lockers: PassageRecord
) -> None:
    editor = PassageEditor(library)
    editor.correct(lockers.id, "Lockers take a token. " * 40, [ALL], nothing)
    editor.disable(lockers.id, [ALL], nothing)
    embedder = WordEmbedder()
    embedder.max_tokens = 100
    after = library_on(database, embedder)
    again = after.add("guide.md", GUIDE + b"\n## Lift\nIt is in the hall.\n", ALL)
    passage = after.passages(again.id, [ALL])[0]
    assert (passage.text, passage.original_text, passage.is_disabled) == (LOCKERS, None, True)


class TrippingEmbedder(WordEmbedder):
    """Trips our own code on one word."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        if any("token" in text for text in texts):
            raise ZeroDivisionError
        return super().encode(texts)


def test_what_trips_over_a_changed_passage_fails_once_and_for_all(
    library: Library, database: Database, lockers: PassageRecord
) -> None:
    PassageEditor(library).correct(lockers.id, TOKENS, [ALL], nothing)
    after = library_on(database, TrippingEmbedder())
    failed = after.add("guide.md", GUIDE + b"\n## Lift\nIt is in the hall.\n", ALL)
    assert (failed.state, failed.error_code) == (DocumentState.FAILED, "document_unreadable")
    assert after.unread() == ()
    assert found(library, "token") == [TOKENS]


def test_what_is_changed_while_a_new_version_is_read_is_kept_by_it(library: Library, lockers: PassageRecord) -> None:
    editor = PassageEditor(library)
    shop = library.passages(lockers.document_id, [ALL])[1]

    def change(share: float) -> None:
        editor.correct(lockers.id, TOKENS, [ALL], nothing)
        editor.disable(shop.id, [ALL], nothing)

    again = library.add("guide.md", GUIDE + b"\n## Lift\nIt is in the hall.\n", ALL, change)
    assert [(one.text, one.is_disabled) for one in library.passages(again.id, [ALL])] == [
        (TOKENS, False),
        ("It sells postcards.", True),
        ("It is in the hall.", False),
    ]


class CorrectingEmbedder(WordEmbedder):
    """Another embedder, during whose work somebody corrects a passage of `library`."""

    name = "other words"

    def __init__(self, passage_id: int) -> None:
        self.library: Library | None = None
        self._passage_id = passage_id

    def encode(self, texts: Sequence[str]) -> Vectors:
        library, self.library = self.library, None
        if library is not None:
            PassageEditor(library).correct(self._passage_id, TOKENS, [ALL], nothing)
        return super().encode(texts)


def test_what_is_corrected_while_everything_is_encoded_again_keeps_its_own_vectors(
    database: Database, lockers: PassageRecord
) -> None:
    embedder = CorrectingEmbedder(lockers.id)
    after = embedder.library = library_on(database, embedder)
    after.reencode()
    assert (found(after, "token"), found(after, "euro")) == ([TOKENS], [])
    assert found(after, "postcards") == ["It sells postcards."]
    passage = after.passage(lockers.id, [ALL])
    texts = [passage.text[one.start : one.end] for one in passage.sentences]
    expected = embedder.encode([f"Lockers: {text}" for text in texts])
    assert [one.vector.tobytes() for one in passage.sentences if one.vector is not None] == [
        row.astype("<f4").tobytes() for row in expected
    ]
