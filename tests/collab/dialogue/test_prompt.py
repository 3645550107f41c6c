"""What the model is given to read."""

import pytest

from collab.dialogue.prompt import build, build_without_sources


def test_numbered_quotes_stand_before_the_question() -> None:
    assert build("What do students pay?", ["Students pay 9 euros.", "Children pay 0."], "en") == [
        {"role": "system", "content": "Answer in one short sentence, using only the passages."},
        {
            "role": "user",
            "content": "Passages:\n[1] Students pay 9 euros.\n[2] Children pay 0.\n\nQuestion: What do students pay?",
        },
    ]


def test_braces_in_questions_and_quotes_stay_as_they_are() -> None:
    last = build("What is {quotes}?", ["{question} and {x}"], "en")[-1]
    assert last["content"] == "Passages:\n[1] {question} and {x}\n\nQuestion: What is {quotes}?"


@pytest.mark.parametrize(("language", "start"), [("zh", "段落："), ("en", "Passages:"), ("fr", "Passages:")])
def test_each_language_has_its_words_and_others_get_english(language: str, start: str) -> None:
    assert build("?", ["!"], language)[-1]["content"].startswith(start)


def test_without_sources_the_conversation_is_given() -> None:
    messages = build_without_sources("And you?", [("Hello!", "Hello, how are you?")], "en")
    assert [(message["role"], message["content"]) for message in messages[1:]] == [
        ("user", "Hello!"),
        ("assistant", "Hello, how are you?"),
        ("user", "And you?"),
    ]
    assert messages[0]["role"] == "system"
