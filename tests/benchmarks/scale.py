"""How fast and how safe recall stays as the memory grows, through the real memory, models and decision.

    python -m tests.benchmarks.scale [--sizes 1000,10000,100000,1000000] [--data FILE.jsonl ...]
                                     [--unrelated FILE.jsonl] [--limit N] [--json FILE]

Data is as for the benchmark of corrections, with the `subject` that stands in each question. Keys are, in this order:
the questions of the data and generated ones, 5,000 in all (`embedded`: their vectors are the embedder's own), and
beyond that questions with another's subject put in, whose vectors are worked out and not embedded (`made`, see
many_keys). Everyone may see all of them. `--limit` bounds the unrelated questions and the paraphrases asked.

`false_hits`: unrelated questions to which a correction was applied, of `unrelated`; `nearest`: cosine of the nearest
key to them. `paraphrases_applied`, `_suggested`: of the data's first thousand lines, the right correction is it, or is
the first to be suggested. `recall_at_10`: of the ten likest keys to these paraphrases, how many the index finds.
`start_s`: until the first recall can be answered, `clustered_s`: until it is as fast as measured. `rss_mib`,
`peak_mib`: memory of the whole process, models and all. Peers of the same run: embedding such a question alone, and
FAISS's exact search alone. Milliseconds are of single calls.
"""

import argparse
import random
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import faiss
import numpy as np
import sqlalchemy as sa

from knowledge.candidates import EVERYONE
from knowledge.database import Database, utc_now
from knowledge.embedding import Embedder, SentenceEmbedder, Vectors, packaged_embedder_path
from knowledge.index import VectorIndex
from knowledge.memory import CorrectionMemory
from knowledge.scope import CrossEncoder, Decision
from knowledge.tables import Collection, IndexChange, MemoryKey
from knowledge.text import normalise
from tests.benchmarks import report
from tests.benchmarks.corrections import own_unrelated, records
from tests.benchmarks.many_keys import Named, Row, generated, keys

EMBEDDED = 5_000
SIZES = "1000,10000,100000,1000000"
PARAPHRASED = 1_000  # lines of the data that are keys at every size
SEARCHED = 100  # questions with which the index is compared
STORED_AT_ONCE = 10_000
REPEATED = "again, please: {}"  # makes another text of the same length for the bare embedding

Figures = dict[str, float]


def store(database: Database, found: Iterator[tuple[str, Row]], numbers: range, embedder: str) -> None:
    """Puts keys into an empty stretch of the memory, past the services, one correction each."""
    for start in range(numbers.start, numbers.stop, STORED_AT_ONCE):
        part = list(zip(range(start, min(start + STORED_AT_ONCE, numbers.stop)), found, strict=False))
        rows = [
            {
                "id": number + 1,
                "correction_id": f"c{number}",
                "text": text,
                "normal": normalise(text),
                "sign": 1,
                "reach": EVERYONE,
                "embedder": embedder,
                "vector": vector.tobytes(),
            }
            for number, (text, vector) in part
        ]
        changes = [{"collection": Collection.MEMORY, "item_id": row["id"], "added": True} for row in rows]
        with database.write() as session:
            session.connection().execute(sa.insert(MemoryKey), rows)
            session.connection().execute(sa.insert(IndexChange), changes)


def milliseconds(name: str, act: Callable[[Any], object], over: Sequence[Any]) -> Figures:
    """The times of single calls."""
    taken = []
    for one in over:
        begun = time.perf_counter()
        act(one)
        taken.append((time.perf_counter() - begun) * 1000)
    return {f"{name}_ms_p{p}": float(np.percentile(taken, p)) for p in (50, 95)}


def asked(
    memory: CorrectionMemory, index: VectorIndex, embedder: Embedder, unrelated: Sequence[str], told: dict[str, str]
) -> Figures:
    """Recalls of every unrelated question and every paraphrase (with its correction), in a mixed order."""
    questions = [*unrelated, *told]
    random.Random(1).shuffle(questions)
    outcomes = {}

    def recall(question: str) -> None:
        found = memory.recall(question, (EVERYONE,), utc_now())
        outcomes[question] = (found.decision, found.correction_id)

    embedder.encode(["ready"])
    figures = milliseconds("recall", recall, questions)
    figures |= milliseconds(
        "peer_embedding", lambda text: embedder.encode([REPEATED.format(text)]), unrelated[:SEARCHED]
    )
    figures |= report.shares(
        false_hits=[outcomes[text][0] is Decision.APPLY for text in unrelated],
        paraphrases_applied=[outcomes[text] == (Decision.APPLY, id) for text, id in told.items()],
        paraphrases_suggested=[outcomes[text] == (Decision.SUGGEST, id) for text, id in told.items()],
    )
    return figures


def searched(database: Database, index: VectorIndex, queries: Vectors) -> Figures:
    """The index beside FAISS's exact search of the same vectors, which takes its own memory."""
    figures = milliseconds("search", lambda query: index.search(query, 10, [EVERYONE]), queries)
    found = [{hit.id for hit in index.search(query, 10, [EVERYONE])} for query in queries]
    exact = faiss.IndexIDMap2(faiss.IndexFlatIP(index.dims))
    with database.read() as session:
        rows = session.connection().execute(sa.select(MemoryKey.id, MemoryKey.vector))
        while part := rows.fetchmany(STORED_AT_ONCE):
            vectors = np.frombuffer(b"".join(vector for _, vector in part), dtype="<f4").reshape(-1, index.dims)
            exact.add_with_ids(vectors, np.array([id for id, _ in part]))
    figures |= milliseconds("peer_exact_search", lambda query: exact.search(query[np.newaxis], 10), queries)
    ids = exact.search(queries, 10)[1]
    figures["recall_at_10"] = float(np.mean([len(own & set(row)) / 10 for own, row in zip(found, ids, strict=True)]))
    return figures


def measure(database: Database, path: Path, unrelated: Sequence[str], told: dict[str, str]) -> Figures:
    """One size: a start with models that remember no question, recalls, memory, searches."""
    embedder = SentenceEmbedder(path)
    memory = CorrectionMemory(database, embedder, CrossEncoder(path))
    index = memory.index
    begun = time.perf_counter()
    memory.refresh()
    figures: Figures = {"start_s": time.perf_counter() - begun}
    index.settle()
    figures["clustered_s"] = time.perf_counter() - begun
    memory.load()
    figures |= asked(memory, index, embedder, unrelated, told)
    figures |= {"rss_mib": _memory_mib("VmRSS"), "peak_mib": _memory_mib("VmHWM")}
    return figures | searched(database, index, embedder.encode((list(told) or list(unrelated))[:SEARCHED]))


def _memory_mib(which: str) -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii", errors="replace")
    return int(status.split(f"{which}:")[1].split()[0]) / 1024


def named_lines(files: Sequence[Path]) -> list[dict[str, Any]]:
    """The lines whose subject stands in their question; each question once."""
    lines = [line for file in files for line in records(file)]
    named = {normalise(line["question"]): line for line in lines if line.get("subject", "") in line["question"]}
    return [line for line in named.values() if line.get("subject")]


def main() -> None:
    """Prints the figures as a table, a column a size, and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--sizes", type=_sizes, default=SIZES, help="keys, ascending")
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="edits with their subjects, JSON lines")
    parser.add_argument("--unrelated", type=Path, help="questions that nothing answers, {question} a line")
    parser.add_argument("--limit", type=int, default=300, help="unrelated questions and paraphrases that are asked")
    options = parser.parse_args()

    path = packaged_embedder_path()
    embedded = min(EMBEDDED, options.sizes[-1])
    lines = named_lines(options.data)[:embedded]
    named = [Named(line["question"], line["subject"]) for line in lines]
    named += generated(embedded - len(named))
    kept = min(PARAPHRASED, options.sizes[0], len(lines))
    told = {text: f"c{number}" for number, line in enumerate(lines[:kept]) for text in line["paraphrases"][:1]}
    told = dict(random.Random(1).sample(list(told.items()), min(options.limit, len(told))))
    unrelated = [one["question"] for one in records(options.unrelated)] if options.unrelated else own_unrelated([])
    unrelated = unrelated[: options.limit]

    columns: dict[str, Figures] = {}
    with TemporaryDirectory() as folder:
        database = Database(Path(folder) / "scale.db")
        database.migrate()
        found, stored, name = keys(named, SentenceEmbedder(path), kept), 0, SentenceEmbedder(path).name
        for size in options.sizes:
            store(database, found, range(stored, size), name)
            stored = size
            counts = {"embedded": min(size, len(named)), "made": max(0, size - len(named)), "unrelated": len(unrelated)}
            columns[str(size)] = counts | measure(database, path, unrelated, told)
        database.close()
    report.table(
        {name: {size: own[name] for size, own in columns.items()} for name in columns[str(stored)]}, options.json
    )


def _sizes(text: str) -> list[int]:
    sizes = [int(size) for size in text.split(",")]
    if sizes != sorted(set(sizes)) or sizes[0] < 1:
        raise argparse.ArgumentTypeError("sizes ascend, from 1")
    return sizes


if __name__ == "__main__":
    main()
