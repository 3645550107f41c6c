"""When two answers say the same, and when a text goes round in circles."""

import pytest

from collab.learning.matching import contains, exact_match, f1, is_stuck, repeats, says, tokens


def test_words_are_compared_without_case_articles_and_punctuation() -> None:
    assert tokens("The shop opens at 9:30, doesn’t it?") == ["shop", "opens", "at", "9", "30", "doesnt", "it"]
    assert tokens("1,000.5 kg at -5 °C") == ["1000.5", "kg", "at", "-5", "c"]
    assert tokens("9-17") == ["9", "17"]
    assert tokens("退货需要14天。") == ["退", "货", "需", "要", "14", "天"]
    assert exact_match("Within 14 days.", "within 14 days")
    assert not exact_match("Within 14 days.", "14 days within")


def test_f1_is_worked_out_by_tokens() -> None:
    # two of three and of four tokens are common: 2 * 2 / (3 + 4)
    assert f1("within 14 days", "within about 14 weeks") == pytest.approx(4 / 7)
    # three of four characters: 2 * 3 / (4 + 4)
    assert f1("十四天内", "十五天内") == pytest.approx(6 / 8)
    assert f1("", " ") == 1
    assert f1("Porto", "") == 0


def test_the_taught_answer_may_stand_in_a_longer_one() -> None:
    assert says("Porto.", "Our office is in Porto, near the river.")
    assert not says("Porto.", "Our office is in Portugal.")
    assert says("退货需要十四天。", "您好，退货需要十四天。")
    assert contains("a new York office", "York office")
    assert not contains("anything", "")


@pytest.mark.parametrize(
    "said",
    [
        "You may return any pair of shoes within 30 days of the day you bought them.",
        "You may not return any pair of shoes within 14 days of the day you bought them.",
        "You can't return any pair of shoes within 14 days of the day you bought them.",
    ],
)
def test_another_number_or_a_negation_says_something_else(said: str) -> None:
    taught = "You may return any pair of shoes within 14 days of the day you bought them."
    assert f1(taught, said) > 0.85
    assert not says(taught, said)
    assert says(taught, "You may return any pair of the shoes within 14 days after the day you bought them.")


def test_a_text_that_goes_round_in_circles_is_stuck_and_says_nothing() -> None:
    stuck = "the key is in the box " * 6
    assert is_stuck(stuck)
    assert is_stuck("yes " * 8)
    assert is_stuck("好的" * 6)
    assert not says("The key is in the box", stuck)
    assert not is_stuck("Red, green, blue, red, green, blue.")
    assert not is_stuck("")


def test_repeats_counts_runs_of_words() -> None:
    assert not repeats("in the box and in the box", 3, 2)  # in box and in box
    assert repeats("in the box and in the box", 2, 2)
