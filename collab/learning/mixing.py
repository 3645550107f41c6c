"""The arithmetic between two adapters. Knows tensors under PEFT's names; knows no files.

A LoRA changes a weight by k B A. The mean of two such changes is not the product of the means, unless A is the same.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    Weights = dict[str, torch.Tensor]
    Adapter = tuple[Weights, Mapping[str, Any]]

_A, _B = ".lora_A.", ".lora_B."


def mixed(live: "Adapter | None", candidate: "Adapter", strength: float) -> "Weights":
    """Weights for the candidate's settings. `live` is none where the base model is meant."""
    new, config = candidate
    if live is None:
        return {key: value * strength if _B in key else value for key, value in new.items()}
    old, old_config = live
    ratio = scale(old_config) / scale(config)
    if has_same_a(old, new):
        return {key: _between(old[key] * ratio, new[key], strength) if _B in key else new[key] for key in new}
    found: Weights = {}
    for key in sorted({*new, *old}):
        if _A in key:
            found |= _product(key, old, new, (1 - strength) * ratio, strength, int(config["r"]))
    return found


def scale(config: Mapping[str, Any]) -> float:
    """What the product B A is multiplied by."""
    rank, alpha = int(config["r"]), float(config["lora_alpha"])
    return alpha / rank**0.5 if config.get("use_rslora") else alpha / rank


def has_same_a(old: "Weights", new: "Weights") -> bool:
    """Whether both read the same directions, in the same places."""
    import torch

    return old.keys() == new.keys() and all(torch.equal(old[key], new[key]) for key in new if _A in key)


def _between(old: "torch.Tensor", new: "torch.Tensor", strength: float) -> "torch.Tensor":
    """Between the two, in their own precision."""
    return (old.double() * (1 - strength) + new.double() * strength).to(new.dtype)


def _product(key: str, old: "Weights", new: "Weights", share: float, strength: float, rank: int) -> "Weights":
    """The nearest product of `rank` to the mean of two: the largest singular values of the sum, without making it."""
    import torch

    halves = [
        (weights[key.replace(_A, _B)].double() * factor, weights[key].double())
        for weights, factor in ((old, share), (new, strength))
        if key in weights
    ]
    b, a = torch.cat([half[0] for half in halves], dim=1), torch.cat([half[1] for half in halves], dim=0)
    left, small_b = torch.linalg.qr(b)  # (out, 2 rank)
    right, small_a = torch.linalg.qr(a.T)  # (in, 2 rank)
    u, sizes, v = torch.linalg.svd(small_b @ small_a.T)
    root = sizes[:rank].sqrt()
    more = rank - len(root)  # where the sum has a smaller rank
    pad = torch.nn.functional.pad
    values = {
        key.replace(_A, _B): pad(left @ (u[:, :rank] * root), (0, more)),
        key: pad((root[:, None] * v[:rank]) @ right.T, (0, 0, 0, more)),
    }
    return {name: value.to(next(iter(new.values())).dtype) for name, value in values.items()}
