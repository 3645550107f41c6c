"""What one can do on the card of a correction."""

from datetime import date
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, TypeAdapter

from collab.ui.acts import Act, Id, Text

Side = Literal["will", "will_not"]
Day = Annotated[date | None, BeforeValidator(lambda day: day or None)]


class OnCard(Act):
    """An act after which the card is shown as it stands then."""

    correction: Id


class Open(OnCard):
    """Show the card; from a turn that it answered, also why it did."""

    act: Literal["open"]
    turn: Id = ""


class Teach(OnCard):
    """Put a question on a side of the card."""

    act: Literal["teach"]
    text: Text
    side: Side


class Add(OnCard):
    """The same of a question in one's own words."""

    act: Literal["add"]
    text: Text
    side: Side


class Forget(OnCard):
    """Take a question that was put there away; with `undo` that takes an act back."""

    act: Literal["forget"]
    example: Id
    undo: Literal["", "yes"] = ""


class Settle(OnCard):
    """Decide about something that contradicts it."""

    act: Literal["settle"]
    about: Literal["correction", "passage"]
    other: Id
    choice: Literal["keep", "replace", "retire"]


class Unsettle(OnCard):
    """Take that back."""

    act: Literal["unsettle"]
    about: Literal["correction", "passage"]
    other: Id


class Prove(OnCard):
    """Test it now."""

    act: Literal["prove"]


class Limit(OnCard):
    """Until which day it answers, that day included; empty for always."""

    act: Literal["limit"]
    until: Day = None


class Withdraw(OnCard):
    """Take it out of force."""

    act: Literal["withdraw"]


class Undo(OnCard):
    """Take that back."""

    act: Literal["undo"]


CardAct = Open | Teach | Add | Forget | Settle | Unsettle | Prove | Limit | Withdraw | Undo

CARD_ACTS: TypeAdapter[Act] = TypeAdapter(Annotated[CardAct, Field(discriminator="act")])
