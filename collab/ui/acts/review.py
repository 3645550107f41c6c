"""What one can do in Review."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from collab.ui.acts import Act, Id, Text
from collab.ui.acts.chat import Undo


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


ReviewAct = Case | Approve | Reject | Withdraw | Undo

REVIEW_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[ReviewAct, Field(discriminator="act")])
