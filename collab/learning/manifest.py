"""What a run was trained on, frozen in one JSON file: every item with its hash, and a hash of the whole.

Hashes are SHA-256 over canonical JSON: keys sorted, no blanks, UTF-8. The file is written whole or not at all, for the
eyes of this user alone, and nothing of it is believed on reading before its hashes agree. It knows no database.
"""

import hashlib
import json
import os
import types
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from enum import Enum
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, TypeVar, get_args, get_type_hints

from collab.errors import ManifestDamagedError, ManifestNewerError, ManifestUnwrittenError
from collab.learning.records import Aside, Example, HeldOut, Judged, Lesson, LessonSet, Pair, TrainingSettings

FORMAT = 1

_LISTS = {
    "lessons": Lesson,
    "asides": Aside,
    "examples": Example,
    "pairs": Pair,
    "judged": Judged,
    "held_out": HeldOut,
}

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Manifest:
    """One run's data: what it was taught, how, by which version of the code. `sha256` is of all the rest."""

    lesson_set: LessonSet
    settings: TrainingSettings
    code_version: str
    sha256: str

    @property
    def seed(self) -> int:
        """From which the order of the examples, and the start of the adapter, follow."""
        return self.settings.seed

    @property
    def taught(self) -> frozenset[str]:
        """The ids of the lessons that a run with it has learned."""
        return frozenset(one.id for one in self.lesson_set.lessons)


def freeze(path: Path, lesson_set: LessonSet, settings: TrainingSettings, code_version: str) -> Manifest:
    """Writes the manifest and returns it. Raises ManifestUnwrittenError; then the file is as it was before."""
    content: dict[str, Any] = {
        "format": FORMAT,
        "code_version": code_version,
        "seed": settings.seed,
        "settings": asdict(settings),
        "items": {name: _hashed(getattr(lesson_set, name)) for name in _LISTS},
    }
    whole = content | {"sha256": sha256_of(content)}
    try:
        _write(path, json.dumps(whole, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise ManifestUnwrittenError(path=str(path), reason=error.strerror or str(error)) from error
    return Manifest(lesson_set, settings, code_version, whole["sha256"])


def read(path: Path) -> Manifest:
    """The manifest as it was frozen. Raises ManifestDamagedError with what does not agree, ManifestNewerError."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is no JSON text"
        raise ManifestDamagedError(path=str(path), reason=reason) from error
    try:
        if found["format"] != FORMAT:
            raise ManifestNewerError(path=str(path), format=str(found["format"])[:20])
        content = {name: value for name, value in found.items() if name != "sha256"}
        items = {name: _checked(content["items"][name], path) for name in _LISTS}
        if sha256_of(content) != found["sha256"]:
            raise ManifestDamagedError(path=str(path), reason="the hash of the whole does not agree")
        settings: TrainingSettings = _made(TrainingSettings, content["settings"])
        if content["seed"] != settings.seed:
            raise ManifestDamagedError(path=str(path), reason="the seed is not that of the settings")
        made: dict[str, Any] = {name: [_made(kind, item) for item in items[name]] for name, kind in _LISTS.items()}
        return Manifest(LessonSet(**made), settings, str(content["code_version"]), found["sha256"])
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ManifestDamagedError(path=str(path), reason="a part is missing or of another kind") from error


def sha256_of(content: object) -> str:
    """The hash of what JSON can say, whatever the order of its keys."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _hashed(items: Sequence[Any]) -> list[dict[str, Any]]:
    """Each item with its hash; plain dictionaries of strings, so that reading gives the same text again."""
    plain = (json.loads(json.dumps(asdict(item), ensure_ascii=False)) for item in items)
    return [{"sha256": sha256_of(item), "item": item} for item in plain]


def _checked(items: Sequence[Mapping[str, Any]], path: Path) -> list[dict[str, Any]]:
    for one in items:
        if sha256_of(one["item"]) != one["sha256"]:
            raise ManifestDamagedError(path=str(path), reason="the hash of an item does not agree")
    return [one["item"] for one in items]


def _made(kind: type[T], values: Mapping[str, Any]) -> T:
    """A record of plain values: enums and tuples are made again; one field more or less is an error."""
    hints = get_type_hints(kind)
    if set(values) != {field.name for field in fields(kind)}:  # type: ignore[arg-type]
        raise ValueError("other fields")
    return kind(**{name: _value(hints[name], value) for name, value in values.items()})


def _value(hint: Any, value: Any) -> Any:
    if isinstance(hint, type) and issubclass(hint, Enum):
        return hint(value)
    if isinstance(hint, types.GenericAlias) and hint.__origin__ is tuple:
        return tuple(value)
    wanted = get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
    if type(value) not in wanted and not (type(value) is int and float in wanted):
        raise TypeError("another type")
    return value


def _write(path: Path, text: str) -> None:
    """Beside its place first; `NamedTemporaryFile` lets nobody else read it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        try:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
            os.replace(file.name, path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
