"""What one can do in the chat."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from collab.ui.acts import Act, Id, Text

Run = Annotated[str, Field(min_length=1, max_length=64)]


class Ask(Act):
    """A question. `run` is the page's own name for this answer, with which it can be stopped."""

    act: Literal["ask"]
    run: Run
    text: Text
    conversation: Id = ""


class Retry(Act):
    """The same question once more."""

    act: Literal["retry"]
    run: Run
    turn: Id


class Stop(Act):
    """End the answer that is being written."""

    act: Literal["stop"]
    run: Run


class Rate(Act):
    """A thumb, on the click; again with its reason."""

    act: Literal["rate"]
    turn: Id
    rating: Literal["up", "down"]
    reason: Literal["wrong_fact", "outdated", "not_relevant", "style", "unsafe"] | None = None
    comment: Annotated[str, Field(max_length=4_000)] | None = None


class Correct(Act):
    """Other words for an answer."""

    act: Literal["correct"]
    turn: Id
    answer: Text
    kind: Literal["fact", "style"] = "fact"


class Undo(Act):
    """Take back the last act on a correction. `turn` is where it was made, if it was in the chat."""

    act: Literal["undo"]
    correction: Id
    turn: Id = ""


class Source(Act):
    """Show the passage behind a number."""

    act: Literal["source"]
    turn: Id
    n: Annotated[int, Field(ge=1, le=1_000)]


class Why(Act):
    """Show why an answer is what it is."""

    act: Literal["why"]
    turn: Id


AskAct = Ask | Retry
ChatAct = Stop | Rate | Correct | Undo | Source | Why

ASK_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[AskAct, Field(discriminator="act")])
CHAT_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[ChatAct, Field(discriminator="act")])
