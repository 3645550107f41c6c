"""Conversations from the rows of a file: who said what, in order of time. It judges no words.

Rows may come in any order. A conversation is complete when the file ends, or when thousands of others have had a turn
since; so a file of any length is read in little memory.
"""

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from collab.feedback.exchange.entries import Refused
from collab.feedback.exchange.files import Columns, Row, Unreadable
from knowledge.text import clean

OPEN = 2_000  # conversations that are not complete yet
MESSAGES = 200  # of a conversation; what comes later is left out
TEXT_CHARS = 8_000

COLUMNS = Columns(
    {
        "conversation": ("conversation", "conversation_id", "thread", "thread_id", "ticket", "ticket_id", "chat_id"),
        "speaker": ("speaker", "role", "author", "sender", "from"),
        "text": ("text", "message", "content", "body"),
        "time": ("time", "timestamp", "created_at", "date", "sent_at"),
    },
    needed=("conversation", "speaker", "text"),
)


@dataclass(frozen=True, slots=True)
class Message:
    """What somebody said. `time` sorts within a conversation and may be empty."""

    number: int
    speaker: str
    text: str
    time: str


def conversations(rows: Iterable[Row | Unreadable], refuse: list[Refused]) -> Iterator[list[Message]]:
    """The conversations of a file, each in order of time; rows that cannot be read are added to `refuse`."""
    opened: OrderedDict[str, list[Message]] = OrderedDict()
    for row in rows:
        read = _message(row)
        if isinstance(read, Refused):
            refuse.append(read)
            continue
        key, message = read
        told = opened.setdefault(key, [])
        opened.move_to_end(key)
        if len(told) < MESSAGES:
            told.append(message)
        if len(opened) > OPEN:
            yield _in_order(opened.popitem(last=False)[1])
    for told in opened.values():
        yield _in_order(told)


def _message(row: Row | Unreadable) -> tuple[str, Message] | Refused:
    if isinstance(row, Unreadable):
        return Refused(row.number, row.reason)
    values = {column: _text(row.cells.get(column)) for column in COLUMNS.names}
    for column in ("conversation", "speaker"):
        if not values[column].strip():
            return Refused(row.number, f"it has no {column}")
    text = clean(values["text"][: 2 * TEXT_CHARS]).text.strip()[:TEXT_CHARS]
    message = Message(row.number, " ".join(values["speaker"].split())[:100], text, _moment(values["time"]))
    return values["conversation"].strip()[:200], message


def _text(value: object) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _moment(text: str) -> str:
    """A time that sorts: seconds since 1970 in figures, or ISO 8601, whose offset is taken into account; other forms
    sort as they are written.
    """
    try:
        return f"{float(text):020.6f}"  # first, for figures alone can also be read as a date
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text.strip())
        return (moment.astimezone(UTC) if moment.tzinfo else moment).isoformat()
    except (ValueError, OverflowError):
        return text.strip()


def _in_order(told: list[Message]) -> list[Message]:
    """By time where every message has one; otherwise as the file has them."""
    if all(message.time for message in told):
        return sorted(told, key=lambda message: (message.time, message.number))
    return told
