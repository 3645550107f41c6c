"""Moving about."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from collab.ui.acts import Act, Id


class Go(Act):
    """Enter a room; in the chat, open a conversation (empty: a new one)."""

    act: Literal["go"]
    room: Literal["chat", "review", "knowledge"]
    conversation: Id = ""


class Knock(Act):
    """Nothing; but with what is said to it comes whatever else waits to be said."""

    act: Literal["knock"]


FrameAct = Go | Knock

FRAME_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[FrameAct, Field(discriminator="act")])
