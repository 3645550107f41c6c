"""A LoRA of PEFT as the file that llama.cpp reads. Knows names, shapes and scales of tensors; knows no engine.

Only what means the same in both can be carried; everything else is refused, with the reason. llama.cpp turns pairs of
neighbouring rows of queries and keys where transformers turns the two halves of a head, so those rows change places.
"""

import hashlib
import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collab.errors import AdapterDamagedError, AdapterNotCarriedError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"

_PLACES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_TENSOR = re.compile(r"(?:base_model\.model\.)?model\.layers\.(\d+)\.(\w+\.\w+)\.lora_([AB])\.weight")
_STARTS = (True, False, "gaussian", "orthogonal", "eva", "true", "True")  # the others change the model's own weights
# What may stand in a configuration without a meaning for whoever runs the adapter, or is read below.
_CARRIED = {
    *("task_type", "peft_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision"),
    *("inference_mode", "r", "target_modules", "exclude_modules", "lora_alpha", "lora_dropout", "use_rslora"),
    *("init_lora_weights", "layers_to_transform", "layers_pattern", "megatron_core", "qalora_group_size"),
    *("loftq_config", "eva_config", "runtime_config", "fan_in_fan_out", "bias"),
}


def adapter_name(folder: Path) -> str:
    """The name of an adapter: 16 hexadecimal digits, the hash of its two files. Raises AdapterDamagedError."""
    found = hashlib.sha256()
    for name in (CONFIG, WEIGHTS):
        content = _bytes(folder, name)
        found.update(f"{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()[:16]


def convert(folder: Path, base: Path, target: Path) -> Path:
    """Writes the adapter as a file of `target`, named by its content, whole or not at all; returns its path.

    `folder` has the two files of PEFT, `base` the `config.json` of the model on which it was trained. Raises
    AdapterDamagedError and AdapterNotCarriedError.
    """
    name = adapter_name(folder)
    settings = _json(folder, folder / CONFIG)
    shapes = _Shapes(folder, _json(folder, base / "config.json"))
    alpha = _alpha(folder, settings)
    tensors = dict(_tensors(folder, _read(folder), int(settings["r"]), shapes))
    target.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(prefix=".converting-", dir=target)
    os.close(handle)
    try:
        _write(Path(made), alpha, tensors)
        return Path(made).replace(target / f"{name}.gguf")
    finally:
        Path(made).unlink(missing_ok=True)


class _Shapes:
    """How large the places of a llama are, and how many heads its queries and keys have."""

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        if config.get("model_type") != "llama":
            raise AdapterNotCarriedError(
                path=str(folder), reason=f"the model is a {config.get('model_type')}, no llama"
            )
        heads, width, inner = (int(config[key]) for key in ("num_attention_heads", "hidden_size", "intermediate_size"))
        kv_heads = int(config.get("num_key_value_heads") or heads)
        head = int(config.get("head_dim") or width // heads)
        self.layers = int(config["num_hidden_layers"])
        self.heads = {"attn_q": heads, "attn_k": kv_heads}
        self.of = {  # place -> (out, in)
            "attn_q": (heads * head, width),
            "attn_k": (kv_heads * head, width),
            "attn_v": (kv_heads * head, width),
            "attn_output": (width, heads * head),
            "ffn_gate": (inner, width),
            "ffn_up": (inner, width),
            "ffn_down": (width, inner),
        }


def _alpha(folder: Path, settings: Mapping[str, Any]) -> float:
    """What llama.cpp divides by the rank to have the strength. Refuses what has no place in its file."""
    others = sorted(key for key, value in settings.items() if value and key not in _CARRIED)
    reason = None
    if settings.get("peft_type") != "LORA":
        reason = f"it is of the kind {settings.get('peft_type')}"
    elif others:
        reason = f"it uses {', '.join(others)}"
    elif settings.get("bias", "none") != "none":
        reason = "it changes biases"
    elif settings.get("fan_in_fan_out"):
        reason = "its weights lie the other way round"
    elif settings.get("init_lora_weights", True) not in _STARTS:
        reason = f"its start, {settings['init_lora_weights']}, changed the model's own weights"
    if reason:
        raise AdapterNotCarriedError(path=str(folder), reason=reason)
    try:
        rank, alpha = int(settings["r"]), float(settings["lora_alpha"])
    except (KeyError, TypeError, ValueError) as error:
        raise AdapterDamagedError(path=str(folder), reason=f"{CONFIG} gives no rank or no alpha") from error
    return alpha * rank**0.5 if settings.get("use_rslora") else alpha  # rsLoRA: alpha / sqrt(rank)


def _tensors(
    folder: Path, weights: Mapping[str, "Floats"], rank: int, shapes: _Shapes
) -> Iterator[tuple[str, "Floats"]]:
    """The tensors under llama.cpp's names: a (rank, in), b (out, rank)."""
    import numpy as np

    if not weights:
        raise AdapterDamagedError(path=str(folder), reason="it has no weights")
    for key, values in weights.items():
        found = _TENSOR.fullmatch(key)
        place = _PLACES.get(found[2]) if found else None
        if found is None or place is None or int(found[1]) >= shapes.layers:
            raise AdapterNotCarriedError(path=str(folder), reason=f"llama.cpp has no place for {key}")
        if _partner(key) not in weights:
            raise AdapterDamagedError(path=str(folder), reason=f"{key} stands without its other half")
        out, within = shapes.of[place]
        if values.shape != ((rank, within) if found[3] == "A" else (out, rank)):
            reason = f"{key} is {values.shape} large, which fits neither its rank nor this model"
            raise AdapterDamagedError(path=str(folder), reason=reason)
        if not np.isfinite(values).all():
            raise AdapterDamagedError(path=str(folder), reason=f"{key} holds what is no number")
        if found[3] == "B" and place in shapes.heads:
            values = _turned(values, shapes.heads[place])
        yield f"blk.{found[1]}.{place}.weight.lora_{found[3].lower()}", values


def _partner(key: str) -> str:
    return key.replace(".lora_A.", ".lora_B.") if ".lora_A." in key else key.replace(".lora_B.", ".lora_A.")


def _turned(b: "Floats", heads: int) -> "Floats":
    """The rows (heads, 2, half a head) in the order (heads, half a head, 2)."""
    out, rank = b.shape
    return b.reshape(heads, 2, out // heads // 2, rank).swapaxes(1, 2).reshape(out, rank)


def _write(path: Path, alpha: float, tensors: Mapping[str, "Floats"]) -> None:
    from gguf import GGUFWriter

    writer = GGUFWriter(path, "llama")
    writer.add_string("general.type", "adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, values in sorted(tensors.items()):
        writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _read(folder: Path) -> dict[str, "Floats"]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file  # bfloat16 is unknown to numpy

    try:
        return {key: values.float().numpy() for key, values in load_file(folder / WEIGHTS).items()}
    except (SafetensorError, OSError, ValueError) as error:
        raise AdapterDamagedError(path=str(folder), reason=f"{WEIGHTS} cannot be read") from error


def _json(folder: Path, path: Path) -> dict[str, Any]:
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise AdapterDamagedError(path=str(folder), reason=f"{path.name} cannot be read") from error
    if not isinstance(read, dict):
        raise AdapterDamagedError(path=str(folder), reason=f"{path.name} is no table of settings")
    return read


def _bytes(folder: Path, name: str) -> bytes:
    try:
        return (folder / name).read_bytes()
    except OSError as error:
        raise AdapterDamagedError(path=str(folder), reason=f"it has no {name}") from error
