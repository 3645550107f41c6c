"""Chat messages as OpenAI's clients send them: which is the question, and what was said before. Pure."""

from collections.abc import Sequence

from pydantic import BaseModel

from collab.errors import MessageRefusedError


class Part(BaseModel):
    """A piece of a message; only text is read."""

    type: str
    text: str | None = None


class ChatMessage(BaseModel):
    """One message. A `system` or `developer` message is refused."""

    role: str
    content: str | list[Part] | None = None


def question(messages: Sequence[ChatMessage]) -> str:
    """The last message of the user. Raises MessageRefusedError."""
    return _text(messages[_last_user(messages)])


def earlier(messages: Sequence[ChatMessage]) -> list[tuple[str, str]]:
    """The (question, answer) pairs before the question, in order. Raises MessageRefusedError."""
    pairs: list[tuple[str, str]] = []
    for message in messages[: _last_user(messages)]:
        if message.role == "user":
            pairs.append((_text(message), ""))
        elif pairs:
            asked, answered = pairs[-1]
            pairs[-1] = (asked, f"{answered}\n{_text(message)}".strip())
    return pairs


def check(messages: Sequence[ChatMessage]) -> None:
    """Raises MessageRefusedError for a role that is not taken."""
    for message in messages:
        if message.role in ("system", "developer"):
            raise MessageRefusedError(
                reason="the assistant has its own instructions and takes no others",
                advice=f"Leave out the message with the role `{message.role}`.",
            )
        if message.role not in ("user", "assistant"):
            raise MessageRefusedError(
                reason=f"the role {message.role[:40]!r} is not known here", advice="Send `user` and `assistant` only."
            )


def _last_user(messages: Sequence[ChatMessage]) -> int:
    for place in range(len(messages) - 1, -1, -1):
        if messages[place].role == "user":
            return place
    raise MessageRefusedError(reason="there is no question in them", advice="Send a message with the role `user`.")


def _text(message: ChatMessage) -> str:
    if message.content is None or isinstance(message.content, str):
        return message.content or ""
    if any(part.type != "text" or part.text is None for part in message.content):
        raise MessageRefusedError(reason="only text can be read", advice="Leave out pictures, sound and files.")
    return "\n".join(part.text or "" for part in message.content)
