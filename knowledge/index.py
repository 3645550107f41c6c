"""The nearest vectors, exactly and in memory: the only module that knows FAISS.

It is a view of rows in the database and can be built from them at any time, so it is never saved. It knows ids, vectors
and reaches, nothing of what they stand for.
"""

import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.errors import VectorRefusedError


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: its id in the database, and its score, where higher is better."""

    id: int
    score: float


class VectorIndex:
    """Unit vectors under integer ids, one FAISS index for each reach: what a reach may not see is not searched at all.

    Safe to share between threads: searches run together, a change has the index to itself.
    """

    def __init__(self, dims: int) -> None:
        self.dims = dims
        self._indexes: dict[str, faiss.IndexIDMap2] = {}
        self._reach_of: dict[int, str] = {}
        self._gate = _Gate()

    def __len__(self) -> int:
        return len(self._reach_of)

    def add(self, ids: Sequence[int], vectors: NDArray[np.float32], reach: str) -> None:
        """Adds all of them or none  # vectors: (ids, dims), unit rows.

        Raises VectorRefusedError for another shape, NaN or infinity, and for an id that is there already.
        """
        rows = self._checked(vectors, len(ids))
        with self._gate.alone():
            if len(set(ids)) < len(ids) or any(id in self._reach_of for id in ids):
                raise VectorRefusedError(reason="an id is there twice")
            if len(ids):
                self._put_in(ids, rows, reach)

    def change(self, gone: Iterable[int], stored: Iterable[tuple[int, str, bytes]]) -> None:
        """Takes ids out and puts in what is stored: id, reach, float32 bytes. It may be applied twice.

        So an id that is not there is passed over, and one that is stored takes its own place. All of it happens or
        nothing, and no search comes in between. Raises VectorRefusedError for NaN and infinity.
        """
        by_reach: dict[str, dict[int, bytes]] = {}
        for id, reach, vector in stored:
            by_reach.setdefault(reach, {})[id] = vector
        rows = {
            reach: self._checked(np.frombuffer(b"".join(own.values()), dtype="<f4").reshape(-1, self.dims), len(own))
            for reach, own in by_reach.items()
        }
        with self._gate.alone():
            self._take_out([*gone, *(id for own in by_reach.values() for id in own)])
            for reach, own in by_reach.items():
                self._put_in(list(own), rows[reach], reach)

    def search(self, vector: NDArray[np.float32], k: int, reaches: Iterable[str]) -> list[Hit]:
        """The `k` likest vectors within the reaches, best first  # vector: (dims,).

        Of those found, at equal likeness the older id comes first. Raises VectorRefusedError for another shape, NaN or
        infinity.
        """
        query = self._checked(vector[np.newaxis, :], 1)
        hits: list[Hit] = []
        with self._gate.together():
            for reach in set(reaches) & self._indexes.keys():
                index = self._indexes[reach]
                scores, ids = index.search(query, min(k, index.ntotal))
                hits += [Hit(int(id), float(score)) for id, score in zip(ids[0], scores[0], strict=True)]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k]

    def _put_in(self, ids: Sequence[int], rows: NDArray[np.float32], reach: str) -> None:
        if reach not in self._indexes:
            self._indexes[reach] = faiss.IndexIDMap2(faiss.IndexFlatIP(self.dims))
        self._indexes[reach].add_with_ids(rows, np.asarray(ids, dtype=np.int64))
        self._reach_of.update(dict.fromkeys(ids, reach))

    def _take_out(self, ids: Iterable[int]) -> None:
        by_reach: dict[str, list[int]] = {}
        for id in ids:
            if (reach := self._reach_of.pop(id, None)) is not None:
                by_reach.setdefault(reach, []).append(id)
        for reach, gone in by_reach.items():
            index = self._indexes[reach]
            index.remove_ids(faiss.IDSelectorBatch(np.asarray(gone, dtype=np.int64)))
            if index.ntotal == 0:
                del self._indexes[reach]

    def _checked(self, vectors: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
        if vectors.shape != (rows, self.dims):
            raise VectorRefusedError(reason=f"its shape is {vectors.shape} instead of {(rows, self.dims)}")
        if not np.isfinite(vectors).all():
            raise VectorRefusedError(reason="it holds NaN or infinity")
        return np.ascontiguousarray(vectors, dtype=np.float32)


class _Gate:
    """Many may be inside together, or one alone; whoever waits to be alone goes before newcomers."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting = 0
        self._closed = False

    @contextmanager
    def together(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._closed and not self._waiting)
            self._inside += 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self) -> Iterator[None]:
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: not self._closed and not self._inside)
            self._waiting -= 1
            self._closed = True
        try:
            yield
        finally:
            with self._changed:
                self._closed = False
                self._changed.notify_all()
