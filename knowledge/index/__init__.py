"""The nearest vectors, in memory: the only package that knows FAISS.

It is a view of rows in the database and can be built from them at any time, so it is never saved. It knows ids, vectors
and reaches, nothing of what they stand for.
"""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from knowledge.errors import VectorRefusedError
from knowledge.index.clustered import Clustered, Fetch, give_back
from knowledge.index.flat import Flat
from knowledge.index.gate import Gate

FLAT_UP_TO = 100_000  # vectors; 7 ms a search
FRESH_UP_TO = 10_000  # vectors; 1 ms a search
MORE = 64  # candidates above twice what is asked for: codes rank them nearly right
AT_ONCE = 32_768  # stored vectors that are checked together


@dataclass(frozen=True, slots=True)
class Hit:
    """Something that was found: its id in the database, and its score, where higher is better."""

    id: int
    score: float


class VectorIndex:
    """Unit vectors under integer ids, each reach by itself: what a reach may not see is not searched at all.

    Searches compare exactly. With `fetch`, which tells stored vectors, no reach holds more than `flat_up_to` of them:
    beyond, it holds codes, by which searches find 99 in 100 of the likest; of those that came last, up to `fresh_up_to`
    are all compared. Safe to share between threads: searches run together, a change has the index to
    itself.
    """

    def __init__(
        self, dims: int, fetch: Fetch | None = None, flat_up_to: int = FLAT_UP_TO, fresh_up_to: int = FRESH_UP_TO
    ) -> None:
        self.dims = dims
        self._fetch = fetch
        self._flat_up_to = flat_up_to
        self._fresh_up_to = fresh_up_to
        self._within: dict[str, Flat | Clustered] = {}
        self._reach_of: dict[int, str] = {}
        self._gate = Gate()
        self._writing = threading.Lock()  # changes are prepared outside the gate, one at a time

    def __len__(self) -> int:
        return len(self._reach_of)

    def add(self, ids: Sequence[int], vectors: NDArray[np.float32], reach: str) -> None:
        """Adds all of them or none  # vectors: (ids, dims), unit rows.

        Raises VectorRefusedError for another shape, NaN or infinity, and for an id that is there already.
        """
        rows = self._checked(vectors, len(ids))
        with self._writing, self._gate.alone():
            if len(set(ids)) < len(ids) or any(id in self._reach_of for id in ids):
                raise VectorRefusedError(reason="an id is there twice")
            if len(ids):
                self._put_in(reach, _Coming(list(ids), [rows]))

    def change(self, gone: Iterable[int], stored: Iterable[tuple[int, str, bytes]]) -> None:
        """Takes ids out and puts in what is stored: id, reach, float32 bytes. It may be applied twice.

        So an id that is not there is passed over, and one that is stored takes its own place. All of it happens or
        nothing, and no search comes in between. Raises VectorRefusedError for NaN and infinity, and for an id that is
        stored twice.
        """
        with self._writing:
            coming = self._prepared(stored)
            ids = [id for own in coming.values() for id in own.ids]
            if len(set(ids)) < len(ids):
                raise VectorRefusedError(reason="an id is there twice")
            with self._gate.alone():
                self._take_out([*gone, *ids])
                for reach, own in coming.items():
                    self._put_in(reach, own)

    def search(self, vector: NDArray[np.float32], k: int, reaches: Iterable[str]) -> list[Hit]:
        """The `k` likest vectors within the reaches, best first  # vector: (dims,).

        Of those found, at equal likeness the older id comes first. Raises VectorRefusedError for another shape, NaN or
        infinity.
        """
        query = self._checked(vector[np.newaxis, :], 1)[0]
        scores: dict[int, float] = {}
        candidates: list[int] = []
        with self._gate.together():
            for reach in set(reaches) & self._within.keys():
                own = self._within[reach]
                if isinstance(own, Clustered):
                    candidates += own.candidates(query, 2 * k + MORE)
                    own = own.fresh
                scores.update(own.search(query, k))
        scores |= self._stored_scores(query, candidates)
        hits = [Hit(id, score) for id, score in scores.items()]
        return sorted(hits, key=lambda hit: (-hit.score, hit.id))[:k]

    def cosines(self, vector: NDArray[np.float32], ids: Iterable[int]) -> dict[int, float]:
        """How like the vectors under some ids are, by id; those that are not there are left out  # vector: (dims,).

        Raises VectorRefusedError as `search` does.
        """
        query = self._checked(vector[np.newaxis, :], 1)[0]
        scores: dict[int, float] = {}
        candidates: list[int] = []
        with self._gate.together():
            for reach, wanted in self._by_reach(ids).items():
                own = self._within[reach]
                if isinstance(own, Flat):
                    scores.update(own.scores(query, wanted))
                else:
                    candidates += wanted
        return scores | self._stored_scores(query, candidates)

    def settle(self) -> None:
        """Waits until no vectors are being sorted into clusters."""
        with self._gate.alone():
            threads = [own.tend() for own in self._within.values() if isinstance(own, Clustered)]
        for thread in threads:
            if thread is not None:
                thread.join()

    def _stored_scores(self, query: NDArray[np.float32], ids: Sequence[int]) -> dict[int, float]:
        """The inner products with what is stored under some ids; equal vectors score equally  # query: (dims,)."""
        if not ids or self._fetch is None:
            return {}
        found = dict(self._fetch(ids))
        rows = np.frombuffer(b"".join(found.values()), dtype="<f4").reshape(-1, self.dims)
        return dict(zip(found, np.einsum("rd,d->r", rows, query).tolist(), strict=True))

    def _put_in(self, reach: str, coming: "_Coming") -> None:
        own = coming.clustered or self._within.get(reach) or Flat(self.dims)
        if self._fetch and isinstance(own, Flat) and len(own) + len(coming.ids) > self._flat_up_to:
            own = self._clustered(own)
        self._within[reach] = own
        self._reach_of.update(dict.fromkeys(coming.ids, reach))
        start = 0
        for rows in coming.parts:
            own.put(coming.ids[start : start + len(rows)], rows)
            start += len(rows)
        if isinstance(own, Clustered):
            own.tend()

    def _take_out(self, ids: Iterable[int]) -> None:
        for reach, gone in self._by_reach(ids).items():
            own = self._within[reach]
            own.take(gone)
            for id in gone:
                del self._reach_of[id]
            if not len(own):
                del self._within[reach]
            elif isinstance(own, Clustered):
                own.tend()

    def _by_reach(self, ids: Iterable[int]) -> dict[str, list[int]]:
        """The ids that are there, each once, by reach."""
        by_reach: dict[str, list[int]] = {}
        for id in dict.fromkeys(ids):
            if (reach := self._reach_of.get(id)) is not None:
                by_reach.setdefault(reach, []).append(id)
        return by_reach

    def _prepared(self, stored: Iterable[tuple[int, str, bytes]]) -> dict[str, "_Coming"]:
        """What is stored, by reach, checked."""
        coming: dict[str, _Coming] = {}
        for id, reach, vector in stored:
            own = coming.setdefault(reach, _Coming())
            own.ids.append(id)
            own.unchecked += vector
            if len(own.ids) - own.checked == AT_ONCE:
                self._prepare(reach, own)
        for reach, own in coming.items():
            self._prepare(reach, own)
        if any(own.clustered for own in coming.values()):
            give_back()
        return coming

    def _prepare(self, reach: str, coming: "_Coming") -> None:
        """Makes rows of what is unchecked; where it is very much for a new reach, codes, since rows take much room."""
        ids = coming.ids[coming.checked :]
        if not ids:
            return
        rows = self._checked(np.frombuffer(coming.unchecked, dtype="<f4").reshape(-1, self.dims), len(ids))
        coming.checked, coming.unchecked = len(coming.ids), bytearray()
        if coming.clustered:
            coming.clustered.sort_in(ids, rows)
            return
        coming.parts.append(rows)
        if self._fetch and len(coming.ids) > self._flat_up_to and reach not in self._within:
            coming.clustered = self._clustered(Flat(self.dims))
            coming.clustered.sort_in(coming.ids, np.concatenate(coming.parts))
            coming.parts.clear()

    def _clustered(self, flat: Flat) -> Clustered:
        assert self._fetch is not None
        return Clustered(self.dims, self._gate, self._fetch, flat, self._fresh_up_to)

    def _checked(self, vectors: NDArray[np.float32], rows: int) -> NDArray[np.float32]:
        if vectors.shape != (rows, self.dims):
            raise VectorRefusedError(reason=f"its shape is {vectors.shape} instead of {(rows, self.dims)}")
        if not np.isfinite(vectors).all():
            raise VectorRefusedError(reason="it holds NaN or infinity")
        return np.ascontiguousarray(vectors, dtype=np.float32)


@dataclass(slots=True)
class _Coming:
    """Ids with their vectors, which are on their way in."""

    ids: list[int] = field(default_factory=list)
    parts: list[NDArray[np.float32]] = field(default_factory=list)  # checked rows of the first `checked` ids
    clustered: Clustered | None = None  # in place of these
    checked: int = 0
    unchecked: bytearray = field(default_factory=bytearray)  # rows of the other ids
