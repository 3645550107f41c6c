"""The three stages of a training: lessons, pairs, rated answers. Imports torch and trl: for the worker only.

Each turns its items into rows for its trainer and says when it has learned enough. They know no folders of adapters.
"""

import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from datasets import Dataset
from trl.trainer.dpo_config import DPOConfig
from trl.trainer.kto_config import KTOConfig
from trl.trainer.sft_config import SFTConfig

from collab.dialogue.engines import Message
from collab.learning.batches import TAUGHT, batches, taught_per_update
from collab.learning.packing import keeps_apart, packed
from collab.learning.records import Example, Judged, Pair
from collab.learning.texts import as_chat, text_of
from collab.learning.trainers import (
    Ends,
    LessonTrainer,
    Logs,
    PairTrainer,
    RatedTrainer,
    Run,
    StageDone,
    Watch,
    arguments,
    fewest_parts,
    most_parts,
    most_tokens,
    run_trainer,
)

PASSES = 2
"""How often pairs and rated answers are gone through."""
GENTLER = 0.1
"""Their learning rate, as a share of the one of the lessons."""

_LOST = 4  # updates over which the likelihood of people's texts is judged


def learn_lessons(run: Run, examples: Sequence[Example], work: Path) -> StageDone:
    """Trains on the texts of lessons, among those that keep the model as it is, until the answers are learned."""
    settings, most = run.settings, most_tokens(run)
    texts = [text_of(run.tokenizer, example.prompt, example.completion, most) for example in examples]
    parts = fewest_parts(settings, texts) if keeps_apart(run.layers, texts[0], texts[-1]) else settings.batch

    def collate(rows: list[dict[str, Any]]) -> dict[str, Any]:
        row = packed([texts[row["place"]] for row in rows], run.layers.dtype)
        return {**row, "tasks": [str(examples[row["place"]].task) for row in rows]}

    rows = [{"place": place} for place in range(len(examples))]
    order = batches(examples, settings.steps, settings.batch, settings.seed)
    common = arguments(run, work, settings.steps, settings.learning_rate, parts)
    config = SFTConfig(**common, dataset_kwargs={"skip_prepare_dataset": True})
    trainer = LessonTrainer(run.layers, config, data_collator=collate, **_given(run, rows, order))
    window = _pass(run, examples)
    ends = Watch(run, "sft", lambda logs: learned(logs, window, settings.stop_loss))
    return run_trainer(trainer, run, ends, work)


def prefer(run: Run, pairs: Sequence[Pair], work: Path) -> StageDone:
    """Trains on pairs, until people's own texts become less likely than before.

    Edits are close to what they replace, so that both can sink together (Smaug, arXiv 2402.13228).
    """
    rows = [
        {"prompt": as_chat(run.tokenizer, p.prompt), "chosen": _said(p.chosen), "rejected": _said(p.rejected)}
        for p in pairs
    ]
    return _compare(run, rows, work, "preference", sunk)


def sunk(logs: Logs) -> str | None:
    """Whether people's own texts have become less likely, over the last four updates, than before the stage."""
    last = [log["rewards/chosen"] for log in logs[-_LOST:]]  # 0 is the likelihood before it
    return "likelihood" if len(last) == _LOST and sum(last) < 0 else None


def judge(run: Run, judged: Sequence[Judged], work: Path) -> StageDone:
    """Trains on single answers that people liked or disliked."""
    rows = [
        {"prompt": as_chat(run.tokenizer, j.prompt), "completion": _said(j.completion), "label": j.is_liked}
        for j in judged
    ]
    return _compare(run, rows, work, "unpaired", lambda logs: None)


def learned(logs: Logs, window: int, low: float) -> str | None:
    """Whether over the last updates the mean loss of each kind of lesson was low: facts take longer than a style."""
    last = [[log[task] for log in logs[-window:] if task in log] for task in TAUGHT]
    means = [sum(found) / len(found) for found in last if found]
    return "learned" if len(logs) >= window and means and max(means) <= low else None


def _pass(run: Run, examples: Sequence[Example]) -> int:
    """How many updates one pass through the lessons takes, about."""
    each = max(1, taught_per_update(examples, run.settings.batch))
    return min(16, max(4, math.ceil(sum(example.task in TAUGHT for example in examples) / each)))


def _compare(run: Run, rows: list[dict[str, Any]], work: Path, stage: str, ends: Ends) -> StageDone:
    """Both stages that compare with the model as the stage before has left it."""
    size = run.settings.batch
    steps = math.ceil(len(rows) * PASSES / size)
    common = arguments(run, work, steps, run.settings.learning_rate * GENTLER, most_parts(run.settings))
    common["precompute_ref_log_probs"] = True
    given = _given(run, rows, _shuffled(len(rows), steps, size, run.settings.seed))
    trainer: PairTrainer | RatedTrainer
    if stage == "preference":
        trainer = PairTrainer(run.layers, None, DPOConfig(**common, loss_type=["sigmoid", "sft"]), **given)
    else:
        trainer = RatedTrainer(run.layers, None, KTOConfig(**common, loss_type="apo_zero_unpaired"), **given)
    run.layers.delete_adapter("ref")  # what it says has been noted for every row
    return run_trainer(trainer, run, Watch(run, stage, ends), work)


def _given(run: Run, rows: list[dict[str, Any]], order: list[list[int]]) -> dict[str, Any]:
    data = Dataset.from_list(rows)
    return {"train_dataset": data, "processing_class": run.tokenizer, "run": run, "order": order}


def _shuffled(rows: int, updates: int, size: int, seed: int) -> list[list[int]]:
    shuffle = random.Random(seed)
    places = [place for _ in range(PASSES + 1 + updates * size // rows) for place in shuffle.sample(range(rows), rows)]
    return [places[n * size : (n + 1) * size] for n in range(updates)]


def _said(text: str) -> list[Message]:
    return [{"role": "assistant", "content": text}]
