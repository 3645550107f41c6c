"""Which of Gradio's addresses are open, and to whom: a page's session hash belongs to the first person who shows it.

Gradio itself would serve any stream, cancel any event and hand out any file to whoever asks with the right words. Here
only what the page needs is open; everything else does not exist. A job may name the files that its person uploaded, and
no other file and no address. It knows no components and no handlers.
"""

import json
import re
from collections import OrderedDict
from typing import Any
from urllib.parse import parse_qsl

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope, Send

from collab.errors import ForeignSessionError, RequestUnreadableError
from collab.web.heads import uncompressed
from collab.web.uploads import Uploads
from knowledge.errors import NotFoundError

Call = tuple[Scope, Receive, Send]

_PAGE = re.compile(r"/(?:en|zh)(?P<inside>/.*|)")
_SHARED_FILES = re.compile(r"/?|/config|/theme\.css|/favicon\.ico|/(?:assets|static|svelte)/.+")
_API = "/gradio_api"
_READ = frozenset({"info", "startup-events", "app_id"})
_STREAMS = {"queue/data": "session_hash", "upload_progress": "upload_id"}
_BODIES = frozenset({"queue/join", "cancel"})
_IDLE = "reset"  # Gradio answers it and does nothing
_HEARTBEAT = re.compile(r"heartbeat/(?P<hash>[A-Za-z0-9_-]{1,64})")
_HASH = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PER_PERSON = 200  # pages that one person may have open


class Doors:
    """Admits one person's request to Gradio, and remembers whose each session hash and upload is."""

    def __init__(self) -> None:
        self._owners: dict[str, str] = {}
        self._held: dict[str, OrderedDict[str, None]] = {}
        self._uploads = Uploads()

    async def admit(self, scope: Scope, receive: Receive, send: Send, person_id: str) -> Call:
        """Returns what to go on with; a body that had to be read is replayed, and what an upload returns is noted.

        Raises NotFoundError for what is closed, ForeignSessionError and ForeignFileError for what is another person's,
        RequestUnreadableError for a body that could be read in two ways.
        """
        match = _PAGE.fullmatch(scope["path"])
        if match is None:
            return scope, receive, send
        inside, method = match["inside"], scope["method"]
        if method in ("GET", "HEAD") and _SHARED_FILES.fullmatch(inside):
            return scope, receive, send
        if not inside.startswith(_API + "/"):
            raise NotFoundError(what="page")
        route = inside.removeprefix(_API + "/")
        if method == "GET":
            self._admit_read(route, scope, person_id)
        elif method == "POST" and route == "upload":
            self._claim_all(_query(scope, "upload_id"), person_id, "upload:")
            return uncompressed(scope), receive, self._uploads.noting(send, person_id)
        elif method == "POST" and route in _BODIES:
            receive = await self._admit_body(scope, receive, person_id)
        elif method != "POST" or route != _IDLE:
            raise NotFoundError(what="page")
        return scope, receive, send

    def claim(self, name: str, person_id: str) -> None:
        """The name is this person's from now on. Raises ForeignSessionError when it is somebody else's.

        Each person holds a bounded number and displaces only their own, so that nobody can push out another's.
        """
        if self._owners.setdefault(name, person_id) != person_id:
            raise ForeignSessionError
        held = self._held.setdefault(person_id, OrderedDict())
        held[name] = None
        held.move_to_end(name)
        if len(held) > _PER_PERSON:
            oldest, _ = held.popitem(last=False)
            del self._owners[oldest]

    def _admit_read(self, route: str, scope: Scope, person_id: str) -> None:
        if route in _READ:
            return
        if beat := _HEARTBEAT.fullmatch(route):
            self.claim(beat["hash"], person_id)
        elif route in _STREAMS:
            given = _query(scope, _STREAMS[route])
            if len(given) != 1:
                raise RequestUnreadableError(reason="it names no page, or more than one")
            self._claim_all(given, person_id, "" if route == "queue/data" else "upload:")
        else:
            raise NotFoundError(what="page")

    def _claim_all(self, names: list[str], person_id: str, prefix: str = "") -> None:
        for name in names:
            if not _HASH.fullmatch(name):
                raise RequestUnreadableError(reason="the page has no proper name")
            self.claim(prefix + name, person_id)

    async def _admit_body(self, scope: Scope, receive: Receive, person_id: str) -> Receive:
        body = await _read(receive)
        content = _strict_json(body)
        name = content.get("session_hash")
        if not isinstance(name, str):
            raise RequestUnreadableError(reason="it names no page")
        self._claim_all([name], person_id)
        api = scope["path"].partition(_API)[0] + _API + "/"
        self._uploads.check(content, Headers(scope=scope).get("host", "") + api, person_id)
        return _replay(body, receive)


def _query(scope: Scope, name: str) -> list[str]:
    pairs = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
    return [value for key, value in pairs if key == name]


def _strict_json(body: bytes) -> dict[str, Any]:
    """A JSON object that every parser reads alike: UTF-8, and no key twice."""
    try:
        content = json.loads(body.decode("utf-8"), object_pairs_hook=_once)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise RequestUnreadableError(reason="it is not proper JSON") from error
    if not isinstance(content, dict):
        raise RequestUnreadableError(reason="it is not a JSON object")
    return content


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    content = dict(pairs)
    if len(content) != len(pairs):
        raise ValueError("a key stands twice")
    return content


async def _read(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise RequestUnreadableError(reason="it broke off")
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def again() -> Message:
        return pending.pop() if pending else await receive()

    return again
