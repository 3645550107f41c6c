"""`/v1/chat/completions`: OpenAI's chat call, whole or as a stream, with our own object `collab` beside the answer."""

import logging
import threading
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Annotated, Any

import anyio
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from collab.api import messages, running
from collab.api.auth import Person
from collab.api.errors import ErrorReply, problem
from collab.api.fields import Id
from collab.api.messages import ChatMessage
from collab.api.models import MODEL
from collab.api.running import Chunks, EventStream, event_of
from collab.api.turns import TurnReply, turn_reply
from collab.dialogue.records import Delta, Done, Event, TurnRecord, Waiting
from collab.errors import ModelUnknownError, RequestInvalidError, UnexpectedError
from collab.people.access import Actor
from knowledge.errors import CollabError

if TYPE_CHECKING:
    from collab.services import Services

_log = logging.getLogger(__name__)

SPARE_THREADS = 32  # for answers that are written or need no model, while as many wait for it as may


class StreamOptions(BaseModel):
    """What a stream carries besides the text."""

    include_usage: bool = False


class ResponseFormat(BaseModel):
    """How the answer is written."""

    type: str


class ChatRequest(BaseModel):
    """A question. Other fields of OpenAI's call, such as temperature, are taken and have no effect."""

    model: Id = MODEL
    messages: Annotated[list[ChatMessage], Field(min_length=1)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Annotated[int | None, Field(ge=1, le=1)] = None
    tools: list[Any] | None = Field(None, description="refused: the assistant calls nothing")
    functions: list[Any] | None = Field(None, description="refused, as `tools`")
    response_format: ResponseFormat | None = Field(None, description="only `text`: answers are people's words")
    conversation_id: Id | None = Field(
        None, description="goes on with this conversation; then only the last user message is read"
    )


class Usage(BaseModel):
    """Tokens: those of the question, and those that the model wrote. A person's words cost none."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class Answer(BaseModel):
    """What the assistant says."""

    role: str = "assistant"
    content: str


class Choice(BaseModel):
    """The one answer."""

    index: int = 0
    message: Answer
    finish_reason: str = "stop"


class ChatReply(BaseModel):
    """An answer as OpenAI's clients expect it, and how it came to be."""

    id: str
    object: str = "chat.completion"
    created: int
    model: str = MODEL
    choices: list[Choice]
    usage: Usage
    collab: TurnReply


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""
    # Waiting for the model has threads of its own, so that it never holds up the other resources.
    threads = anyio.CapacityLimiter(services.settings.queue_limit + SPARE_THREADS)

    @router.post("/chat/completions", response_model=ChatReply)
    async def complete(actor: Person, body: ChatRequest, request: Request) -> ChatReply | EventStream:
        """Answers a question, as OpenAI's call of this name. `collab` says how; in a stream, the last chunk has it."""
        start = _start(services, actor, body)
        events = running.events(start, request, threads)
        if not body.stream:
            done = [event async for event in events if isinstance(event, Done)]
            return await run_in_threadpool(_whole, services, actor, done[-1].turn)
        first = await anext(events)  # what fails before it fails with a status of its own
        with_usage = body.stream_options is not None and body.stream_options.include_usage
        return EventStream(_streamed(services, actor, first, events, with_usage))


def _start(services: "Services", actor: Actor, body: ChatRequest) -> running.Start:
    if body.model != MODEL:
        raise ModelUnknownError(model=body.model[:100])
    _refuse_unsupported(body)
    messages.check(body.messages)
    question = messages.question(body.messages)
    earlier = [] if body.conversation_id else messages.earlier(body.messages)

    def start(cancel: threading.Event) -> Iterator[Event]:
        return services.assistant.reply(actor, body.conversation_id, question, earlier=earlier, cancel=cancel)

    return start


def _refuse_unsupported(body: ChatRequest) -> None:
    """What would change what the answer is, and cannot be done, is refused; a program would wait for it in vain."""
    for name in ("tools", "functions"):
        if getattr(body, name):
            raise RequestInvalidError(reason=f"`{name}` are not supported, for the assistant calls nothing")
    if body.response_format and body.response_format.type != "text":
        raise RequestInvalidError(
            reason="`response_format` can only be `text`, for answers are quotes and people's words"
        )


def _whole(services: "Services", actor: Actor, turn: TurnRecord) -> ChatReply:
    return ChatReply(
        id=f"chatcmpl-{turn.id}",
        created=int(turn.created_at.timestamp()),
        choices=[Choice(message=Answer(content=turn.answer))],
        usage=_usage(services, turn),
        collab=turn_reply(actor, turn, services),
    )


async def _streamed(
    services: "Services", actor: Actor, first: Event, rest: AsyncIterator[Event], with_usage: bool
) -> AsyncIterator[str]:
    """The answer as server-sent events; an error ends it as an event. The last chunk has `usage` and `collab`."""
    chunk = Chunks()
    try:
        yield chunk({"role": "assistant", "content": ""})
        async for event in _all(first, rest):
            if isinstance(event, Delta):
                yield chunk({"content": event.text})
            elif isinstance(event, Waiting) and event.place:
                yield f": place {event.place} in the queue, about {event.seconds} s\n\n"
            elif isinstance(event, Done):
                whole = await run_in_threadpool(_whole, services, actor, event.turn)
                told = whole.model_dump(mode="json", include={"usage", "collab"})
                if with_usage:  # then the last chunk has no choice, and no other one has figures
                    yield chunk({}, "stop")
                    yield chunk(None, None, **told)
                else:
                    yield chunk({}, "stop", **told)
                yield "data: [DONE]\n\n"
    except CollabError as error:
        yield event_of(ErrorReply(error=problem(error)).model_dump())
    except Exception:  # noqa: BLE001 - a request ends here, with its status long sent
        _log.exception("A streamed answer failed")
        yield event_of(ErrorReply(error=problem(UnexpectedError())).model_dump())


async def _all(first: Event, rest: AsyncIterator[Event]) -> AsyncIterator[Event]:
    yield first
    async for event in rest:
        yield event


def _usage(services: "Services", turn: TurnRecord) -> Usage:
    asked = services.library.embedder.count_tokens(turn.question) if turn.model else 0
    return Usage(
        prompt_tokens=asked, completion_tokens=turn.completion_tokens, total_tokens=asked + turn.completion_tokens
    )
