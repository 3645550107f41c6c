"""What only greets, thanks or keeps waiting goes; what says something stays."""

import pytest

from collab.feedback.dialogues.courtesy import without_courtesy


@pytest.mark.parametrize(
    "text",
    [
        "Hi there!",
        "Hello, how can I help you today?",
        "Good morning Anna, thank you for contacting us.",
        "Thanks a lot! Have a nice day. Bye!",
        "Let me check that for you. One moment please.",
        "My name is Bob from support.",
        "Is there anything else I can do for you?",
        "Can you help me?",
        "Best regards,\nAnna",
        "您好，请问有什么可以帮您？",
        "好的，请稍等。谢谢！",
    ],
)
def test_courtesy_alone_says_nothing(text: str) -> None:
    assert without_courtesy(text) == ""


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Hi Anna, how do I reset the router?", "how do I reset the router?"),
        ("Hello! My printer is broken. Thanks!", "My printer is broken."),
        ("Thanks, how do I reset it?", "Thanks, how do I reset it?"),
        ("Sure, you can return the shoes within 41 days.", "Sure, you can return the shoes within 41 days."),
        ("I am looking for my parcel.", "I am looking for my parcel."),
        ("This is covered by the warranty.", "This is covered by the warranty."),
        ("您好，请问怎么退货？", "请问怎么退货？"),
    ],
)
def test_what_says_something_stays(text: str, kept: str) -> None:
    assert without_courtesy(text) == kept
