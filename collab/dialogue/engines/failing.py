"""Whatever a model's library raises, told as what it is for the person who waits: an engine that broke.

Nobody can list what such libraries raise. The log has the trace; the person is told no secrets.
"""

import logging
import threading
from collections.abc import Iterator, Sequence

from collab.dialogue.engines import LanguageModel, Message
from collab.errors import EngineBrokenError, EngineError

_log = logging.getLogger(__name__)


def streamed(
    engine: LanguageModel, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event
) -> Iterator[str]:
    """The pieces of an answer; closing it ends the computation. Raises EngineError, and no other."""
    try:
        yield from engine.stream(messages, max_tokens=max_tokens, cancel=cancel)
    except EngineError:
        raise
    except MemoryError as error:
        raise EngineBrokenError(reason="there is not enough memory") from error
    except Exception as error:
        _log.exception("The language model failed")
        raise EngineBrokenError(reason=f"{type(error).__name__}, of which the log says more") from error
