"""A person's conversations outside the screen: taken home as a file, and left when the page closes."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import Response

from collab.dialogue import export, tree
from collab.dialogue.records import TurnRecord
from collab.people.access import Actor
from collab.texts import load_texts
from collab.web.languages import language_of
from knowledge.errors import NotFoundError

if TYPE_CHECKING:
    from collab.services import Services


class Keeping:
    """Behind the wall, which has put the person on the request; each sees their own alone. `end` ends what is being
    answered to a person in a conversation.
    """

    def __init__(self, services: "Services", end: Callable[[Actor, str], None]) -> None:
        self._end = end
        self._conversations = services.conversations
        self._corrections = services.corrections
        self._language = services.settings.language

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(include_in_schema=False)
        router.get("/export/{conversation_id}.md")(self.markdown)
        router.get("/export/{conversation_id}.json")(self.json)
        router.post("/leave/{conversation_id}")(self.leave)
        return router

    def markdown(self, request: Request, conversation_id: str) -> Response:
        """What the conversation shows. Raises NotFoundError."""
        actor = _actor(request)
        record = self._conversations.get(actor, conversation_id)
        path = tree.path(self._conversations.turns(actor, conversation_id), record.current_turn_id)
        own = self._own(actor, path)
        content = export.as_markdown(load_texts(language_of(request, self._language)), record, path, own)
        return _file(content, export.file_name(record.title, "md"), "text/markdown")

    def json(self, request: Request, conversation_id: str) -> Response:
        """All of it, with every version. Raises NotFoundError."""
        actor = _actor(request)
        record = self._conversations.get(actor, conversation_id)
        turns = self._conversations.turns(actor, conversation_id)
        content = export.as_json(record, turns, self._own(actor, turns))
        return _file(content, export.file_name(record.title, "json"), "application/json")

    def _own(self, actor: Actor, turns: Sequence[TurnRecord]) -> dict[str, str]:
        """By turn, what the person wrote in the place of its answer."""
        written = self._corrections.of_turns(actor, [turn.id for turn in turns])
        return {turn: correction.answer for turn, correction in written.items()}

    def leave(self, request: Request, conversation_id: str) -> Response:
        """The page with a temporary conversation closed; nobody waits for what comes back."""
        actor = _actor(request)
        with suppress(NotFoundError):  # it was left before
            if self._conversations.get(actor, conversation_id).is_temporary:  # else it was kept meanwhile
                self._end(actor, conversation_id)
            self._conversations.leave(actor, conversation_id)
        return Response(status_code=204)


def _actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


def _file(content: str, name: str, kind: str) -> Response:
    disposition = f"attachment; filename*=UTF-8''{quote(name)}"
    return Response(content, media_type=kind, headers={"Content-Disposition": disposition})
