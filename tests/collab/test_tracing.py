"""Spans of a turn: its parts, and no word of a person in any of them."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.trace import INVALID_SPAN_CONTEXT, NonRecordingSpan, Tracer, get_current_span

from collab.config import Settings
from collab.errors import EngineBrokenError, TracingPackageMissingError
from collab.people.access import Actor, Role
from collab.services import Services
from collab.tracing import Tracing
from knowledge.errors import CollabError
from tests.fakes import EchoModel, FailingModel, WordEmbedder, add_people

MEL = Actor("mel", "Melisande", Role.MEMBER)


class NotedSpan(NonRecordingSpan):
    """Keeps what it is told."""

    def __init__(self, name: str, parent: str) -> None:
        super().__init__(INVALID_SPAN_CONTEXT)
        self.name, self.parent, self.ends = name, parent, 0
        self.facts: dict[str, Any] = {}

    def set_attribute(self, key: str, value: Any) -> None:
        self.facts[key] = value

    def end(self, end_time: int | None = None) -> None:
        self.ends += 1


class NotingTracer(Tracer):
    """Keeps the spans that it makes, in order."""

    def __init__(self) -> None:
        self.spans: list[NotedSpan] = []

    def start_span(self, name: str, context: Any = None, *given: Any, **more: Any) -> NotedSpan:
        assert not given
        assert not more, "what a span begins with would have to be looked at too"
        self.spans.append(NotedSpan(name, getattr(get_current_span(context), "name", "")))
        return self.spans[-1]

    @contextmanager
    def start_as_current_span(self, *given: Any, **more: Any) -> Iterator[NotedSpan]:
        raise AssertionError("the parts of a turn run in several threads")
        yield


def asked(folder: Path, question: str, engine: EchoModel) -> list[NotedSpan]:
    """The spans of a turn about a library in which shoes can be returned."""
    tracer = NotingTracer()
    services = Services(Settings(data=folder), embedder=WordEmbedder(), engine=engine, tracing=Tracing(tracer=tracer))
    add_people(services.database, MEL)
    services.models.load()
    services.library.add("shoes.md", b"# Returns\n\nShoes can be returned within thirty days.", "everyone")
    with suppress(CollabError):
        list(services.assistant.reply(MEL, None, question))
    services.close()
    return tracer.spans


def test_a_turn_has_its_parts(tmp_path: Path) -> None:
    spans = asked(tmp_path, "How long can shoes be returned?", EchoModel())
    assert [(span.name, span.parent) for span in spans] == [
        ("turn", ""), ("judge", "turn"), ("retrieve", "turn"), ("generate", "turn"),
    ]  # fmt: skip
    assert [span.ends for span in spans] == [1, 1, 1, 1]
    assert set(spans[0].facts) == {"collab.turn_id", "collab.decision", "collab.tokens"}
    assert spans[0].facts["collab.decision"] == "grounded"


def test_no_word_of_a_person_is_in_a_span(tmp_path: Path) -> None:
    spans = asked(tmp_path, "Write a poem about zebrafish", FailingModel(EngineBrokenError(reason="zebrafish")))
    assert [span.name for span in spans] == ["turn", "judge", "retrieve", "generate"]
    assert spans[0].facts == spans[3].facts == {"error.type": "EngineBrokenError"}
    told = str([(span.name, span.facts) for span in spans])
    assert [word for word in ("zebrafish", "poem", "Melisande", "shoes") if word in told] == []
    assert [span.ends for span in spans] == [1, 1, 1, 1]


@pytest.mark.skipif(find_spec("opentelemetry.sdk") is not None, reason="what sends spans is installed")
def test_without_the_packages_it_says_what_to_install() -> None:
    with pytest.raises(TracingPackageMissingError, match="requirements-otel.txt"):
        Tracing("http://127.0.0.1:4318")


def test_without_an_address_nothing_is_sent() -> None:
    tracing = Tracing()
    trace = tracing.turn()
    with trace.whole(), trace.part("judge"):
        trace.tell(tokens=3)
    tracing.close()
