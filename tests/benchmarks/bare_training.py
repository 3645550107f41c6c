"""A plain loop of torch and PEFT, as the peer of our training: the same model, layers, texts and size of an update.

It has no checkpoints, no tasks, no log and no early end, pads each update to its longest text, and computes the logits
of whole texts as `labels` of transformers do.
"""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, get_peft_model
from torch.nn.utils.rnn import pad_sequence

from collab.dialogue.engines.cores import usable_cores
from collab.learning import layers
from collab.learning.records import Example, TrainingSettings

WARM = 2  # updates before the clock is read


def examples_per_second(base: Path, examples: Sequence[Example], order: Sequence[Sequence[int]]) -> float:
    """How many examples a second it trains on, in the updates of `order` after the first two."""
    settings = TrainingSettings()
    torch.set_num_threads(usable_cores())
    model, tokenizer = layers.load(base)
    config = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, target_modules="all-linear", task_type="CAUSAL_LM")
    trained: Any = get_peft_model(model, config)
    for name, weight in trained.named_parameters():
        weight.requires_grad = ".lora_B." in name
    trained.train()
    optimizer = torch.optim.AdamW([one for one in trained.parameters() if one.requires_grad], settings.learning_rate)
    rows = [_row(tokenizer, example) for example in examples]
    began = done = 0.0
    for number, update in enumerate(order):
        if number == WARM:
            began, done = time.perf_counter(), 0
        ids = pad_sequence([rows[n][0] for n in update], batch_first=True, padding_value=tokenizer.pad_token_id)
        labels = pad_sequence([rows[n][1] for n in update], batch_first=True, padding_value=-100)
        mask = pad_sequence([torch.ones_like(rows[n][0]) for n in update], batch_first=True)
        trained(input_ids=ids, labels=labels, attention_mask=mask).loss.backward()
        torch.nn.utils.clip_grad_norm_(trained.parameters(), settings.clip)
        optimizer.step()
        optimizer.zero_grad()
        done += len(update)
    return done / (time.perf_counter() - began)


def _row(tokenizer: Any, example: Example) -> tuple[torch.Tensor, torch.Tensor]:
    """The text and what of it is learned, in tokens."""
    before = tokenizer.apply_chat_template(list(example.prompt), add_generation_prompt=True, tokenize=False)
    start = tokenizer(before, add_special_tokens=False)["input_ids"]
    end = tokenizer(example.completion + tokenizer.eos_token, add_special_tokens=False)["input_ids"]
    return torch.tensor(start + end), torch.tensor([-100] * len(start) + end)
