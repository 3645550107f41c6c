"""A reach with very many vectors: clusters of 8-bit codes find candidates; whoever calls compares these exactly.

What is new is compared one by one until a thread has sorted it into the clusters; searches and changes go on meanwhile.
The vectors themselves stay where they are stored. Whoever calls has passed the gate; only that thread does so itself.
"""

import ctypes
import math
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import cast

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.index.flat import Flat
from knowledge.index.gate import Gate

OTHERWISE = 8  # times as many vectors as the clusters were trained for, or as few: they are trained again
FOR_EACH = 64  # vectors that a cluster is trained with
SEARCHED = 4  # one in so many clusters, 64 at least: recall@10 is .99, see tests/benchmarks/scale.py
AT_ONCE = 4_096  # vectors fetched together
SEED = 20

Ids = NDArray[np.int64]
Rows = NDArray[np.float32]
Fetch = Callable[[Sequence[int]], Iterable[tuple[int, bytes]]]
"""The stored vectors of some ids: id and float32 bytes. Those that are stored no more are left out."""


class Clustered:
    """Vectors under ids, found by clusters. `fresh` are those not yet sorted in; more than `fresh_up_to` will be."""

    def __init__(self, dims: int, gate: Gate, fetch: Fetch, fresh: Flat, fresh_up_to: int) -> None:
        self.fresh = fresh
        self._dims = dims
        self._gate = gate
        self._fetch = fetch
        self._fresh_up_to = fresh_up_to
        self._codes: faiss.IndexIVF | None = None
        self._mould: faiss.IndexIVF | None = None  # clusters as they were trained, without content
        self._trained_for = 0  # vectors
        self._merging: threading.Thread | None = None
        self._emptied: set[int] = set()  # ids that were removed since the merge began

    def __len__(self) -> int:
        return len(self.fresh) + (self._codes.ntotal if self._codes is not None else 0)

    def put(self, ids: Sequence[int], rows: Rows) -> None:
        """Adds vectors under ids that are new  # rows: (ids, dims)."""
        self.fresh.put(ids, rows)

    def take(self, ids: Sequence[int]) -> None:
        """Removes ids; those that are not there are passed over."""
        self.fresh.take(ids)
        if self._codes is not None:
            self._codes.remove_ids(faiss.IDSelectorBatch(np.asarray(ids, dtype=np.int64)))
        if self._merging is not None:
            self._emptied.update(ids)

    def candidates(self, query: Rows, k: int) -> list[int]:
        """Ids in clusters that are likely to be among the likest  # query: (dims,)."""
        if self._codes is None:
            return []
        found: Ids = self._codes.search(query[np.newaxis], k)[1][0]
        return [id for id in found.tolist() if id >= 0]  # FAISS fills up with -1

    def sort_in(self, ids: Sequence[int], rows: Rows) -> None:
        """Adds to the clusters at once, which are made of the first rows; for what nobody searches yet."""
        if self._codes is None:
            self._mould, self._trained_for = self._trained(rows, len(ids)), len(ids)
            self._codes = _copy(self._mould)
        self._codes.add_with_ids(rows, np.asarray(ids, dtype=np.int64))

    # --- from fresh to clustered --------------------------------------------------------------------------------------

    def tend(self) -> threading.Thread | None:
        """Begins to merge what is fresh, where that is too much. The thread that is at it, if any."""
        if self._merging is None and self._is_due:
            self._merging = threading.Thread(target=self._merge, name="index-merge", daemon=True)
            self._merging.start()
        return self._merging

    @property
    def _is_due(self) -> bool:
        return len(self.fresh) > self._fresh_up_to or self._is_other

    @property
    def _is_other(self) -> bool:
        return len(self) > 0 and not self._trained_for / OTHERWISE <= len(self) <= self._trained_for * OTHERWISE

    def _merge(self) -> None:
        """Sorts what is fresh into the clusters, until little is; on one processor, the others are for people."""
        faiss.omp_set_num_threads(1)
        try:
            while self._merge_once():
                give_back()
        finally:
            if self._merging is threading.current_thread():  # otherwise the next one may be at it already
                self._merging = None

    def _merge_once(self) -> bool:
        """Whether there was something to do.

        1. Alone: what is to be sorted in.
        2. With searches and changes going on: the training, where there are many more or fewer vectors than at the
        last one, and the sorting.
        3. Alone: the new clusters, without what was removed meanwhile, take the place of the old ones or join them.
        """
        with self._gate.alone():
            if not self._is_due:
                self._merging = None  # whoever comes next begins anew
                return False
            mould = None if self._is_other else self._mould
            ids = self.fresh.ids() if mould is not None else np.concatenate([self.fresh.ids(), self._clustered_ids()])
            self._emptied = set()
        trained = mould or self._trained_on(ids)
        batch = _copy(trained)
        for start in range(0, len(ids), AT_ONCE):
            found, rows = self._fetched(ids[start : start + AT_ONCE])
            batch.add_with_ids(rows, found)
        with self._gate.alone():
            batch.remove_ids(faiss.IDSelectorBatch(np.fromiter(self._emptied, dtype=np.int64)))
            self.fresh.take(np.setdiff1d(ids, list(self._emptied)).tolist())
            if mould is None or self._codes is None:
                self._codes, self._mould, self._trained_for = batch, trained, len(ids)
            else:
                self._codes.merge_from(batch, 0)
        return True

    def _clustered_ids(self) -> Ids:
        """All ids in the clusters, ascending."""
        if self._codes is None:
            return np.empty(0, dtype=np.int64)
        lists = self._codes.invlists
        assert lists is not None
        parts = [faiss.rev_swig_ptr(lists.get_ids(n), lists.list_size(n)).copy() for n in range(lists.nlist)]
        return np.sort(np.concatenate(parts))

    def _fetched(self, ids: Ids) -> tuple[Ids, Rows]:
        """The ids that are stored, with their vectors."""
        found = list(self._fetch(ids.tolist()))
        rows = np.frombuffer(b"".join(vector for _, vector in found), dtype="<f4").reshape(-1, self._dims)
        return np.array([id for id, _ in found], dtype=np.int64), rows

    def _trained_on(self, ids: Ids) -> faiss.IndexIVF:
        """Clusters without content, made for these vectors; the same ones for the same ids."""
        step = max(1, len(ids) // (FOR_EACH * _clusters(len(ids))))
        parts = [ids[start : start + step * AT_ONCE : step] for start in range(0, len(ids), step * AT_ONCE)]
        return self._trained(np.concatenate([self._fetched(part)[1] for part in parts]), len(ids))

    def _trained(self, rows: Rows, count: int) -> faiss.IndexIVF:
        """Clusters without content for `count` vectors, of which the rows are a sample."""
        if not len(rows):  # all of them were removed, and we shall be told
            rows = np.zeros((1, self._dims), dtype=np.float32)
        clusters = min(_clusters(count), len(rows))
        trained = faiss.IndexIVFScalarQuantizer(
            faiss.IndexFlatIP(self._dims),
            self._dims,
            clusters,
            faiss.ScalarQuantizer.QT_8bit,
            faiss.METRIC_INNER_PRODUCT,
        )
        trained.cp.seed, trained.cp.spherical = SEED, True
        trained.cp.min_points_per_centroid, trained.cp.max_points_per_centroid = 1, FOR_EACH
        trained.train(rows)
        trained.nprobe = max(64, clusters // SEARCHED)
        return trained


def _clusters(vectors: int) -> int:
    """How many clusters suit so many vectors: about the square root."""
    return int(2 ** round(math.log2(max(1, vectors)) / 2))


def _copy(clusters: faiss.IndexIVF) -> faiss.IndexIVF:
    return cast(faiss.IndexIVF, faiss.clone_index(clusters))


def give_back() -> None:
    """Returns to the system what was freed, where the C library can: clusters come and go by the hundred megabytes."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)
