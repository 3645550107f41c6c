"""Small real objects that stand in for models: deterministic, quick, and with behaviour one can reason about."""

import zlib
from collections.abc import Sequence

import numpy as np

from knowledge.embedding import Vectors
from knowledge.text import content_words, is_chinese, words


class WordEmbedder:
    """Likeness is the share of common content words: each hashed stem is a direction. It reads no Chinese."""

    name = "words"
    dims = 512
    max_tokens = 254

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dims), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in content_words(text) or words(text) or [text]:
                place = zlib.crc32(word.encode())
                row[place % self.dims] += 1 if place & 0x10000 else -1
        return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-6)

    def count_tokens(self, text: str) -> int:
        return len(text.split())

    def can_read(self, text: str) -> bool:
        tokens = words(text)
        return bool(tokens) and sum(map(is_chinese, tokens)) <= 0.1 * len(tokens)
