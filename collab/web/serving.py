"""Runs the web application in this process: from settings to the end of the last answer.

What goes wrong before people can use it is one sentence on standard error and exit code 1.
"""

import asyncio
import contextlib
import logging
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING

import uvicorn

from collab import logs
from collab.config import Settings, keep_uploads_in
from collab.dialogue.engines import require_named
from collab.errors import PortTakenError
from collab.web.uploads import FOLDER
from knowledge.errors import CollabError

if TYPE_CHECKING:
    from collab.services import Services

_log = logging.getLogger(__name__)

_SHARED = "Another process serves the folder %s too. If you did not start two on purpose, stop one of them."
_STREAMS_END_S = 10  # a busy machine may still be reading a prompt, which nothing interrupts
_CLOSE_S = 5
_ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}


def serve(read_settings: Callable[[], Settings], open_services: "Callable[[Settings], Services]") -> int:
    """Runs until SIGTERM or SIGINT and returns the exit code. Prints one line: where to open it."""
    try:
        settings = read_settings()
        logs.set_up(settings.log_level, settings.log_format)
        _quieten()
        require_named(settings)  # before anybody is told where to open it
        with contextlib.closing(_listen(settings.host, settings.port)) as listener:
            services = open_services(settings)
            if services.is_served_beside():
                _log.warning(_SHARED, settings.data)
            return _run(services, listener)
    except CollabError as error:
        return _fail(error)


def _run(services: "Services", listener: socket.socket) -> int:
    settings = services.settings
    keep_uploads_in(settings.data / FOLDER)  # before Gradio is imported
    from collab.web.app import build_app

    address = settings.public_url.rstrip("/") or _address(settings.host, listener)
    token = services.setup.link()
    config = uvicorn.Config(
        build_app(services),
        log_config=None,
        access_log=False,  # it would keep the setup link's token and what people search for
        proxy_headers=bool(settings.public_url),
        server_header=False,
        ws="none",
        timeout_graceful_shutdown=_STREAMS_END_S,
    )
    server = _Server(config, f"Open {address}/" + (f"?token={token}" if token else ""))
    models = threading.Thread(target=_load_models, args=(services, server), name="models", daemon=True)
    server.after_start, server.before_end = models.start, services.assistant.end
    server.run(sockets=[listener])
    _close(services)
    return _fail(services.models.loading.error) if services.models.loading.error else 0


class _Server(uvicorn.Server):
    """uvicorn that says where it is once it listens, and returns when it is asked to end."""

    after_start: Callable[[], None]
    before_end: Callable[[], None]

    def __init__(self, config: uvicorn.Config, greeting: str) -> None:
        super().__init__(config)
        self._greeting = greeting

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            sys.stdout.write(self._greeting + "\n")
            sys.stdout.flush()
            self.after_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self.before_end()  # each stream ends with what it has to say, and need not be cut off
        await super().shutdown(sockets)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        # uvicorn would raise the signal again after its own end, and services would not be closed.
        self.force_exit = self.should_exit and sig == signal.SIGINT
        self.should_exit = True


def _load_models(services: "Services", server: uvicorn.Server) -> None:
    """Behind the page; without models there is nothing to serve, so a failure ends the process."""
    services.resume_reading()
    try:
        services.models.load()
    finally:
        server.should_exit |= not services.models.is_ready


def _quieten() -> None:
    """Leaves out what tells nobody anything: greetings, outgoing requests, and streams that end with the process."""
    for name in ("uvicorn", "httpx", "alembic", "sentence_transformers", "torch"):
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(_tells)


def _tells(record: logging.LogRecord) -> bool:
    """Whether what uvicorn logs is more than that a stream was cut off with the process."""
    is_cut_off = record.exc_info is not None and isinstance(record.exc_info[1], asyncio.CancelledError)
    return not is_cut_off and not str(record.msg).startswith("Cancel ")


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=512)
    except OSError as error:
        # A name that does not resolve has a negative number and a text of its own.
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror or str(error)
        raise PortTakenError(host=host, port=port, reason=reason) from error


def _address(host: str, listener: socket.socket) -> str:
    name = _ANYWHERE.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{name}:{listener.getsockname()[1]}"


def _close(services: "Services") -> None:
    """Closes in order, but not for ever: every commit is durable, so nothing is lost by leaving."""
    closing = threading.Thread(target=services.close, name="closing", daemon=True)
    closing.start()
    closing.join(_CLOSE_S)
    if closing.is_alive():
        sys.stdout.flush()
        os._exit(0)


def _fail(error: CollabError) -> int:
    sys.stderr.write(f"{error}\n")
    return 1
