"""What an uploaded file is called: where it stood among the others, and nothing that leads out of there."""

import re
from collections.abc import Collection
from pathlib import PurePath

from knowledge.text import clean

MAX_NAME = 200  # characters
_TAIL = 20  # characters of a name that are kept when it is cut: the extension is among them
_DRIVE = re.compile(r"[A-Za-z]:")


def document_name(sent: str) -> str:
    """The path that a file has within what was sent, "handbook/shoes.md", without what cannot be seen.

    Of a path from the root, or one that climbs, only the last part is kept. Never empty, nor longer than MAX_NAME.
    """
    path = clean(sent).text.replace("\\", "/").lstrip()
    parts = [part for part in (" ".join(part.split()) for part in path.split("/")) if part not in ("", ".")]
    if path.startswith("/") or _DRIVE.match("/".join(parts)) or ".." in parts:
        parts = [part for part in parts if part != ".."][-1:]
    return _cut("/".join(parts) or "document")


def distinct(name: str, taken: Collection[str]) -> str:
    """The name, or the first of "name (2)", "name (3)" … that is not taken."""
    stem, extension = name.removesuffix(PurePath(name).suffix), PurePath(name).suffix
    number = 2
    while name in taken:
        mark = f" ({number}){extension}"
        name = stem[: MAX_NAME - len(mark)] + mark
        number += 1
    return name


def _cut(name: str) -> str:
    return name if len(name) <= MAX_NAME else name[: MAX_NAME - _TAIL] + name[-_TAIL:]
