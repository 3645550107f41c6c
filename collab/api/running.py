"""A running answer over HTTP: its events, drawn in threads, and the computation stopped when the client goes away."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeAlias

import anyio
from anyio import to_thread
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from collab.api.models import MODEL
from collab.dialogue.records import Event
from knowledge.database import new_id

Start: TypeAlias = Callable[[threading.Event], Iterator[Event]]
"""Starts an answer that stops when the event is set."""


async def events(start: Start, request: Request, threads: anyio.CapacityLimiter) -> AsyncIterator[Event]:
    """Yields what the answer tells. Once the client is gone, the rest comes quickly: the answer is cut and kept.

    The body of the request must have been read. Raises what `start` and its iterator raise.
    """
    cancel = threading.Event()
    running = await to_thread.run_sync(start, cancel, limiter=threads)
    watcher = asyncio.create_task(_cancel_when_gone(request, cancel))
    try:
        while (event := await to_thread.run_sync(next, running, None, limiter=threads)) is not None:
            yield event
    finally:
        cancel.set()
        watcher.cancel()


async def _cancel_when_gone(request: Request, cancel: threading.Event) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
    cancel.set()


class EventStream(StreamingResponse):
    """Server-sent events to their end. Its events themselves notice that the client is gone, and end then."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncIterator[str]) -> None:
        # a proxy in front may neither keep the text nor hold it back
        super().__init__(events, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.stream_response(send)


class Chunks:
    """The pieces of one streamed answer in OpenAI's form."""

    def __init__(self) -> None:
        self._head = {
            "id": f"chatcmpl-{new_id()}",
            "object": "chat.completion.chunk",
            "created": int(time.time()),
            "model": MODEL,
        }

    def __call__(self, delta: dict[str, str] | None, finish_reason: str | None = None, **more: Any) -> str:
        """One piece as an event; without a delta it carries no choice."""
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        return event_of({**self._head, "choices": [] if delta is None else [choice], **more})


def event_of(content: dict[str, Any]) -> str:
    """One server-sent event."""
    return f"data: {json.dumps(content, ensure_ascii=False)}\n\n"
