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
from typing import Any, cast

import datasets
import torch
from jinja2 import TemplateError
from peft import PeftModel
from torch.nn import functional
from transformers import PreTrainedTokenizerBase, TrainerCallback
from transformers.trainer import TRAINER_STATE_NAME
from transformers.trainer_callback import PrinterCallback
from trl.trainer import dpo_trainer, kto_trainer
from trl.trainer.dpo_trainer import DPOTrainer
from trl.trainer.kto_trainer import KTOTrainer
from trl.trainer.sft_trainer import SFTTrainer

from collab.dialogue.engines import Message
from collab.dialogue.engines.context import without_instructions
from collab.dialogue.engines.cores import usable_cores
from collab.dialogue.engines.transformers import quiet_transformers
from collab.errors import TrainingCancelledError, TrainingDivergedError
from collab.learning.layers import freeze, is_short
from collab.learning.records import StepTold, Task, TrainingSettings

IGNORED = -100
MOST_TOKENS = 1024
"""Of a prompt with its answer; what is longer is cut."""
CHECKPOINT_STEPS = 8

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
        self._signature_columns: Any = ["input_ids", "labels", "task"]

    def compute_loss(self, model: Any, inputs: dict[str, Any], *_: Any, **__: Any) -> torch.Tensor:
        tasks, labels = inputs.pop("tasks"), inputs.pop("labels")[:, 1:]
        kept = (labels != IGNORED).any(dim=0).nonzero()[:, 0]  # the vocabulary is large, and prompts need no logits
        labels = labels[:, kept]
        logits = model(**inputs, use_cache=False, logits_to_keep=kept).logits.float()  # (examples, kept, vocabulary)
        losses = functional.cross_entropy(
            logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="none"
        )
        each = losses.view(labels.shape).sum(dim=1) / (labels != IGNORED).sum(dim=1).clamp(min=1)
        for task, loss in zip(tasks, each.tolist(), strict=True):
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


def arguments(run: Run, work: Path, steps: int, rate: float) -> dict[str, Any]:
    """What all trainers are told alike. Many of TRL's defaults are meant for other machines."""
    settings = run.settings
    parts = _parts(settings)
    on_gpu = torch.cuda.is_available()
    return {
        "output_dir": str(work),
        "max_steps": steps,
        "per_device_train_batch_size": update_size(settings) // parts,
        "gradient_accumulation_steps": parts,
        "learning_rate": rate,
        "warmup_steps": round(steps * settings.warm_up),
        "lr_scheduler_type": "linear",
        "max_grad_norm": settings.clip,
        "weight_decay": 0.0,
        "seed": settings.seed,
        "max_length": min(getattr(run.layers.config, "max_position_embeddings", MOST_TOKENS), MOST_TOKENS),
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


def update_size(settings: TrainingSettings) -> int:
    """How many examples an update has: as many in each of its parts."""
    parts = _parts(settings)
    return math.ceil(settings.batch / parts) * parts


def _parts(settings: TrainingSettings) -> int:
    return max(1, min(settings.accumulation, settings.batch))


def as_chat(run: Run, prompt: Sequence[Message]) -> list[Message]:
    """The prompt in the form in which the engine gives it to this model: some templates know no instructions."""
    chat = [cast(Message, {**message}) for message in prompt]
    try:
        run.tokenizer.apply_chat_template(cast(Any, chat), tokenize=False)
    except TemplateError:
        return without_instructions(chat)
    return chat


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
