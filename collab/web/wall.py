"""The wall: nothing behind it is reached without a session. It decides on `scope["path"]`, the text that routing uses.

It says who a request comes from; what that person may do is checked by the services, on every call.
"""

import re
from urllib.parse import quote

import anyio
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from collab import logs
from collab.api.errors import as_json
from collab.errors import SignInNeededError
from collab.people.access import Actor
from collab.people.sessions import COOKIE, Sessions
from collab.web.doors import Call, Doors
from knowledge.errors import CollabError, NotFoundError

# What needs no session: health, the pages that make one, our own files, the API's description,
# and the numbers and the API, which ask for a key themselves.
_OPEN = frozenset(
    {"/", "/livez", "/readyz", "/metrics", "/login", "/setup", "/invite", "/reset", "/logout", "/docs", "/favicon.ico"}
)
_OPEN_BELOW = ("/static/", "/docs/", "/v1/")
# One way to write each path: no empty or dotted segment, no second encoding, no backslash.
_PLAIN = re.compile(r"/|(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9._~@:+=,-]+)+/?")


class Wall:
    """ASGI middleware. The person is put into `scope["state"]["actor"]`."""

    def __init__(self, app: ASGIApp, sessions: Sessions) -> None:
        self._app = app
        self._sessions = sessions
        self._doors = Doors()
        self._threads = anyio.CapacityLimiter(8)  # of its own: slow answers elsewhere must not shut people out

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            return await send({"type": "websocket.close", "code": 1008})  # the product uses none
        if scope["type"] == "http":
            try:
                scope, receive, send = await self._admit(scope, receive, send)
            except CollabError as error:
                return await _refusal(error, scope)(scope, receive, send)
        await self._app(scope, receive, send)

    async def _admit(self, scope: Scope, receive: Receive, send: Send) -> Call:
        path = scope["path"]
        if not _PLAIN.fullmatch(path):
            raise NotFoundError(what="page")
        if path in _OPEN or path.startswith(_OPEN_BELOW):
            return scope, receive, send
        actor = await self._signed_in(scope)
        scope.setdefault("state", {})["actor"] = actor
        logs.belongs_to(person=actor.id)
        return await self._doors.admit(scope, receive, send, actor.id)

    async def _signed_in(self, scope: Scope) -> Actor:
        token = HTTPConnection(scope).cookies.get(COOKIE)
        if not token:
            raise SignInNeededError
        return await anyio.to_thread.run_sync(self._sessions.actor_of, token, limiter=self._threads)


def _refusal(error: CollabError, scope: Scope) -> Response:
    """A browser that opens a page is led to sign in; everything else is told in JSON."""
    wants_page = "text/html" in HTTPConnection(scope).headers.get("accept", "")
    if not isinstance(error, SignInNeededError) or scope["method"] != "GET" or not wants_page:
        return as_json(error)
    query = scope["query_string"].decode("latin-1")
    here = scope["path"] + ("?" + query if query else "")
    return RedirectResponse("/login?next=" + quote(here, safe="/"), status_code=303)
