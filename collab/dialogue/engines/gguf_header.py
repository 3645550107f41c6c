"""What a GGUF file says of itself before its weights: whether it is one, and how many tokens the model was
trained to read. Knows no engine.

https://github.com/ggml-org/ggml/blob/master/docs/gguf.md
"""

import struct
from pathlib import Path
from typing import BinaryIO

from collab.errors import ModelFolderMissingError, ModelLoadError

_MAGIC = b"GGUF"
_VERSIONS = (2, 3)
_FIXED = {0: "<B", 1: "<b", 2: "<H", 3: "<h", 4: "<I", 5: "<i", 6: "<f", 7: "<?", 10: "<Q", 11: "<q", 12: "<d"}
_TEXT, _LIST = 8, 9
_LONGEST_NAME = 65_535


def require_gguf(path: Path) -> None:
    """Raises ModelFolderMissingError where there is no file, ModelLoadError where it is another one. llama.cpp tells no
    reasons, so those that are common are looked for first.
    """
    try:
        with path.open("rb") as file:
            begins = file.read(len(_MAGIC))
    except OSError as error:
        raise ModelFolderMissingError(path=str(path), reason=error.strerror or "it cannot be read") from error
    if begins != _MAGIC:
        raise ModelLoadError(model=str(path), reason="it is no GGUF file")


def trained_context(path: Path) -> int | None:
    """The tokens of `*.context_length`; None where the file does not say, or says it in no way that can be read."""
    try:
        with path.open("rb") as file:
            return _context_length(file)
    except (OSError, ValueError, struct.error, OverflowError):
        return None


def _context_length(file: BinaryIO) -> int | None:
    if file.read(4) != _MAGIC or _number(file, "<I") not in _VERSIONS:
        return None
    _number(file, "<Q")  # how many tensors
    for _ in range(int(_number(file, "<Q"))):
        length = int(_number(file, "<Q"))
        if length > _LONGEST_NAME:
            return None
        name, kind = file.read(length), int(_number(file, "<I"))
        if name.endswith(b".context_length") and kind in _FIXED:
            return int(_number(file, _FIXED[kind])) or None
        _pass_over(file, kind)
    return None


def _pass_over(file: BinaryIO, kind: int) -> None:
    if kind in _FIXED:
        _number(file, _FIXED[kind])
    elif kind == _TEXT:
        file.seek(int(_number(file, "<Q")), 1)
    elif kind == _LIST:
        inner, count = int(_number(file, "<I")), int(_number(file, "<Q"))
        if inner in _FIXED:
            file.seek(count * struct.calcsize(_FIXED[inner]), 1)
        else:
            for _ in range(count):
                _pass_over(file, inner)
    else:
        raise ValueError(kind)


def _number(file: BinaryIO, form: str) -> float:
    value: float = struct.unpack(form, file.read(struct.calcsize(form)))[0]
    return value
