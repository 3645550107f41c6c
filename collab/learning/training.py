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
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from collab.dialogue.engines.lora_gguf import adapter_name
from collab.errors import NothingToTrainError, TrainingCancelledError, TrainingDivergedError
from collab.learning import adapter_files
from collab.learning.records import Judged, LessonSet, StepTold, TrainingSettings

if TYPE_CHECKING:
    from collab.learning.halving import Round, Trial
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
    settled: Callable[[TrainingSettings], None] = lambda settings: None,
) -> Trained:
    """Trains an adapter for the model in `base` and writes it to `out`, whole or not at all. `settled` hears with what
    settings, before there is anything in `out`.

    Checkpoints stand beside `out` until it is done. Raises NothingToTrainError, TrainingDivergedError and, after
    `cancel`, within one update, TrainingCancelledError; these leave nothing behind. What else is raised leaves the
    checkpoints. A live adapter that cannot be read raises AdapterDamagedError.
    """
    if not lesson_set.examples:
        raise NothingToTrainError
    work = out.parent / f".training-{out.name}"
    _begin(work, _identity(lesson_set, base, live, settings))
    job = _Job(lesson_set, base, live, _as_live(settings, live), told, cancel, work)
    try:
        trained = _train(job, out, settled)
    except (TrainingCancelledError, TrainingDivergedError):
        shutil.rmtree(work, ignore_errors=True)
        raise
    shutil.rmtree(work, ignore_errors=True)
    return trained


@dataclass(frozen=True, slots=True)
class _Job:
    """What is to be trained, and where its checkpoints stand."""

    lesson_set: LessonSet
    base: Path
    live: Path | None
    settings: TrainingSettings
    told: Callable[[StepTold], None]
    cancel: threading.Event
    work: Path


def _as_live(settings: TrainingSettings, live: Path | None) -> TrainingSettings:
    """With the rank and scale of the live adapter, from which only one of the same size goes on, unless another rank
    than the usual one was asked for.
    """
    if live is None or settings.rank != TrainingSettings().rank:
        return settings
    config = adapter_files.read(live)[1]
    return replace(
        settings,
        rank=int(config["r"]),
        alpha=int(config["lora_alpha"]),
        is_rank_stabilised=bool(config.get("use_rslora")),
    )


def _train(job: _Job, out: Path, settled: Callable[[TrainingSettings], None]) -> Trained:
    from collab.learning import layers, stages
    from collab.learning.trainers import every_core, quiet

    pairs, judged = job.lesson_set.pairs, job.lesson_set.judged
    with quiet(), every_core():
        run, learned, is_from_live = _learned(job)
        settled(run.settings)
        done = [learned]
        if len(pairs) >= LEAST_PAIRS:
            done.append(_stage(run, job, "preference", lambda at: stages.prefer(run, pairs, at)))
        if is_enough(judged):
            done.append(_stage(run, job, "unpaired", lambda at: stages.judge(run, judged, at)))
    if job.cancel.is_set():
        raise TrainingCancelledError
    layers.check_finite(run.layers, done[-1].steps, run.settings)
    _save(run, job.base, out)
    return Trained(out, run.settings, is_from_live, tuple(done))


def _learned(job: _Job) -> "tuple[Run, StageDone, bool]":
    """The model with its lessons, by the settings that are left in the end, and whether it began as the live one."""
    from collab.learning import halving, layers

    items = halving.compared(job.lesson_set, job.settings.seed)
    trials = halving.trials(job.settings, has_live=job.live is not None) if items else [halving.Trial(job.settings)]
    plan = halving.rounds(len(trials), job.settings.steps)
    model, tokenizer = layers.load(job.base)
    for number in range(len(plan) - 1):
        tried, diverged = [], None
        for place, trial in enumerate(trials):
            run, _ = _begun(job, model, tokenizer, trial, plan, (number, place))
            try:
                _taught(run, job, number)
                sure = halving.score(run, items)
            except TrainingDivergedError as error:
                diverged = error
            else:
                tried.append(replace(trial, weights=layers.weights_of(run.layers), score=sure))
            model = run.layers.unload()
        if diverged and not tried:
            raise diverged
        trials = halving.better_half(tried)
    last = len(plan) - 1
    run, is_from_live = _begun(job, model, tokenizer, trials[0], plan, (last, 0))
    done = _taught(run, job, last)
    return replace(run, settings=trials[0].settings, told=job.told), done, is_from_live


def _begun(
    job: _Job, model: Any, tokenizer: Any, trial: "Trial", plan: "Sequence[Round]", at: tuple[int, int]
) -> "tuple[Run, bool]":
    """What trains one of the settings in a round, and whether it began as the live adapter. `at`: the number of the
    round, and of those in it. Updates are told as if all rounds were one line.
    """
    from collab.learning import layers
    from collab.learning.trainers import Run

    (number, place), steps = at, plan[at[0]].steps
    before = sum(one.trials * one.steps for one in plan[:number]) + place * steps
    count = sum(one.trials * one.steps for one in plan)
    with_layers, is_from_live = layers.with_layers(model, trial.settings, job.live)
    if trial.weights is not None:
        layers.put(with_layers, trial.weights)

    def told(step: StepTold) -> None:
        job.told(replace(step, step=before + step.step, steps=count))

    settings = replace(trial.settings, steps=steps, seed=job.settings.seed + number)
    return Run(with_layers, tokenizer, settings, told, job.cancel), is_from_live


def _taught(run: "Run", job: _Job, number: int) -> "StageDone":
    """Learns the lessons in a round. Its place tells the settings: who was the better may come out otherwise later."""
    from collab.learning import stages

    place = f"sft-{number}-{run.settings.rank}-{run.settings.learning_rate:g}"
    return _stage(run, job, place, lambda at: stages.learn_lessons(run, job.lesson_set.examples, at))


def is_enough(judged: Sequence[Judged]) -> bool:
    """Whether so many ratings, on both sides, can be learned from."""
    liked = sum(one.is_liked for one in judged)
    return len(judged) >= LEAST_JUDGED and min(liked, len(judged) - liked) >= LEAST_OF_EACH


def _stage(run: "Run", job: _Job, place: str, does: "Callable[[Path], StageDone]") -> "StageDone":
    """Does a stage, or takes its result from where a training that was ended later has left it."""
    from collab.learning import layers
    from collab.learning.trainers import StageDone

    work = job.work / place
    result = work / "result"
    if (result / _DONE).is_file():
        layers.put(run.layers, adapter_files.read(result)[0])
        return StageDone(**json.loads((result / _DONE).read_text(encoding="utf-8")))
    done = does(work)
    _save(run, job.base, result)
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
