"""What asks for nothing, and what kind of it."""

import pytest

from collab.dialogue.small_talk import is_small_talk, kind


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello!", "hello"),
        ("hi there", "hello"),
        ("你好", "hello"),
        ("Thank you so much!", "thanks"),
        ("thanks, that helped!", "thanks"),
        ("No thanks", "thanks"),
        ("No, thank you.", "thanks"),
        ("Thank you, that's all I needed", "thanks"),
        ("不用了，谢谢！", "thanks"),
        ("Great, bye", "bye"),
        ("How are you?", "how"),
        ("What can you do?", "about"),
        ("Got it", "fine"),
        ("Yes, that's it.", "fine"),
        ("知道了", "fine"),
        ("wrong", "wrong"),
        ("No.", "wrong"),
        ("That's not right!", "wrong"),
        ("No, that is wrong", "wrong"),
        ("Sorry, wrong answer", "wrong"),
        ("不对。", "wrong"),
    ],
)
def test_what_asks_for_nothing(text: str, expected: str) -> None:
    assert is_small_talk(text)
    assert kind(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Wrong size",
        "Is that right?",
        "No, it's 45 days",
        "No, I meant shoes",
        "Thanks, and for shoes?",
        "Hello, can I return shoes?",
        "Is it good?",
        "All products",
        "No smoking",
        "不对，是45天",
    ],
)
def test_what_says_more_does_not(text: str) -> None:
    assert not is_small_talk(text)
