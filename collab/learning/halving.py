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
from typing import Any

import torch
from torch.nn import functional

from collab.errors import TrainingCancelledError, TrainingDivergedError
from collab.learning.layers import Weights
from collab.learning.records import Effort, HeldOut, HeldOutKind, LessonKind, LessonSet, TrainingSettings
from collab.learning.trainers import MOST_TOKENS, Run, as_chat

_RATES = (1.0, 0.5, 0.25, 1.5)  # of the rate that the settings name
_WIDER = 2
_COMPARED = 70  # of a kind


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


@torch.no_grad()
def _sureness(run: Run, items: Sequence[HeldOut]) -> Iterator[float]:
    """Of each item the probability of a token of the taught answer: the geometric mean, 0 to 1."""
    run.layers.eval()
    most = min(getattr(run.layers.config, "max_position_embeddings", MOST_TOKENS), MOST_TOKENS)
    for item in items:
        if run.cancel.is_set():
            raise TrainingCancelledError
        chat: Any = as_chat(run, item.prompt)
        said: Any = [*chat, {"role": "assistant", "content": item.taught}]
        before = run.tokenizer.apply_chat_template(chat, add_generation_prompt=True, tokenize=False)
        whole = run.tokenizer.apply_chat_template(said, tokenize=False)
        start = len(run.tokenizer(before, add_special_tokens=False)["input_ids"])
        ids = torch.tensor([run.tokenizer(whole, add_special_tokens=False)["input_ids"]], device=run.layers.device)
        ids, start = ids[:, -most:], max(1, start - max(0, ids.shape[1] - most))
        kept = ids.shape[1] - start + 1
        logits = run.layers(input_ids=ids, use_cache=False, logits_to_keep=kept).logits[0, :-1].float()
        yield float(torch.exp(-functional.cross_entropy(logits, ids[0, start:])))
