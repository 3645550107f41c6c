"""What a click can ask for: the messages that come back from the page, checked. It knows no services.

A message is one JSON object with `act`. It comes from a browser, so every length is bounded here or in the service that
takes it, and every id is checked for its owner there.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

Id = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=100_000)]
Run = Annotated[str, Field(min_length=1, max_length=64)]


class Act(BaseModel):
    """One thing that a person asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Go(Act):
    """Enter a room; in the chat, open a conversation (empty: a new one)."""

    act: Literal["go"]
    room: Literal["chat", "review", "knowledge"]
    conversation: Id = ""


class Knock(Act):
    """Nothing; but with what is said to it comes whatever else waits to be said."""

    act: Literal["knock"]


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


class Case(Act):
    """Open a correction that waits for review."""

    act: Literal["case"]
    correction: Id


class Approve(Act):
    """Let a correction answer everyone, perhaps in other words."""

    act: Literal["approve"]
    correction: Id
    question: Text
    answer: Text
    reason: Text = ""


class Reject(Act):
    """Say no to a correction, and why."""

    act: Literal["reject"]
    correction: Id
    reason: Text


class Withdraw(Act):
    """Take one's own correction back."""

    act: Literal["withdraw"]
    correction: Id


class Open(Act):
    """Read a document with its passages."""

    act: Literal["open"]
    document: Id


class Remove(Act):
    """Delete a document."""

    act: Literal["remove"]
    document: Id


class Sample(Act):
    """Load the sample handbook."""

    act: Literal["sample"]


class File(BaseModel):
    """A file that Gradio has received: where it lies, and the name that it had. The rest of what is told is left."""

    path: Annotated[str, Field(min_length=1)]
    orig_name: str | None = None


FrameAct = Go | Knock
AskAct = Ask | Retry
ChatAct = Stop | Rate | Correct | Undo | Source | Why
ReviewAct = Case | Approve | Reject | Withdraw | Undo
KnowledgeAct = Open | Remove | Sample

FRAME_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[FrameAct, Field(discriminator="act")])
ASK_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[AskAct, Field(discriminator="act")])
CHAT_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[ChatAct, Field(discriminator="act")])
REVIEW_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[ReviewAct, Field(discriminator="act")])
FILES: TypeAdapter[list[File] | None] = TypeAdapter(list[File] | None)
KNOWLEDGE_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[KnowledgeAct, Field(discriminator="act")])
