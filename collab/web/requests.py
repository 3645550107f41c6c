"""A number for each request, by which its lines in the log are found; whoever asked finds it in the answer."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collab import logs
from knowledge.database import new_id

HEADER = "X-Request-Id"


class Requests:
    """ASGI middleware. The id stands in `scope["state"]["request_id"]` too, for what is done after the answer."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id = new_id()
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[HEADER] = request_id
            await send(message)

        with logs.belonging_to(request=request_id):
            await self._app(scope, receive, send_with_id)
