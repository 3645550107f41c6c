"""How probable it is that a correction is the right one: a calibrated logistic combination in two steps.

First what a pair of questions says by itself, then how far it is ahead of the next correction. Questions that share a
name have constants of their own. `python -m collab scope train` fits them and writes them beside the model's weights.
"""

import json
import math
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from knowledge.scope.askedness import Asked

CONSTANTS = Path(__file__).parents[2] / "assets" / "models" / "scope" / "combination.json"
NOWHERE = -9.0  # the score of no correction at all
FURTHEST = 4.0  # a correction that leads by more is no surer


@dataclass(frozen=True, slots=True)
class Constants:
    """The weights of the pair's features, then those of its score, its lead, and that nothing vetoes it."""

    same: float
    wide: float
    cosine: float
    intercept: float
    score: float
    lead: float
    clear: float
    last_intercept: float


def score(asked: Asked, cosine: float, *, is_named: bool) -> float:
    """What the pair alone says, as a logit."""
    by = constants()[is_named]
    return by.same * asked.same + by.wide * asked.wide + by.cosine * cosine + by.intercept


def lead(own: float, next_best: float) -> float:
    """How far a score is ahead of the next correction's, within bounds."""
    return min(max(own - next_best, -FURTHEST), FURTHEST)


def probability(own: float, next_best: float, *, is_named: bool, is_clear: bool) -> float:
    """That the correction is the right one, among as many right ones as wrong ones.

    Where no name says what a question is about, that it is clear of vetoes speaks for the correction by itself.
    """
    by = constants()[is_named]
    logit = by.score * own + by.lead * lead(own, next_best) + by.clear * is_clear + by.last_intercept
    return 1 / (1 + math.exp(-logit))


@cache
def constants() -> dict[bool, Constants]:
    """Those of questions that share a name, and of those that do not."""
    stored = json.loads(CONSTANTS.read_text("utf-8"))
    return {True: Constants(**stored["named"]), False: Constants(**stored["unnamed"])}


def as_json(fitted: dict[bool, Constants]) -> str:
    """The file of constants, as text."""
    return json.dumps({"named": asdict(fitted[True]), "unnamed": asdict(fitted[False])}, indent=2) + "\n"
