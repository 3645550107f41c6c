"""An answer in the making: whom it is for, what was asked, and the turn as far as it is known. It computes nothing."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Delta
from collab.dialogue.understanding import Exchange, Understood
from collab.people.access import Actor
from collab.tracing import Trace, Tracing


@dataclass
class Reply:
    """`without` are corrections that are to be left aside; an objection is held against the answer before it. Whoever
    is late was stopped by the clock, and not by a person.
    """

    actor: Actor
    conversation_id: str | None
    understood: Understood
    history: Sequence[Exchange]
    cancel: threading.Event
    turn: NewTurn
    without: Sequence[str] = ()
    is_objection: bool = False
    texts: list[str] = field(default_factory=list)
    is_late: bool = False
    trace: Trace = field(default_factory=Tracing().turn)

    def set(self, **changes: object) -> None:
        """Changes the turn."""
        self.turn = replace(self.turn, **changes)  # type: ignore[arg-type]  # names and types are NewTurn's own

    def expire(self) -> None:
        """Stops it, for its time is up."""
        self.is_late = not self.cancel.is_set()
        self.cancel.set()

    def say(self, text: str) -> Delta:
        """More of the answer."""
        self.texts.append(text)
        return Delta(text)
