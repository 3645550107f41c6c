"""Our own head in the pages that Gradio makes, where a browser reads it before anything is drawn.

Gradio adds a head by script, after its own parts: until then the page would lack its look, and be deaf to clicks. What
stands in a head is the screen's; this only puts it there.
"""

from collections.abc import Mapping

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# Browsers ask for it without a session, and it names an app to install that nobody offers.
_PLACE = b'<link rel="manifest" href="/manifest.json" />'


class Heads:
    """ASGI middleware: the page at each path of `heads` gets the markup for it, in place of Gradio's manifest."""

    def __init__(self, app: ASGIApp, heads: Mapping[str, str]) -> None:
        self._app = app
        self._heads = heads

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        head = self._heads.get(scope["path"]) if scope["type"] == "http" and scope["method"] == "GET" else None
        if head is None:
            return await self._app(scope, receive, send)
        await self._app(uncompressed(scope), receive, _inserting(head.encode(), send))


def uncompressed(scope: Scope) -> Scope:
    """The same request, whose answer can be read on its way."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"accept-encoding"]}


def _inserting(head: bytes, send: Send) -> Send:
    """Holds the answer back until all of it is there, and sends it with `head` and its new length."""
    start: Message = {}
    body = bytearray()

    async def send_whole(message: Message) -> None:
        """Passes on what is no part of the answer, and the answer itself with its last piece."""
        if message["type"] == "http.response.start":
            start.update(message)
            return
        if message["type"] != "http.response.body":
            return await send(message)
        body.extend(message.get("body", b""))
        if message.get("more_body", False):
            return
        whole = bytes(body).replace(_PLACE, head, 1)
        MutableHeaders(scope=start)["content-length"] = str(len(whole))
        await send(start)
        await send({"type": "http.response.body", "body": whole})

    return send_whole
