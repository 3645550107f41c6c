"""Adapters as folders: written whole or not at all, checked before they are used. Knows files, shapes and hashes.

A folder is a standard one of PEFT, with weights as safetensors only, and a manifest beside them that names the model on
which the adapter was trained and the hash of every file. It knows no training, no rows and no engine.
"""

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from collab.dialogue.engines.lora_gguf import CONFIG, WEIGHTS, adapter_name
from collab.errors import (
    AdapterDamagedError,
    AdapterForeignError,
    AdapterNotFiniteError,
    AdapterPickleError,
    AdapterRankError,
)
from collab.learning.mixing import mixed

if TYPE_CHECKING:
    import torch

    Weights = dict[str, torch.Tensor]

MANIFEST = "collab_adapter.json"

_A, _B = ".lora_A.", ".lora_B."
PICKLES = {".bin", ".pt", ".pth", ".pkl", ".pickle", ".ckpt"}


@dataclass(frozen=True, slots=True)
class Base:
    """The model under an adapter. The hash covers names and shapes of all weights and a part of their values."""

    name: str
    hash: str


def base_of(folder: Path) -> Base:
    """The model in a folder of safetensors. Reads a few megabytes, however large it is."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as file:
            size = path.stat().st_size
            header = int.from_bytes(file.read(8), "little")
            found.update(file.read(min(header, size)))
            for share in range(8):  # a fine-tuned copy has the same names and shapes
                file.seek(8 + header + (size - 8 - header) * share // 8)
                found.update(file.read(1 << 16))
    return Base(folder.name, found.hexdigest()[:16])


def save(weights: "Weights", config: Mapping[str, Any], base: Base, out: Path) -> Path:
    """Writes an adapter as the folder `out`, in place of an earlier one; a crash leaves the earlier one or none."""
    from safetensors.torch import save_file

    def write(made: Path) -> None:
        save_file({key: value.contiguous() for key, value in weights.items()}, made / WEIGHTS, {"format": "pt"})
        (made / CONFIG).write_text(json.dumps(dict(config), indent=1, sort_keys=True), encoding="utf-8")

    return _whole(write, base, out)


def read(folder: Path) -> tuple["Weights", dict[str, Any]]:
    """The weights and settings of a folder, unchecked but for its form. Raises AdapterDamagedError."""
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    _refuse_pickles(folder)
    try:
        return load_file(folder / WEIGHTS), _json(folder, CONFIG)
    except (SafetensorError, OSError, ValueError) as error:
        raise AdapterDamagedError(path=str(folder), reason=f"{WEIGHTS} cannot be read") from error


def copy(folder: Path, out: Path) -> Path:
    """A whole adapter in another place, in place of what is there; a crash leaves that or none."""

    def write(made: Path) -> None:
        for name in (CONFIG, WEIGHTS):
            shutil.copyfile(folder / name, made / name)

    return _whole(write, _named_base(folder, _json(folder, MANIFEST)), out)


def check(folder: Path, base: Path) -> None:
    """Whether the adapter is whole and fits the model in `base`.

    Raises AdapterDamagedError, or one of its kinds: AdapterPickleError, AdapterForeignError, AdapterRankError and
    AdapterNotFiniteError.
    """
    import torch

    _refuse_pickles(folder)
    manifest = _json(folder, MANIFEST)
    trained_on, here = _named_base(folder, manifest), base_of(base)
    if trained_on.hash != here.hash:
        raise AdapterForeignError(path=str(folder), trained_on=trained_on.name, base=here.name)
    _check_hashes(folder, manifest)
    weights, config = read(folder)
    rank = config.get("r")
    if not weights or not isinstance(rank, int):
        raise AdapterDamagedError(path=str(folder), reason="it has no weights or no rank")
    sizes = _sizes(base)
    for key, values in weights.items():
        if _A not in key and _B not in key:
            raise AdapterDamagedError(path=str(folder), reason=f"{key} is no part of a LoRA")
        if _other(key) not in weights:
            raise AdapterDamagedError(path=str(folder), reason=f"{key} stands without its other half")
        place = sizes.get(_module(key) + ".weight")
        if place is None:
            raise AdapterDamagedError(path=str(folder), reason=f"the model has no place for {key}")
        expected = (rank, place[1]) if _A in key else (place[0], rank)
        if tuple(values.shape) != expected:
            raise AdapterRankError(path=str(folder), tensor=key, found=_by(values.shape), expected=_by(expected))
        if not torch.isfinite(values).all():
            raise AdapterNotFiniteError(path=str(folder), tensor=key)
    if lacking := _named_places(config, sizes) - {_module(key) for key in weights}:
        raise AdapterDamagedError(path=str(folder), reason=f"it has no weights for {min(lacking)}, which it names")


def is_named(folder: Path, name: str) -> bool:
    """Whether the files there are whole, and those of the adapter of this name."""
    try:
        _check_hashes(folder, _json(folder, MANIFEST))
        return adapter_name(folder) == name
    except AdapterDamagedError:
        return False


def interpolate(live: Path | None, candidate: Path, strength: float, out: Path) -> Path:
    """An adapter between the live one, or the base model where there is none, and the candidate; `strength` in [0, 1].

    Where both have the same A, it is exact and keeps the rank: (1 - s) B + s B'. Otherwise the changes themselves, B A,
    are mixed and cut back to the candidate's rank by their singular values, so that the rank does not grow from run to
    run: the nearest there is of that rank, and no longer exact. At 1 it is the candidate, at 0 the live one.
    """
    base = _named_base(candidate, _json(candidate, MANIFEST))
    if strength == 1.0:
        return save(*read(candidate), base, out)
    if strength == 0.0 and live is not None:
        return save(*read(live), base, out)
    weights, config = read(candidate)
    return save(mixed(read(live) if live else None, (weights, config), strength), config, base, out)


def _whole(write: Callable[[Path], None], base: Base, out: Path) -> Path:
    out.parent.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix=".saving-", dir=out.parent))
    try:
        write(made)
        files = {path.name: _hash(path) for path in sorted(made.iterdir())}
        text = json.dumps({"base": asdict(base), "files": files}, indent=1)
        (made / MANIFEST).write_text(text, encoding="utf-8")  # last: with it the folder is whole
        made.chmod(0o755)
        shutil.rmtree(out, ignore_errors=True)
        return made.rename(out)
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _named_base(folder: Path, manifest: Mapping[str, Any]) -> Base:
    named = manifest.get("base")
    if not isinstance(named, dict) or named.keys() != {"name", "hash"}:
        raise AdapterDamagedError(path=str(folder), reason=f"{MANIFEST} does not name the model")
    return Base(str(named["name"]), str(named["hash"]))


def _check_hashes(folder: Path, manifest: Mapping[str, Any]) -> None:
    files = manifest.get("files")
    if not isinstance(files, dict) or not {CONFIG, WEIGHTS} <= files.keys():
        raise AdapterDamagedError(path=str(folder), reason=f"{MANIFEST} does not list its files")
    for name, known in files.items():
        path = folder / Path(name).name
        if not path.is_file() or _hash(path) != known:
            raise AdapterDamagedError(path=str(folder), reason=f"{name} is missing or has been changed")


def _refuse_pickles(folder: Path) -> None:
    for path in sorted(folder.glob("*")):
        if path.suffix.lower() in PICKLES:
            raise AdapterPickleError(path=str(folder), file=path.name)


def _sizes(base: Path) -> dict[str, tuple[int, ...]]:
    """The shape of every weight of the model."""
    from safetensors import safe_open

    found: dict[str, tuple[int, ...]] = {}
    for path in base.glob("*.safetensors"):
        with safe_open(path, framework="pt") as file:
            found |= {key: tuple(file.get_slice(key).get_shape()) for key in file.keys()}  # noqa: SIM118
    return found


def _module(key: str) -> str:
    return key.removeprefix("base_model.model.").replace(_B, _A).split(_A)[0]


def _named_places(config: Mapping[str, Any], sizes: Mapping[str, tuple[int, ...]]) -> set[str]:
    """The places that its settings name; none where they name them in a way that only PEFT reads."""
    targets = config.get("target_modules")
    if not isinstance(targets, list) or config.get("layers_to_transform") is not None or config.get("exclude_modules"):
        return set()
    places = [name.removesuffix(".weight") for name, size in sizes.items() if len(size) == 2]
    return {place for place in places if any(f".{place}".endswith(f".{target}") for target in targets)}


def _other(key: str) -> str:
    return key.replace(_A, _B) if _A in key else key.replace(_B, _A)


def _by(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _json(folder: Path, name: str) -> dict[str, Any]:
    try:
        found = json.loads((folder / name).read_bytes())
    except (OSError, ValueError) as error:
        raise AdapterDamagedError(path=str(folder), reason=f"{name} cannot be read") from error
    if not isinstance(found, dict):
        raise AdapterDamagedError(path=str(folder), reason=f"{name} is no table of settings")
    return found
