"""Chinese in the memory: on a road of its own, beside the other, also in databases from before there was one."""

from collections.abc import Sequence

import pytest
import sqlalchemy as sa

from knowledge.candidates import EVERYONE
from knowledge.database import Database
from knowledge.embedding import SentenceEmbedder, Vectors, packaged_embedder_path
from knowledge.memory import CorrectionMemory
from knowledge.multilingual import MultilingualEmbedder, packaged_multilingual_path
from knowledge.roads import LONGEST_CHINESE, Road, Roads
from knowledge.scope import Decision, Reason, chinese, decide
from knowledge.tables import MemoryKey
from knowledge.text import normalise, simplified
from tests.fakes import WordEmbedder
from tests.knowledge.test_memory import LIKE, NOTHING, NOW, OPEN, found, learn

MONDAY = "博物馆星期一开放吗？"
ALIKE = "星期一博物馆开放吗"
TRADITIONAL = "博物館星期一開放嗎"


class ChineseWords(WordEmbedder):
    """The likeness of common words, in Chinese too, in either script."""

    name = "chinese words"

    def encode(self, texts: Sequence[str]) -> Vectors:
        return super().encode([simplified(normalise(text)) for text in texts])

    def can_read(self, text: str) -> bool:
        return True


@pytest.fixture
def memory(database: Database) -> CorrectionMemory:
    return CorrectionMemory(database, WordEmbedder(), chinese_embedder=ChineseWords())


def embedders(database: Database) -> dict[str, tuple[str, bool]]:
    """Text -> the key's embedder and whether there is a vector."""
    with database.read() as session:
        keys = session.execute(sa.select(MemoryKey.text, MemoryKey.embedder, MemoryKey.vector))
        return {text: (embedder, vector is not None) for text, embedder, vector in keys}


def test_chinese_applies_in_other_words(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", MONDAY)
    learn(database, memory, "b", "博物馆星期二开放吗？")
    assert found(memory, ALIKE) == (Decision.APPLY, "a")
    assert found(memory, TRADITIONAL) == (Decision.APPLY, "a")
    assert memory.recall(TRADITIONAL, [EVERYONE], NOW).reasons == (Reason.SAME_WORDS,)
    assert found(memory, "博物馆星期三开放吗") == NOTHING


def test_each_language_has_its_road(database: Database, memory: CorrectionMemory) -> None:
    texts = [MONDAY, OPEN, "How do I install 微信 here?", "iPhone 15充电要多久", "電源はどこですか", "字" * 121]
    for number, text in enumerate(texts):
        learn(database, memory, str(number), text)
    here, there, nowhere = ("chinese words", True), ("words", True), ("words", False)
    assert list(embedders(database).values()) == [here, there, here, here, nowhere, nowhere]
    assert found(memory, LIKE) == (Decision.APPLY, "1")
    assert found(memory, "充电iPhone 15要多久") == (Decision.APPLY, "3")


def test_a_long_text_is_found_in_the_same_words_only(database: Database, memory: CorrectionMemory) -> None:
    roads = Roads(Road(WordEmbedder(), decide), Road(ChineseWords(), chinese.decide))
    assert roads.of("字" * LONGEST_CHINESE) is roads.chinese
    learn(database, memory, "a", "字" * 4000)
    assert found(memory, "字" * 4000) == (Decision.APPLY, "a")
    assert found(memory, "字" * 4001) == NOTHING


def test_a_correction_does_not_cross_languages(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", OPEN)
    assert found(memory, MONDAY) == NOTHING


def test_keys_from_before_are_encoded_at_start(database: Database) -> None:
    before = CorrectionMemory(database, WordEmbedder())
    for correction, text in (("a", MONDAY), ("b", OPEN), ("c", "電源はどこですか")):
        learn(database, before, correction, text)
    memory = CorrectionMemory(database, WordEmbedder(), chinese_embedder=ChineseWords())
    assert found(memory, ALIKE) == NOTHING
    assert memory.reencode() == 1
    assert found(memory, ALIKE) == (Decision.APPLY, "a")
    assert found(memory, LIKE) == (Decision.APPLY, "b")
    assert memory.reencode() == 0
    assert embedders(database)[MONDAY] == ("chinese words", True)


class Guessing(WordEmbedder):
    """Believes that it reads Chinese, as a model whose words happen to hold all characters of a short question."""

    def can_read(self, text: str) -> bool:
        return True


def test_chinese_that_the_main_embedder_made_something_of_is_encoded_anew(database: Database) -> None:
    before = CorrectionMemory(database, Guessing())
    learn(database, before, "a", MONDAY)
    learn(database, before, "b", "What is 茶 in English?")
    memory = CorrectionMemory(database, Guessing(), chinese_embedder=ChineseWords())
    assert memory.reencode() == 1
    assert found(memory, ALIKE) == (Decision.APPLY, "a")
    assert memory.reencode() == 0


def test_without_the_other_embedder_its_keys_are_found_in_the_same_words(
    database: Database, memory: CorrectionMemory
) -> None:
    learn(database, memory, "a", MONDAY)
    alone = CorrectionMemory(database, WordEmbedder())
    assert alone.reencode() == 1
    assert embedders(database)[MONDAY] == ("words", False)
    assert found(alone, MONDAY) == (Decision.APPLY, "a")
    assert found(alone, ALIKE) == NOTHING


def test_what_is_forgotten_or_moved_is_so_on_every_road(database: Database, memory: CorrectionMemory) -> None:
    learn(database, memory, "a", MONDAY, "person:mel")
    memory.refresh()
    draft = memory.prepare(MONDAY)
    with database.write() as session:
        memory.forget(session, "a")
        memory.learn(session, "a", [draft], EVERYONE)
    assert found(memory, ALIKE) == (Decision.APPLY, "a")
    with database.write() as session:
        memory.forget(session, "a")
    assert found(memory, ALIKE) == NOTHING


def test_neighbours_are_of_the_same_language(database: Database, memory: CorrectionMemory) -> None:
    for correction, text in (("a", MONDAY), ("b", "博物馆星期二开放吗？"), ("c", OPEN)):
        learn(database, memory, correction, text)
    assert memory.neighbours(MONDAY, "a", [EVERYONE], NOW) == ["博物馆星期二开放吗？"]


@pytest.mark.models
def test_chinese_with_the_packaged_models(database: Database) -> None:
    main, other = SentenceEmbedder(packaged_embedder_path()), MultilingualEmbedder(packaged_multilingual_path())
    memory = CorrectionMemory(database, main, chinese_embedder=other)
    learn(database, memory, "a", "2023年的年假有几天？")
    learn(database, memory, "b", "怎么修改收货地址？")
    learn(database, memory, "c", "Is the museum open on Mondays?")
    assert found(memory, "請問２０２３年有多少天年休假") == (Decision.APPLY, "a")
    assert found(memory, "收貨地址如何更改") == (Decision.APPLY, "b")
    assert found(memory, "2024年的年假有几天？") == NOTHING
    assert found(memory, "怎么删除收货地址？")[0] != Decision.APPLY
    assert found(memory, "Is the museum open Mondays?") == (Decision.APPLY, "c")
