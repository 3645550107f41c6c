"""A pair of questions becomes two numbers: do they ask the same, and is it the same request in the wide sense?

A BERT that reads both at once, with low-rank additions to its linear layers and a small head on top. Used by training
and by `askedness.py`; it knows no data and no file but the packaged encoder's.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from tokenizers import Tokenizer
from torch import Tensor, nn

from knowledge.bert import Bert

RANK = 16
SCALE = 2.0
HEADS = 2  # strictly the same question; the same request in the wide sense
LONGEST = 64  # tokens of a pair


class LowRank(nn.Module):
    """A frozen linear layer with a trainable product of two thin matrices beside it (LoRA, arXiv 2106.09685)."""

    def __init__(self, frozen: nn.Linear) -> None:
        super().__init__()
        self.frozen = frozen
        self.down = nn.Parameter(torch.randn(RANK, frozen.in_features) / frozen.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(frozen.out_features, RANK))

    def forward(self, x: Tensor) -> Tensor:
        """The frozen layer's output and the low-rank addition to it."""
        added: Tensor = self.frozen(x) + (x @ self.down.T.to(x.dtype) @ self.up.T.to(x.dtype)) * SCALE
        return added


class PairNetwork(nn.Module):
    """Encoder and head, to be trained."""

    def __init__(self, base: Path) -> None:
        from transformers import BertModel  # training alone needs it, and it takes seconds

        super().__init__()
        self.bert = BertModel.from_pretrained(base, local_files_only=True)
        self.bert.pooler = None  # read with the rest, or transformers reports that it is left over
        for parameter in self.bert.parameters():
            parameter.requires_grad_(False)
        for parent, name, layer in _linear_layers(self.bert.encoder):
            setattr(parent, name, LowRank(layer))
        width = self.bert.config.hidden_size
        self.head = head(width)
        self.slope = nn.Parameter(torch.full((HEADS,), 8.0))  # it starts as what it is made from: a cosine
        self.middle = nn.Parameter(torch.full((HEADS,), 0.7))

    def forward(self, batch: "Batch") -> Tensor:
        """One row of logits for each pair  # (pairs, 2)."""
        return compared(self.states(batch), batch, self.head, self.slope, self.middle)

    def states(self, batch: "Batch") -> Tensor:
        """The last hidden states of single texts or of pairs, in full precision  # (texts, tokens, dims)."""
        read = self.bert(input_ids=batch.ids, token_type_ids=batch.second.long(), attention_mask=batch.mask)
        states: Tensor = read.last_hidden_state.float()
        return states

    def halve(self) -> None:
        """Computes the encoder in bfloat16: several times as fast where the processor has matrix units for it.

        What is still to be trained keeps full precision.
        """
        for parameter in self.bert.parameters():
            if not parameter.requires_grad:
                parameter.data = parameter.data.to(torch.bfloat16)

    def learned_before(self, weights: Path) -> None:
        """Takes over what an earlier training changed."""
        self.load_state_dict({name: value.float() for name, value in load_file(weights).items()}, strict=False)

    def trained(self) -> dict[str, Tensor]:
        """What training changes, by name: a megabyte or two."""
        return {name: value.detach() for name, value in self.named_parameters() if value.requires_grad}


@dataclass(frozen=True, slots=True)
class Batch:
    """Pairs as padded tokens  # each (pairs, tokens); `second` marks those of the second question."""

    ids: Tensor
    second: Tensor
    mask: Tensor


def batch_of(tokenizer: Tokenizer, texts: Sequence[tuple[str, str]] | Sequence[str]) -> Batch:
    """Pairs or single texts as one batch; what is longer than 64 tokens is cut off."""
    read = tokenizer.encode_batch(list(texts))
    longest = max(len(one.ids) for one in read)
    ids, second, mask = (torch.zeros(len(read), longest, dtype=torch.long) for _ in range(3))
    for row, one in enumerate(read):
        ids[row, : len(one.ids)] = torch.tensor(one.ids)
        second[row, : len(one.ids)] = torch.tensor(one.type_ids)
        mask[row, : len(one.ids)] = 1
    return Batch(ids, second.bool(), mask.bool())


def head(width: int) -> nn.Sequential:
    """What sees the mean of each question's tokens, their product and their distance, and the pair as a whole."""
    return nn.Sequential(nn.Linear(3 * width, 64), nn.GELU(), nn.Linear(64, HEADS))


def compared(states: Tensor, batch: Batch, head: nn.Sequential, slope: Tensor, middle: Tensor) -> Tensor:
    """The logits of pairs whose last hidden states are given  # (pairs, 2)."""
    first = mean(states, batch.mask & ~batch.second)
    second = mean(states, batch.mask & batch.second)
    product, width = first * second, first.shape[-1]
    seen = torch.cat([product * width, (first - second).abs() * width**0.5, states[:, 0]], dim=-1)
    cosine = product.sum(-1, keepdim=True)
    logits: Tensor = head(seen) + slope * (cosine - middle)
    return logits


class PairReader:
    """What was trained, ready to read pairs: the low-rank additions are in the encoder's own weights."""

    def __init__(self, base: Path, weights: Path) -> None:
        learned = {name: value.float() for name, value in load_file(weights).items()}
        encoder = load_file(base / "model.safetensors")
        for down in (name for name in learned if name.endswith(".down")):
            layer = down.removesuffix(".down")
            weight = f"{layer.removeprefix('bert.')}.weight"
            encoder[weight] = encoder[weight] + learned[f"{layer}.up"] @ learned[down] * SCALE
        config = json.loads((base / "config.json").read_text("utf-8"))
        self._bert = Bert(encoder, config)
        self._head = head(config["hidden_size"])
        self._head.load_state_dict({name[5:]: value for name, value in learned.items() if name.startswith("head.")})
        self._slope, self._middle = learned["slope"], learned["middle"]

    def logits(self, batch: Batch) -> Tensor:
        """One row for each pair  # (pairs, 2)."""
        with torch.inference_mode():
            states = self._bert.states(batch.ids, batch.mask, batch.second)
            return compared(states, batch, self._head, self._slope, self._middle)


def pair_tokenizer(base: Path) -> Tokenizer:
    """The encoder's own tokenizer, for pairs."""
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.enable_truncation(LONGEST)
    tokenizer.no_padding()
    return tokenizer


def mean(states: Tensor, mask: Tensor) -> Tensor:
    """The unit mean of the tokens that are marked  # (texts, dims)."""
    weights = mask.unsqueeze(-1).to(states.dtype)
    return nn.functional.normalize((states * weights).sum(1) / weights.sum(1), dim=-1)


def _linear_layers(module: nn.Module) -> list[tuple[nn.Module, str, nn.Linear]]:
    return [
        (parent, name, child)
        for parent in module.modules()
        for name, child in parent.named_children()
        if isinstance(child, nn.Linear)
    ]
