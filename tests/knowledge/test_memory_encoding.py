"""When the memory encodes: again for another embedder, and never while it holds a session of the database."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa

from collab.services import MIGRATIONS
from knowledge.database import MOST_CONNECTIONS, Database
from knowledge.embedding import Vectors
from knowledge.keys import STALE_AT_ONCE
from knowledge.memory import CorrectionMemory
from knowledge.scope import Decision
from knowledge.tables import MemoryKey
from tests.fakes import WordEmbedder
from tests.knowledge.test_memory import LIKE, NOTHING, NOW, OPEN, found, learn


class OtherEmbedder(WordEmbedder):
    """Other weights: the same likeness, every direction turned round."""

    name = "other"

    def encode(self, texts: list[str]) -> Vectors:  # type: ignore[override]
        return -super().encode(texts)


def test_vectors_of_another_embedder_are_not_compared_until_they_are_made_anew(
    database: Database,
) -> None:
    memory = CorrectionMemory(database, WordEmbedder())
    learn(database, memory, "a", OPEN)
    other = CorrectionMemory(database, OtherEmbedder())
    assert found(other, LIKE) == NOTHING
    assert found(other, OPEN) == (Decision.APPLY, "a")
    assert other.reencode() == 1
    assert found(other, LIKE) == (Decision.APPLY, "a")
    assert other.reencode() == 0
    assert found(memory, LIKE) == NOTHING
    with database.read() as session:
        stored = np.frombuffer(session.scalars(sa.select(MemoryKey.vector)).one() or b"", dtype=np.float32)
    assert float(stored @ OtherEmbedder().encode([OPEN])[0]) == pytest.approx(1)


class ManyLanguages(WordEmbedder):
    """Reads Chinese too, and may only be asked to while everybody else can write."""

    name = "many languages"

    def __init__(self, database: Database) -> None:
        self._database = database
        self.encoded: list[list[str]] = []

    def can_read(self, text: str) -> bool:
        return True

    def encode(self, texts: Sequence[str]) -> Vectors:
        with self._database.write():  # raises when the caller is in a transaction of its own
            self.encoded.append(list(texts))
        return super().encode(texts)


def test_what_could_not_be_read_is_encoded_when_an_embedder_comes_that_can(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", busy_s=0.1)
    database.migrate(MIGRATIONS)
    before = CorrectionMemory(database, WordEmbedder())
    learn(database, before, "a", "博物馆星期一开放吗？")
    assert before.reencode() == 0  # it has been seen, and cannot be read
    for number in range(STALE_AT_ONCE):
        learn(database, before, f"b{number}", f"Who designed room {number}?")
    embedder = ManyLanguages(database)
    memory = CorrectionMemory(database, embedder)
    assert memory.reencode() == STALE_AT_ONCE + 1
    assert [len(texts) for texts in embedder.encoded] == [STALE_AT_ONCE, 1]
    assert memory.recall("星期一博物馆开放吗", ["everyone"], NOW).considered[0].correction_id == "a"
    assert memory.reencode() == 0
    database.close()


class Unhurried(WordEmbedder):
    """Needs every connection of the database while it encodes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def encode(self, texts: Sequence[str]) -> Vectors:
        with ExitStack() as sessions:
            for _ in range(MOST_CONNECTIONS):
                sessions.enter_context(self._database.read()).connection()
        return super().encode(texts)


def test_no_session_is_open_while_a_question_is_encoded(tmp_path: Path) -> None:
    database = Database(tmp_path / "a.db", busy_s=0.1)
    database.migrate(MIGRATIONS)
    memory = CorrectionMemory(database, Unhurried(database))
    learn(database, memory, "a", OPEN)
    assert found(memory, LIKE) == (Decision.APPLY, "a")
    database.close()
