"""Spans for OpenTelemetry: how long each part of a turn took, sent to COLLAB_OTLP_URL. No text stands in them.

Without that setting nothing is measured, and the packages of requirements-otel.txt are not needed.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry.trace import NoOpTracer, Span, Status, StatusCode, Tracer, set_span_in_context

from collab import VERSION
from collab.errors import TracingPackageMissingError


def _nothing() -> None:
    """Nothing to send."""


class Tracing:
    """Makes the spans of one application; `tracer` replaces the one that sends to `url`.

    Raises TracingPackageMissingError when there is an address and the packages are not installed.
    """

    def __init__(self, url: str = "", tracer: Tracer | None = None) -> None:
        self._close: Callable[[], None] = _nothing
        self._tracer = tracer or (self._sending(url) if url else NoOpTracer())

    def turn(self) -> "Trace":
        """The span of a turn, which begins now."""
        return Trace(self._tracer)

    def close(self) -> None:
        """Sends what is left."""
        self._close()

    def _sending(self, url: str) -> Tracer:
        try:
            from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
            from opentelemetry.sdk.resources import Resource
            from opentelemetry.sdk.trace import TracerProvider
            from opentelemetry.sdk.trace.export import BatchSpanProcessor
        except ImportError as error:
            raise TracingPackageMissingError(package=error.name or "opentelemetry") from error
        # Not the provider of the whole process: others' spans carry addresses with what people look for.
        provider = TracerProvider(resource=Resource.create({"service.name": "collab", "service.version": VERSION}))
        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url.rstrip("/") + "/v1/traces")))
        self._close = provider.shutdown
        made: Tracer = provider.get_tracer("collab", VERSION)
        return made


class Trace:
    """One turn. Its parts may begin in one thread and end in another."""

    def __init__(self, tracer: Tracer) -> None:
        self._tracer = tracer
        self._turn = tracer.start_span("turn")

    @contextmanager
    def whole(self) -> Iterator[None]:
        """Ends the turn's span with what is done inside."""
        with _ending(self._turn):
            yield

    @contextmanager
    def part(self, name: str) -> Iterator[None]:
        """A span within the turn's, of what is done inside."""
        with _ending(self._tracer.start_span(name, context=set_span_in_context(self._turn))):
            yield

    def tell(self, **facts: str | int) -> None:
        """Names and numbers of the turn, never texts."""
        for name, fact in facts.items():
            self._turn.set_attribute(f"collab.{name}", fact)


@contextmanager
def _ending(span: Span) -> Iterator[None]:
    """An error is told by its kind; its words may quote a person."""
    try:
        yield
    except Exception as error:
        span.set_attribute("error.type", type(error).__qualname__)
        span.set_status(Status(StatusCode.ERROR))
        raise
    finally:
        span.end()
