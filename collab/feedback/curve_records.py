"""How careful the memory is, as plain frozen values: what becomes of known questions at each setting. It asks nobody.

A setting is how many misses one wrong answer is worth. A question is right where its correction is to answer it, else
wrong. At a setting the likeliest correction without a veto answers from a probability of cost / (cost + 1) on.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collab.feedback.tables import Side

COSTS = (1.0, 2.0, 4.0, 9.0, 19.0, 49.0, 99.0)
CASES = 10  # of a kind that are named
CARELESS = 1.0  # the lowest setting: some vetoes hold above it only
CAREFUL = math.nextafter(CARELESS, 2)  # the lowest above it: whatever answers at a higher one answers here
STRICT = 1e9  # so high that nothing answers in other words, and all that may be offered is


class Effect(StrEnum):
    """What a correction does with a question: it is the answer, it is offered beside the answer, or neither."""

    ANSWERED = "answered"
    OFFERED = "offered"
    MISSED = "missed"


@dataclass(frozen=True, slots=True)
class Seen:
    """What memory says to a question: which correction `applies` at a low setting, and how probable it is; and which
    ones are `offered` at a setting where none applies.
    """

    applies: str | None
    probability: float
    offered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownQuestion:
    """A question of which it is known whether the correction answers it: people said so (`is_said`), or it was made up
    from the correction's own. One `in_same_words` is decided by these words at every setting.
    """

    text: str
    correction_id: str
    side: Side
    is_said: bool
    in_same_words: bool
    careful: Seen
    careless: Seen

    def effect(self, cost: float) -> Effect:
        """What the correction does with it at a setting."""
        seen = self.careful if cost > CARELESS else self.careless
        applies = seen.applies if seen.probability >= cost / (cost + 1) else None
        if applies is not None:
            return Effect.ANSWERED if applies == self.correction_id else Effect.MISSED
        return Effect.OFFERED if self.correction_id in seen.offered else Effect.MISSED

    @property
    def highest(self) -> float | None:
        """The highest setting at which the correction answers it; None where it never does."""
        if self.careful.applies == self.correction_id:
            rest = 1 - self.careful.probability
            return self.careful.probability / rest if rest > 0 else math.inf
        return CARELESS if self.effect(CARELESS) is Effect.ANSWERED else None


@dataclass(frozen=True, slots=True)
class Point:
    """A setting: how many right questions are answered, offered and missed there, and how many wrong ones answered."""

    cost: float
    answered: int
    offered: int
    missed: int
    hijacked: int


@dataclass(frozen=True, slots=True)
class NamedCase:
    """A question behind the curve, with the correction that answers it up to the setting `highest`."""

    text: str
    correction_id: str
    question: str
    highest: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The result: a point for each of the usual settings and for the one that holds (`setting`), the lowest first.

    `right` and `wrong` count the questions in other words, of which people judged `said`; `same_words` are those that
    every setting decides alike. `corrections` of the `live` ones were looked at. `wrong_first` are the wrong questions
    that are answered first as the setting goes down, `right_next` the right ones that would be answered then.
    """

    setting: float
    points: tuple[Point, ...]
    right: int
    wrong: int
    said: int
    same_words: int
    corrections: int
    live: int
    wrong_first: tuple[NamedCase, ...]
    right_next: tuple[NamedCase, ...]
    by: str
    at: datetime

    @property
    def now(self) -> Point:
        """The point of the setting that holds."""
        return next(point for point in self.points if point.cost == self.setting)


def points(questions: Sequence[KnownQuestion], setting: float) -> tuple[Point, ...]:
    """What becomes of the questions at each setting."""
    return tuple(_point(questions, cost) for cost in sorted({*COSTS, setting}))


def _point(questions: Iterable[KnownQuestion], cost: float) -> Point:
    effects = [(one.side, one.effect(cost)) for one in questions]
    answered, offered, missed = (effects.count((Side.WILL, effect)) for effect in Effect)
    return Point(cost, answered, offered, missed, effects.count((Side.WILL_NOT, Effect.ANSWERED)))


def first_down(
    questions: Iterable[KnownQuestion], side: Side, below: float = math.inf
) -> list[tuple[KnownQuestion, float]]:
    """The questions of a side that are answered at some setting up to `below`, those at the highest first."""
    found = [(one, one.highest) for one in questions if one.side is side]
    reached = [(one, highest) for one, highest in found if highest is not None and highest < below]
    return sorted(reached, key=lambda pair: -pair[1])
