"""How likely a correction that nothing vetoes is the right one: a logistic combination of a few features.

The weights are made by `python -m tests.benchmarks.fit_scope` and copied here; nothing is learned while the product
runs.
"""

import math

from knowledge.scope.differences import Difference
from knowledge.scope.kinds import Kind

INTERCEPT = -4.73
WEIGHTS = {
    "cosine": 6.10,
    "margin": 4.47,
    "added": 0.34,
    "missing": 0.15,
    "replaced": -0.79,
    "shared": 1.40,
    "vague": -0.53,
    "vague_named": -2.74,
    "named": -7.27,
    "named_cosine": 7.83,
}


def features(cosine: float, margin: float, differing: Difference, asked: Kind, known: Kind) -> dict[str, float]:
    """What the probability is computed from: likeness, margin to the next correction, and what the words say."""
    added, missing = min(len(differing.words_added), 3), min(len(differing.words_missing), 3)
    union = differing.words_shared + len(differing.words_added) + len(differing.words_missing)
    named = float(differing.names_shared)
    return {
        "cosine": cosine,
        "margin": min(max(margin, 0.0), 0.3),
        "added": added,
        "missing": missing,
        "replaced": min(added, missing, 2),
        "shared": differing.words_shared / max(union, 1),
        "vague": float(asked != known),
        "vague_named": named * (asked != known),
        "named": named,
        "named_cosine": named * cosine,
    }


def probability(features: dict[str, float]) -> float:
    """The logistic combination of the features."""
    return 1 / (1 + math.exp(-INTERCEPT - sum(WEIGHTS[name] * value for name, value in features.items())))
