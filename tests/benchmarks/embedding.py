"""How fast texts become vectors, beside the packaged model's default call in the same run, and how near they stay.

    python -m tests.benchmarks.embedding [--texts N] [--questions N] [--rounds N] [--json FILE]

The peer is `SentenceTransformer(folder).encode(texts)` as it comes: batches of 32 in order of length, full precision,
all cores; ours computes on one. Both read passages and sentences of the sample handbook in one call, and its questions
one at a time, by turns; in each round an embedder of ours is fresh and remembers nothing. Texts are put in the form in
which ours reads them (full-width letters as the usual ones) before either sees them.
"""

import json
import random
import time
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from knowledge.chunking import MAX_TOKENS, chunk
from knowledge.documents import read_document
from knowledge.embedding import SentenceEmbedder, Vectors, packaged_embedder_path
from tests.benchmarks import report

ROOT = Path(__file__).parents[2]

Encode = Callable[[list[str]], Vectors]


def handbook(embedder: SentenceEmbedder) -> list[str]:
    """Passages and their sentences, each once, in an order without length."""
    texts: dict[str, None] = {}
    for path in sorted((ROOT / "assets" / "handbook").iterdir()):
        sections = read_document(path.name, path.read_bytes())
        for piece in chunk(sections, embedder.count_tokens, max_tokens=MAX_TOKENS):
            sentences = (piece.text[span.start : span.end] for span in piece.sentences)
            texts |= dict.fromkeys(unicodedata.normalize("NFKC", text) for text in (piece.text, *sentences))
    shuffled = list(texts)
    random.Random(1).shuffle(shuffled)
    return shuffled


def questions() -> list[str]:
    """Those of the handbook, answerable or not."""
    known = json.loads((ROOT / "tests" / "handbook.json").read_text("utf-8"))
    return [
        unicodedata.normalize("NFKC", text) for text in (*(q["question"] for q in known["answerable"]), *known["gaps"])
    ]


def speeds(peer: Encode, texts: list[str], asked: list[str], rounds: int) -> dict[str, dict[str, float]]:
    """The best round of all texts in one call, and the medians of single questions, new ones and the same again."""
    seconds: dict[str, list[float]] = {}
    singles: dict[str, tuple[list[float], list[float]]] = {}
    for _ in range(rounds):
        both = {"ours": SentenceEmbedder(packaged_embedder_path()).encode, "default call": peer}
        for name, encode in both.items():
            encode(["ready"])
            seconds.setdefault(name, []).append(_seconds(encode, texts))
        for text in asked:  # one by turns: other work on the machine is in the way of both
            for name, encode in both.items():
                first, again = singles.setdefault(name, ([], []))
                first.append(_seconds(encode, [text]) * 1000)
                again.append(_seconds(encode, [text]) * 1000)
    return {
        name: {
            "texts/s": len(texts) / min(seconds[name]),
            "one, ms": float(np.median(first)),
            "again, ms": float(np.median(again)),
        }
        for name, (first, again) in singles.items()
    }


def _seconds(encode: Encode, texts: list[str]) -> float:
    start_s = time.perf_counter()
    encode(texts)
    return time.perf_counter() - start_s


def main() -> None:
    """Prints both as a table, how many times faster ours is and the cosines, and writes them as JSON."""
    parser = report.options(__doc__)
    parser.add_argument("--texts", type=int, default=600)
    parser.add_argument("--questions", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    path = packaged_embedder_path()
    embedder, peer = SentenceEmbedder(path), SentenceTransformer(str(path), device="cpu", local_files_only=True)

    cores = torch.get_num_threads()

    def default(texts: list[str]) -> Vectors:
        torch.set_num_threads(cores)  # ours takes one
        rows: Vectors = peer.encode(texts)
        return rows

    texts, asked = handbook(embedder)[: options.texts], questions()[: options.questions]
    cosines = (embedder.encode(texts) * default(texts)).sum(axis=1)
    rows = speeds(default, texts, asked, options.rounds)
    ours, theirs = rows["ours"], rows["default call"]
    rows["times as fast"] = {
        figure: ours[figure] / theirs[figure] if figure == "texts/s" else theirs[figure] / ours[figure]
        for figure in ours
    }
    rows["cosine"] = {
        "min": float(cosines.min()),
        "p1": float(np.percentile(cosines, 1)),
        "mean": float(cosines.mean()),
    }
    report.table({name: row for name, row in rows.items() if name != "cosine"}, None)
    report.show({f"cosine, {name}": value for name, value in rows["cosine"].items()}, None)
    if options.json:
        options.json.write_text(json.dumps(rows, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
