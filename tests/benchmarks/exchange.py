"""How fast corrections come in from a file, beside the embeddings that they need, and how fast they go out again.

    python -m tests.benchmarks.exchange [--rows N] [--json FILE]

The rows are made up and distinct. The peer is the bare embedding of the same questions in the same batches, in the same
run: the rest is reading, planning twice, and rows that are durable when they are counted. Beside each time stands that
of the processor alone, which other work on the machine does not change.
"""

import csv
import resource
import tempfile
import time
from pathlib import Path

from collab.config import Settings
from collab.feedback.exchange.entries import COLUMNS, read_entry
from collab.feedback.exchange.files import RowFile
from collab.feedback.exchange.importing import BATCH
from collab.people.access import Actor, Role
from collab.services import Services
from knowledge.embedding import SentenceEmbedder, packaged_embedder_path
from tests.benchmarks import report
from tests.fakes import EchoModel
from tests.running import PASSWORD

Figures = dict[str, float]

_ACTS = ("renew", "cancel", "return", "repair", "insure", "replace", "register", "transfer", "lend", "store")
_THINGS = ("bicycle", "locker", "microscope", "parking permit", "season ticket", "projector", "greenhouse key", "canoe")
_WHERE = ("at the harbour office", "for a visiting group", "during the summer break", "without the original receipt")


def measure(rows: int) -> Figures:
    """Rows a second of an import, and of the bare embeddings; both of the whole file."""
    with tempfile.TemporaryDirectory() as folder:
        embedder = SentenceEmbedder(packaged_embedder_path())
        services = Services(Settings(data=Path(folder) / "data"), embedder=embedder, engine=EchoModel())
        author = services.accounts.add("Author", PASSWORD, Role.ADMIN)
        path = _file(Path(folder) / "rows.csv", rows)
        embedder.encode(["ready", "steady"])
        cpu_s = time.process_time()
        figures = _import(services, author, path)
        figures["import, processor_s"] = time.process_time() - cpu_s
        cpu_s = time.process_time()
        bare_s = _bare_s(embedder, rows)
        figures |= {
            "peer: embeddings alone_s": bare_s,
            "peer: embeddings alone_per_s": rows / bare_s,
            "peer, processor_s": time.process_time() - cpu_s,
        }
        figures["import / embeddings"] = figures["import_s"] / bare_s
        figures["the same, processor"] = figures["import, processor_s"] / figures["peer, processor_s"]
        begun = time.perf_counter()
        figures["export_per_s"] = services.exports.write(author, path) / (time.perf_counter() - begun)
        figures["peak_mib"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        services.close()
    return figures


def _import(services: Services, author: Actor, path: Path) -> Figures:
    imports = services.imports
    file = RowFile(path, COLUMNS)
    begun = time.perf_counter()
    plan = imports.plan(author, map(read_entry, file))
    planned = time.perf_counter()
    done = imports.write(author, map(read_entry, file), plan, path.name, lambda rows, of: None)
    import_s = time.perf_counter() - begun
    again = time.perf_counter()
    assert imports.plan(author, map(read_entry, file)).unchanged == done.rows
    return {
        "rows": done.rows,
        "plan_s": planned - begun,
        "import_s": import_s,
        "import_per_s": done.rows / import_s,
        "plan again_s": time.perf_counter() - again,
    }


def _bare_s(embedder: SentenceEmbedder, rows: int) -> float:
    questions = [_question(number) for number in range(rows)]
    begun = time.perf_counter()
    for start in range(0, rows, BATCH):
        embedder.encode(questions[start : start + BATCH])
    return time.perf_counter() - begun


def _file(path: Path, rows: int) -> Path:
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["question", "answer"])
        writer.writerows(
            [_question(number), f"It takes {number % 50} days; ask for form {number}."] for number in range(rows)
        )
    return path


def _question(number: int) -> str:
    act, thing, where = _ACTS[number % 10], _THINGS[number // 10 % 8], _WHERE[number // 80 % 4]
    return f"How do I {act} a {thing} {where} in district {number // 320}?"


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--rows", type=int, default=10_000)
    options = parser.parse_args()
    report.show(measure(options.rows), options.json)


if __name__ == "__main__":
    main()
