"""Who is computed with whom, in which order, and who hears of a failure: counted, behind a computation that is held."""

import threading
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import pytest

from knowledge.batching import Batching, Rows
from tests.waiting import until


class Held:
    """Makes (its number, 1) of each text, notes the batches, and stands still at the text 0 until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.let_go = threading.Event()

    def __call__(self, texts: Sequence[str]) -> Rows:
        self.batches.append(list(texts))
        if "0" in texts:
            assert self.let_go.wait(60)
        return np.array([(int(text), 1) for text in texts], dtype=np.float32)


def ask_behind_one_that_is_held(held: Held, texts: Sequence[str], most: int = 16) -> list[Future[Rows]]:
    """Asks for each text in a thread of its own while `0` is computed, and lets go when all are waiting."""
    batching = Batching(held, most)
    with ThreadPoolExecutor(len(texts) + 1) as people:
        first = people.submit(batching.question, "0")
        until(lambda: held.batches == [["0"]])
        asked = [people.submit(batching.question, text) for text in texts]
        until(lambda: batching.waiting == len(texts))
        held.let_go.set()
    assert first.result().tolist() == [[0, 1]]
    return asked


def test_what_comes_while_one_is_computed_is_computed_together() -> None:
    held = Held()
    asked = ask_behind_one_that_is_held(held, [str(n) for n in range(1, 16)])
    assert [one.result().tolist() for one in asked] == [[[n, 1]] for n in range(1, 16)]
    assert [len(batch) for batch in held.batches] == [1, 15]


def test_a_batch_has_a_most_and_nobody_is_left_over() -> None:
    held = Held()
    asked = ask_behind_one_that_is_held(held, [str(n) for n in range(1, 6)], most=2)
    assert sum(one.result()[0, 0] for one in asked) == 15
    assert [len(batch) for batch in held.batches] == [1, 2, 2, 1]


def test_only_who_asked_for_what_fails_hears_of_it() -> None:
    held = Held()
    good, bad, other = ask_behind_one_that_is_held(held, ["1", "one", "2"])
    assert good.result().tolist() == [[1, 1]]
    assert other.result().tolist() == [[2, 1]]
    with pytest.raises(ValueError, match="one"):
        bad.result()


def test_each_who_asked_hears_of_the_failure() -> None:
    for asked in ask_behind_one_that_is_held(Held(), ["x", "y"]):
        with pytest.raises(ValueError, match="invalid literal"):
            asked.result()


def test_a_question_overtakes_the_pieces_that_wait() -> None:
    held = Held()
    batching = Batching(held, 16)
    with ThreadPoolExecutor(2) as people:
        upload = people.submit(batching.pieces, [["0"], ["1", "2"], ["3"]])
        until(lambda: held.batches == [["0"]])
        question = people.submit(batching.question, "7")
        until(lambda: batching.waiting == 3)
        held.let_go.set()
    assert held.batches == [["0"], ["7"], ["1", "2"], ["3"]]
    assert question.result().tolist() == [[7, 1]]
    assert [rows.tolist() for rows in upload.result()] == [[[0, 1]], [[1, 1], [2, 1]], [[3, 1]]]


def test_a_piece_that_fails_is_heard_of_and_what_follows_is_computed() -> None:
    batching = Batching(Held(), 16)
    with pytest.raises(ValueError, match="one"):
        batching.pieces([["1"], ["one"], ["2"]])
    assert batching.question("3").tolist() == [[3, 1]]


def test_no_pieces_are_no_rows() -> None:
    assert Batching(Held(), 16).pieces([]) == []
