"""A LoRA of PEFT as the file that llama.cpp reads."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFReader
from safetensors.numpy import load_file, save_file

from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS, adapter_name, convert
from collab.errors import AdapterDamagedError, AdapterNotCarriedError

WIDTH, HEADS, KV_HEADS = 8, 2, 1  # heads of four numbers
LAYER = "base_model.model.model.layers.0"


@pytest.fixture
def base(tmp_path: Path) -> Path:
    """A model's folder, as far as it matters here."""
    config = {"model_type": "llama", "num_hidden_layers": 1, "hidden_size": WIDTH, "intermediate_size": 12}
    (tmp_path / "base").mkdir()
    (tmp_path / "base" / "config.json").write_text(
        json.dumps(config | {"num_attention_heads": HEADS, "num_key_value_heads": KV_HEADS})
    )
    return tmp_path / "base"


@pytest.fixture
def lora(tmp_path: Path) -> Path:
    """Rank 1 on keys, queries and values; in each row of B stands its number."""
    folder = tmp_path / "lora"
    folder.mkdir()
    settings = {"peft_type": "LORA", "r": 1, "lora_alpha": 6, "bias": "none", "lora_dropout": 0.1}
    (folder / CONFIG).write_text(json.dumps(settings))
    tensors = {}
    for place, rows in (("q", 8), ("k", 4), ("v", 4)):
        tensors[f"{LAYER}.self_attn.{place}_proj.lora_A.weight"] = np.full((1, WIDTH), 0.5, np.float32)
        tensors[f"{LAYER}.self_attn.{place}_proj.lora_B.weight"] = np.arange(rows, dtype=np.float32)[:, None]
    save_file(tensors, folder / WEIGHTS)
    return folder


def change(folder: Path, **settings: Any) -> None:
    (folder / CONFIG).write_text(json.dumps(json.loads((folder / CONFIG).read_text()) | settings))


def read(path: Path) -> tuple[dict[str, Any], dict[str, list[list[float]]]]:
    reader = GGUFReader(path)
    fields = {key: field.contents() for key, field in reader.fields.items() if not key.startswith("GGUF")}
    return fields, {tensor.name: tensor.data.tolist() for tensor in reader.tensors}


def test_what_is_written(lora: Path, base: Path, tmp_path: Path) -> None:
    path = convert(lora, base, tmp_path / "made" / "here")
    assert path == tmp_path / "made" / "here" / f"{adapter_name(lora)}.gguf"
    fields, tensors = read(path)
    assert fields == {
        "general.architecture": "llama",
        "general.type": "adapter",
        "adapter.type": "lora",
        "adapter.lora.alpha": 6.0,
    }
    assert sorted(tensors) == [f"blk.0.attn_{place}.weight.lora_{half}" for place in "kqv" for half in "ab"]
    assert tensors["blk.0.attn_q.weight.lora_a"] == [[0.5] * WIDTH]
    # two heads of 0 1 | 2 3 and 4 5 | 6 7: the halves of each are dealt out in turn
    assert tensors["blk.0.attn_q.weight.lora_b"] == [[0], [2], [1], [3], [4], [6], [5], [7]]
    assert tensors["blk.0.attn_k.weight.lora_b"] == [[0], [2], [1], [3]]  # one head
    assert tensors["blk.0.attn_v.weight.lora_b"] == [[0], [1], [2], [3]]
    assert [file.name for file in path.parent.iterdir()] == [path.name]  # nothing unfinished beside it


def test_the_strength_of_rslora_is_carried(lora: Path, base: Path, tmp_path: Path) -> None:
    weights = load_file(lora / WEIGHTS)
    save_file({key: np.repeat(v, 4, axis=0 if "lora_A" in key else 1) for key, v in weights.items()}, lora / WEIGHTS)
    change(lora, r=4, use_rslora=True)
    fields, _ = read(convert(lora, base, tmp_path))
    assert fields["adapter.lora.alpha"] == 12.0  # 12 / 4 is 6 / sqrt(4)


def test_its_name_tells_its_content(lora: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(lora, tmp_path / "copy")
    assert adapter_name(copy) == adapter_name(lora)
    assert len(adapter_name(lora)) == 16
    change(copy, lora_alpha=7)
    assert adapter_name(copy) != adapter_name(lora)


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"use_dora": True}, "uses use_dora"),
        ({"rank_pattern": {"q_proj": 2}}, "uses rank_pattern"),
        ({"alpha_pattern": {"q_proj": 2}}, "uses alpha_pattern"),
        ({"modules_to_save": ["lm_head"]}, "uses modules_to_save"),
        ({"something_new": 3}, "uses something_new"),
        ({"bias": "all"}, "biases"),
        ({"fan_in_fan_out": True}, "other way round"),
        ({"init_lora_weights": "pissa"}, "start, pissa"),
        ({"peft_type": "ADALORA"}, "kind ADALORA"),
    ],
)
def test_what_cannot_be_carried_is_refused(
    lora: Path, base: Path, tmp_path: Path, settings: dict[str, Any], reason: str
) -> None:
    change(lora, **settings)
    with pytest.raises(AdapterNotCarriedError, match=reason):
        convert(lora, base, tmp_path / "made")
    assert not (tmp_path / "made").exists()


def test_another_family_of_models_is_refused(lora: Path, base: Path, tmp_path: Path) -> None:
    (base / "config.json").write_text('{"model_type": "gpt2"}')
    with pytest.raises(AdapterNotCarriedError, match="gpt2"):
        convert(lora, base, tmp_path)


def test_a_place_that_llama_cpp_does_not_have_is_refused(lora: Path, base: Path, tmp_path: Path) -> None:
    for key in ("base_model.model.lm_head.lora_A.weight", "base_model.model.model.layers.1.mlp.up_proj.lora_A.weight"):
        save_file({key: np.zeros((1, WIDTH), np.float32)}, lora / WEIGHTS)
        with pytest.raises(AdapterNotCarriedError, match=key):
            convert(lora, base, tmp_path)


def _without_half(weights: dict[str, np.ndarray]) -> None:
    del weights[f"{LAYER}.self_attn.q_proj.lora_B.weight"]


def _too_wide(weights: dict[str, np.ndarray]) -> None:
    weights[f"{LAYER}.self_attn.q_proj.lora_A.weight"] = np.zeros((1, WIDTH + 1), np.float32)


def _no_number(weights: dict[str, np.ndarray]) -> None:
    weights[f"{LAYER}.self_attn.q_proj.lora_B.weight"][3] = np.nan


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (_without_half, "other half"),
        (_too_wide, "neither its rank"),
        (_no_number, "no number"),
        (dict.clear, "weights"),
    ],
)
def test_weights_that_do_not_fit_are_told(
    lora: Path, base: Path, tmp_path: Path, damage: Callable[[dict[str, np.ndarray]], None], reason: str
) -> None:
    weights = load_file(lora / WEIGHTS)
    damage(weights)
    save_file(weights, lora / WEIGHTS)
    with pytest.raises(AdapterDamagedError, match=reason):
        convert(lora, base, tmp_path)


@pytest.mark.parametrize("name", [CONFIG, WEIGHTS])
@pytest.mark.parametrize("content", [None, b"", b"[]", b"\x80"])
def test_a_damaged_folder_is_told(lora: Path, base: Path, tmp_path: Path, name: str, content: bytes | None) -> None:
    if content is None:
        (lora / name).unlink()
    else:
        (lora / name).write_bytes(content)
    with pytest.raises(AdapterDamagedError, match=name):
        convert(lora, base, tmp_path)


def test_a_configuration_without_a_rank_is_told(lora: Path, base: Path, tmp_path: Path) -> None:
    change(lora, r=None)
    with pytest.raises(AdapterDamagedError, match="no rank"):
        convert(lora, base, tmp_path)
