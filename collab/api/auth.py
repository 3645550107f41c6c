"""Who a request comes from: a Bearer key, asked for before the body is read. What they may do the services check."""

import logging
from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response

from collab import logs
from collab.api.errors import as_json, invalid
from collab.errors import KeyRefusedError, RequestInvalidError, UnexpectedError
from collab.people.access import Actor
from collab.people.keys import Keys
from knowledge.errors import CollabError

_log = logging.getLogger(__name__)

bearer = HTTPBearer(auto_error=False, description="An API key: `python -m collab people key NAME`")


def guarded(keys: Keys) -> type[APIRoute]:
    """The kind of route that all resources have: first the key, then the body; every error in the one shape."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_guarded(request: Request) -> Response:
                try:
                    request.state.actor = await run_in_threadpool(keys.actor_of, key_of(request))
                    logs.belongs_to(person=request.state.actor.id)
                    return await handle(request)
                except CollabError as error:
                    return as_json(error)
                except RequestValidationError as error:
                    return as_json(invalid(error))
                except HTTPException as error:  # raised while the body was read, sometimes for a reason of our own
                    why = error.__cause__
                    return as_json(
                        why if isinstance(why, CollabError) else RequestInvalidError(reason=error.detail.rstrip("."))
                    )
                except Exception:  # noqa: BLE001 - a request ends here: the log has the details, the client a clear answer
                    _log.exception("%s %s failed", request.method, request.url.path)
                    return as_json(UnexpectedError())

            return handle_guarded

    return Guarded


def key_of(request: Request) -> str:
    """The Bearer key that a request shows. Raises KeyRefusedError."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise KeyRefusedError
    return key.strip()


def _actor(request: Request) -> Actor:
    actor: Actor = request.state.actor
    return actor


Person = Annotated[Actor, Depends(_actor)]
"""The person on whose behalf the request acts."""
