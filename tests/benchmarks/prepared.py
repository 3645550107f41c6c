"""Models that have done much of their work already: what several memories are asked is embedded and compared once."""

from collections.abc import Sequence

import numpy as np

from knowledge.embedding import Embedder, Vectors
from knowledge.scope import Askedness
from knowledge.scope.askedness import Asked, Pair


class Encoded:
    """An embedder that has encoded many texts already and computes the others."""

    def __init__(self, embedder: Embedder, texts: Sequence[str]) -> None:
        self.name, self.dims, self.max_tokens = embedder.name, embedder.dims, embedder.max_tokens
        self.can_read, self.count_tokens = embedder.can_read, embedder.count_tokens
        self._embedder = embedder
        distinct = list(dict.fromkeys(texts))
        self._vectors = dict(zip(distinct, embedder.encode(distinct), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text  # (texts, dims)."""
        if any(text not in self._vectors for text in texts):
            return self._embedder.encode(texts)
        return np.stack([self._vectors[text] for text in texts])


class Compared:
    """Remembers every pair, for several memories ask the same."""

    def __init__(self, askedness: Askedness) -> None:
        self._askedness = askedness
        self._known: dict[Pair, Asked] = {}

    def compare(self, pairs: Sequence[Pair]) -> list[Asked]:
        """What is thought of each pair, in their order."""
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        self._known.update(zip(new, self._askedness.compare(new) if new else (), strict=True))
        return [self._known[pair] for pair in pairs]
