"""A reach with few enough vectors to compare a question with every one. It locks nothing: whoever calls does."""

from collections.abc import Sequence

import faiss
import numpy as np
from numpy.typing import NDArray


class Flat:
    """Vectors under ids, searched exactly."""

    def __init__(self, dims: int) -> None:
        self._index = faiss.IndexIDMap2(faiss.IndexFlatIP(dims))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def put(self, ids: Sequence[int], rows: NDArray[np.float32]) -> None:
        """Adds vectors under ids that are new  # rows: (ids, dims)."""
        self._index.add_with_ids(rows, np.asarray(ids, dtype=np.int64))

    def take(self, ids: Sequence[int]) -> None:
        """Removes ids; those that are not there are passed over."""
        self._index.remove_ids(faiss.IDSelectorBatch(np.asarray(ids, dtype=np.int64)))

    def search(self, query: NDArray[np.float32], k: int) -> list[tuple[int, float]]:
        """Id and inner product of the `k` likest, best first  # query: (dims,)."""
        if not len(self):
            return []
        scores, ids = self._index.search(query[np.newaxis], min(k, len(self)))
        return list(zip(ids[0].tolist(), scores[0].tolist(), strict=True))

    def scores(self, query: NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """The inner products with ids that are there, by id  # query: (dims,)."""
        rows: NDArray[np.float32] = self._index.reconstruct_batch(np.asarray(ids, dtype=np.int64))
        return dict(zip(ids, (rows @ query).tolist(), strict=True))

    def ids(self) -> NDArray[np.int64]:
        """All ids, in the order in which they came."""
        ids: NDArray[np.int64] = faiss.vector_to_array(self._index.id_map)
        return ids
