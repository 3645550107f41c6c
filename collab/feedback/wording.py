"""What may be written in a question, an answer, a reason or a comment. Pure checks of text; it knows no rows."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from collab.errors import ChoiceUnknownError, TextEmptyError, TextTooLongError
from knowledge.text import clean, normalise

QUESTION_CHARS = 8_000
STANDALONE_CHARS = 2 * QUESTION_CHARS  # a question with the earlier ones that it leans on
ANSWER_CHARS = 20_000
REASON_CHARS = 2_000

_MARK = re.compile(r"(?<![ \t])[ \t]*\[(\d{1,3})\]")  # white space is read once, from where it begins
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Written:
    """What a person wrote, as it is kept; something invisible stood before the characters at `invisible_at`."""

    text: str
    invisible_at: tuple[int, ...] = ()


def question(sent: str, limit: int = QUESTION_CHARS) -> str:
    """The question as it is kept. Raises TextEmptyError and TextTooLongError."""
    text = written(sent, "question", limit).text
    if not normalise(text):
        raise TextEmptyError(what="question")
    return text


def answer(sent: str, cited: Collection[int] = ()) -> Written:
    """The answer as it is kept, without the marks `[n]` of the sources that only the assistant's words had.

    Raises TextEmptyError and TextTooLongError.
    """
    return written(_MARK.sub(lambda mark: "" if int(mark[1]) in cited else mark[0], sent), "answer", ANSWER_CHARS)


def written(sent: str, what: str, limit: int) -> Written:
    """A text without invisible characters and outer white space. Raises TextEmptyError and TextTooLongError."""
    cleaned = clean(sent)
    text = cleaned.text.strip()
    if not text:
        raise TextEmptyError(what=what)
    if len(text) > limit:
        raise TextTooLongError(what=what, chars=len(text), limit=limit)
    lead = len(cleaned.text) - len(cleaned.text.lstrip())
    places = (place - gone - lead for gone, place in enumerate(cleaned.removed))
    return Written(text, tuple(sorted({min(max(place, 0), len(text)) for place in places})))


def remark(sent: str | None, what: str, limit: int) -> str | None:
    """A text that may be left out; None when there is nothing to see in it. Raises TextTooLongError."""
    if sent is None or not clean(sent).text.strip():
        return None
    return written(sent, what, limit).text


def same(one: str, other: str) -> bool:
    """Whether two answers differ in nothing but white space, source marks and invisible characters."""
    return _bare(one) == _bare(other)


def shortened(text: str, chars: int) -> str:
    """One line of a text, of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= chars else line[: chars - 1].rstrip() + "…"


def choice(kind: type[_Choice], value: str, what: str) -> _Choice:
    """The member of an enumeration. Raises ChoiceUnknownError, which lists what can be chosen."""
    if value not in list(kind):
        raise ChoiceUnknownError(what=what, value=repr(value[:40]), choices=", ".join(kind))
    return kind(value)


def _bare(text: str) -> str:
    return " ".join(_MARK.sub("", clean(text).text).split())
