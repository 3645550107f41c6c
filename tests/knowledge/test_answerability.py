"""How sure an answer is, by hand."""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from knowledge.answerability import confidence
from knowledge.evidence import Evidence, Found
from knowledge.quoting import Quote
from knowledge.records import PassageRecord, SentenceRecord

COIN = "They take a coin."
VECTOR = np.array([1, 0], dtype=np.float32)


def passage(id: int, text: str, cosine: float) -> Found:
    """A passage about lockers of one sentence with this cosine to the question."""
    sentence = SentenceRecord(0, len(text), np.array([cosine, 0], dtype=np.float32))
    record = PassageRecord(id, "d", "guide.md", "everyone", "Lockers", None, text, (sentence,))
    return Found(record, score=1.0, dense=None, keyword=None, why="")


def odds(
    cosine: float | None, searched: int = 5, question: str = "?", others: Sequence[float] = (), text: str = COIN
) -> float:
    """The logarithm of the odds of a quote whose passage says half of what the question says."""
    found = (passage(1, text, cosine or 0), *(passage(2 + place, "Other.", near) for place, near in enumerate(others)))
    evidence = Evidence(question, VECTOR, {"locker": 1.0, "size": 1.0}, searched, found)
    sure = confidence(evidence, [Quote(1, 0, len(text), text, score=1.0, cosine=cosine)])
    return math.log(sure / (1 - sure))


def test_the_odds_are_the_sum_worked_out_by_hand() -> None:
    alone = 9.0 * 0.5 - 6.2 * 0.25 + 4.2 * 0.5 - 3.3
    assert odds(0.5, searched=1) == pytest.approx(alone - 0.25 * math.log(11))
    assert odds(0.5, searched=100) == pytest.approx(alone - 0.25 * math.log(110))


def test_a_quote_that_stands_out_says_more_than_one_among_its_like() -> None:
    likes = [0.4, 0.1, 0.3, 0.2]  # the three highest count
    assert odds(0.5, others=likes) == pytest.approx(odds(0.5, others=[0.3, 0.3, 0.3]))
    assert odds(0.5, others=[0.4]) == pytest.approx(odds(0.5) - 6.2 * 0.15 / 3)


@pytest.mark.parametrize(
    ("question", "text", "change"),
    [
        ("How long?", "They open for 5 minutes.", 0.5),
        ("How long?", COIN, -1.4),
        ("Are they from the United States?", "They come from the United Kingdom.", -1.7),
        ("Are they from the United States?", "They come from the United States.", 0.0),
        ("Which sizes?", COIN, -1.0),
        ("Which coin?", COIN, 0.0),
        ("Why?", COIN, -4.0),
        ("Why?", "They take a coin because keys get lost.", 0.5),
    ],
)
def test_what_is_asked_for_and_named_counts(question: str, text: str, change: float) -> None:
    assert odds(0.5, question=question, text=text) == pytest.approx(odds(0.5, text=text) + change)


def test_without_a_vector_the_words_decide_alone() -> None:
    assert odds(None, searched=50) == pytest.approx(0.0)


def test_no_quote_is_no_answer() -> None:
    assert confidence(Evidence("?", VECTOR, {}, 0, ()), []) == 0
