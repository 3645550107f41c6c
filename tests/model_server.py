"""A model server to test with: real HTTP on loopback, which answers with what the test gives it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Handler(BaseHTTPRequestHandler):
    """Answers with what the test gave its server."""

    server: "ModelServer"

    def do_GET(self) -> None:
        self.server.seen.append({"path": self.path})
        self.reply(200, b'{"data": [{"id": "first-model"}, {"id": "other"}]}')

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append({"path": self.path, "key": self.headers["Authorization"], "body": body})
        self.server.answer(self)

    def reply(self, status: int, content: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def start(self) -> None:
        """A stream without a length: it ends when the connection does."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()

    def say(self, *events: object) -> None:
        for event in events:
            self.wfile.write(b"data: " + (event if isinstance(event, bytes) else json.dumps(event).encode()) + b"\n\n")
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        pass


class ModelServer(ThreadingHTTPServer):
    """Serves one answer, and remembers what it was asked and whether the client hung up."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answer: Callable[[Handler], None] = lambda handler: handler.reply(500, b"")
        self.seen: list[dict[str, object]] = []
        self.hung_up = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/v1"

    def wait_for_hang_up(self, handler: Handler) -> None:
        handler.connection.settimeout(30)
        if handler.connection.recv(1) == b"":
            self.hung_up.set()


@contextmanager
def serving() -> Iterator[ModelServer]:
    """A model server that runs."""
    with ModelServer() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


def delta(text: str | None, finish: str | None = None) -> dict[str, object]:
    """One event of a stream."""
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": finish}]}
