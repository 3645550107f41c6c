"""Leaving out old turns, with words as tokens, and system messages for models that know none."""

from collections.abc import Sequence

import pytest

from collab.dialogue.engines import Message
from collab.dialogue.engines.context import fit, without_instructions
from collab.errors import PromptTooLongError

SYSTEM: Message = {"role": "system", "content": "be brief"}
TALK: list[Message] = [
    SYSTEM,
    {"role": "user", "content": "one two three"},
    {"role": "assistant", "content": "four five"},
    {"role": "user", "content": "six"},
    {"role": "assistant", "content": "seven"},
    {"role": "user", "content": "eight nine"},
]


def count_words(messages: Sequence[Message]) -> int:
    return sum(len(message["content"].split()) for message in messages)


@pytest.mark.parametrize(
    ("limit", "kept"),
    [
        (11, TALK),
        (10, [SYSTEM, *TALK[3:]]),  # an answer goes with its question
        (6, [SYSTEM, *TALK[3:]]),
        (5, [SYSTEM, TALK[5]]),
        (4, [SYSTEM, TALK[5]]),
    ],
)
def test_the_oldest_turns_go_first(limit: int, kept: list[Message]) -> None:
    assert fit(TALK, limit, count_words) == kept


def test_instructions_and_the_last_message_are_never_left_out() -> None:
    with pytest.raises(PromptTooLongError) as refused:
        fit(TALK, 3, count_words)
    assert refused.value.params == {"tokens": 4, "limit": 3}


def test_instructions_stand_before_the_first_message_of_the_user() -> None:
    assert without_instructions(TALK) == [{"role": "user", "content": "be brief\n\none two three"}, *TALK[2:]]
    assert without_instructions(TALK[1:]) == TALK[1:]
    assert TALK[1]["content"] == "one two three"
