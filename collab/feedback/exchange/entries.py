"""What a row of a file says as a correction, checked and cleaned as what people type. It knows no rows of the database.

Several questions may have one answer: the first is the correction's question, the others are its aliases, by which it
is found as well. In a file they are the column `other_questions`, one a line in CSV and a list in JSONL; a JSONL row
may also have one list `questions`. What it must not answer stands in `will_not`, in the same way. Both are kept on one
line: white space makes no other question. A day in `valid_until` counts to its end, in UTC as any time without a zone.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from collab.errors import TextEmptyError
from collab.feedback import wording
from collab.feedback.exchange.files import Columns, Row, Unreadable
from collab.feedback.tables import Kind, Side, State
from collab.feedback.validity import end_of
from knowledge.errors import CollabError
from knowledge.text import normalise

ALIASES = 50  # other questions in a row; of those that it must not answer as many
ASKED = 10**9
_FIGURES = 20  # of a number that is read at all

COLUMNS = Columns(
    {
        "question": ("question", "questions"),
        "other_questions": ("other_questions", "aliases"),
        "will_not": ("will_not",),
        "answer": ("answer",),
        "kind": ("kind",),
        "state": ("state",),
        "reason": ("reason",),
        "asked": ("asked",),
        "valid_until": ("valid_until",),
    },
    needed=("question", "answer"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """A correction as a file has it. `asked` is how often past conversations asked it, 0 where nobody counted;
    `will_not` are questions that it must not answer; from `valid_until` on it answers nobody. `hub` is the
    question for which it waits, whatever the file says.
    """

    number: int
    question: str
    aliases: tuple[str, ...]
    answer: str
    kind: Kind = Kind.FACT
    is_pending: bool = False
    reason: str | None = None
    asked: int = 0
    invisible_at: tuple[int, ...] = ()
    will_not: tuple[str, ...] = ()
    valid_until: datetime | None = None
    hub: str | None = None

    @property
    def examples(self) -> tuple[tuple[str, Side], ...]:
        """What it is taught beside its question; style is taught nothing by which it is found."""
        sides = ((Side.WILL, self.aliases), (Side.WILL_NOT, self.will_not if self.kind is Kind.FACT else ()))
        return tuple((text, side) for side, texts in sides for text in texts)

    @property
    def questions(self) -> tuple[str, ...]:
        """What it is found by: its question first, then the aliases; style is found by nothing else."""
        return (self.question, *self.aliases) if self.kind is Kind.FACT else (self.question,)


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that is not taken, and why."""

    number: int
    reason: str


def over(entry: Entry, now: datetime) -> Refused | None:
    """An entry that would answer nobody any more, as one that is not taken."""
    if entry.valid_until is None or entry.valid_until > now:
        return None
    end = f"{entry.valid_until:%Y-%m-%d %H:%M} UTC"
    return Refused(entry.number, f"its valid_until is over since {end}; give it a later one, or none")


def read_entry(row: Row | Unreadable) -> Entry | Refused:
    """The row as a correction, or what is wrong with it."""
    if isinstance(row, Unreadable):
        return Refused(row.number, row.reason)
    try:
        return _entry(row)
    except (CollabError, _WrongValueError) as error:
        return Refused(row.number, str(error))


class _WrongValueError(Exception):
    """A value that the column cannot have."""


def _entry(row: Row) -> Entry:
    questions = [*_questions(row.cells.get("question")), *_others(row, "other_questions")]
    if not questions:
        raise TextEmptyError(what="question")
    if len(questions) > 1 + ALIASES:
        raise _WrongValueError(f"it has {len(questions)} questions, and at most {1 + ALIASES} are kept for an answer")
    question, *others = [wording.question(text, wording.STANDALONE_CHARS) for text in questions]
    aliases = distinct(question, others)
    answer = wording.answer(_text(row, "answer"))
    state = _text(row, "state") or State.LIVE.value
    if state not in (State.LIVE, State.PENDING):
        raise _WrongValueError(f"its state is {state[:40]!r}, and only live and pending ones are taken")
    return Entry(
        number=row.number,
        question=question,
        aliases=aliases,
        answer=answer.text,
        kind=wording.choice(Kind, _text(row, "kind") or Kind.FACT.value, "kind"),
        is_pending=state == State.PENDING,
        reason=wording.remark(_text(row, "reason"), "reason", wording.REASON_CHARS),
        asked=_asked(row.cells.get("asked")),
        invisible_at=answer.invisible_at,
        will_not=_limits(row, (question, *aliases)),
        valid_until=_end(_text(row, "valid_until").strip()),
    )


def _limits(row: Row, questions: Sequence[str]) -> tuple[str, ...]:
    """What the row must not answer, which is none of its questions."""
    texts = [wording.question(text, wording.STANDALONE_CHARS) for text in _others(row, "will_not")]
    if len(texts) > ALIASES:
        raise _WrongValueError(f"will_not has {len(texts)} questions, and at most {ALIASES} are kept")
    answered = {normalise(one) for one in questions}
    for text in texts:
        if normalise(text) in answered:
            raise _WrongValueError(f"{text[:40]!r} is one of its questions, and in will_not too")
    return distinct("", texts)


def distinct(question: str, others: Sequence[str]) -> tuple[str, ...]:
    """The other questions on one line each, without those that are the same as one before."""
    found = {normalise(question): ""}
    for other in others:
        found.setdefault(normalise(other), " ".join(other.split()))
    return tuple(text for text in found.values() if text)


def _text(row: Row, column: str) -> str:
    value = row.cells.get(column, "")
    if not isinstance(value, str):
        raise _WrongValueError(f"{column} is not a text")
    return value.strip() if column in ("kind", "state") else value


def _questions(value: object) -> list[str]:
    if isinstance(value, list):
        return _texts(value)
    if value is not None and not isinstance(value, str):
        raise _WrongValueError("question is not a text")
    return [value] if value is not None else []


def _others(row: Row, column: str) -> list[str]:
    value = row.cells.get(column)
    if isinstance(value, list):
        return _texts(value)
    if value is not None and not isinstance(value, str):
        raise _WrongValueError(f"{column} is neither a text nor a list")
    return [line for line in (value or "").split("\n") if line.strip()]


def _texts(values: list[object]) -> list[str]:
    texts = [value for value in values if isinstance(value, str)]
    if len(texts) < len(values):
        raise _WrongValueError("one of its questions is not a text")
    return texts


def _end(text: str) -> datetime | None:
    """The moment from which it holds no more, in UTC; None for what holds always."""
    if not text:
        return None
    try:
        return end_of(text)
    except ValueError as error:
        raise _WrongValueError(f"its valid_until {error}") from error


def _asked(value: object) -> int:
    if value is None or value == "":
        return 0
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    if isinstance(value, str) and value.strip().isdecimal() and len(value.strip()) <= _FIGURES:
        number = int(value)
    if number is None or not 0 <= number <= ASKED:
        raise _WrongValueError("asked is not a number of times")
    return number
