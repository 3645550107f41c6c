"""Reading from a server that may fall silent: connections that can be given up at any moment, and server-sent events.

Knows bytes and sockets; knows nothing of models.
"""

import ssl
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import httpcore

_SLICE_S = 0.1  # how soon a silent read notices that it is to be given up


class Cancelled(Exception):  # noqa: N818 - not an error: somebody asked for it
    """The read was given up because one of its events was set."""


class CancellableBackend(httpcore.NetworkBackend):
    """Opens TCP connections whose reads end with Cancelled soon after one of `events` is set."""

    def __init__(self, events: Sequence[threading.Event]) -> None:
        self._events = events
        self._inner = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.NetworkStream:
        if any(event.is_set() for event in self._events):
            raise Cancelled
        stream = self._inner.connect_tcp(host, port, timeout, local_address, socket_options)
        return _CancellableStream(stream, self._events)


class _CancellableStream(httpcore.NetworkStream):
    """A blocking read cannot be interrupted from outside, so it is made of short ones."""

    def __init__(self, inner: httpcore.NetworkStream, events: Sequence[threading.Event]) -> None:
        self._inner = inner
        self._events = events

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        deadline_s = None if timeout is None else time.monotonic() + timeout
        while True:
            if any(event.is_set() for event in self._events):
                raise Cancelled
            try:
                return self._inner.read(max_bytes, _SLICE_S)
            except httpcore.ReadTimeout:
                if deadline_s is not None and time.monotonic() >= deadline_s:
                    raise

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, timeout)

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        return _CancellableStream(self._inner.start_tls(ssl_context, server_hostname, timeout), self._events)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


def events(chunks: Iterable[bytes]) -> Iterator[str]:
    """The data of server-sent events (WHATWG HTML, 9.2), however the bytes are cut.

    Comments and other fields are passed over. A last event without the blank line that ends it counts too: some servers
    leave it out.
    """
    data: list[str] = []
    for line in _lines(chunks):
        if not line and data:
            yield "\n".join(data)
            data = []
        elif line.startswith("data:"):
            data.append(line.removeprefix("data:").removeprefix(" "))
        elif line.lstrip().startswith(("{", "<")):
            data.append(line)  # no event at all, but an answer in another form: let the reader say so
    if data:
        yield "\n".join(data)


def _lines(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line.removesuffix(b"\r").decode("utf-8", errors="replace")
    if rest:
        yield rest.decode("utf-8", errors="replace")
