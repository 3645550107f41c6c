"""What a conversation is made of, as plain frozen values that the screen and the API read."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


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
    """

    correction_id: str
    author: str
    date: datetime
    answer: str | None
    is_pending: bool
    question: str | None = None
    editor: str | None = None


@dataclass(frozen=True, slots=True)
class TurnRecord:
    """A question with its answer. `reasons` are locale keys that say in words why it was decided so; `reach` is whom
    the sources, and the earlier answers that the model was given, may reach; `previous_id` is the turn that it follows,
    and `is_hidden` says that nobody is to read the answer.
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


@dataclass(frozen=True, slots=True)
class ConversationRecord:
    """A chat of one person, without its turns."""

    id: str
    title: str
    created_at: datetime
    updated_at: datetime
    is_pinned: bool
    is_temporary: bool
    current_turn_id: str | None


# --- what a running turn tells, in this order -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Quoted:
    """The supporting sentences, known before the model has written a word."""

    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Place in the queue for the model: 1 is next."""

    place: int


@dataclass(frozen=True, slots=True)
class Delta:
    """More of the answer. All deltas joined are the stored answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Done:
    """The turn as it was committed."""

    turn: TurnRecord


Event = Quoted | Waiting | Delta | Done
