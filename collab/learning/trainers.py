"""The trainers of TRL as they are used here. Imports torch and trl: for the worker only.

Ours are the order of the examples, the loss of the lessons, which is told task by task, and when a stage ends. They
know no lessons and no folders of adapters.
"""

import json
import math
import shutil
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets
import torch
from peft import PeftModel
from transformers import PreTrainedTokenizerBase, TrainerCallback
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_callback import PrinterCallback
from trl.trainer import dpo_trainer, kto_trainer
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.kto_trainer import KTOTrainer
from trl.trainer.sft_trainer import SFTTrainer

from collab.dialogue.engines.cores import usable_cores
from collab.dialogue.engines.transformers import quiet_transformers
from collab.errors import TrainingCancelledError, TrainingDivergedError
from collab.learning.layers import freeze, is_short
from collab.learning.packing import losses
from collab.learning.records import StepTold, Task, TrainingSettings
from collab.learning.texts import MOST_TOKENS, Text

CHECKPOINT_STEPS = 8

_ROW_TOKENS = 2048  # in one part of an update of lessons, where more parts are allowed

Logs = list[dict[str, float]]
Ends = Callable[[Logs], str | None]


@dataclass(frozen=True, slots=True)
class Run:
    """What the stages of one training share."""

    layers: PeftModel
    tokenizer: PreTrainedTokenizerBase
    settings: TrainingSettings
    told: Callable[[StepTold], None]
    cancel: threading.Event


@dataclass(frozen=True, slots=True)
class StageDone:
    """How a stage ended."""

    stage: str  # "sft", "preference", "unpaired"
    steps: int
    ended: str  # "steps": all were done; "learned": low loss; "likelihood": people's texts became less likely
    losses: dict[str, float]  # of the last update
    seconds: float


class Watch(TrainerCallback):
    """Tells every update, and decides whether it was the last: by the trainer's record, which checkpoints keep."""

    def __init__(self, run: Run, stage: str, ends: Ends) -> None:
        self._run = run
        self._stage = stage
        self._ends = ends
        self._began = time.monotonic()
        self.done = StageDone(stage, 0, "steps", {}, 0.0)

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **_: Any) -> None:
        if not logs or "loss" not in logs:  # the summary at the end
            return
        if not all(math.isfinite(logs.get(key, 0.0)) for key in ("loss", "grad_norm")):
            rate = self._run.settings.learning_rate
            raise TrainingDivergedError(step=state.global_step, steps=state.max_steps, rate=rate)
        losses = {str(task): logs[task] for task in Task if task in logs} or {self._stage: logs["loss"]}
        seconds = time.monotonic() - self._began
        self._run.told(StepTold(self._stage, state.global_step, state.max_steps, losses, seconds))
        ended = self._ends(state.log_history)
        self.done = StageDone(self._stage, state.global_step, ended or "steps", losses, seconds)
        if ended:
            control.should_training_stop = True
        if ended or state.global_step >= state.max_steps:
            control.should_save = False  # there is nothing to go on with


class _Ours:
    """What the trainers of all stages do alike; stands ahead of TRL's class."""

    def __init__(self, *args: Any, run: Run, order: list[list[int]], **kwargs: Any) -> None:
        """`order`: the rows of each update."""
        self.run = run
        self.order = order
        super().__init__(*args, **kwargs)

    def _send_telemetry(self) -> None:
        """TRL tells its makers of every training; this product tells nobody."""

    def create_model_card(self, *_: Any, **__: Any) -> None:
        """A checkpoint needs none."""

    def _get_train_sampler(self, *_: Any) -> list[int]:
        return [place for update in self.order for place in update]

    def compute_ref_log_probs(self, *args: Any) -> Any:
        self._go_on()
        return super().compute_ref_log_probs(*args)  # type: ignore[misc]

    def training_step(self, *args: Any, **kwargs: Any) -> torch.Tensor:
        self._go_on()
        loss: torch.Tensor = super().training_step(*args, **kwargs)  # type: ignore[misc]
        return loss

    def _go_on(self) -> None:
        if self.run.cancel.is_set():
            raise TrainingCancelledError


class LessonTrainer(_Ours, SFTTrainer):  # type: ignore[misc]
    """The loss of an example is the mean over its answer's tokens: a long answer counts no more than a fact."""

    loss_is_scaled_for_ga: Any = True

    def _set_signature_columns_if_needed(self) -> None:
        self._signature_columns: Any = ["place"]

    def compute_loss(self, model: Any, inputs: dict[str, Any], *_: Any, **__: Any) -> torch.Tensor:
        each = losses(model, inputs)
        for task, loss in zip(inputs["tasks"], each.tolist(), strict=True):
            self._metrics["train"][task].append(loss)
        mean: torch.Tensor = each.sum() / len(self.order[0])
        return mean


class PairTrainer(_Ours, DPOTrainer):  # type: ignore[misc]
    """People's texts against those that they replaced."""


class RatedTrainer(_Ours, KTOTrainer):  # type: ignore[misc]
    """Liked answers, and disliked ones."""


def run_trainer(trainer: Any, run: Run, watch: Watch, work: Path) -> StageDone:
    """Trains, from the last checkpoint in `work` if there is one."""
    trainer.remove_callback(PrinterCallback)
    trainer.add_callback(watch)
    freeze(run.layers, run.settings.is_a_frozen)
    trainer.train(resume_from_checkpoint=_has_checkpoint(work))
    return watch.done


def _has_checkpoint(work: Path) -> bool:
    """Drops those of which a part is missing: the trainer's state is written last."""
    for folder in work.glob("checkpoint-*"):
        try:
            json.loads((folder / TRAINER_STATE_NAME).read_bytes())
        except (OSError, ValueError):
            shutil.rmtree(folder)
    return any(work.glob("checkpoint-*"))


def arguments(run: Run, work: Path, steps: int, rate: float, parts: int) -> dict[str, Any]:
    """What all trainers are told alike. Many of TRL's defaults are meant for other machines."""
    settings = run.settings
    on_gpu = torch.cuda.is_available()
    return {
        "output_dir": str(work),
        "max_steps": steps,
        "per_device_train_batch_size": settings.batch // parts,
        "gradient_accumulation_steps": parts,
        "learning_rate": rate,
        "warmup_steps": round(steps * settings.warm_up),
        "lr_scheduler_type": "linear",
        "max_grad_norm": settings.clip,
        "weight_decay": 0.0,
        "seed": settings.seed,
        "max_length": most_tokens(run),
        "logging_steps": 1,
        "logging_nan_inf_filter": False,  # else a loss that is no number is told as the one before
        "save_steps": CHECKPOINT_STEPS,
        "save_total_limit": 1,
        "use_cpu": not on_gpu,
        "bf16": on_gpu and is_short(),
        "fp16": on_gpu and not is_short(),
        "gradient_checkpointing": False,
        "dataloader_pin_memory": on_gpu,
        "report_to": "none",
        "disable_tqdm": True,
    }


def most_tokens(run: Run) -> int:
    """How many tokens of a prompt with its answer are read."""
    return min(getattr(run.layers.config, "max_position_embeddings", MOST_TOKENS), MOST_TOKENS)


def most_parts(settings: TrainingSettings) -> int:
    """In how many parts an update may be computed, all of the same size."""
    return max(_parts(settings))


def fewest_parts(settings: TrainingSettings, texts: Sequence[Text]) -> int:
    """In how many it is computed where its texts are rows: as few as the longest of them allow."""
    longest = sorted((len(text.ids) for text in texts), reverse=True)
    fitting = (parts for parts in _parts(settings) if sum(longest[: settings.batch // parts]) <= _ROW_TOKENS)
    return next(fitting, most_parts(settings))


def _parts(settings: TrainingSettings) -> list[int]:
    return [parts for parts in range(1, settings.accumulation + 1) if settings.batch % parts == 0]


@contextmanager
def every_core() -> Iterator[None]:
    """Computes on all of them, although the models that find questions have asked for one."""
    others = torch.get_num_threads()
    torch.set_num_threads(usable_cores())
    try:
        yield
    finally:
        torch.set_num_threads(others)


@contextmanager
def quiet() -> Iterator[None]:
    """No bars and no advice in the worker's log: we tell the progress ourselves."""
    modules: list[Any] = [dpo_trainer, kto_trainer]
    bars = [module.tqdm for module in modules]
    for module in modules:
        module.tqdm = lambda iterable, **_: iterable
    datasets.disable_progress_bars()
    try:
        with quiet_transformers(), warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)  # TRL and transformers disagree on a name
            yield
    finally:
        datasets.enable_progress_bars()
        for module, bar in zip(modules, bars, strict=True):
            module.tqdm = bar
