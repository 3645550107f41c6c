"""Trains the model of `askedness.py` from public sets and our own templates, and writes it down.

    python -m collab scope train --data FOLDER

FOLDER holds, anywhere below it, `pararel.jsonl` and `clinc150.json`; subjects of a `relations_dev.jsonl` that is there
are left out. Two cores take some minutes.
"""

import random
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from knowledge.scope.network import PairNetwork, batch_of, mean, pair_tokenizer
from knowledge.scope.training.pairs import UNKNOWN, Encode, Pair

BATCH = 32
RATE = 1e-3
WARM_UP = 0.06

Told = Callable[[str], None]


def train(
    base: Path, pairs: Sequence[Pair], seed: int, told: Told = lambda line: None, start: Path | None = None
) -> dict[str, Tensor]:
    """One pass over the pairs, from earlier weights where given; what was learned, by name, in half precision."""
    torch.manual_seed(seed)
    network = PairNetwork(base)
    if start is not None:
        network.learned_before(start)
    network.halve()
    tokenizer = pair_tokenizer(base)
    batches = _batches(pairs, seed)
    parameters = [p for p in network.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, RATE, total_steps=len(batches), pct_start=WARM_UP, anneal_strategy="linear"
    )
    started, recent = time.monotonic(), 0.0
    for step, some in enumerate(batches, start=1):
        wanted = torch.tensor([[pair.same, pair.wide] for pair in some], dtype=torch.float32)
        logits = network(batch_of(tokenizer, [(pair.first, pair.second) for pair in some])).float()
        losses = binary_cross_entropy_with_logits(logits, wanted.clamp(min=0), reduction="none")
        loss = losses[wanted != UNKNOWN].mean()
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        optimiser.step()
        schedule.step()
        recent = 0.98 * recent + 0.02 * loss.item() if step > 1 else loss.item()
        if step % 50 == 0:
            told(f"step {step} of {len(batches)}, loss {recent:.3f}, {time.monotonic() - started:.0f} s")
    return {name: value.to(torch.float16).contiguous() for name, value in network.trained().items()}


def encoder(base: Path) -> Encode:
    """The packaged encoder in half precision, many times as fast as in full: likeness for the recipe only."""
    network, tokenizer = PairNetwork(base), pair_tokenizer(base)
    network.halve()

    def encode(texts: Sequence[str]) -> NDArray[np.float32]:
        rows = []
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                batch = batch_of(tokenizer, texts[start : start + BATCH])
                rows.append(mean(network.states(batch), batch.mask))
        return torch.cat(rows).float().numpy()

    return encode


def _batches(pairs: Sequence[Pair], seed: int) -> list[list[Pair]]:
    """Pairs of about the same length together, in random order."""
    shuffler = random.Random(seed)
    by_length = sorted(pairs, key=lambda pair: len(pair.first) + len(pair.second) + shuffler.random() * 20)
    batches = [list(by_length[start : start + BATCH]) for start in range(0, len(by_length), BATCH)]
    shuffler.shuffle(batches)
    return batches


def save(learned: dict[str, Tensor], path: Path) -> None:
    """Writes the weights."""
    save_file(learned, path)
