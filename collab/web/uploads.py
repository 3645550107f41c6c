"""Files that were uploaded and wait for the job that takes them: whose each is, and the folder they wait in.

Gradio takes any path that a request names, and any address. It knows no components; the door asks it.
"""

import contextlib
import json
import shutil
import time
from collections import OrderedDict
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import anyio
from starlette.types import Message, Send

from collab.errors import ForeignFileError

FOLDER = "uploads"
"""Within the data folder."""
_PER_PERSON = 1000  # as many as Gradio takes in one request
_KEPT_S = 3600


class Uploads:
    """Remembers which paths an upload returned, and to whom."""

    def __init__(self) -> None:
        self._held: dict[str, OrderedDict[str, None]] = {}

    def noting(self, send: Send, person_id: str) -> Send:
        """Passes the answer to an upload on, and remembers the paths in it before the last piece leaves."""
        body = bytearray()

        async def send_noted(message: Message) -> None:
            body.extend(message.get("body", b""))
            if message["type"] == "http.response.body" and not message.get("more_body", False):
                self._remember(bytes(body), person_id)
            await send(message)

        return send_noted

    def check(self, content: object, base: str, person_id: str) -> None:
        """Every `path` in a job, at any depth, is a file of this person's, and each `url` stands at `base` for it.

        `base` is host and path without a scheme, such as `127.0.0.1:7860/en/gradio_api/`. Raises ForeignFileError.
        """
        waiting = [content]
        while waiting:
            value = waiting.pop()
            if isinstance(value, list):
                waiting += value
            elif isinstance(value, dict):
                waiting += value.values()
                self._check_one(value, base, person_id)

    def _check_one(self, value: dict[str, Any], base: str, person_id: str) -> None:
        path, url = value.get("path"), value.get("url")
        if "path" in value and not (isinstance(path, str) and path in self._held.get(person_id, ())):
            raise ForeignFileError
        if url is not None and not (isinstance(url, str) and unquote(url).partition("://")[2] == f"{base}file={path}"):
            raise ForeignFileError

    def _remember(self, body: bytes, person_id: str) -> None:
        try:
            paths = json.loads(body)
        except ValueError:
            return  # a refusal in plain words
        if not isinstance(paths, list):
            return
        held = self._held.setdefault(person_id, OrderedDict())
        for path in paths:
            held[str(path)] = None
            held.move_to_end(str(path))
        while len(held) > _PER_PERSON:
            held.popitem(last=False)


@contextlib.asynccontextmanager
async def kept_small(folder: Path) -> AsyncIterator[None]:
    """Empties `folder`, which only we may enter, and from then on removes what nobody took within the hour."""

    async def sweep_hourly() -> None:
        while True:
            await anyio.sleep(_KEPT_S)
            await anyio.to_thread.run_sync(sweep, folder, time.time() - _KEPT_S)

    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    sweep(folder, time.time())
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(sweep_hourly)
        yield
        tasks.cancel_scope.cancel()


def sweep(folder: Path, before: float) -> None:
    """Removes what was last changed before this moment, in seconds since 1970: uploads, and Gradio's own leftovers."""
    for entry in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # taken meanwhile
            if entry.lstat().st_mtime > before:
                continue
            if entry.is_dir() and not entry.is_symlink():
                shutil.rmtree(entry, ignore_errors=True)
            else:
                entry.unlink()
