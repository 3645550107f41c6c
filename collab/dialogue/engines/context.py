"""Makes a chat fit into what a model reads: not too long, and of the roles it knows. Knows no meanings."""

from collections.abc import Callable, Sequence

from collab.dialogue.engines import Message
from collab.errors import PromptTooLongError


def fit(messages: Sequence[Message], limit: int, count_tokens: Callable[[Sequence[Message]], int]) -> list[Message]:
    """Leaves out the oldest turns until at most `limit` tokens are left.

    System messages and the last message always stay. What stays of the talk begins with a user's message, because many
    chat templates demand it. Raises PromptTooLongError when even that is too long.
    """
    fitting = list(messages)
    while (tokens := count_tokens(fitting)) > limit:
        shorter = without_oldest(fitting)
        if shorter is None:
            raise PromptTooLongError(tokens=tokens, limit=limit)
        fitting = shorter
    return fitting


def without_oldest(messages: Sequence[Message]) -> list[Message] | None:
    """The same chat without its oldest turn; None when only system messages and the last message are left."""
    left = list(messages)
    turns = [i for i, message in enumerate(left[:-1]) if message["role"] != "system"]
    if not turns:
        return None
    del left[turns[0]]
    while turns[0] < len(left) - 1 and left[turns[0]]["role"] == "assistant":
        del left[turns[0]]
    return left


def without_instructions(messages: Sequence[Message]) -> list[Message]:
    """The same chat without system messages: what they say stands before the first message of the user."""
    said = [message["content"] for message in messages if message["role"] == "system"]
    chat: list[Message] = [message for message in messages if message["role"] != "system"]
    if said and chat:
        chat[0] = {"role": chat[0]["role"], "content": "\n\n".join([*said, chat[0]["content"]])}
    return chat
