"""How soon an edit answers, how soon the application is there, and how much memory it takes.

    python -m tests.benchmarks.live [--corrections N] [--json FILE]

Times stand beside a peer measured in the same run: one bare embedding call for an edit, importing the libraries alone
for a start.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from collab.config import Settings
from collab.people.access import Actor, Role, reaches_of
from collab.services import Services
from knowledge.database import utc_now
from knowledge.scope import Decision
from tests.benchmarks import report
from tests.fakes import EchoModel
from tests.running import PASSWORD, Application

Figures = dict[str, float]

EDITS = 50
RUNS = 3
_LIBRARIES = "import gradio, fastapi, torch, transformers, sentence_transformers, faiss"


def measure_edits(count: int) -> Figures:
    """From the call that saves an edit to another person's recall that applies it, among `count` corrections.

    The same words are found by the text itself; other words need an embedding, the index and the decision on scope.
    """
    with tempfile.TemporaryDirectory() as folder:
        services = Services(Settings(data=Path(folder)), engine=EchoModel())
        services.models.load()
        author = services.accounts.add("Author", PASSWORD, Role.EXPERT)
        reader = services.accounts.add("Reader", PASSWORD, Role.MEMBER)
        for number in range(count):
            services.corrections.submit(author, question=_question(number), answer=f"The answer is {number}.")
        embedding_ms = _embedding_ms(services)
        figures: Figures = {"corrections": count, "peer: one embedding p50_ms": embedding_ms}
        for start, (words, asked) in zip((0, EDITS), ASKED.items(), strict=True):
            numbers = range(count + start, count + start + EDITS)
            times_ms = [_edit_ms(services, author, reader, number, asked) for number in numbers]
            p50, p95 = statistics.median(times_ms), statistics.quantiles(times_ms, n=20)[-1]
            figures[f"edit_to_live_p50_ms, {words}"] = p50
            figures[f"edit_to_live_p95_ms, {words}"] = p95
            figures[f"p50 / embedding, {words}"] = p50 / embedding_ms
        services.close()
    return figures


def _question(number: int) -> str:
    return f"When does the {_place(number)} of house {number} open on working days?"


def _question_in_other_words(number: int) -> str:
    return f"At what time does the {_place(number)} of house {number} open on working days?"


def _place(number: int) -> str:
    places = ("garden", "library", "kitchen", "harbour", "workshop", "studio", "cellar", "tower")
    return places[number % len(places)]


ASKED = {"same words": _question, "other words": _question_in_other_words}


def _edit_ms(services: Services, author: Actor, reader: Actor, number: int, asked: Callable[[int], str]) -> float:
    start = time.perf_counter()
    made = services.corrections.submit(author, question=_question(number), answer=f"At {number % 12} o'clock.")
    recall = services.memory.recall(asked(number), reaches_of(reader), utc_now())
    elapsed_ms = (time.perf_counter() - start) * 1000
    assert (recall.decision, recall.correction_id) == (Decision.APPLY, made.id)
    return elapsed_ms


def _embedding_ms(services: Services) -> float:
    def embed(number: int) -> float:
        start = time.perf_counter()
        services.library.embedder.encode([_question(number)])
        return (time.perf_counter() - start) * 1000

    return statistics.median(embed(-number) for number in range(1, EDITS))


def measure_start() -> Figures:
    """Seconds from the command to the page and to the first possible answer, and memory; cold converts the model."""
    with tempfile.TemporaryDirectory() as folder:
        application = Application(Path(folder))
        cold = _start(application)
        warm = [_start(application) for _ in range(RUNS)]
    figures = {f"{name}, cold": value for name, value in cold.items()}
    figures |= {f"{name}, warm": statistics.median(run[name] for run in warm) for name in cold}
    figures["peer: imports alone_s"] = statistics.median(_seconds(_import_libraries) for _ in range(RUNS))
    figures["page_s warm / imports"] = figures["page_s, warm"] / figures["peer: imports alone_s"]
    return figures


def _start(application: Application) -> Figures:
    begun = time.perf_counter()
    application.start(until="/livez")
    try:
        httpx.get(application.address + "/login", trust_env=False).raise_for_status()
        page_s = time.perf_counter() - begun
        while httpx.get(application.address + "/readyz", trust_env=False).status_code != 200:
            time.sleep(0.05)
        return {"page_s": page_s, "ready_s": time.perf_counter() - begun, "peak_mib": _peak_mib(application)}
    finally:
        application.stop()


def _peak_mib(application: Application) -> float:
    assert application.process is not None
    status = Path(f"/proc/{application.process.pid}/status").read_text(encoding="ascii", errors="replace")
    return int(status.split("VmHWM:")[1].split()[0]) / 1024


def _import_libraries() -> None:
    subprocess.run([sys.executable, "-c", _LIBRARIES], check=True, capture_output=True)


def _seconds(work: Callable[[], None]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--corrections", type=int, default=1_000, help="corrections that are there before the edits")
    options = parser.parse_args()
    report.show(measure_edits(options.corrections) | measure_start(), options.json)


if __name__ == "__main__":
    main()
