"""Wordings of people in a hurry."""

import pytest

from collab.learning.noising import noised
from knowledge.text import normalise

ENGLISH = "Where in the building do I leave the wet tent of a customer who is not here?"
CHINESE = "请问湿了的帐篷应该放在公司的什么地方吧？"


@pytest.mark.parametrize("text", [ENGLISH, CHINESE])
def test_they_are_others_and_always_the_same(text: str) -> None:
    made = noised(text, 6)
    assert made == noised(text, 6)
    assert len({normalise(one) for one in (*made, text)}) == 7
    assert all(len(one) <= len(text) for one in made)


def test_what_carries_the_meaning_stays() -> None:
    words = set(ENGLISH.casefold().rstrip("?").split())
    for one in noised(ENGLISH, 50):
        said = set(one.casefold().rstrip("?").split())
        assert len(said - words) <= 1  # a slip of the keyboard, once
        assert len({"where", "not", "who", "building", "wet", "tent", "customer"} - said) <= 1
    assert all("帐篷" in one and "什么地方" in one for one in noised(CHINESE, 6))


@pytest.mark.parametrize("text", ["", "?", "Why?", "吗？"])
def test_of_a_short_one_there_are_few_or_none(text: str) -> None:
    assert len(noised(text, 6)) <= 4
    assert all(normalise(one) and normalise(one) != normalise(text) for one in noised(text, 6))
