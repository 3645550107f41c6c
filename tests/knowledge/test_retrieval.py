"""Retrieval on a real library: fusion, reach, reasons, answers; and the real model on small documents of many kinds."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from knowledge.database import Database
from knowledge.embedding import Embedder, SentenceEmbedder, packaged_embedder_path
from knowledge.library import Library
from knowledge.retrieval import Retriever
from tests.fakes import WordEmbedder

ALL = ["everyone"]
GUIDE = b"""# Museum guide

## Opening hours
The museum is open from 10:00 to 18:00. On Mondays it is closed.

## Tickets
Adults pay 14 euros. Students pay 9 euros on showing a valid card.

## Lockers
Bags larger than 40 centimetres must be left in the lockers, which take a 2 euro coin.
"""
CASES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("reading_cases.json").read_text(encoding="utf-8"))


def library_with(database: Database, embedder: Embedder, content: bytes, name: str = "guide.md") -> Library:
    library = Library(database, embedder, lambda: datetime(2026, 11, 1, tzinfo=UTC))
    library.add(name, content, "everyone")
    return library


@pytest.fixture
def retriever(database: Database) -> Retriever:
    return Retriever(library_with(database, WordEmbedder(), GUIDE))


def test_the_best_passage_has_the_best_of_both_scores(retriever: Retriever) -> None:
    best, *others = retriever.find("What do students pay?", ALL)
    assert best.passage.heading == "Museum guide › Tickets"
    assert best.score == pytest.approx(2)
    assert best.dense is not None
    assert best.keyword is not None
    assert all(found.score < best.score for found in others)


def test_it_says_in_plain_words_why_a_passage_was_found(retriever: Retriever) -> None:
    best = retriever.find("What do students pay?", ALL)[0]
    assert best.why == f"it has the words students, pay and its meaning is near the question's ({best.dense:.2f} of 1)"


def test_no_more_than_k_and_nothing_out_of_reach(retriever: Retriever) -> None:
    assert len(retriever.find("museum", ALL, k=2)) == 2
    assert retriever.find("museum", ["person:mel"]) == []
    assert retriever.find("museum", []) == []


def test_a_question_in_chinese_is_answered_by_words_alone(database: Database) -> None:
    content = "# 退货\n鞋子可在30天内退货。帐篷可在60天内退货。\n".encode()
    retriever = Retriever(library_with(database, WordEmbedder(), content, "退货.md"))
    found = retriever.find("帐篷多少天内可以退货？", ALL)
    assert [one.dense for one in found] == [None]
    answer = retriever.answer("帐篷多少天内可以退货？", ALL)
    assert [quote.text for quote in answer.quotes] == ["帐篷可在60天内退货。"]
    assert answer.is_answered


def test_an_answer_brings_the_passages_of_its_quotes(retriever: Retriever) -> None:
    answer = retriever.answer("What do students pay?", ALL)
    (quote,) = answer.quotes
    assert quote.text == "Students pay 9 euros on showing a valid card."
    assert answer.passages[quote.passage_id].text[quote.start : quote.end] == quote.text
    assert answer.is_answered


def test_an_empty_library_answers_nothing(database: Database) -> None:
    library = Library(database, WordEmbedder(), lambda: datetime(2026, 11, 1, tzinfo=UTC))
    answer = Retriever(library).answer("What do students pay?", ALL)
    assert (answer.quotes, answer.confidence, answer.is_answered) == ((), 0.0, False)


def test_initials_find_the_name_and_a_pronoun_does_not(retriever: Retriever) -> None:
    assert {"unit", "state"} <= set(retriever.gather("Is it sent to the US?", ALL).idf)
    assert "state" not in retriever.gather("Is it sent to us?", ALL).idf


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("Can you tell me what students pay?", "what students pay?"),
        ("I would like to know if it opens on Mondays", "it opens on Mondays"),
        ("What do the documents say about “Lockers”?", "“Lockers”?"),
        ("文档里关于“退货期限”是怎么说的？", "“退货期限”"),
        ("What do students tell me?", "What do students tell me?"),
        ("Tell me", "Tell me"),
    ],
)
def test_a_polite_beginning_is_not_searched_for(retriever: Retriever, asked: str, plain: str) -> None:
    assert retriever.gather(asked, ALL).question == plain


def test_a_measure_is_found_by_its_noun(database: Database) -> None:
    rows = b"Model,Weight kg,Price\nKestrel,8.4,24 euros\nWren,14.2,12 euros\n"
    retriever = Retriever(library_with(database, WordEmbedder(), rows, "bikes.csv"))
    evidence = retriever.gather("How heavy is the Kestrel?", ALL, focus="How heavy is the Kestrel?")
    assert set(evidence.idf) == {"=weight", "kestrel"}
    for question in ("How heavy is the Kestrel?", "how expensive is the kestrel?"):
        (quote,) = retriever.answer(question, ALL).quotes
        assert quote.text == "Model: Kestrel; Weight kg: 8.4; Price: 24 euros"


def test_the_words_in_focus_count_more(retriever: Retriever) -> None:
    evidence = retriever.gather("What do adults pay? And students?", ALL, focus="And students?")
    assert evidence.idf["student"] == pytest.approx(4 * evidence.idf["adult"])


def test_what_was_just_said_is_searched_for_after_however_many_words(retriever: Retriever) -> None:
    earlier = " ".join(f"number{place}" for place in range(100))
    evidence = retriever.gather(f"{earlier}? And students?", ALL, focus="And students?")
    assert next(iter(evidence.idf)) == "student"
    assert evidence.found[0].keyword is not None


@pytest.mark.models
def test_small_documents_of_many_kinds(tmp_path: Path) -> None:
    """Five questions in six are answered with the right sentence; none without an answer gets one."""
    embedder = SentenceEmbedder(packaged_embedder_path())
    missed, invented, asked = [], [], 0
    for number, case in enumerate(CASES):
        database = Database(tmp_path / f"{number}.db")
        database.migrate()
        retriever = Retriever(library_with(database, embedder, case["document"].encode()))
        asked += len(case["questions"])
        for question, must in case["questions"]:
            answer = retriever.answer(question, ALL)
            if not answer.is_answered or must not in " ".join(quote.text for quote in answer.quotes):
                missed.append(question)
        invented += [question for question in case["unanswerable"] if retriever.answer(question, ALL).is_answered]
        database.close()
    assert len(missed) <= asked / 6, missed
    assert not invented


def test_each_stage_of_a_search_is_told(retriever: Retriever) -> None:
    stages = retriever.explain("What coin do lockers take?", ALL)
    answer = retriever.answer("What coin do lockers take?", ALL)
    assert [found.passage.heading for found in stages.by_words] == ["Museum guide › Lockers"]
    assert stages.by_meaning[0].passage.heading == stages.fused[0].passage.heading == "Museum guide › Lockers"
    assert len(stages.by_meaning) == 3
    assert (stages.answer.quotes, stages.answer.confidence) == (answer.quotes, answer.confidence)
    assert (stages.searched, stages.is_readable) == (3, True)
    chinese = retriever.explain("储物柜要用什么硬币？", ALL)
    assert (chinese.by_meaning, chinese.is_readable) == ((), False)


def test_a_passage_that_is_left_aside_is_not_cited(retriever: Retriever) -> None:
    question = "What coin do lockers take?"
    (passage,) = {quote.passage_id for quote in retriever.answer(question, ALL).quotes}
    without = retriever.answer(question, ALL, without=[passage])
    assert passage not in without.passages
    assert not without.is_answered
