"""One training from lessons to the folder of an adapter. Knows the order of the stages, the rounds in which a thorough
one finds its settings, and what a crash leaves.

A training that was ended from outside goes on where its last checkpoint stands, if it is started again with the same
lessons, settings and models. It knows no rows, no gate and no engine; torch is imported when it begins.
"""

import hashlib
import json
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from collab.dialogue.engines.lora_gguf import adapter_name
from collab.errors import NothingToTrainError, TrainingCancelledError, TrainingDivergedError
from collab.learning import adapter_files
from collab.learning.records import Judged, LessonSet, StepTold, TrainingSettings

if TYPE_CHECKING:
    from collab.learning.trainers import Run, StageDone

LEAST_PAIRS = 16
LEAST_JUDGED = 32
LEAST_OF_EACH = 8
"""Liked answers, and disliked ones."""

_DONE = "done.json"


@dataclass(frozen=True, slots=True)
class Trained:
    """An adapter, and how it came about."""

    folder: Path
    settings: TrainingSettings  # of a thorough run, those that were found to be the best
    is_from_live: bool  # its B began as the live adapter's
    stages: "tuple[StageDone, ...]"


def train(
    lesson_set: LessonSet,
    base: Path,
    live: Path | None,
    out: Path,
    settings: TrainingSettings,
    told: Callable[[StepTold], None],
    cancel: threading.Event,
) -> Trained:
    """Trains an adapter for the model in `base` and writes it to `out`, whole or not at all.

    Checkpoints stand beside `out` until it is done. Raises NothingToTrainError, TrainingDivergedError and, after
    `cancel`, within one update, TrainingCancelledError; these leave nothing behind. What else is raised leaves the
    checkpoints. A live adapter that cannot be read raises AdapterDamagedError.
    """
    if not lesson_set.examples:
        raise NothingToTrainError
    work = out.parent / f".training-{out.name}"
    _begin(work, _identity(lesson_set, base, live, settings))
    try:
        trained = _train(lesson_set, base, live, out, settings, told, cancel, work)
    except (TrainingCancelledError, TrainingDivergedError):
        shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(work, ignore_errors=True)
    return trained


def _train(
    lesson_set: LessonSet,
    base: Path,
    live: Path | None,
    out: Path,
    settings: TrainingSettings,
    told: Callable[[StepTold], None],
    cancel: threading.Event,
    work: Path,
) -> Trained:
    from collab.learning import layers, stages
    from collab.learning.trainers import every_core, quiet

    with quiet(), every_core():
        run, learned, is_from_live = _learned(lesson_set, base, live, settings, told, cancel, work)
        done = [learned]
        if len(lesson_set.pairs) >= LEAST_PAIRS:
            done.append(_stage(run, base, work / "preference", lambda at: stages.prefer(run, lesson_set.pairs, at)))
        if is_enough(lesson_set.judged):
            done.append(_stage(run, base, work / "unpaired", lambda at: stages.judge(run, lesson_set.judged, at)))
    if cancel.is_set():
        raise TrainingCancelledError
    layers.check_finite(run.layers, done[-1].steps, settings)
    _save(run, base, out)
    return Trained(out, run.settings, is_from_live, tuple(done))


def _learned(
    lesson_set: LessonSet,
    base: Path,
    live: Path | None,
    settings: TrainingSettings,
    told: Callable[[StepTold], None],
    cancel: threading.Event,
    work: Path,
) -> "tuple[Run, StageDone, bool]":
    """The model with its lessons, by the settings that are left in the end, and whether it began as the live one."""
    from collab.learning import halving, layers, stages
    from collab.learning.trainers import Run

    items = [item for item in lesson_set.held_out if not item.is_for_verdict]
    trials = halving.trials(settings, has_live=live is not None) if items else [halving.Trial(settings)]
    plan = halving.rounds(len(trials), settings.steps)
    count, before = sum(one.trials * one.steps for one in plan), 0
    model, tokenizer = layers.load(base)

    def shifted(step: StepTold) -> None:
        told(replace(step, step=before + step.step, steps=count))

    for number, one in enumerate(plan):
        tried, diverged = [], None
        for place, trial in enumerate(trials):
            with_layers, is_from_live = layers.with_layers(model, trial.settings, live)
            if trial.weights is not None:
                layers.put(with_layers, trial.weights)
            now = replace(trial.settings, steps=one.steps, seed=settings.seed + number)
            run = Run(with_layers, tokenizer, now, shifted, cancel)
            at = work / f"sft-{number}-{place}"
            try:
                done = _stage(run, base, at, partial(stages.learn_lessons, run, lesson_set.examples))
            except TrainingDivergedError as error:
                diverged = error
            else:
                if one is plan[-1]:
                    return replace(run, settings=replace(trial.settings, steps=count), told=told), done, is_from_live
                sure = halving.score(run, items)
                tried.append(replace(trial, weights=layers.weights_of(with_layers), score=sure))
            before += one.steps
            model = with_layers.unload()
        if diverged and not tried:
            raise diverged
        trials = halving.better_half(tried)
    raise AssertionError("the last round trains one, or has diverged")


def is_enough(judged: Sequence[Judged]) -> bool:
    """Whether so many ratings, on both sides, can be learned from."""
    liked = sum(one.is_liked for one in judged)
    return len(judged) >= LEAST_JUDGED and min(liked, len(judged) - liked) >= LEAST_OF_EACH


def _stage(run: "Run", base: Path, work: Path, does: "Callable[[Path], StageDone]") -> "StageDone":
    """Does a stage, or takes its result from where a training that was ended later has left it."""
    from collab.learning import layers
    from collab.learning.trainers import StageDone

    result = work / "result"
    if (result / _DONE).is_file():
        layers.put(run.layers, adapter_files.read(result)[0])
        return StageDone(**json.loads((result / _DONE).read_text(encoding="utf-8")))
    done = does(work)
    adapter_files.save(
        layers.weights_of(run.layers), layers.config_of(run.layers, base), adapter_files.base_of(base), result
    )
    (result / _DONE).write_text(json.dumps(asdict(done)), encoding="utf-8")
    return done


def _save(run: "Run", base: Path, out: Path) -> None:
    from collab.learning import layers

    config = layers.config_of(run.layers, base)
    adapter_files.save(layers.weights_of(run.layers), config, adapter_files.base_of(base), out)


def _begin(work: Path, identity: str) -> None:
    """Keeps what an earlier start of the same training has left, and no other's."""
    mark = work / "identity"
    if not mark.is_file() or mark.read_text(encoding="utf-8") != identity:
        shutil.rmtree(work, ignore_errors=True)
        work.mkdir(parents=True)
        mark.write_text(identity, encoding="utf-8")


def _identity(lesson_set: LessonSet, base: Path, live: Path | None, settings: TrainingSettings) -> str:
    """A hash of all that the result depends on."""
    items = (lesson_set.examples, lesson_set.pairs, lesson_set.judged, lesson_set.held_out)
    parts: dict[str, Any] = {
        "items": [[asdict(cast(Any, item)) for item in some] for some in items],
        "settings": asdict(settings),
        "base": asdict(adapter_files.base_of(base)),
        "live": adapter_name(live) if live else None,
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
