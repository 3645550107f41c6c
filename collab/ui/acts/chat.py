"""What one can do in the chat."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from collab.ui.acts import Act, Id, Text

Run = Annotated[str, Field(min_length=1, max_length=64)]
Slot = Annotated[int, Field(ge=0, le=2)]
Passage = Annotated[int, Field(ge=1, le=2**53)]


class Ask(Act):
    """A question. `run` is the page's own name for this answer, with which it can be stopped; `slot` is where it shows
    it. It follows the turn `after`; a new conversation may be one that is not kept.
    """

    act: Literal["ask"]
    run: Run
    slot: Slot = 0
    text: Text
    conversation: Id = ""
    after: Id = ""
    is_temporary: bool = False


class Retry(Act):
    """The same question once more."""

    act: Literal["retry"]
    run: Run
    slot: Slot = 0
    turn: Id


class Reword(Act):
    """Another question in the place of one's own."""

    act: Literal["reword"]
    run: Run
    slot: Slot = 0
    turn: Id
    text: Text


class Another(Act):
    """Not what was asked: the same question once more, answered without the correction that answered it."""

    act: Literal["another"]
    run: Run
    slot: Slot = 0
    turn: Id


class Same(Act):
    """Yes, what is suggested beside an answer is the answer: the first of it, unless another correction is named."""

    act: Literal["same"]
    turn: Id
    correction: Id = ""


class Different(Act):
    """No, all that is suggested answers a different question."""

    act: Literal["different"]
    turn: Id


class Unteach(Act):
    """Forget what was taught in a turn."""

    act: Literal["unteach"]
    turn: Id
    example: Id


class Choose(Act):
    """Show another version of a turn, and what followed it."""

    act: Literal["choose"]
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
    passage: Passage | None = None


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


class Quote(Act):
    """Show a passage that an answer under way quotes."""

    act: Literal["quote"]
    passage: Passage


class Pick(Act):
    """Look for the passage that would have answered a turn."""

    act: Literal["pick"]
    turn: Id
    text: Annotated[str, Field(max_length=1_000)] = ""


class Why(Act):
    """Show why an answer is what it is."""

    act: Literal["why"]
    turn: Id


AskAct = Ask | Retry | Reword | Another
TeachAct = Same | Different | Unteach
ChatAct = Choose | Rate | Correct | Undo | Source | Quote | Pick | Why | TeachAct

ASK_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[AskAct | Stop, Field(discriminator="act")])
CHAT_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[ChatAct, Field(discriminator="act")])
