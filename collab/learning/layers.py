"""The model with the layers that are trained. Imports torch and peft: for the worker only.

Every A comes from one seed that all runs and all sites share, and from the name of its place: where it is not trained,
adapters differ in B alone, and their mean is exact. It knows no lessons and no steps.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model, get_peft_model_state_dict, set_peft_model_state_dict
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedTokenizerBase

from collab.dialogue.engines.transformers import quiet_transformers
from collab.errors import TrainingDivergedError
from collab.learning import adapter_files
from collab.learning.mixing import has_same_a, scale
from collab.learning.records import TrainingSettings

A_SEED = "collab 1"
"""Never changed: adapters of different seeds cannot be mixed exactly."""

Weights = dict[str, torch.Tensor]


def is_short() -> bool:
    """Whether the processor computes in bfloat16; without, it is emulated, several times slower than float32."""
    if torch.cuda.is_available():
        return bool(torch.cuda.is_bf16_supported())
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def load(base: Path) -> tuple[Any, PreTrainedTokenizerBase]:
    """The model and its tokenizer, which has a token to pad with."""
    dtype = torch.bfloat16 if is_short() else torch.float32
    with quiet_transformers():
        tokenizer = AutoTokenizer.from_pretrained(base, local_files_only=True)
        model = AutoModelForCausalLM.from_pretrained(base, local_files_only=True, dtype=dtype, use_safetensors=True)
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.eos_token or tokenizer.convert_ids_to_tokens(0)
    return model, tokenizer


def with_layers(model: Any, settings: TrainingSettings, live: Path | None) -> tuple[PeftModel, bool]:
    """The model with a LoRA on every linear layer but the last, and whether it starts from the live adapter.

    It does where the live one has the same places, rank and scale, and, if A is frozen, the A of the seed. Otherwise it
    starts as the base model: with a B of zeros.
    """
    config = LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        use_rslora=settings.is_rank_stabilised,
        target_modules="all-linear",
        lora_dropout=0.0,
        task_type="CAUSAL_LM",
    )
    layers = get_peft_model(model, config)
    fresh = {key: _shared_a(key, value) if ".lora_A." in key else value for key, value in weights_of(layers).items()}
    started = _started(live, fresh, settings) if live else None
    put(layers, started or fresh)
    freeze(layers, settings.is_a_frozen)
    return layers, started is not None


def freeze(layers: PeftModel, is_a_frozen: bool) -> None:
    """Which weights are trained. It is said again after trainers that add adapters of their own."""
    for name, weight in layers.named_parameters():
        is_ours = ".default." in name
        weight.requires_grad = is_ours and (".lora_B." in name or (".lora_A." in name and not is_a_frozen))


def weights_of(layers: PeftModel) -> Weights:
    """A copy of the adapter's weights, under PEFT's names."""
    found: Weights = get_peft_model_state_dict(layers)
    return {key: value.detach().cpu().clone() for key, value in found.items()}


def config_of(layers: PeftModel, base: Path) -> dict[str, Any]:
    """The settings of the adapter as PEFT writes them, without the paths of this machine."""
    config = layers.peft_config["default"].to_dict()
    config |= {"base_model_name_or_path": base.name, "inference_mode": True}
    config["target_modules"] = sorted(config["target_modules"])
    plain: dict[str, Any] = json.loads(json.dumps(config, default=str))
    return plain


def put(layers: PeftModel, weights: Weights) -> None:
    """Writes the adapter's weights into the model."""
    set_peft_model_state_dict(layers, weights)


def check_finite(layers: PeftModel, step: int, settings: TrainingSettings) -> None:
    """Raises TrainingDivergedError if a weight is no number: that can be so although every loss was one."""
    if not all(torch.isfinite(value).all() for value in weights_of(layers).values()):
        raise TrainingDivergedError(step=step, steps=settings.steps, rate=settings.learning_rate)


def _started(live: Path, fresh: Weights, settings: TrainingSettings) -> Weights | None:
    weights, config = adapter_files.read(live)
    mine = {"r": settings.rank, "lora_alpha": settings.alpha, "use_rslora": settings.is_rank_stabilised}
    if {key: value.shape for key, value in weights.items()} != {key: value.shape for key, value in fresh.items()}:
        return None
    if scale(config) != scale(mine) or (settings.is_a_frozen and not has_same_a(weights, fresh)):
        return None
    return weights


def _shared_a(key: str, like: torch.Tensor) -> torch.Tensor:
    """Evenly drawn between -1/sqrt(in) and 1/sqrt(in), as PEFT does; (rank, in)."""
    number = int.from_bytes(hashlib.sha256(f"{A_SEED} {key}".encode()).digest()[:7], "big")
    drawn: torch.Tensor = torch.rand(like.shape, generator=torch.Generator().manual_seed(number))
    drawn = (drawn * 2 - 1) / like.shape[1] ** 0.5
    return drawn
