"""How much a request may carry, so that nobody fills memory or disk. It reads no content."""

import shutil
from pathlib import Path

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from collab.api.errors import as_json
from collab.errors import RequestTooLargeError
from knowledge.documents import MB
from knowledge.errors import StorageFullError

_FILES_AT_ONCE = 10  # the screen sends several chosen files in one request
_UPLOAD = "/gradio_api/upload"


class Sizes:
    """ASGI middleware: answers 413 before a body that is too large has been read, and 507 to files for which there is
    no room on the disk of `folder`, where they wait to be taken.
    """

    def __init__(self, app: ASGIApp, upload_mb: int, folder: Path) -> None:
        self._app = app
        self._upload_mb = upload_mb
        self._folder = folder

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        limit_mb = self._limit_mb(scope["path"])
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > limit_mb * MB:
            return await as_json(RequestTooLargeError(limit_mb=limit_mb))(scope, receive, send)
        if scope["path"].endswith(_UPLOAD) and int(declared) > shutil.disk_usage(self._folder).free:
            return await as_json(StorageFullError())(scope, receive, send)
        await self._serve(scope, receive, send, limit_mb)

    async def _serve(self, scope: Scope, receive: Receive, send: Send, limit_mb: int) -> None:
        taken, has_started = 0, False

        async def receive_limited() -> Message:
            """The next piece of the body. Raises RequestTooLargeError for the one that goes over the limit."""
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit_mb * MB:
                raise RequestTooLargeError(limit_mb=limit_mb)
            return message

        async def send_noting(message: Message) -> None:
            """Remembers that the answer has begun, after which no other can be given."""
            nonlocal has_started
            has_started = True
            await send(message)

        try:
            await self._app(scope, receive_limited, send_noting)
        except RequestTooLargeError as error:
            if has_started:
                raise
            await as_json(error)(scope, receive, send)

    def _limit_mb(self, path: str) -> int:
        if path.endswith(_UPLOAD):
            return self._upload_mb * _FILES_AT_ONCE + 1
        return self._upload_mb + 1 if path.startswith("/v1/documents") else 1
