"""What an administrator can ask of the room Learning."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter

from collab.dialogue.history import QUESTION_CHARS
from collab.feedback.wording import REASON_CHARS
from collab.learning.records import Effort
from collab.ui.acts import Act, Id

LARGEST_SEED, LARGEST_RANK, MOST_STEPS = 2**31 - 1, 256, 5_000
SMALLEST_RATE, LARGEST_RATE = 1e-6, 0.1


def _none_if_blank(value: Any) -> Any:
    return None if value == "" else value


_BLANK = BeforeValidator(_none_if_blank)
Seed = Annotated[Annotated[int, Field(ge=0, le=LARGEST_SEED)] | None, _BLANK]
Rank = Annotated[Annotated[int, Field(ge=1, le=LARGEST_RANK)] | None, _BLANK]
Rate = Annotated[Annotated[float, Field(ge=SMALLEST_RATE, le=LARGEST_RATE)] | None, _BLANK]
Steps = Annotated[Annotated[int, Field(ge=1, le=MOST_STEPS)] | None, _BLANK]


class Watch(Act):
    """Show it as it is now, with the run `training` open; `running` is the one that was under way a moment ago."""

    act: Literal["watch"]
    training: Id = ""
    running: Id = ""


class Train(Act):
    """Begin a training. What is left blank is as the effort has it."""

    act: Literal["train"]
    effort: Effort
    seed: Seed = None
    rank: Rank = None
    rate: Rate = None
    steps: Steps = None


class Cancel(Act):
    """End a training without a result."""

    act: Literal["cancel"]
    training: Id


class Promote(Act):
    """Make a version the live one; `training` is the run that is open."""

    act: Literal["promote"]
    adapter: Id
    reason: Annotated[str, Field(max_length=2 * REASON_CHARS)] = ""
    training: Id = ""


class RollBack(Act):
    """Go back from the version that was live when this was asked."""

    act: Literal["roll_back"]
    adapter: Id


class Ask(Act):
    """Ask the model without its memory."""

    act: Literal["ask"]
    question: Annotated[str, Field(max_length=2 * QUESTION_CHARS)]


class Compare(Act):
    """Show two versions beside each other."""

    act: Literal["compare"]
    one: Id
    other: Id


LearningAct = Watch | Train | Cancel | Promote | RollBack | Ask | Compare

LEARNING_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[LearningAct, Field(discriminator="act")])
