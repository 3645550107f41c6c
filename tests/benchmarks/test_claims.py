"""The count behind `supported`, held to sentences whose truth is plain."""

import pytest

from tests.benchmarks.claims import common_words, is_borne_out

PARIS = "Shops in Paris: there are 3 stores, open until nine. Students pay 8.80 euros. The 1,500 members are friends."
COMMON = common_words(["Every shop and all students wait; members too.", PARIS])


@pytest.mark.parametrize(
    "sentence",
    [
        "Students pay 8.80 euros.",
        "Paris has 3 stores.",
        "Paris has three stores.",
        "There are 1500 members.",
        "The stores are open until 9.",
        "Members and every student pays 8.80 euros.",
    ],
)
def test_what_the_passage_says_is_borne_out(sentence: str) -> None:
    assert is_borne_out(sentence, PARIS, COMMON)


@pytest.mark.parametrize(
    "sentence",
    [
        "Berlin has 3 stores.",  # another name, in the first place
        "There are 3 stores in Berlin.",
        "The stores are open until five.",  # another number, as a word
        "Students pay 8 euros.",  # a part of a number is another number
        "There are 4 stores.",
        "Students enjoy wonderful reductions.",  # one longer word of four
        "",
    ],
)
def test_what_it_does_not_say_is_not(sentence: str) -> None:
    assert not is_borne_out(sentence, PARIS, COMMON)


def test_a_word_that_stands_in_lower_case_somewhere_is_no_name() -> None:
    assert {"students", "shop", "stores"} <= COMMON
    assert not COMMON & {"paris", "every", "shops"}
