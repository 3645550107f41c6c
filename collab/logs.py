"""How a line of the log is written: text for people, JSON for programs, each with the ids of what it belongs to.

It holds no texts of people. Of an exception it tells the kind and where it was raised; its own words may quote a
question or a document, and are told at the level DEBUG alone.
"""

import json
import logging
import traceback
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TypeVar

from knowledge.errors import CollabError

_ids: ContextVar[dict[str, str] | None] = ContextVar("ids", default=None)

Step = TypeVar("Step")


def set_up(level: str, form: str) -> None:
    """The one handler of the process, on standard error; `form` is "text" or "json"."""
    handler = logging.StreamHandler()
    handler.setFormatter(formatter(form, tells_all=level == "DEBUG"))
    logging.basicConfig(level=level, handlers=[handler], force=True)


def formatter(form: str, *, tells_all: bool = False) -> logging.Formatter:
    """`tells_all` adds exceptions' own words."""
    return Json(tells_all) if form == "json" else Text(tells_all)


def ids() -> dict[str, str]:
    """What the work that is being done belongs to: `request`, `person` and `turn`, as far as they are known."""
    return dict(_ids.get() or {})


def belongs_to(**known: str) -> None:
    """All that this task or thread logs from now on belongs to these too."""
    _ids.set({**ids(), **known})


@contextmanager
def belonging_to(**known: str) -> Iterator[None]:
    """What is logged inside belongs to these too."""
    token = _ids.set({**ids(), **known})
    try:
        yield
    finally:
        _ids.reset(token)


def steps_belonging_to(steps: Generator[Step, None, None], **known: str) -> Generator[Step, None, None]:
    """The same steps. Each may be taken in a thread of its own that knows nothing of the one before, as Gradio does."""
    with closing(steps):
        while True:
            with belonging_to(**{name: id for name, id in known.items() if id}):
                try:
                    step = next(steps)
                except StopIteration:
                    return
            yield step


class Text(logging.Formatter):
    """One line, and the trace under it where there is one."""

    def __init__(self, tells_all: bool = False) -> None:
        super().__init__()
        self._tells_all = tells_all

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        known = " ".join(f"{name}={id}" for name, id in ids().items())
        line = f"{self.formatTime(record)} {record.levelname} {record.name}: {record.getMessage()}"
        return "\n".join(part for part in (f"{line} [{known}]" if known else line, self._trace(record)) if part)

    def _trace(self, record: logging.LogRecord) -> str:
        if not record.exc_info or record.exc_info[1] is None:
            return ""
        return self.formatException(record.exc_info) if self._tells_all else trace(record.exc_info[1])


class Json(Text):
    """One object on one line: time (UTC), level, logger, message, ids, and the trace where there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        told = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **ids(),
        }
        if found := self._trace(record):
            told["trace"] = found
        return json.dumps(told, ensure_ascii=False)


def trace(error: BaseException | None) -> str:
    """Where it was raised and what kind it is, after what it came from; without its own words."""
    return "\n".join(_parts(error))


def _parts(error: BaseException | None) -> Iterator[str]:
    if error is None:
        return
    yield from _parts(error.__cause__ or (None if error.__suppress_context__ else error.__context__))
    for inner in error.exceptions if isinstance(error, BaseExceptionGroup) else ():
        yield from _parts(inner)
    yield "".join(traceback.format_tb(error.__traceback__)) + _kind(error)


def _kind(error: BaseException) -> str:
    name = f"{type(error).__module__}.{type(error).__qualname__}"
    if isinstance(error, CollabError):
        return f"{name} ({error.code})"
    return f"{name} ({error.strerror})" if isinstance(error, OSError) and error.strerror else name
