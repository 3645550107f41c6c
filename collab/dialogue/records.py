"""What a conversation is made of, as plain frozen values that the screen and the API read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collab.people.access import EVERYONE


class Decision(StrEnum):
    """How a turn was answered."""

    CORRECTED = "corrected"
    SUGGESTED = "suggested"
    GROUNDED = "grounded"
    MODEL = "model"
    NOT_FOUND = "not_found"
    CLARIFY = "clarify"
    HANDED_OFF = "handed_off"


@dataclass(frozen=True, slots=True)
class Source:
    """A sentence of the passage that an answer cites as `[n]`: characters `start` to `end` of the passage's text."""

    n: int
    document_id: str
    document: str
    reach: str
    passage_id: int
    heading: str
    page: int | None
    quote: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class CorrectedBy:
    """The correction that answered a turn, or that is suggested beside it, as one person may see it.

    `answer`, and the `question` that it answers, are None when that person may not read them, or no longer; only its
    author is told that it is pending. `editor` is the reviewer whose words stand in place of the author's, if any.
    `reach` is whom it is for once it is live; `was_live`, whether it is or was when it answered: of another's words
    always, as one's own alone answer before somebody has confirmed them.
    """

    correction_id: str
    author: str
    date: datetime
    answer: str | None
    is_pending: bool
    question: str | None = None
    editor: str | None = None
    reach: str = EVERYONE
    was_live: bool = True


@dataclass(frozen=True, slots=True)
class Considered:
    """A correction that was thought of: how probable it was that it answers (0 to 1), how far it was ahead of the next
    one (`margin`, negative where another one was liker), and locale keys that say in words why, or why not. Where none
    applies, people may choose from those that are offered.
    """

    correction_id: str
    probability: float
    margin: float
    reasons: tuple[str, ...]
    is_offered: bool = False


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A question with its answer. `reasons` are locale keys that say in words why it was decided so; `reach` is whom
    all that the answer rests on may reach: its sources, the correction that it is, and the earlier answers that the
    model was given; `previous_id` is the turn that it follows, and `is_hidden` says that nobody is to read the answer.
    """

    id: str
    conversation_id: str
    position: int
    question: str
    standalone: str
    is_follow_up: bool
    language: str
    reach: str
    answer: str
    decision: Decision
    confidence: float
    reasons: tuple[str, ...]
    sources: tuple[Source, ...]
    correction_id: str | None
    model: str | None
    adapter: str | None
    completion_tokens: int
    memory_seq: int
    is_stopped: bool
    retry_of: str | None
    created_at: datetime
    previous_id: str | None = None
    is_hidden: bool = False
    considered: tuple[Considered, ...] = ()

    @property
    def offered(self) -> tuple[str, ...]:
        """The corrections that are suggested beside the answer, the likest first."""
        return offered(self.correction_id, self.considered) if self.decision is Decision.SUGGESTED else ()


def offered(correction_id: str | None, considered: Sequence[Considered]) -> tuple[str, ...]:
    """The corrections that stand beside an answer: the likest, where there is one, and what may be chosen instead."""
    others = (one.correction_id for one in considered if one.is_offered)
    return tuple(dict.fromkeys([correction_id, *others])) if correction_id else ()


Excerpt = tuple[tuple[str, bool], ...]
"""A few words of a conversation in parts, each with whether it is what was looked for."""


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A chat of one person, without its turns. `excerpt` is where the words stand by which it was found."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    is_pinned: bool
    is_temporary: bool
    current_turn_id: str | None
    deleted_at: datetime | None = None
    excerpt: Excerpt = ()


# --- what a running turn tells, in this order -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quoted:
    """The supporting sentences, known before the model has written a word."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Place in the queue for the model: 1 is next; and in how many seconds the answer is likely to begin. The place 0
    ends the waiting.
    """

    place: int
    seconds: int


@dataclass(frozen=True, slots=True)
class Delta:
    """More of the answer. All deltas joined are the stored answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The turn as it was committed."""

    turn: TurnRecord


Event = Quoted | Waiting | Delta | Done
