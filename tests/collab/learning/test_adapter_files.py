"""Adapters as folders."""

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS, convert
from collab.errors import (
    AdapterDamagedError,
    AdapterForeignError,
    AdapterNotFiniteError,
    AdapterPickleError,
    AdapterRankError,
)
from collab.learning.adapter_files import MANIFEST, Base, base_of, check, interpolate, read, save
from tests.collab.learning.tiny_model import write_model

PLACE = "base_model.model.model.layers.0.self_attn.q_proj"
A, B = f"{PLACE}.lora_A.weight", f"{PLACE}.lora_B.weight"
BASE = Base("tiny", "0123456789abcdef")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model whose queries are 64 x 64."""
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def adapter(base: Path, tmp_path: Path) -> Path:
    """Rank 2 on one place."""
    return save(
        {A: torch.ones(2, 64), B: torch.full((64, 2), 0.5)}, settings(2, 4), base_of(base), tmp_path / "adapter"
    )


def settings(rank: int, alpha: float, **others: Any) -> dict[str, Any]:
    return {
        "peft_type": "LORA",
        "r": rank,
        "lora_alpha": alpha,
        "target_modules": ["layers.0.self_attn.q_proj"],
        **others,
    }


def sealed_again(folder: Path, base: Path, **weights: torch.Tensor) -> Path:
    """The folder with other weights, as whoever made it would have written it."""
    return save({A: weights["a"], B: weights["b"]}, read(folder)[1], base_of(base), folder)


def change(folder: Path) -> tuple[torch.Tensor, float]:
    """What an adapter adds to a weight."""
    weights, config = read(folder)
    return weights[B] @ weights[A] * config["lora_alpha"] / config["r"], config["r"]


def test_what_is_written_can_be_used(adapter: Path, base: Path, tmp_path: Path) -> None:
    check(adapter, base)
    assert sorted(path.name for path in adapter.iterdir()) == [CONFIG, WEIGHTS, MANIFEST]
    manifest = json.loads((adapter / MANIFEST).read_text())
    assert manifest["base"] == {"name": "tiny", "hash": base_of(base).hash}
    assert sorted(manifest["files"]) == [CONFIG, WEIGHTS]
    assert convert(adapter, base, tmp_path / "gguf").suffix == ".gguf"


@pytest.mark.parametrize(("names", "lacks"), [(["q_proj"], "1.self_attn.q_proj"), (["q_proj", "up_proj"], "mlp")])
def test_every_place_that_its_settings_name_has_weights(
    base: Path, adapter: Path, names: list[str], lacks: str
) -> None:
    weights, config = read(adapter)
    save(weights, config | {"target_modules": names}, base_of(base), adapter)
    with pytest.raises(AdapterDamagedError, match=f"it has no weights for model.layers.*{lacks}"):
        check(adapter, base)


@pytest.mark.parametrize("others", [{"target_modules": "all-linear"}, {"layers_to_transform": [0]}])
def test_names_that_only_peft_reads_are_left_to_it(base: Path, adapter: Path, others: dict[str, Any]) -> None:
    weights, config = read(adapter)
    save(weights, config | {"target_modules": ["q_proj"]} | others, base_of(base), adapter)
    check(adapter, base)


def test_a_crash_while_saving_leaves_the_earlier_one(adapter: Path) -> None:
    before = load_file(adapter / WEIGHTS)
    unwritable: dict[str, Any] = {"r": object()}
    with pytest.raises(TypeError):
        save({A: torch.zeros(1, 64)}, unwritable, BASE, adapter)
    assert torch.equal(load_file(adapter / WEIGHTS)[B], before[B])
    assert [path.name for path in adapter.parent.iterdir()] == ["adapter"]


def test_the_same_model_elsewhere_is_the_same_and_a_tuned_one_is_not(base: Path, adapter: Path, tmp_path: Path) -> None:
    moved = Path(shutil.copytree(base, tmp_path / "moved"))
    assert base_of(moved).hash == base_of(base).hash
    check(adapter, moved)
    weights = load_file(moved / "model.safetensors")
    save_file({key: value + 0.001 for key, value in weights.items()}, moved / "model.safetensors", {"format": "pt"})
    with pytest.raises(AdapterForeignError, match="it was trained on tiny, and the model here is moved"):
        check(adapter, moved)


def cut(folder: Path) -> None:
    (folder / WEIGHTS).write_bytes((folder / WEIGHTS).read_bytes()[:-10])


def flip(folder: Path) -> None:
    content = bytearray((folder / WEIGHTS).read_bytes())
    content[-1] ^= 1
    (folder / WEIGHTS).write_bytes(content)


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def with_text(name: str, text: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).write_text(text) and None


DAMAGES = {
    "cut": cut,
    "one bit": flip,
    "no weights": without(WEIGHTS),
    "no settings": without(CONFIG),
    "no manifest": without(MANIFEST),
    "other settings": with_text(CONFIG, '{"r": 2, "lora_alpha": 400}'),
    "manifest of another kind": with_text(MANIFEST, "[]"),
    "manifest without a model": with_text(MANIFEST, '{"files": {}}'),
    "manifest without files": with_text(MANIFEST, '{"base": {"name": "tiny", "hash": "HASH"}, "files": {}}'),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_adapter_is_refused(adapter: Path, base: Path, damage: Callable[[Path], None]) -> None:
    damage(adapter)
    text = (adapter / MANIFEST).read_text() if (adapter / MANIFEST).exists() else ""
    if "HASH" in text:
        (adapter / MANIFEST).write_text(text.replace("HASH", base_of(base).hash))
    with pytest.raises(AdapterDamagedError) as raised:
        check(adapter, base)
    assert type(raised.value) is AdapterDamagedError


@pytest.mark.parametrize("name", ["adapter_model.bin", "optimizer.pt", "more.PKL"])
def test_a_file_that_can_run_programs_is_refused_before_anything_is_read(adapter: Path, base: Path, name: str) -> None:
    (adapter / name).write_bytes(b"cos\nsystem\n(S'touch ran'\ntR.")
    (adapter / MANIFEST).unlink()
    for does in (lambda: check(adapter, base), lambda: read(adapter)):
        with pytest.raises(AdapterPickleError, match=name):
            does()


def test_another_rank_than_its_settings_say_is_refused(adapter: Path, base: Path) -> None:
    sealed_again(adapter, base, a=torch.ones(3, 64), b=torch.ones(64, 3))
    with pytest.raises(AdapterRankError, match="is 3 x 64 large and should be 2 x 64"):
        check(adapter, base)


def test_other_places_than_the_model_has_are_refused(adapter: Path, base: Path) -> None:
    sealed_again(adapter, base, a=torch.ones(2, 64), b=torch.ones(32, 2))
    with pytest.raises(AdapterRankError, match="is 32 x 2 large and should be 64 x 2"):
        check(adapter, base)
    weights = {key.replace("layers.0", "layers.9"): value for key, value in read(adapter)[0].items()}
    save(weights, settings(2, 4), base_of(base), adapter)
    with pytest.raises(AdapterDamagedError, match=r"the model has no place for .*layers\.9"):
        check(adapter, base)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(adapter: Path, base: Path, number: float) -> None:
    b = torch.ones(64, 2)
    b[3, 1] = number
    sealed_again(adapter, base, a=torch.ones(2, 64), b=b)
    with pytest.raises(AdapterNotFiniteError, match="lora_B"):
        check(adapter, base)


def test_half_an_adapter_is_refused(adapter: Path, base: Path) -> None:
    save({A: torch.ones(2, 64)}, settings(2, 4), base_of(base), adapter)
    with pytest.raises(AdapterDamagedError, match="stands without its other half"):
        check(adapter, base)
    save({}, settings(2, 4), base_of(base), adapter)
    with pytest.raises(AdapterDamagedError, match="it has no weights"):
        check(adapter, base)


def made(folder: Path, a: list[list[float]], b: list[list[float]], alpha: float) -> Path:
    weights = {A: torch.tensor(a, dtype=torch.float32), B: torch.tensor(b, dtype=torch.float32)}
    return save(weights, settings(len(a), alpha), BASE, folder)


def test_with_the_same_a_it_is_exact_and_keeps_the_rank(tmp_path: Path) -> None:
    live = made(tmp_path / "live", [[1, 2]], [[4], [8]], alpha=1)
    new = made(tmp_path / "new", [[1, 2]], [[8], [0]], alpha=2)
    between = interpolate(live, new, 0.25, tmp_path / "between")
    # B: 3/4 of the live one, at half its size because the new one counts twice as much, and 1/4 of the new one
    assert read(between)[0][B].tolist() == [[3.5], [3.0]]
    assert read(between)[0][A].tolist() == [[1, 2]]
    added, rank = change(between)
    assert (added.tolist(), rank) == ([[7, 14], [6, 12]], 1)
    assert json.loads((between / MANIFEST).read_text())["base"] == {"name": BASE.name, "hash": BASE.hash}


def test_its_ends_are_the_two_and_without_a_live_one_it_is_the_base_model(tmp_path: Path) -> None:
    live = made(tmp_path / "live", [[1, 2]], [[4], [8]], alpha=1)
    new = made(tmp_path / "new", [[3, 2]], [[8], [0]], alpha=2)
    for strength, same in ((0.0, live), (1.0, new)):
        folder = interpolate(live, new, strength, tmp_path / str(strength))
        assert (folder / WEIGHTS).read_bytes() == (same / WEIGHTS).read_bytes()
        assert read(folder)[1] == read(same)[1]
    assert read(interpolate(None, new, 0.5, tmp_path / "half"))[0][B].tolist() == [[4], [0]]
    assert read(interpolate(None, new, 0.0, tmp_path / "none"))[0][B].tolist() == [[0], [0]]


def test_with_another_a_the_changes_themselves_are_mixed(tmp_path: Path) -> None:
    """Two of rank 1 in two: where one rank is not enough for both, the larger part of their sum is kept."""
    live = made(tmp_path / "live", [[1, 0]], [[1], [0]], alpha=1)
    new = made(tmp_path / "new", [[0, 1]], [[0], [1]], alpha=1)
    added, rank = change(interpolate(live, new, 0.75, tmp_path / "between"))
    assert rank == 1
    assert torch.allclose(added, torch.tensor([[0.0, 0.0], [0.0, 0.75]]), atol=1e-6)
    wide = made(tmp_path / "wide", [[0, 1], [0, 0]], [[0, 0], [1, 0]], alpha=2)
    added, rank = change(interpolate(live, wide, 0.75, tmp_path / "both"))
    assert rank == 2
    assert torch.allclose(added, torch.tensor([[0.25, 0.0], [0.0, 0.75]]), atol=1e-6)


def test_the_base_is_hashed_by_its_weights(tmp_path: Path) -> None:
    save_file({"x": torch.zeros(4)}, tmp_path / "a.safetensors")
    first = base_of(tmp_path)
    save_file({"x": torch.tensor([0.0, 0.0, 0.0, 1.0])}, tmp_path / "a.safetensors")
    assert (first.name, len(first.hash)) == (tmp_path.name, 16)
    assert base_of(tmp_path) == replace(first, hash=base_of(tmp_path).hash)
    assert base_of(tmp_path).hash != first.hash
