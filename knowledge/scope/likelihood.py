"""How likely a correction that nothing vetoes is the right one: a logistic combination of a few features.

The weights are made by `python -m tests.benchmarks.fit_scope` and copied here; nothing is learned while the product
runs.
"""

import math

from knowledge.scope.differences import Difference
from knowledge.scope.kinds import Kind

INTERCEPT = -5.13
WEIGHTS = {
    "cosine": 9.52,
    "margin": 3.40,
    "added": 0.55,
    "missing": 0.35,
    "replaced": -1.09,
    "shared": 1.58,
    "vague": -1.48,
    "vague_named": -1.86,
    "named": -7.90,
    "named_cosine": 5.67,
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
