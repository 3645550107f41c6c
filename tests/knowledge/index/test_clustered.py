"""What is searched by clusters, with small bounds, against comparing with every vector."""

import threading
from collections.abc import Iterator, Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from knowledge.errors import VectorRefusedError
from knowledge.index import Hit, VectorIndex

DIMS = 16
FLAT_UP_TO, FRESH_UP_TO = 40, 15

Rows = NDArray[np.float32]


class Kept:
    """Vectors that are stored, as in a database, and then indexed."""

    def __init__(self, flat_up_to: int = FLAT_UP_TO, fresh_up_to: int = FRESH_UP_TO) -> None:
        self.rows: dict[int, tuple[str, Rows]] = {}  # id -> reach, vector
        self.index = VectorIndex(DIMS, self._fetch, flat_up_to, fresh_up_to)

    def _fetch(self, ids: Sequence[int]) -> Iterator[tuple[int, bytes]]:
        return ((id, self.rows[id][1].tobytes()) for id in ids if id in self.rows)

    def add(self, ids: Sequence[int], rows: Rows, reach: str = "a") -> None:
        self.rows |= {id: (reach, row) for id, row in zip(ids, rows, strict=True)}
        self.index.add(ids, rows, reach)

    def change(self, gone: Sequence[int], ids: Sequence[int] = (), rows: Sequence[Rows] | Rows = ()) -> None:
        self.move(gone, ids, rows, "a")

    def move(self, gone: Sequence[int], ids: Sequence[int], rows: Sequence[Rows] | Rows, reach: str) -> None:
        for id in gone:
            self.rows.pop(id, None)
        self.rows |= {id: (reach, row) for id, row in zip(ids, rows, strict=True)}
        self.index.change(gone, [(id, reach, row.tobytes()) for id, row in zip(ids, rows, strict=True)])

    def found(self, query: Rows, k: int) -> list[int]:
        return [hit.id for hit in self.index.search(query, k, ["a"])]

    def agrees(self, query: Rows, reaches: list[str]) -> None:
        """What is found is what comparing with everything finds; so few clusters are all looked at."""
        cosines = {id: float(row @ query) for id, (reach, row) in self.rows.items() if reach in reaches}
        hits = self.index.search(query, 7, reaches)
        assert [hit.score for hit in hits] == pytest.approx(sorted(cosines.values(), reverse=True)[:7], abs=1e-5)
        assert [hit.score for hit in hits] == pytest.approx([cosines[hit.id] for hit in hits], abs=1e-5)
        asked = list(self.rows)[::9]
        exactly = {id: float(self.rows[id][1] @ query) for id in asked}
        assert self.index.cosines(query, [*asked, -5]) == pytest.approx(exactly, abs=1e-5)
        assert len(self.index) == len(self.rows)


def unit_rows(random: np.random.Generator, count: int) -> Rows:
    rows = random.standard_normal((count, DIMS)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def filled(count: int) -> tuple[Kept, Rows]:
    kept, rows = Kept(), unit_rows(np.random.default_rng(1), count)
    kept.add(range(count), rows)
    kept.index.settle()
    return kept, rows


@pytest.mark.parametrize("seed", [3, 4])
def test_through_adding_moving_and_removing_it_finds_what_comparing_with_everything_finds(seed: int) -> None:
    random = np.random.default_rng(seed)
    kept = Kept()
    for step in range(300):
        ids = [int(id) for id in random.choice(250, random.integers(2, 25), replace=False)]
        rows, reach = unit_rows(random, len(ids)), str(random.choice(["a", "a", "b"]))
        if random.random() < 0.35:
            kept.change(ids)
        elif random.random() < 0.5:
            kept.move(ids[:1], ids[1:], rows[1:], reach)
        else:
            new = [place for place, id in enumerate(ids) if id not in kept.rows]
            kept.add([ids[place] for place in new], rows[new], reach)
        if step % 10 == 0:
            kept.index.settle()
        kept.agrees(unit_rows(random, 1)[0], [["a"], ["b"], ["a", "b"]][step % 3])
    kept.change(list(kept.rows))
    assert len(kept.index) == 0
    assert kept.index.search(unit_rows(random, 1)[0], 3, ["a", "b"]) == []


def test_very_much_at_once_is_clustered_as_it_comes() -> None:
    random = np.random.default_rng(5)
    kept, rows = Kept(), unit_rows(random, 34_000)  # more than are checked together
    kept.change((), range(34_000), rows)
    assert kept.found(rows[33_999], 1) == [33_999]
    assert kept.index.cosines(rows[2], [2]) == {2: pytest.approx(1)}
    kept.change(range(33_990))
    kept.index.settle()  # few vectors in many clusters are not all found; they are given fewer
    assert sorted(kept.found(rows[33_999], 20)) == list(range(33_990, 34_000))


def test_a_bad_vector_among_very_many_refuses_them_all() -> None:
    kept, rows = Kept(), unit_rows(np.random.default_rng(5), 34_000)
    rows[33_999, 3] = np.nan
    with pytest.raises(VectorRefusedError, match="NaN"):
        kept.change((), range(34_000), rows)
    assert len(kept.index) == 0
    assert kept.found(rows[0], 1) == []


def test_ids_that_were_all_removed_can_come_again() -> None:
    kept, rows = filled(100)
    kept.change(range(100))
    assert len(kept.index) == 0
    assert kept.found(rows[0], 3) == []
    kept.add(range(100), rows[::-1])
    kept.index.settle()
    assert kept.index.search(rows[0], 1, ["a"]) == [Hit(99, pytest.approx(1))]


def test_a_removed_vector_is_not_found_although_it_is_still_stored() -> None:
    kept, rows = filled(100)
    kept.index.change([7], ())
    assert 7 not in kept.found(rows[7], 100)
    assert len(kept.found(rows[7], 100)) == 99


def test_an_id_with_another_vector_is_found_by_that_one() -> None:
    kept, rows = filled(100)
    kept.change((), [7], [-rows[7]])
    assert kept.found(rows[7], 100)[-1] == 7
    assert kept.found(-rows[7], 1) == [7]


def test_at_equal_likeness_the_older_id_comes_first_wherever_it_is() -> None:
    kept, rows = filled(100)
    kept.add([300, 200], np.stack([rows[4], rows[4]]))  # these are fresh
    assert kept.found(rows[4], 3) == [4, 200, 300]


def test_of_many_clusters_it_looks_into_those_that_hold_the_likest() -> None:
    random = np.random.default_rng(6)
    subjects = unit_rows(random, 400)
    rows = subjects[random.integers(0, 400, 20_000)] + 0.2 * unit_rows(random, 20_000)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    kept = Kept(flat_up_to=1_000, fresh_up_to=100)
    kept.change((), range(20_000), rows)
    kept.index.settle()
    queries = rows[::400] + 0.1 * unit_rows(random, 50)
    likest = [set(np.argsort(-(rows @ query))[:10].tolist()) for query in queries]
    assert (
        sum(len(one & set(kept.found(query, 10))) for one, query in zip(likest, queries, strict=True)) >= 495
    )  # / 500


def test_the_same_vectors_make_the_same_clusters() -> None:
    one, other = filled(300)[0], filled(300)[0]
    queries = unit_rows(np.random.default_rng(9), 20)
    assert [one.index.search(query, 10, ["a"]) for query in queries] == [
        other.index.search(query, 10, ["a"]) for query in queries
    ]


def test_vectors_that_are_all_the_same_can_be_clustered() -> None:
    kept, row = Kept(), unit_rows(np.random.default_rng(1), 1)
    kept.add(range(60), np.repeat(row, 60, axis=0))
    kept.index.settle()
    assert kept.found(row[0], 60) == list(range(60))


def test_what_would_spoil_it_is_refused_whole() -> None:
    kept, rows = filled(100)
    spoilt = rows[:2] * np.array([[1], [np.nan]], dtype=np.float32)
    with pytest.raises(VectorRefusedError, match="NaN"):
        kept.index.add([200, 201], spoilt, "a")
    with pytest.raises(VectorRefusedError, match="NaN"):
        kept.index.change([0, 1], [(id, "a", row.tobytes()) for id, row in zip((200, 201), spoilt, strict=True)])
    with pytest.raises(VectorRefusedError, match="twice"):
        kept.index.change([0, 1], [(200, "a", rows[0].tobytes()), (200, "b", rows[0].tobytes())])
    assert len(kept.index) == 100
    assert kept.found(rows[0], 1) == [0]


def test_searches_and_changes_go_on_while_clusters_are_made() -> None:
    kept, rows = Kept(), unit_rows(np.random.default_rng(2), 4_000)
    looked, stop = threading.Event(), threading.Event()
    missed: list[int] = []

    def look() -> None:
        while not stop.is_set():
            missed.extend(id for id in range(30) if kept.found(rows[id], 1) != [id])
            looked.set()

    kept.add(range(30), rows[:30])
    readers = [threading.Thread(target=look, daemon=True) for _ in range(2)]
    for reader in readers:
        reader.start()
    for start in range(30, 4_000, 30):
        ids = range(start, min(start + 30, 4_000))
        kept.add(ids, rows[ids])
        kept.change(ids[::3])
        looked.clear()
        assert looked.wait(10)
    stop.set()
    for reader in readers:
        reader.join()
    kept.index.settle()
    assert missed == []
    assert len(kept.index) == len(kept.rows)
    assert all(kept.found(rows[id], 1) == [id] for id in list(kept.rows)[::37])
