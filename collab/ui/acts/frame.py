"""Moving about."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from collab.ui.acts import Act, Id


class Go(Act):
    """Enter a room; in the chat, open a conversation (empty: a new one)."""

    act: Literal["go"]
    room: Literal["chat", "review", "knowledge", "people", "account"]
    conversation: Id = ""


class Knock(Act):
    """Nothing; but with what is said to it comes whatever else waits to be said."""

    act: Literal["knock"]


class Find(Act):
    """Look for conversations; an empty text lists them all."""

    act: Literal["find"]
    text: Annotated[str, Field(max_length=200)]
    conversation: Id = ""


class Rename(Act):
    """Another title for a conversation."""

    act: Literal["rename"]
    conversation: Id
    title: Annotated[str, Field(max_length=1_000)]


class Pin(Act):
    """Keep a conversation at the head of the list, or no longer."""

    act: Literal["pin"]
    conversation: Id
    on: bool


class Delete(Act):
    """Take a conversation away."""

    act: Literal["delete"]
    conversation: Id


class Restore(Act):
    """Bring a deleted conversation back."""

    act: Literal["restore"]
    conversation: Id


class Keep(Act):
    """Keep a temporary conversation after all."""

    act: Literal["keep"]
    conversation: Id


class Leave(Act):
    """A temporary conversation was left."""

    act: Literal["leave"]
    conversation: Id


class Seen(Act):
    """A notice was read; empty: all of them."""

    act: Literal["seen"]
    notice: Id = ""


ListAct = Find | Rename | Pin | Delete | Restore | Keep | Leave | Seen
FrameAct = Go | Knock | ListAct

FRAME_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[FrameAct, Field(discriminator="act")])
