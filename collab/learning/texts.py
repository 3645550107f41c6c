"""A prompt with its answer as tokens, in the words of the model's own template. Imports transformers and no torch."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, cast

from jinja2 import TemplateError
from transformers import PreTrainedTokenizerBase

from collab.dialogue.engines import Message
from collab.dialogue.engines.context import without_instructions

MOST_TOKENS = 1024
"""Of a prompt with its answer; what is longer loses its beginning."""


@dataclass(frozen=True, slots=True)
class Text:
    """The tokens of a prompt with its answer."""

    ids: list[int]
    start: int  # where the answer begins: after the first token and before the last


def text_of(tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message], answer: str, most: int) -> Text:
    """At most `most` tokens, the last ones."""
    chat = as_chat(tokenizer, prompt)
    whole: list[Message] = [*chat, {"role": "assistant", "content": answer}]
    before = tokenizer.apply_chat_template(cast(Any, chat), add_generation_prompt=True, tokenize=False)
    said = tokenizer.apply_chat_template(cast(Any, whole), tokenize=False)
    start, ids = (_ids(tokenizer, text) for text in (before, said))
    gone = max(0, len(ids) - most)
    return Text(ids[gone:], max(1, min(len(start), len(ids) - 1) - gone))


def as_chat(tokenizer: PreTrainedTokenizerBase, prompt: Sequence[Message]) -> list[Message]:
    """The prompt in the form in which the engine gives it to this model: some templates know no instructions."""
    chat = [cast(Message, {**message}) for message in prompt]
    try:
        tokenizer.apply_chat_template(cast(Any, chat), tokenize=False)
    except TemplateError:
        return without_instructions(chat)
    return chat


def _ids(tokenizer: PreTrainedTokenizerBase, text: Any) -> list[int]:
    ids: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return ids
