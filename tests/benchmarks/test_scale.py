"""What the benchmark of scale asks of: made keys and their texts, and keys that are stored past the services."""

from itertools import islice
from pathlib import Path

import numpy as np
import pytest

from knowledge.candidates import EVERYONE
from knowledge.database import Database, utc_now
from knowledge.memory import CorrectionMemory
from tests.benchmarks.many_keys import CAME, KEPT, LEFT, Named, generated, keys, made
from tests.benchmarks.scale import named_lines, store
from tests.fakes import WordEmbedder

NAMED = [Named("Where is Zlin?", "Zlin"), Named("Who founded Oslo?", "Oslo")]


def test_a_made_vector_is_that_of_the_question_less_its_subject_plus_the_other() -> None:
    east, north, up = np.eye(3, dtype=np.float32)
    row = made(east[np.newaxis], north[np.newaxis], up[np.newaxis])[0]
    assert row == pytest.approx(np.array([KEPT, -LEFT, CAME]) / np.linalg.norm([KEPT, LEFT, CAME]))


def test_keys_begin_with_the_questions_and_go_on_with_other_subjects() -> None:
    texts = [text for text, _ in islice(keys(NAMED, WordEmbedder()), 50)]
    assert texts[:2] == ["Where is Zlin?", "Who founded Oslo?"]
    assert set(texts[2:]) == {"Where is Zlin?", "Where is Oslo?", "Who founded Oslo?", "Who founded Zlin?"}


def test_subjects_that_are_kept_are_put_into_no_other_question() -> None:
    texts = [text for text, _ in islice(keys(NAMED, WordEmbedder(), kept=1), 50)]
    assert set(texts[2:]) == {"Where is Oslo?", "Who founded Oslo?"}


def test_what_is_generated_differs_and_names_its_subject() -> None:
    found = generated(3_000)
    assert len({one.question for one in found}) == 3_000
    assert all(one.subject in one.question for one in found)


def test_what_is_stored_past_the_services_is_found(database: Database) -> None:
    embedder = WordEmbedder()
    found = keys(NAMED, embedder)
    store(database, found, range(2), embedder.name)
    store(database, found, range(2, 30), embedder.name)
    recall = CorrectionMemory(database, embedder).recall("who founded oslo", (EVERYONE,), utc_now())
    assert recall.correction_id is not None
    with database.read() as session:
        assert len(CorrectionMemory(database, embedder).holders(session, ["where is zlin"], (EVERYONE,))) >= 1


def test_only_lines_whose_subject_stands_in_the_question_are_used_each_question_once(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        '{"question": "Where is Zlin?", "subject": "Zlin"}\n'
        '{"question": "where is Zlin", "subject": "Zlin"}\n'
        '{"question": "Who founded Oslo?", "subject": "Bergen"}\n'
        '{"question": "Who founded Oslo?"}\n',
        encoding="utf-8",
    )
    assert [line["question"] for line in named_lines([tmp_path / "a.jsonl"])] == ["where is Zlin"]
