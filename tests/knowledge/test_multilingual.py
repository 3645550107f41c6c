"""The packaged multilingual embedder, and what is said where it is missing or damaged."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from knowledge.errors import EmbedderDamagedError, EmbedderMissingError
from knowledge.multilingual import WEIGHTS, MultilingualEmbedder, packaged_multilingual_path


def test_a_folder_without_the_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissingError, match="e5-small-q4.bin"):
        MultilingualEmbedder(tmp_path)


def test_damaged_weights_are_named_when_they_are_needed(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"")
    embedder = MultilingualEmbedder(tmp_path)
    with pytest.raises(EmbedderDamagedError, match="cannot be loaded"):
        embedder.encode(["年假有几天？"])


@pytest.fixture(scope="module")
def embedder() -> MultilingualEmbedder:
    return MultilingualEmbedder(packaged_multilingual_path())


@pytest.mark.models
def test_likeness_tells_a_paraphrase_from_another_question(embedder: MultilingualEmbedder) -> None:
    question, paraphrase, other = embedder.encode(["如何打开蓝牙？", "蓝牙怎么开？", "食堂几点关门？"])
    assert question @ paraphrase > 0.96
    assert question @ other < 0.88


@pytest.mark.models
def test_either_script_and_full_width_digits_give_the_same_vector(embedder: MultilingualEmbedder) -> None:
    first, second = embedder.encode(["2023年的年假有几天？", "２０２３年的年假有幾天"])
    assert np.array_equal(first, second)


@pytest.mark.models
def test_rows_are_units_alone_and_in_batches(embedder: MultilingualEmbedder) -> None:
    texts = ["年假有几天？", "", "a\0b", "字" * 5000, "😀"]
    rows = embedder.encode(texts)
    assert rows.shape == (5, embedder.dims)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(np.ones(5), abs=1e-5)
    for text, row in zip(texts, rows, strict=True):
        assert embedder.encode([text])[0] == pytest.approx(row, abs=1e-5)
    assert embedder.encode([]).shape == (0, embedder.dims)


@pytest.mark.models
def test_tokens_are_counted_without_special_ones(embedder: MultilingualEmbedder) -> None:
    assert embedder.count_tokens("") == 0
    assert 2 <= embedder.count_tokens("年假有几天") <= 6
    assert embedder.can_read("年假")
    assert not embedder.can_read(" ？")


@pytest.mark.models
def test_threads_get_the_same_rows(embedder: MultilingualEmbedder) -> None:
    texts = [f"{number}楼的会议室怎么预订？" for number in range(16)]
    alone = [embedder.encode([text])[0] for text in texts]
    fresh = MultilingualEmbedder(packaged_multilingual_path())
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda text: fresh.encode([text])[0], texts))
    assert np.array_equal(alone, together)
