"""Under which names the server answers, and whether a request comes from its own pages. It knows no people.

A name that is not ours is refused, so that no other site can point its own name at this machine and read what is here.
An address written in digits cannot be pointed elsewhere; it is taken when the server listens on all of them.
"""

import ipaddress
import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from collab.api.errors import as_json
from collab.config import Settings
from collab.errors import ForeignOriginError, HostUnknownError, SettingInvalidError
from knowledge.errors import CollabError

_HOST = re.compile(r"(?P<name>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?", re.IGNORECASE)
_USUAL_PORT = {"http": ":80", "https": ":443"}  # browsers leave it out
_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_FORWARDED = frozenset(
    {b"x-forwarded-host", b"x-forwarded-proto", b"x-forwarded-port", b"x-forwarded-prefix", b"forwarded"}
)


class Hosts:
    """ASGI middleware: refuses foreign host names and foreign origins, and settles scheme and host for what follows.

    Behind a proxy, COLLAB_PUBLIC_URL names the address people use; the forwarded headers are believed only where they
    say the same. Raises SettingInvalidError for a public_url that is no address.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app = app
        self._public_scheme, self._public_host = _public(settings.public_url)
        self._names = {"localhost", "127.0.0.1", "::1", _name(settings.host)}
        if self._public_host:
            self._names.add(_name(self._public_host))
        self._is_open = settings.host in ("0.0.0.0", "::")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        try:
            scope = self._settled(scope)
        except CollabError as error:
            return await as_json(error)(scope, receive, send)
        await self._app(scope, receive, send)

    def _settled(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self._public_host and headers.get("x-forwarded-host", "").lower() == self._public_host:
            host = self._public_host
        if len(headers.getlist("host")) != 1 or not self._is_ours(host):
            raise HostUnknownError
        is_public = host.lower() == self._public_host
        if scope["method"] not in _SAFE_METHODS:
            self._refuse_foreign(headers, host)
        kept = [pair for pair in scope["headers"] if pair[0] not in _FORWARDED and pair[0] != b"host"]
        return {
            **scope,
            "headers": [(b"host", host.encode()), *kept],
            "scheme": self._public_scheme if is_public else scope["scheme"],
        }

    def _is_ours(self, host: str) -> bool:
        if not _HOST.fullmatch(host):
            return False
        name = _name(host)
        return name in self._names or (self._is_open and _is_digits(name))

    def _refuse_foreign(self, headers: Headers, host: str) -> None:
        site = headers.get("sec-fetch-site", "same-origin")
        ours = {host.lower(), self._public_host or host.lower()}
        if site not in ("same-origin", "none") or not _all_from(headers.getlist("origin"), ours):
            raise ForeignOriginError


def is_https(settings: Settings) -> bool:
    """Whether people reach the server over TLS, so that cookies must not travel without it."""
    return _public(settings.public_url)[0] == "https"


def _all_from(origins: Iterable[str], ours: set[str]) -> bool:
    for origin in origins:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or parts.netloc.lower() not in ours:
            return False
    return True


def _public(url: str) -> tuple[str, str]:
    if not url:
        return "http", ""
    match = re.fullmatch(r"(https?)://([^/?#@\s]+)/?", url.lower())
    if match is None or not _HOST.fullmatch(match[2]):
        raise SettingInvalidError(
            name="COLLAB_PUBLIC_URL", value=url[:80], why="it must be http:// or https:// and a host, without a path"
        )
    return match[1], match[2].removesuffix(_USUAL_PORT[match[1]])


def _name(host: str) -> str:
    """The host without its port and brackets."""
    match = _HOST.fullmatch(host)
    return (match["name"] if match else host).strip("[]").lower()


def _is_digits(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
