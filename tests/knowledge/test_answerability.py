"""How sure an answer is, by hand."""

import math

import numpy as np
import pytest

from knowledge.answerability import confidence
from knowledge.evidence import Evidence, Found
from knowledge.quoting import Quote
from knowledge.records import PassageRecord

VECTOR = np.array([1, 0], dtype=np.float32)


def sure(cosine: float | None, searched: int, question: str = "?") -> float:
    """The confidence in a quote whose passage says half of what the question says."""
    record = PassageRecord(1, "d", "guide.md", "everyone", "Lockers", None, "They take a coin.", ())
    found = Found(record, score=1.0, dense=None, keyword=None, why="")
    evidence = Evidence(question, VECTOR, {"locker": 1.0, "size": 1.0}, searched, (found,))
    return confidence(evidence, [Quote(1, 0, 17, record.text, score=1.0, cosine=cosine)])


def test_the_odds_go_with_likeness_and_shared_words_and_against_what_was_searched() -> None:
    assert sure(0.5, searched=1) == pytest.approx(1 / (1 + 11 * math.exp(-(5 + 3.25 - 3.4))))
    assert sure(0.5, searched=100) == pytest.approx(1 / (1 + 110 * math.exp(-(5 + 3.25 - 3.4))))


def test_the_same_likeness_says_less_in_a_large_library() -> None:
    assert sure(0.3, searched=5) > 0.5 > sure(0.3, searched=50)


def test_what_is_asked_for_and_not_there_takes_from_the_odds() -> None:
    unasked, asked = sure(0.5, 5), sure(0.5, 5, "How many lockers?")
    assert math.log(asked / (1 - asked)) == pytest.approx(math.log(unasked / (1 - unasked)) - 1.0)


def test_without_a_vector_the_words_decide_alone() -> None:
    assert sure(None, searched=50) == pytest.approx(0.5)


def test_no_quote_is_no_answer() -> None:
    assert confidence(Evidence("?", VECTOR, {}, 0, ()), []) == 0
