"""A language model behind HTTP: any server that speaks OpenAI's chat completions (vLLM, Ollama, llama.cpp).

Knows the protocol, time-outs and what can go wrong on the way; knows nothing of prompts or people. The key is sent to
the server's address and shown nowhere. No proxy is read from the environment and no redirect is followed.
"""

import json
import re
import threading
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpcore
from pydantic import SecretStr

from collab.dialogue.engines import Message
from collab.dialogue.engines.context import without_oldest
from collab.dialogue.engines.wire import CancellableBackend, Cancelled, events
from collab.errors import AdapterUnknownError, EngineAwayError, EngineBrokenError, EngineError, EngineRefusedError

_CONNECT_S = 5.0
_TOO_LONG = (400, 413)  # with which servers refuse what goes beyond the model's context
_LONGEST_REASON = 300  # characters of a server's own words that a person is shown
_TOKEN = re.compile(r"\s*(?:[^\s\u2e80-\uffff]+|[\u2e80-\uffff]{1,2})\s*|\s+")
_ADVICE = {
    401: "Check COLLAB_MODEL_KEY.",
    403: "Check COLLAB_MODEL_KEY.",
    404: "Check COLLAB_MODEL_NAME and COLLAB_MODEL_URL, which usually ends in /v1.",
    413: "Ask a shorter question.",
    429: "It is busy; ask again in a moment.",
}


class RemoteModel:
    """An OpenAI-compatible server at `url` (up to and including `/v1`)."""

    languages: frozenset[str] | None = None
    slots = 8  # servers write several answers together; how many one takes, none of them tells

    def __init__(self, url: str, *, key: SecretStr, name: str = "", silence_s: float = 60.0) -> None:
        """`name` empty: the first model that the server lists. `silence_s`: how long the server may say nothing."""
        self.name = name or "default"
        self._model = name
        self._url = url.rstrip("/")
        self._shown_url = _without_login(self._url)
        self._key = key
        self._timeouts = {"connect": _CONNECT_S, "read": silence_s, "write": silence_s, "pool": _CONNECT_S}
        self._tls = httpcore.default_ssl_context() if url.startswith("https:") else None
        self._closed = threading.Event()

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        """See LanguageModel. Cancelling and closing both close the connection, upon which servers stop computing."""
        if adapter is not None:
            raise AdapterUnknownError(model=self.name, adapter=adapter)
        told = False
        try:
            with self._pool(cancel) as pool:
                for text in self._fitting(pool, messages, max_tokens):
                    told = True
                    yield text
        except Cancelled:
            return
        except (httpcore.UnsupportedProtocol, httpcore.LocalProtocolError, ValueError):
            reason = "the address or COLLAB_MODEL_KEY has characters that HTTP cannot carry"
            raise EngineAwayError(url=self._shown_url, reason=reason) from None  # the cause would show the key in a log
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise self._trouble(error, told) from error

    def close(self) -> None:
        """Closes the connections of streams that are being read."""
        self._closed.set()

    def _pool(self, cancel: threading.Event) -> httpcore.ConnectionPool:
        """One connection for one answer, so that closing it cannot disturb another."""
        return httpcore.ConnectionPool(
            ssl_context=self._tls, network_backend=CancellableBackend((cancel, self._closed)), max_connections=1
        )

    def _fitting(self, pool: httpcore.ConnectionPool, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        """The oldest turns are left out one by one for as long as the server says that there is too much to read."""
        shorter: Sequence[Message] | None = messages
        while shorter is not None:
            fitting = shorter
            try:
                yield from self._completion(pool, fitting, max_tokens)
                return
            except EngineRefusedError as error:
                is_too_long = error.params["http_status"] in _TOO_LONG and "context" in str(error).lower()
                shorter = without_oldest(fitting) if is_too_long else None
                if shorter is None:
                    raise

    def _completion(self, pool: httpcore.ConnectionPool, messages: Sequence[Message], max_tokens: int) -> Iterator[str]:
        if not self._model:
            self._model = self.name = self._first_model(pool)
        body = {
            "model": self._model,
            "messages": list(messages),
            "max_tokens": max_tokens,
            "temperature": 0,
            "stream": True,
        }
        finished = False
        with self._request(pool, "POST", "/chat/completions", json.dumps(body).encode()) as response:
            self._check(response)
            for data in events(response.iter_stream()):
                if data == "[DONE]":
                    return
                text, is_last = self._piece(data)
                yield from _like_tokens(text)
                finished = finished or is_last
        if not finished:
            raise EngineBrokenError(reason="the model server ended the connection too early")

    def _first_model(self, pool: httpcore.ConnectionPool) -> str:
        with self._request(pool, "GET", "/models", b"") as response:
            self._check(response)
            try:
                return str(json.loads(response.read())["data"][0]["id"])
            except (ValueError, LookupError, TypeError) as error:
                raise EngineRefusedError(
                    url=self._shown_url,
                    http_status=response.status,
                    reason="it lists no models",
                    advice="Set COLLAB_MODEL_NAME.",
                ) from error

    def _request(self, pool: httpcore.ConnectionPool, method: str, path: str, body: bytes) -> Any:
        headers: dict[bytes | str, bytes | str] = {
            "Host": urlsplit(self._url).netloc.rpartition("@")[2],
            "Accept": "text/event-stream, application/json",
        }
        if body:
            headers |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
        if key := self._key.get_secret_value():
            headers["Authorization"] = f"Bearer {key}"
        return pool.stream(
            method, self._url + path, headers=headers, content=body, extensions={"timeout": self._timeouts}
        )

    def _check(self, response: httpcore.Response) -> None:
        """Raises EngineRefusedError with the server's own words, unless it agreed."""
        if response.status == 200:
            return
        raise EngineRefusedError(
            url=self._shown_url,
            http_status=response.status,
            reason=self._shown(_words_of(response.read())) or "it gave no reason",
            advice=_ADVICE.get(response.status, "Look at its log, then ask again."),
        )

    def _piece(self, data: str) -> tuple[str, bool]:
        """The text of one event, and whether the answer ends with it; no text in events without (usage figures)."""
        try:
            event = json.loads(data)
            if "error" in event:
                raise EngineBrokenError(reason=self._shown(_words_of(data.encode())))
            choice = event["choices"][0] if event["choices"] else {}
            return str((choice.get("delta") or {}).get("content") or ""), bool(choice.get("finish_reason"))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise EngineBrokenError(
                reason=f"{self._shown_url} did not send chat completions; check COLLAB_MODEL_URL"
            ) from error

    def _trouble(self, error: Exception, told: bool) -> EngineError:
        if isinstance(error, httpcore.ConnectTimeout):
            return EngineAwayError(url=self._shown_url, reason=f"no connection within {_CONNECT_S:g} seconds")
        if isinstance(error, httpcore.ConnectError):
            return EngineAwayError(url=self._shown_url, reason=self._shown(str(error)) or "no connection")
        silent = isinstance(error, httpcore.TimeoutException)
        reason = f"it was silent for {self._timeouts['read']:g} seconds" if silent else "it closed the connection"
        if told:
            return EngineBrokenError(reason=f"the model server was there, then {reason}")
        return EngineAwayError(url=self._shown_url, reason=reason)

    def _shown(self, words: str) -> str:
        """Fit to be shown: one line, not long, and without the key, which some servers repeat."""
        if key := self._key.get_secret_value():
            words = words.replace(key, "…")
        return " ".join("".join(c if c.isprintable() else " " for c in words).split())[:_LONGEST_REASON]


def _like_tokens(text: str) -> list[str]:
    """In pieces of about a token, as other engines give them, since pieces are what is counted: some servers send whole
    sentences at once. One word, or two Chinese characters, stays whole, with the blanks around it.
    """
    return _TOKEN.findall(text)


def _words_of(body: bytes) -> str:
    """What a server says in an error: OpenAI's {"error": {"message"}}, others' {"error"}, {"detail"}, or plain text."""
    text = body.decode("utf-8", errors="replace")
    try:
        found = json.loads(text)
    except ValueError:
        return "" if "<html" in text.lower() else text
    for name in ("error", "message", "detail"):
        if isinstance(found, dict) and name in found:
            found = found[name]
    return found if isinstance(found, str) else json.dumps(found)


def _without_login(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
