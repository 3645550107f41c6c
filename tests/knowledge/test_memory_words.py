"""What the memory finds by names and codes, on a real database with likeness counted in common words."""

from datetime import UTC, datetime

from knowledge.candidates import EVERYONE
from knowledge.database import Database
from knowledge.keys import fetching
from knowledge.memory import CorrectionMemory
from tests.fakes import WordEmbedder

NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
SHOWN = "Reset: does the office printer display show {}?"
ASKED = "After a reset, does the office printer display show E-4031?"


def learn(database: Database, memory: CorrectionMemory, texts: dict[str, str]) -> None:
    drafts = memory.prepare_all(list(texts.values()))
    with database.write() as session:
        memory.learn_all(session, {correction: [drafts[text]] for correction, text in texts.items()}, EVERYONE)


def test_a_key_with_a_code_is_judged_however_many_are_liker(database: Database) -> None:
    memory = CorrectionMemory(database, WordEmbedder())
    learn(database, memory, {f"n{number}": SHOWN.format(number) for number in range(40)} | {"code": "What is E-4031?"})
    considered = {one.correction_id for one in memory.recall(ASKED, (EVERYONE,), NOW).considered}
    assert len(considered) == 10
    assert "code" in considered


def test_without_a_code_the_likest_are_judged(database: Database) -> None:
    memory = CorrectionMemory(database, WordEmbedder())
    learn(database, memory, {f"n{number}": SHOWN.format(number) for number in range(40)} | {"code": "What is a reset?"})
    considered = {one.correction_id for one in memory.recall(ASKED, (EVERYONE,), NOW).considered}
    assert len(considered) == 10
    assert "code" not in considered


def test_an_index_is_told_the_vectors_of_its_own_embedder(database: Database) -> None:
    learn(database, CorrectionMemory(database, WordEmbedder()), {"a": "Who repairs the barograph?", "b": "北京在哪"})
    fetch = fetching(database, WordEmbedder())
    vector = WordEmbedder().encode(["Who repairs the barograph?"])[0].tobytes()
    assert list(fetch([1, 2, 77])) == [(1, vector)]  # the second one has none, for nothing here reads Chinese
    other = WordEmbedder()
    other.name = "of another kind"
    assert list(fetching(database, other)([1])) == []
