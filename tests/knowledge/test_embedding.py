"""The packaged model as an Embedder: what it reads, what it refuses, and that its rows are unit vectors."""

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from sentence_transformers import SentenceTransformer

from knowledge.embedding import Embedder, SentenceEmbedder, packaged_embedder_path
from knowledge.errors import EmbedderDamagedError, EmbedderMissingError
from tests.fakes import WordEmbedder


@pytest.fixture(scope="module")
def model() -> Embedder:
    return SentenceEmbedder(packaged_embedder_path())


@pytest.mark.models
def test_rows_are_unit_float32_and_keep_the_order_of_the_texts(model: Embedder) -> None:
    texts = [f"{'very ' * (n % 7)}long question number {n}" for n in range(40)]
    together = model.encode(texts)
    assert together.dtype == np.float32
    assert together.shape == (40, 384) == (40, model.dims)
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    assert np.allclose(together[33], model.encode([texts[33]])[0], atol=1e-4)


@pytest.mark.models
def test_likeness_of_meaning_is_the_inner_product(model: Embedder) -> None:
    question, wording, other = model.encode(
        ["How can I reset my password?", "I forgot my password, what now?", "How high is the Eiffel Tower?"]
    )
    assert question @ wording > 0.6 > 0.3 > question @ other


@pytest.mark.models
def test_full_width_digits_are_digits(model: Embedder) -> None:
    usual, wide = model.encode(["Is it open on the 24th?", "Is it open on the \uff12\uff14th?"])
    assert model.can_read("\uff12\uff14")
    assert float(usual @ wide) == pytest.approx(1.0, abs=1e-5)


def test_nothing_becomes_no_rows(model: Embedder) -> None:
    assert model.encode([]).shape == (0, 384)


@pytest.mark.models
@pytest.mark.parametrize(
    ("text", "readable"),
    [
        ("What is the largest city of Poland, and since which year (1596)?", True),
        ("The Gymnázium in Łódź has 1,250 pupils.", True),
        ("如何打开蓝牙", False),
        ("The product is called 蓝牙耳机 in Chinese shops and costs 20 euros there.", False),
        ("\N{GRINNING FACE}", False),
        ("  ", False),
    ],
)
def test_text_with_more_than_one_unknown_token_in_ten_is_refused(model: Embedder, text: str, readable: bool) -> None:
    assert model.can_read(text) is readable


@pytest.mark.models
def test_tokens_are_counted_without_special_ones_and_without_a_limit(model: Embedder) -> None:
    assert model.count_tokens("Unbelievable!") == 2
    assert model.count_tokens("word " * 400) == 400
    assert model.max_tokens == 254


@pytest.mark.models
def test_the_name_tells_the_weights(model: Embedder) -> None:
    assert model.name == "sentence-53aa51172d142c89"


@pytest.mark.models
def test_two_threads_may_encode_at_once(model: Embedder) -> None:
    texts = [f"sentence {n}" for n in range(32)]
    expected = model.encode(texts)
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(model.encode(texts))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 3
    assert all(np.allclose(result, expected, atol=1e-5) for result in results)


@pytest.mark.models
def test_vectors_are_those_of_the_library_that_made_the_model(model: Embedder) -> None:
    texts = ["", "Yes", "Does it open at 9?", "The shop takes cards. " * 20, "word " * 400]
    library = SentenceTransformer(str(packaged_embedder_path()), device="cpu", local_files_only=True)
    cosines = (model.encode(texts) * library.encode(texts)).sum(axis=1)
    assert cosines.min() > 0.9995


@pytest.mark.models
def test_a_vector_does_not_depend_on_who_asks_at_the_same_time(model: Embedder) -> None:
    texts = [f"How many {'very ' * n}old locks has room {n}?" for n in range(16)]
    fresh = SentenceEmbedder(packaged_embedder_path())
    with ThreadPoolExecutor(16) as people:
        together = np.concatenate(list(people.map(lambda text: fresh.encode([text]), texts)))
    alone = np.concatenate([model.encode([text]) for text in texts])
    assert (together * alone).sum(axis=1).min() > 0.9999


@pytest.mark.models
def test_what_a_caller_does_to_a_vector_is_not_remembered(model: Embedder) -> None:
    vector = model.encode(["How long can I return shoes?"])[0]
    expected = vector.copy()
    vector[:] = 0
    assert np.array_equal(model.encode(["How long can I return shoes?"])[0], expected)


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(EmbedderMissingError, match=str(tmp_path)):
        SentenceEmbedder(tmp_path)


def test_a_damaged_tokenizer_is_reported_as_such(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "tokenizer.json").write_bytes(b"{")
    with pytest.raises(EmbedderDamagedError, match="cannot be loaded"):
        SentenceEmbedder(tmp_path)


@pytest.mark.models
def test_damaged_weights_are_reported_as_such(tmp_path: Path) -> None:
    for file in packaged_embedder_path().rglob("*"):
        if file.is_file() and file.name != "model.safetensors":
            copy = tmp_path / file.relative_to(packaged_embedder_path())
            copy.parent.mkdir(exist_ok=True)
            copy.write_bytes(file.read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(EmbedderDamagedError, match="cannot be loaded"):
        SentenceEmbedder(tmp_path).encode(["a text"])


def test_the_word_embedder_of_the_tests_behaves_like_one() -> None:
    fake: Embedder = WordEmbedder()
    opened, opening, other = fake.encode(["The shop opens at nine", "When does the shop open?", "Invoices by mail"])
    assert opened @ opening > 0.5 > 0.1 > abs(opened @ other)
    assert fake.can_read("The shop opens") is True
    assert fake.can_read("商店几点开门") is False
    assert fake.count_tokens("The shop opens at nine") == 5
