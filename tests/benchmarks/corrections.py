"""How well corrections reach other wordings and leave other questions alone, through the real memory and embedder.

    python -m tests.benchmarks.corrections [--data FILE.jsonl] [--unrelated FILE.jsonl] [--limit N] [--json FILE]

A line of data is `{id, question, answer, paraphrases[], near_misses[]}`; a near miss is a text, to which nothing may
be applied, or `{question, belongs_to}`, to which nothing or that line's correction may be. Lines that ask the same
question (after normalising) become one correction, the last answer replacing the earlier, as in the product; it counts
as right for each of the lines. `suggest_rate` is the share of paraphrases that are suggested. Without data, the
repository's own cases are used, with the sample handbook's questions as the unrelated ones. A figure without cases is
left out.

Texts are encoded in batches beforehand, so that thousands of questions take minutes; the milliseconds are measured
apart, on single calls that embed for themselves.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from knowledge.database import Database, utc_now
from knowledge.embedding import Embedder, SentenceEmbedder, Vectors, packaged_embedder_path
from knowledge.memory import EVERYONE, CorrectionMemory, Recall
from knowledge.scope import Decision
from knowledge.text import normalise
from tests.benchmarks import report

TESTS = Path(__file__).parents[1]
OWN_CASES = TESTS / "knowledge" / "scope_cases.json"
TIMED = 400  # single calls, every other one a recall


@dataclass(frozen=True, slots=True)
class Line:
    """One edit with the questions it should and should not answer; a near miss may belong to another line."""

    id: str
    question: str
    paraphrases: tuple[str, ...]
    near_misses: tuple[tuple[str, str | None], ...]


class Encoded:
    """An embedder that has encoded many texts already and computes the others."""

    def __init__(self, embedder: Embedder, texts: Sequence[str]) -> None:
        self.name, self.dims, self.max_tokens = embedder.name, embedder.dims, embedder.max_tokens
        self.can_read, self.count_tokens = embedder.can_read, embedder.count_tokens
        self._embedder = embedder
        distinct = list(dict.fromkeys(texts))
        self._vectors = dict(zip(distinct, embedder.encode(distinct), strict=True))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One unit row for each text  # (texts, dims)."""
        if any(text not in self._vectors for text in texts):
            return self._embedder.encode(texts)
        return np.stack([self._vectors[text] for text in texts])


def records(path: Path) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines, or of a JSON list."""
    text = path.read_text("utf-8")
    found: list[dict[str, Any]] = (
        json.loads(text) if path.suffix == ".json" else [json.loads(line) for line in text.splitlines() if line.strip()]
    )
    return found


def _line(number: int, record: dict[str, Any]) -> Line:
    misses = [
        (miss, None) if isinstance(miss, str) else (miss["question"], miss["belongs_to"])
        for miss in record["near_misses"]
    ]
    return Line(record.get("id", str(number)), record["question"], tuple(record["paraphrases"]), tuple(misses))


def learn(database: Database, memory: CorrectionMemory, lines: Sequence[Line]) -> dict[str, str]:
    """Teaches every line, the last of the same question replacing the earlier; line id -> correction id."""
    by_question: dict[str, str] = {}
    for line in lines:
        replaced = by_question.get(normalise(line.question))
        draft = memory.prepare(line.question)
        with database.write() as session:
            if replaced is not None:
                memory.forget(session, replaced)
            memory.learn(session, line.id, [draft], EVERYONE)
        by_question[normalise(line.question)] = line.id
    return {line.id: by_question[normalise(line.question)] for line in lines}


def measure(
    memory: CorrectionMemory, lines: Sequence[Line], learned: dict[str, str], unrelated: Sequence[str]
) -> dict[str, float]:
    """Asks every question and counts what was done with it."""
    asked: dict[str, Recall] = {}

    def recall(question: str) -> Recall:
        if question not in asked:
            asked[question] = memory.recall(question, (EVERYONE,), utc_now())
        return asked[question]

    def applied(question: str) -> str | None:
        found = recall(question)
        return found.correction_id if found.decision == Decision.APPLY else None

    edits = [applied(line.question) == learned[line.id] for line in lines]
    paraphrases = [(applied(text), learned[line.id]) for line in lines for text in line.paraphrases]
    suggested = [recall(text).decision == Decision.SUGGEST for line in lines for text in line.paraphrases]
    misses = [(applied(text), learned.get(owner or "")) for line in lines for text, owner in line.near_misses]
    figures = report.shares(
        edit_success=edits,
        paraphrase_success=[got == right for got, right in paraphrases],
        wrong_apply=[got not in (None, right) for got, right in paraphrases],
        near_miss_kept=[got is None or got == owner for got, owner in misses],
        unrelated_kept=[applied(text) is None for text in unrelated],
        suggest_rate=suggested,
    )
    if paraphrases and misses:
        success, kept = figures["paraphrase_success"], figures["near_miss_kept"]
        figures["harmonic_mean"] = 2 * success * kept / (success + kept) if success + kept else 0.0
    return {
        "edits": len(lines),
        "paraphrases": len(paraphrases),
        "near_misses": len(misses),
        "unrelated": len(unrelated),
        **figures,
    }


def timings(database: Database, embedder: Embedder, lines: Sequence[Line]) -> dict[str, float]:
    """Milliseconds of single calls that embed for themselves, with every line already learned."""
    memory = CorrectionMemory(database, embedder)
    memory.refresh()
    paraphrases = [text for line in lines for text in line.paraphrases][:TIMED]

    def teach(text: str) -> None:
        draft = memory.prepare(text)
        with database.write() as session:
            memory.learn(session, "timed", [draft], "person:nobody")

    recalls = _milliseconds(lambda text: memory.recall(text, (EVERYONE,), utc_now()), paraphrases[::2])
    learns = _milliseconds(teach, paraphrases[1::2])
    return {
        f"{act}_ms_p{p}": float(np.percentile(taken, p))
        for act, taken in (("learn", learns), ("recall", recalls))
        for p in (50, 95)
        if taken
    }


def _milliseconds(act: Callable[[str], object], texts: Sequence[str]) -> list[float]:
    taken = []
    for text in texts:
        start = time.perf_counter()
        act(text)
        taken.append((time.perf_counter() - start) * 1000)
    return taken


def own_unrelated(lines: Sequence[Line]) -> list[str]:
    """The questions of the sample handbook that none of the lines asks, in these words, too."""
    handbook = json.loads((TESTS / "handbook.json").read_text("utf-8"))
    asked = {normalise(text) for line in lines for text in (line.question, *line.paraphrases)}
    questions = [*(item["question"] for item in handbook["answerable"]), *handbook["gaps"]]
    return [question for question in questions if normalise(question) not in asked]


def main() -> None:
    """Prints the figures as a table and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--data", type=Path, help="edits with paraphrases and near misses, a JSON object a line")
    parser.add_argument("--unrelated", type=Path, help="questions that nothing answers, {question} a line")
    parser.add_argument("--limit", type=int, help="only the first N lines of each file")
    options = parser.parse_args()

    lines = [_line(number, record) for number, record in enumerate(records(options.data or OWN_CASES))][: options.limit]
    unrelated = own_unrelated(lines) if options.data is None else []
    if options.unrelated:
        unrelated = [record["question"] for record in records(options.unrelated)]
    unrelated = unrelated[: options.limit]
    model = SentenceEmbedder(packaged_embedder_path())
    questions = [
        text for line in lines for text in (line.question, *line.paraphrases, *(text for text, _ in line.near_misses))
    ]
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "collab.db")
        database.migrate()
        memory = CorrectionMemory(database, Encoded(model, [*questions, *unrelated]))
        figures = measure(memory, lines, learn(database, memory, lines), unrelated) | timings(
            database, SentenceEmbedder(packaged_embedder_path()), lines
        )
        database.close()
    report.show(figures, options.json)


if __name__ == "__main__":
    main()
