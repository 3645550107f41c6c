"""Makes a chat fit into what a model reads at once. Knows lengths, not meanings."""

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
        turns = [i for i, message in enumerate(fitting[:-1]) if message["role"] != "system"]
        if not turns:
            raise PromptTooLongError(tokens=tokens, limit=limit)
        del fitting[turns[0]]
        while turns[0] < len(fitting) - 1 and fitting[turns[0]]["role"] == "assistant":
            del fitting[turns[0]]
    return fitting
