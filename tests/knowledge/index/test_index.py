"""The vector index against numpy, and what it refuses."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.errors import VectorRefusedError
from knowledge.index import Hit, VectorIndex

EAST = np.array([1, 0], dtype=np.float32)
NORTH = np.array([0, 1], dtype=np.float32)
BETWEEN = np.array([0.6, 0.8], dtype=np.float32)


def compass() -> VectorIndex:
    index = VectorIndex(2)
    index.add([1, 2], np.stack([EAST, NORTH]), "everyone")
    index.add([3], BETWEEN[np.newaxis], "person:a")
    return index


def test_the_likest_come_first_with_their_cosine() -> None:
    hits = compass().search(BETWEEN, 5, ["everyone", "person:a"])
    assert [hit.id for hit in hits] == [3, 2, 1]
    assert [hit.score for hit in hits] == pytest.approx([1.0, 0.8, 0.6])


def test_at_equal_likeness_the_older_id_comes_first() -> None:
    index = VectorIndex(2)
    for id, reach in ((7, "person:a"), (3, "person:a"), (5, "everyone")):
        index.add([id], EAST[np.newaxis], reach)
    assert [hit.id for hit in index.search(EAST, 3, ["everyone", "person:a"])] == [3, 5, 7]


def test_what_is_out_of_reach_does_not_take_a_place() -> None:
    assert [hit.id for hit in compass().search(BETWEEN, 1, ["everyone"])] == [2]
    assert compass().search(BETWEEN, 1, ["person:b"]) == []
    assert compass().search(BETWEEN, 1, []) == []


def test_removed_ids_are_gone_and_the_others_keep_theirs() -> None:
    index = compass()
    index.change([1, 3, 99], ())
    assert len(index) == 1
    assert index.search(NORTH, 5, ["everyone", "person:a"]) == [Hit(2, 1.0)]
    index.add([1], NORTH[np.newaxis], "person:a")
    assert [hit.id for hit in index.search(NORTH, 5, ["person:a"])] == [1]


def test_a_change_takes_out_and_puts_in_under_every_reach() -> None:
    index = compass()
    index.change([2, 99], [(1, "person:a", NORTH.tobytes()), (4, "everyone", EAST.tobytes())])
    assert [hit.id for hit in index.search(NORTH, 5, ["everyone"])] == [4]
    assert [hit.id for hit in index.search(NORTH, 5, ["person:a"])] == [1, 3]
    assert len(index) == 3


def test_a_change_that_would_spoil_the_index_is_refused_whole() -> None:
    index = compass()
    with pytest.raises(VectorRefusedError, match="NaN"):
        index.change([1, 2], [(5, "everyone", EAST.tobytes()), (6, "person:b", (EAST * np.nan).tobytes())])
    assert index.search(NORTH, 5, ["everyone", "person:b"]) == [Hit(2, 1.0), Hit(1, 0.0)]


@pytest.mark.parametrize(
    ("ids", "rows", "reason"),
    [
        ([5], [[np.nan, 0]], "NaN"),
        ([5], [[np.inf, 0]], "infinity"),
        ([5], [[1, 0, 0]], "shape"),
        ([5, 6], [[1, 0]], "shape"),
        ([5, 5], [[1, 0], [0, 1]], "twice"),
        ([5, 3], [[1, 0], [0, 1]], "twice"),
    ],
)
def test_what_would_spoil_the_index_is_refused_whole(ids: list[int], rows: list[list[float]], reason: str) -> None:
    index = compass()
    with pytest.raises(VectorRefusedError, match=reason):
        index.add(ids, np.array(rows, dtype=np.float32), "everyone")
    assert len(index) == 3


def test_a_question_of_another_shape_is_refused() -> None:
    with pytest.raises(VectorRefusedError, match="shape"):
        compass().search(np.array([1, 0, 0], dtype=np.float32), 1, ["everyone"])


@given(st.integers(0, 2**32 - 1), st.integers(1, 40), st.integers(1, 12))
def test_it_finds_what_comparing_with_every_vector_finds(seed: int, count: int, k: int) -> None:
    random = np.random.default_rng(seed)
    vectors = random.standard_normal((count, 8)).astype(np.float32)
    reaches = random.choice(["a", "b", "c"], count)
    gone = {int(id) for id in random.integers(0, count, 5)}
    index = VectorIndex(8)
    for reach in ("a", "b", "c"):
        ids = np.flatnonzero(reaches == reach)
        index.add([int(id) for id in ids], vectors[ids], reach)
    index.change(gone, ())
    query = random.standard_normal(8).astype(np.float32)
    seen = [id for id in range(count) if reaches[id] in ("a", "c") and id not in gone]
    expected = sorted((float(vectors[id] @ query) for id in seen), reverse=True)[:k]
    hits = index.search(query, k, ["a", "c"])
    assert [hit.score for hit in hits] == pytest.approx(expected, abs=1e-4)
    assert {hit.id for hit in hits} <= set(seen)


def test_searches_see_each_change_whole_while_others_write() -> None:
    index = VectorIndex(2)
    pair = np.stack([EAST, EAST])
    looked, stop = threading.Event(), threading.Event()
    seen: set[int] = set()

    def look() -> None:
        while not stop.is_set():
            seen.add(len(index.search(EAST, 1000, ["everyone"])))
            looked.set()

    readers = [threading.Thread(target=look, daemon=True) for _ in range(3)]
    for reader in readers:
        reader.start()
    for n in range(0, 200, 2):
        index.add([n, n + 1], pair, "everyone")
        looked.clear()
        assert looked.wait(10)  # at least one of them got in between; the others may be at it still
    stop.set()
    for reader in readers:
        reader.join()
    assert len(seen) > 50
    assert all(size % 2 == 0 for size in seen)
    assert len(index.search(EAST, 1000, ["everyone"])) == 200
