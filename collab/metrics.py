"""What is counted while the application runs, for Prometheus and for the System page: numbers, never texts or names.

It knows no rows and no queue. What can be read at any moment is handed in as a collector and read when it is asked for.
"""

import statistics
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from prometheus_client import CollectorRegistry, Counter, Histogram, ProcessCollector, exposition
from prometheus_client.registry import Collector

CONTENT_TYPE = exposition.CONTENT_TYPE_PLAIN_0_0_4
LATELY_S = 900

_QUICK = (0.05, 0.1, 0.15, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120)

Ticks = Callable[[], float]
"""Seconds of a clock that never jumps."""


@dataclass(frozen=True, slots=True)
class Lately:
    """What people met in the last quarter of an hour: how many were answered, and the seconds that it took half of them
    and the slowest twentieth. The seconds are None where there was nothing to time.
    """

    answers: int
    first_text_s: float | None
    first_text_slow_s: float | None
    answer_s: float | None
    wait_s: float | None
    wait_slow_s: float | None
    refusals: int
    errors: int


class Metrics:
    """The counters of one `Services`, in a registry of their own. Safe for threads.

    `decisions` are the ways in which a turn may be answered, `refusals` and `errors` the codes of what may go wrong;
    each is there from the start, with 0, because Prometheus sees no growth in what it did not know before.
    """

    def __init__(
        self,
        decisions: Iterable[str] = (),
        refusals: Iterable[str] = (),
        errors: Iterable[str] = (),
        ticks: Ticks = time.monotonic,
    ) -> None:
        self.registry = CollectorRegistry()
        self.ticks = ticks
        self._lock = threading.Lock()
        self._recent: dict[str, deque[tuple[float, float]]] = {}
        ProcessCollector(registry=self.registry)
        self._answers = self._counter(
            "answers", "Turns answered, by how: `corrected` is a correction applied, `grounded` quotes.", "decision"
        )
        self._tokens = self._counter("generated_tokens", "Tokens that the language model wrote.")
        self._generation_s = self._counter(
            "generation_seconds", "Seconds in which the language model wrote, all answers together."
        )
        self._refusals = self._counter(
            "refusals", "Questions turned away to be asked again later, by the error's code.", "code"
        )
        self._errors = self._counter(
            "errors", "Turns that failed, or had to do without the language model because it failed, by code.", "code"
        )
        self._first_text_s = self._histogram(
            "first_text_seconds", "Seconds from a question to the first words or quotes that its person sees."
        )
        self._answer_s = self._histogram("answer_seconds", "Seconds from a question to its whole answer.")
        self._wait_s = self._histogram(
            "queue_wait_seconds", "Seconds that an answer waited for the language model, those that need none left out."
        )
        for counter, values in ((self._answers, decisions), (self._refusals, refusals), (self._errors, errors)):
            for value in values:
                counter.labels(value)

    def answered(self, decision: str, seconds_to_first: float, seconds: float) -> None:
        """A turn was answered and kept."""
        self._answers.labels(decision).inc()
        self._first_text_s.observe(seconds_to_first)
        self._answer_s.observe(seconds)
        self._note("first", seconds_to_first)
        self._note("answer", seconds)

    def generated(self, tokens: int, seconds: float) -> None:
        """The language model wrote for one answer, perhaps not to its end."""
        self._tokens.inc(tokens)
        self._generation_s.inc(max(0.0, seconds))

    def waited(self, seconds: float) -> None:
        """An answer has come to its turn at the language model; 0 when it did not have to wait."""
        self._wait_s.observe(seconds)
        self._note("wait", seconds)

    def refused(self, code: str) -> None:
        """A question was turned away for now: too many others, a day's tokens used up, the models still loading."""
        self._refusals.labels(code).inc()
        self._note("refused", 1)

    def failed(self, code: str) -> None:
        """A turn ended in an error, or an answer was left at its quotes because the language model failed."""
        self._errors.labels(code).inc()
        self._note("failed", 1)

    def read_with(self, collector: Collector) -> None:
        """Adds what is read whenever somebody asks."""
        self.registry.register(collector)

    def text(self) -> bytes:
        """Everything in Prometheus' text format, version 0.0.4."""
        return exposition.generate_latest(self.registry)

    def resident_bytes(self) -> int:
        """The memory that this process holds; 0 where the system does not tell."""
        return int(self.registry.get_sample_value("process_resident_memory_bytes") or 0)

    def lately(self) -> Lately:
        """The last quarter of an hour in a few numbers."""
        first, answer, wait = (self._since(name) for name in ("first", "answer", "wait"))
        return Lately(
            answers=len(answer),
            first_text_s=_median(first),
            first_text_slow_s=_slow(first),
            answer_s=_median(answer),
            wait_s=_median(wait),
            wait_slow_s=_slow(wait),
            refusals=len(self._since("refused")),
            errors=len(self._since("failed")),
        )

    def _note(self, name: str, value: float) -> None:
        now = self.ticks()
        with self._lock:
            noted = self._recent.setdefault(name, deque())
            noted.append((now, value))
            while noted[0][0] < now - LATELY_S:
                noted.popleft()

    def _since(self, name: str) -> list[float]:
        with self._lock:
            return [value for at, value in self._recent.get(name, ()) if at >= self.ticks() - LATELY_S]

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, namespace="collab", registry=self.registry)

    def _histogram(self, name: str, text: str) -> Histogram:
        return Histogram(name, text, namespace="collab", registry=self.registry, buckets=_QUICK)


def _median(values: Sequence[float]) -> float | None:
    return statistics.median(values) if values else None


def _slow(values: Sequence[float]) -> float | None:
    """What 19 of 20 are not above (nearest rank)."""
    return sorted(values)[-(-len(values) * 95 // 100) - 1] if values else None
