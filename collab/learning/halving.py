"""Which rate and rank to train with: successive halving (Jamieson and Talwalkar, arXiv 1502.07943).

Several settings train for a few updates; the better half of them goes on, each from where it stands, until one is left.
Every round has as many updates as the others. What is compared is how sure the model is of taught facts where they
belong, less how sure it is of them where they do not, on held-out items that the verdict does not fall on. A style has
no say: other subjects want other words in it, and only the gate can tell whether it is followed. Imports torch: for the
worker only.
"""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from collab.errors import TrainingCancelledError, TrainingDivergedError
from collab.learning.layers import Weights
from collab.learning.packing import keeps_apart, sureness
from collab.learning.records import Effort, HeldOut, HeldOutKind, LessonKind, LessonSet, TrainingSettings
from collab.learning.texts import text_of
from collab.learning.trainers import Run, most_tokens

_RATES = (1.0, 0.5, 0.25, 1.5)  # of the rate that the settings name
_WIDER = 2
_COMPARED = 70  # of a kind
_TOGETHER = 8  # texts that are read in one go


@dataclass(frozen=True, slots=True)
class Trial:
    """Settings, and what they have come to: the weights of their adapter, none before the first round."""

    settings: TrainingSettings
    weights: Weights | None = None
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class Round:
    """How many settings train, and for how many updates each."""

    trials: int
    steps: int


def trials(settings: TrainingSettings, *, has_live: bool) -> list[Trial]:
    """What a thorough run tries: four rates where it goes on from a live adapter, whose rank stays; else two rates at
    two ranks. A quick one tries what it was told.
    """
    if settings.effort is Effort.QUICK:
        return [Trial(settings)]
    rates = _RATES if has_live else _RATES[:2]
    ranks = (1,) if has_live else (1, _WIDER)
    return [
        Trial(
            replace(
                settings,
                learning_rate=settings.learning_rate * rate,
                rank=settings.rank * wider,
                alpha=settings.alpha * wider,
            )
        )
        for wider in ranks
        for rate in rates
    ]


def rounds(count: int, steps: int) -> list[Round]:
    """Halves `count` until one is left. All updates together are at most `steps`, if that is enough for one each."""
    left = [count]
    while left[-1] > 1:
        left.append(left[-1] // 2)
    return [Round(trials, max(1, steps // len(left) // trials)) for trials in left]


def better_half(tried: Sequence[Trial]) -> list[Trial]:
    """The best first; of equals, the one that was named first. One at least, where there are any."""
    return sorted(tried, key=lambda one: -one.score)[: max(1, len(tried) // 2)]


def compared(lesson_set: LessonSet, seed: int) -> list[HeldOut]:
    """The items to compare by: of each kind a fixed draw, so that a search takes no longer with ten thousand lessons,
    and sees what leaks however many of them are earlier ones.
    """
    styles = {lesson.id for lesson in lesson_set.lessons if lesson.kind is LessonKind.STYLE}
    items = [one for one in lesson_set.held_out if not one.is_for_verdict and one.lesson_id not in styles]
    draw = random.Random(seed)
    found: list[HeldOut] = []
    for kind in HeldOutKind:
        of_kind = [one for one in items if one.kind is kind]
        found += draw.sample(of_kind, _COMPARED) if len(of_kind) > _COMPARED else of_kind
    return found


def score(run: Run, items: Sequence[HeldOut]) -> float:
    """From -1 to 1: the mean sureness of taught answers, kind by kind, less that of what leaks into near misses. Raises
    TrainingDivergedError where that is no number, and TrainingCancelledError.
    """
    by_kind: dict[HeldOutKind, list[float]] = {}
    for item, sure in zip(items, _sureness(run, items), strict=True):
        by_kind.setdefault(item.kind, []).append(sure)
    means = {kind: sum(found) / len(found) for kind, found in by_kind.items()}
    leaked = means.pop(HeldOutKind.NEAR_MISS, 0.0)
    total = sum(means.values()) / max(1, len(means)) - leaked
    if not math.isfinite(total):
        raise TrainingDivergedError(step=run.settings.steps, steps=run.settings.steps, rate=run.settings.learning_rate)
    return total


def _sureness(run: Run, items: Sequence[HeldOut]) -> Iterator[float]:
    """Of each item how sure the model is of a token of the taught answer."""
    most = most_tokens(run)
    texts = [text_of(run.tokenizer, item.prompt, item.taught, most) for item in items]
    together = _TOGETHER if keeps_apart(run.layers, texts[0], texts[-1]) else 1
    for at in range(0, len(texts), together):
        if run.cancel.is_set():
            raise TrainingCancelledError
        yield from sureness(run.layers, texts[at : at + together])
