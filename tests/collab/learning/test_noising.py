"""Wordings of people in a hurry."""

import pytest

from collab.learning.noising import noised
from knowledge.text import normalise

ENGLISH = "Where in the building do I leave the wet tent of a customer who is not here?"
CHINESE = "请问湿了的帐篷应该放在公司的什么地方呢？"


def test_they_are_others_and_always_the_same() -> None:
    for text, count in ((ENGLISH, 6), (CHINESE, 2)):
        made = noised(text, 6)
        assert made == noised(text, 6)
        assert len({normalise(one) for one in (*made, text)}) >= count + 1
        assert all(len(one) <= len(text) for one in made)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (ENGLISH, {"where", "in", "i", "leave", "wet", "tent", "who", "not"}),
        ("Do you ship to the US?", {"you", "ship", "to", "US"}),
        ("Who runs IT here?", {"who", "runs", "IT", "here"}),
        ("Is the tent in size A in stock?", {"tent", "in", "size", "A", "stock"}),
        ("When does the train from Oslo to Bergen leave?", {"when", "train", "from", "oslo", "to", "bergen", "leave"}),
        ("Why can't I cancel without a receipt?", {"why", "can't", "i", "without"}),
        ("Where is gate B4 please?", {"where", "gate", "B4"}),
    ],
)
def test_what_carries_the_meaning_stays_and_in_its_order(text: str, kept: set[str]) -> None:
    for one in noised(text, 50):
        words = one.rstrip("?").split()
        assert kept <= {word if (word.isupper() and len(word) > 1) or word == "A" else word.lower() for word in words}
        order = [word.lower() for word in words if word.lower() in text.lower().rstrip("?").split()]
        asked = iter(text.lower().rstrip("?").split())
        assert all(word in asked for word in order)  # one after the other


@pytest.mark.parametrize(
    ("text", "kept"), [("请问酒吧几点开门吗？", "酒吧几点开门"), ("我怎么申请请假的单子？", "我怎么申请请假的单子")]
)
def test_chinese_words_are_left_whole(text: str, kept: str) -> None:
    assert all(kept in one for one in noised(text, 50))


def test_a_slip_is_one_letter_inside_a_long_word() -> None:
    slips = {one.lower().rstrip("?") for one in noised("Which courier?", 50)} - {"which courier"}
    assert slips
    assert slips <= {f"which {'courier'[:at]}{'courier'[at + 1 :]}" for at in range(1, 6)}


def test_a_story_has_none() -> None:
    assert noised("Where is the wet tent of the customer? " * 3, 6)
    assert noised("Where is the wet tent of the customer? " * 30, 6) == []


@pytest.mark.parametrize("text", ["", "?", "Why?", "吗？", "the", "A"])
def test_of_a_short_one_there_are_few_or_none(text: str) -> None:
    assert len(noised(text, 6)) <= 4
    assert all(normalise(one) and normalise(one) != normalise(text) for one in noised(text, 6))
