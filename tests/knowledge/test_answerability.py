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
    sure = confidence(evidence, [Quote(1, 0, len(text), text, 1.0, cosine, text)])
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
        ("What do they not take?", COIN, -8.0),
        ("What do they not take?", "They take no notes.", 0.5),
        ("How wide is it?", "Locker: small; Depth: 40", -8.0),
        ("How wide is it?", "Locker: small; Width: 40", 0.5),
    ],
)
def test_what_is_asked_for_and_named_counts(question: str, text: str, change: float) -> None:
    assert odds(0.5, question=question, text=text) == pytest.approx(odds(0.5, text=text) + change)


def test_a_number_alone_is_no_answer_to_a_question_that_says_much_else() -> None:
    text = "The jacket dries for 20 minutes."
    found = (passage(1, text, 0.9),)
    idf = {"jacket": 1.0, "keep": 1.0, "befor": 1.0, "send": 1.0, "back": 1.0}

    def odds_of(question: str, quote: str) -> float:
        evidence = Evidence(question, VECTOR, idf, 5, found)
        sure = confidence(evidence, [Quote(1, 0, len(quote), quote, 1.0, 0.9, quote)])
        return math.log(sure / (1 - sure))

    kept = odds_of("May I keep a jacket before sending it back?", text)
    assert odds_of("How long may I keep a jacket before sending it back?", text) == pytest.approx(kept + 0.5 - 1.5)
    told = "Keep a jacket for 20 minutes."
    assert odds_of("How long may I keep a jacket before sending it back?", told) == pytest.approx(kept + 0.5)


def test_what_its_passage_says_of_another_thing_counts_for_nothing() -> None:
    text = "Basic cover ignores punctures. Plus cover pays for falls."
    spans = ((0, 30), (31, len(text)))
    records = tuple(SentenceRecord(*span, np.array([0.5, 0], dtype=np.float32)) for span in spans)
    found = Found(PassageRecord(1, "d", "guide.md", "everyone", "", None, text, records), 1.0, None, None, "")

    def odds_of(question: str) -> float:
        evidence = Evidence(question, VECTOR, {"plu": 1.0, "punctur": 1.0}, 5, (found,))
        sure = confidence(evidence, [Quote(1, 31, len(text), text[31:], 1.0, 0.5, text[31:])])
        return math.log(sure / (1 - sure))

    assert odds_of("Does Plus cover punctures?") == pytest.approx(odds_of("Punctures and plus?") - 4.2 * 0.5 - 1.5)


def test_a_name_said_last_takes_the_place_of_the_one_before() -> None:
    found = (passage(1, "Model: Wren; Weight: 9", 0.5),)

    def sure(focus: str) -> float:
        evidence = Evidence(f"How heavy is the Kestrel? {focus}", VECTOR, {}, 5, found, focus)
        row = found[0].passage.text
        return confidence(evidence, [Quote(1, 0, len(row), row, 1.0, 0.5, row)])

    assert sure("and the Wren?") > sure("and for Ada?")


def test_a_name_that_was_replaced_counts_for_nothing() -> None:
    text = "Model: Kestrel; Weight: 8\nModel: Wren; Weight: 9"
    records = tuple(SentenceRecord(*span, np.array([0.5, 0], dtype=np.float32)) for span in ((0, 25), (26, len(text))))
    found = Found(PassageRecord(1, "d", "bikes.csv", "everyone", "", None, text, records), 1.0, None, None, "")

    def odds_of(*words: str) -> float:
        idf = dict.fromkeys(words, 1.0)
        evidence = Evidence("How heavy is the Kestrel? and the Wren?", VECTOR, idf, 5, (found,), "and the Wren?")
        sure = confidence(evidence, [Quote(1, 26, len(text), text[26:], 1.0, 0.5, text[26:])])
        return math.log(sure / (1 - sure))

    assert odds_of("wren", "kestrel") == pytest.approx(odds_of("wren"))


def test_a_row_that_has_the_number_by_which_it_is_asked_for_says_more() -> None:
    row = "Locker: small; Hooks: 2"
    stated, unstated = odds(0.5, question="Has it two hooks?", text=row), odds(0.5, question="Has it hooks?", text=row)
    assert stated == pytest.approx(unstated + 1.5)


def test_any_row_of_several_is_no_answer_to_a_question_with_a_number_that_it_lacks() -> None:
    text = "Locker: small; Price: 2\nLocker: large; Price: 5"
    records = tuple(SentenceRecord(*span, np.array([0.5, 0], dtype=np.float32)) for span in ((0, 23), (24, len(text))))
    found = Found(PassageRecord(1, "d", "lockers.csv", "everyone", "", None, text, records), 1.0, None, None, "")

    def odds_of(question: str) -> float:
        sure = confidence(
            Evidence(question, VECTOR, {}, 5, (found,)), [Quote(1, 0, 23, text[:23], 1.0, 0.5, text[:23])]
        )
        return math.log(sure / (1 - sure))

    assert odds_of("How much is one in 2025?") == pytest.approx(odds_of("How much is any?") - 4.0)


def test_without_a_vector_the_words_decide_alone() -> None:
    assert odds(None, searched=50) == pytest.approx(0.0)


def test_no_quote_is_no_answer() -> None:
    assert confidence(Evidence("?", VECTOR, {}, 0, ()), []) == 0
