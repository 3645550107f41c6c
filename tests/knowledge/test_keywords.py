"""Full text on a real database: words and stems, reach, idf by hand, and questions that look like query syntax."""

import math
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from knowledge import keywords
from knowledge.database import Database
from knowledge.tables import Document, DocumentState, Passage, StoredFile

ALL = ["everyone"]


def put(session: Session, reach: str, *texts: str, heading: str = "") -> list[int]:
    """Passages of a new document within a reach; their ids."""
    name = f"{reach}-{len(texts)}-{texts[0]}"
    session.add(StoredFile(sha256=name, content=b""))
    session.flush()
    now = datetime(2026, 11, 1, tzinfo=UTC)
    state = DocumentState.READY
    session.add(Document(id=name, name=name, reach=reach, sha256=name, size_bytes=0, state=state, created_at=now))
    session.flush()
    terms = [keywords.terms(heading, text) for text in texts]
    passages = [
        Passage(document_id=name, position=place, heading=heading, words=len(terms[place]), text=text, embedder="words")
        for place, text in enumerate(texts)
    ]
    session.add_all(passages)
    session.flush()
    ids = [passage.id for passage in passages]
    keywords.add(session, zip(ids, terms, strict=True))
    return ids


def search(session: Session, question: str, reaches: list[str] = ALL) -> list[int]:
    return [hit.id for hit in keywords.search(session, question, reaches, 10).hits]


def test_stems_match_and_more_shared_words_come_first(database: Database) -> None:
    with database.write() as session:
        shop, locker, both = put(session, "everyone", "The shop opens early.", "Lockers.", "Lockers open at nine.")
        assert search(session, "When is a locker opening?") == [both, locker, shop]


def test_a_passage_is_found_by_its_heading(database: Database) -> None:
    with database.write() as session:
        (coin,) = put(session, "everyone", "They take a coin.", heading="Guide › Lockers")
        assert search(session, "locker") == [coin]


def test_chinese_is_found_by_its_words(database: Database) -> None:
    with database.write() as session:
        shoes, _ = put(session, "everyone", "鞋子可以在三十天内退货。", "商店周一关门。")
        assert search(session, "鞋子多少天内可以退货？") == [shoes]


def test_reach_is_part_of_the_search(database: Database) -> None:
    with database.write() as session:
        (public,) = put(session, "everyone", "Lockers take a coin.")
        (private,) = put(session, "person:mel", "My locker has the number 7.")
        assert search(session, "locker") == [public]
        assert search(session, "locker", ["person:mel"]) == [private]
        assert set(search(session, "locker", ["everyone", "person:mel"])) == {public, private}
        assert search(session, "locker", []) == []


def test_removed_passages_are_not_found(database: Database) -> None:
    with database.write() as session:
        first, second = put(session, "everyone", "Lockers take a coin.", "Lockers close at nine.")
        keywords.remove(session, [first, 999])
        assert search(session, "lockers") == [second]


def test_idf_by_hand(database: Database) -> None:
    with database.write() as session:
        put(session, "everyone", "Lockers take a coin.", "Lockers close.", "The shop closes.")
        matches = keywords.search(session, "Locker, coin, zebra?", ALL, 10)
    assert matches.searched == 3
    assert matches.idf == pytest.approx({"locker": math.log(1.6), "coin": math.log(8 / 3), "zebra": math.log(8)})


def test_bm25_by_hand(database: Database) -> None:
    """Two passages of 1 and 3 words, 2 on average; one holds the word once, the other twice."""
    with database.write() as session:
        short, long = put(session, "everyone", "Lockers.", "A locker, a locker, a coin.")
        hits = keywords.search(session, "locker", ALL, 10).hits
    idf = math.log(1.2)
    assert {hit.id: hit.score for hit in hits} == pytest.approx(
        {short: idf * 2.2 / (1 + 1.2 * 0.625), long: idf * 2 * 2.2 / (2 + 1.2 * 1.375)}
    )


def test_what_is_out_of_reach_changes_nothing(database: Database) -> None:
    """Otherwise the scores would tell anybody which words stand in other people's documents."""
    with database.write() as session:
        put(session, "everyone", "Lockers take a coin.", "Lockers close at nine.", "The shop opens.")
        before = keywords.search(session, "Do lockers take a coin?", ALL, 10)
        put(session, "person:mel", "My coin.", "A coin, a coin, a coin and a locker.", "Something else.")
        assert keywords.search(session, "Do lockers take a coin?", ALL, 10) == before


@pytest.mark.parametrize("language", ["C", "C#", "C++"])
def test_languages_of_one_letter_are_three_words(database: Database, language: str) -> None:
    texts = ["Written in C#.", "Written in C++.", "Written in C."]
    with database.write() as session:
        ids = put(session, "everyone", *texts)
        assert search(session, f"Who knows {language}?") == [ids[texts.index(f"Written in {language}.")]]


def test_words_are_found_as_they_were_cut(database: Database) -> None:
    with database.write() as session:
        (found,) = put(session, "everyone", "TX-200, naïve Straße, 東京 and the universes’ ёлки.")
        for word in ("tx-200", "naive", "strasse", "universe", "Ёлки"):
            assert search(session, word) == [found], word


def test_a_question_counts_by_its_first_words(database: Database) -> None:
    with database.write() as session:
        (first, _) = put(session, "everyone", "Number 64 stands here.", "Number 65 stands there.")
        matches = keywords.search(session, " ".join(map(str, range(1, 5_000))), ALL, 10)
    assert list(matches.idf) == [str(n) for n in range(1, 65)]
    assert [hit.id for hit in matches.hits] == [first]


@pytest.mark.parametrize(
    "question", ["", "?", "the of and", '"', "NOT", 'a" OR "b', "heading: x", "x*", "^x", "NEAR(a b, 2)"]
)
def test_nothing_is_read_as_query_syntax(database: Database, question: str) -> None:
    with database.write() as session:
        put(session, "everyone", "Lockers take a coin.")
        assert search(session, question) == []


@given(question=st.text(max_size=200))
@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_may_be_searched_for(database: Database, question: str) -> None:
    with database.read() as session:
        assert search(session, question) == []
