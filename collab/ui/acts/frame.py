"""Moving about."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from collab.ui.acts import Act, Id

MOST_PAGES = 100


class Go(Act):
    """Enter a room; in the chat, open a conversation (empty: a new one). `cases` is what the review lists and `case`
    which of them is open, as its address says.
    """

    act: Literal["go"]
    room: Literal["chat", "review", "knowledge", "learning", "people", "system", "account"]
    conversation: Id = ""
    cases: Annotated[str, Field(max_length=8_000)] = ""
    case: Annotated[str, Field(max_length=96)] = ""


class Knock(Act):
    """Nothing; but with what is said to it comes whatever else waits to be said."""

    act: Literal["knock"]


class Read(Act):
    """Follow a notice to what it tells of, by which it is read."""

    act: Literal["read"]
    notice: Id


class Find(Act):
    """Look for conversations; an empty text lists them all. `pages` is how much of the list is wanted."""

    act: Literal["find"]
    text: Annotated[str, Field(max_length=200)]
    conversation: Id = ""
    pages: Annotated[int, Field(ge=1, le=MOST_PAGES)] = 1


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
FrameAct = Go | Knock | Read | ListAct

FRAME_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[FrameAct, Field(discriminator="act")])
