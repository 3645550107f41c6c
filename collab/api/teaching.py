"""`/v1/turns/{id}/…`: what one says about the correction beside an answer or behind it, as in the chat."""

import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import anyio
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.concurrency import run_in_threadpool

from collab.api import running
from collab.api.auth import Person
from collab.api.fields import Body, Id
from collab.api.turns import TurnReply, turn_reply
from collab.dialogue.records import Done, Event, TurnRecord
from collab.feedback.example_rows import ExampleRecord
from collab.feedback.tables import ExampleState, Side
from collab.people.access import Actor

if TYPE_CHECKING:
    from collab.services import Services


class TaughtReply(BaseModel):
    """What a correction was taught: a question that it answers in these words (`will`), or must not answer."""

    id: str = Field(description="to undo it: DELETE /v1/corrections/{correction_id}/examples/{id}")
    correction_id: str
    text: str
    side: Side
    state: ExampleState = Field(description="`pending` holds for you alone, until an expert has looked at it")


class RefusedReply(TaughtReply):
    """What a correction must not answer; and the same of each of the alternatives."""

    others: list[TaughtReply]


class ChosenBody(Body):
    """Which of those that are suggested is meant."""

    correction_id: Id | None = Field(None, description="the suggestion's, unless it is one of the alternatives")


class VersionReply(BaseModel):
    """Another version of the turn, and what was learned from it, if anything was."""

    answer: str
    taught: TaughtReply | None
    collab: TurnReply


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource."""
    teaching = services.teaching
    threads = anyio.CapacityLimiter(services.settings.queue_limit)

    @router.post("/turns/{turn_id}/same")
    def same(actor: Person, turn_id: Id, body: ChosenBody | None = None) -> VersionReply:
        """Yes, what is suggested beside the answer is the answer; it is from now on, for the same words."""
        return _version(services, actor, teaching.same(actor, turn_id, body.correction_id if body else None))

    @router.post("/turns/{turn_id}/different")
    def different(actor: Person, turn_id: Id) -> RefusedReply:
        """No, all that is suggested answers a different question; none of it is suggested for this one again."""
        first, *others = map(_taught, teaching.different(actor, turn_id))
        return RefusedReply(**first.model_dump(), others=others)

    @router.post("/turns/{turn_id}/not_asked")
    async def not_asked(actor: Person, turn_id: Id, request: Request) -> VersionReply:
        """Not what I asked: the question is answered without the correction, which does not answer it again."""
        turn = await run_in_threadpool(services.conversations.turn, actor, turn_id)
        await run_in_threadpool(teaching.not_asked, actor, turn_id)
        left_aside = [turn.correction_id] if turn.correction_id else []

        def start(cancel: threading.Event) -> Iterator[Event]:
            return services.assistant.reply(
                actor, turn.conversation_id, turn.question, retry_of=turn.id, without=left_aside, cancel=cancel
            )

        done = [event async for event in running.events(start, request, threads) if isinstance(event, Done)]
        return await run_in_threadpool(_version, services, actor, done[-1].turn)


def _version(services: "Services", actor: Actor, turn: TurnRecord) -> VersionReply:
    learned = services.teaching.of(actor, [turn]).get(turn.id)
    return VersionReply(
        answer=turn.answer,
        taught=_taught(learned.example) if learned else None,
        collab=turn_reply(actor, turn, services),
    )


def _taught(example: ExampleRecord) -> TaughtReply:
    return TaughtReply(**{name: getattr(example, name) for name in TaughtReply.model_fields})
