"""Makes the weights of `knowledge/scope/likelihood.py` from questions of known scope, and prints them.

    python -m tests.benchmarks.fit_scope --data FILE.jsonl... [--unrelated FILE.jsonl]

The data is that of `tests.benchmarks.corrections`; the repository's own cases always take part. Only the development
half is read: of the cases the scenarios marked `dev`, of other files the lines whose subject (or id) has an even
SHA-256, of unrelated questions the like by their text. What a veto decides and near misses that belong to another line
are left out; so are paraphrases whose nearest key is another line's at a cosine above .9: the same question twice.
"""

import argparse
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from knowledge.embedding import Embedder, SentenceEmbedder, packaged_embedder_path
from knowledge.scope.differences import difference
from knowledge.scope.likelihood import WEIGHTS, features
from knowledge.scope.reading import read
from knowledge.scope.vetoes import vetoes
from knowledge.text import normalise
from tests.benchmarks.corrections import OWN_CASES, records

# How much each kind of question counts in a file, whatever its number of lines.
PARAPHRASES, NEAR_MISSES, UNRELATED = 1.0, 2.0, 1.0
STRENGTH = 3.0  # inverse of the regularisation

Row = tuple[dict[str, float], bool, float]  # features, whether the nearest correction is right, weight


def is_development(name: str) -> bool:
    """Half of all names, by their hash."""
    return int(hashlib.sha256(name.encode()).hexdigest(), 16) % 2 == 0


def rows_of(lines: Sequence[dict[str, Any]], unrelated: Sequence[str], embedder: Embedder) -> list[Row]:
    """The development half of a file as weighted rows, each question against its nearest correction."""
    lines = [line for number, line in enumerate(lines) if _is_development_line(line, number)]
    keys = list({normalise(line["question"]): line["question"] for line in lines}.values())
    key_vectors = embedder.encode(keys)
    paraphrases = [(text, {normalise(line["question"])}) for line in lines for text in line["paraphrases"]]
    misses = [(miss, set[str]()) for line in lines for miss in line["near_misses"] if isinstance(miss, str)]
    rows: list[Row] = []
    for kind, weight in (
        (paraphrases, PARAPHRASES),
        (misses, NEAR_MISSES),
        ([(t, set[str]()) for t in unrelated], UNRELATED),
    ):
        texts = [text for text, _ in kind]
        likeness = embedder.encode(texts) @ key_vectors.T if texts else np.empty((0, len(keys)), dtype=np.float32)
        for (text, right), cosines in zip(kind, likeness, strict=True):
            rows += _row(text, right, keys, cosines, weight / len(kind))
    return rows


def _is_development_line(line: dict[str, Any], number: int) -> bool:
    if "half" in line:
        return bool(line["half"] == "dev")
    return is_development(line.get("subject") or line.get("id") or str(number))


def _row(text: str, right: set[str], keys: Sequence[str], cosines: NDArray[np.float32], weight: float) -> list[Row]:
    second, first = np.argsort(cosines)[-2:]
    asked, known = read(text), read(keys[first])
    differing = difference(asked, known)
    is_right = normalise(keys[first]) in right
    if vetoes(asked, known, differing) or (right and not is_right and cosines[first] > 0.9):
        return []
    margin = float(cosines[first] - cosines[second])
    return [(features(float(cosines[first]), margin, differing, asked.kind, known.kind), is_right, weight)]


def fit(rows: Sequence[Row]) -> tuple[float, dict[str, float]]:
    """Intercept and weights of a logistic regression."""
    values = np.array([[row[name] for name in WEIGHTS] for row, _, _ in rows])
    weights = np.array([weight for _, _, weight in rows])
    model = LogisticRegression(C=STRENGTH, max_iter=5000)
    model.fit(values, [right for _, right, _ in rows], sample_weight=weights / weights.mean())
    return float(model.intercept_[0]), dict(zip(WEIGHTS, map(float, model.coef_[0]), strict=True))


def main() -> None:
    """Prints the constants as they stand in the module."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--data", type=Path, nargs="*", default=[], help="edits with paraphrases and near misses")
    parser.add_argument("--unrelated", type=Path, help="questions that nothing answers")
    options = parser.parse_args()

    embedder = SentenceEmbedder(packaged_embedder_path())
    unrelated = [record["question"] for record in records(options.unrelated)] if options.unrelated else []
    unrelated = [question for question in unrelated if is_development(question)]
    rows = [row for path in (OWN_CASES, *options.data) for row in rows_of(records(path), unrelated, embedder)]
    intercept, weights = fit(rows)
    print(f"INTERCEPT = {intercept:.2f}\nWEIGHTS = {{")
    for name, weight in weights.items():
        print(f'    "{name}": {weight:.2f},')
    print("}")


if __name__ == "__main__":
    main()
