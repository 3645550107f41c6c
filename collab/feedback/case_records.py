"""Cases as plain frozen values, and how a case is named."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collab.dialogue.records import TurnRecord
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.records import CorrectionRecord
from collab.feedback.tables import Side
from collab.feedback.thread import ThreadTurn
from knowledge.errors import CollabError, NotFoundError


class CaseKind(StrEnum):
    """What a case is about."""

    CORRECTION = "correction"
    TURN = "turn"
    EXAMPLE = "example"


@dataclass(frozen=True, slots=True)
class Ref:
    """A case by its name, such as `correction:…`, `turn:…` or `example:…`."""

    kind: CaseKind
    id: str

    @classmethod
    def parsed(cls, name: str) -> "Ref":
        """Raises NotFoundError for what is no name of a case."""
        kind, _, id = name.partition(":")
        if kind not in list(CaseKind) or not id:
            raise NotFoundError(what="case")
        return cls(CaseKind(kind), id)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}"


@dataclass(frozen=True, slots=True)
class Case:
    """A line of the list. `author` wrote the correction, rated the turn or said the example; `impact` is `asked` (at
    least once) times `wrong` (1 to 5); `alike` counts the other open cases of the same question, or the other examples
    that were said with one; `is_late` when it waits for too long; `revision` is a correction's, `side` an example's.
    """

    ref: str
    kind: CaseKind
    state: str
    question: str
    author_id: str
    author: str
    reason: str | None
    asked: int
    wrong: int
    impact: int
    assignee_id: str | None
    assignee: str | None
    created_at: datetime
    is_late: bool
    revision: int | None
    alike: int = 0
    side: Side | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A part of the list; `after` names the place behind it, None at the end."""

    cases: tuple[Case, ...]
    after: str | None


@dataclass(frozen=True, slots=True)
class OpenCase:
    """A case with all that one needs to decide it.

    `correction` is there for a correction, and for an `example`, whose it is; `turn` is the turn as the reviewer may
    see it; `comment` and `passage_id` are what was said with the thumb; `resolution` and `resolver` are there once a
    rated turn is resolved; `alike` are the other open cases of the same question; `together` are the other examples
    that were said with this one, which are decided with it, each with its correction; `replaces` are the live
    corrections in whose place a pending one comes when it is approved as it stands.
    """

    case: Case
    correction: CorrectionRecord | None
    turn: TurnRecord | None
    comment: str | None
    passage_id: int | None
    resolution: str | None
    resolver: str | None
    thread: tuple[ThreadTurn, ...]
    alike: tuple[Case, ...]
    example: ExampleRecord | None = None
    replaces: tuple[CorrectionRecord, ...] = ()
    together: tuple[tuple[ExampleRecord, CorrectionRecord], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one of several cases: decided when there is no error."""

    ref: str
    error: CollabError | None
