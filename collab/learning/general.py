"""General prompts of our own: a model that answers them as the base does has not forgotten how to talk.

One a line in `assets/lessons/general.<language>.txt`. None of them is a probe of the gate.
"""

from functools import cache
from pathlib import Path

_FOLDER = Path(__file__).parents[2] / "assets" / "lessons"


@cache
def prompts(language: str) -> tuple[str, ...]:
    """The prompts of a language, in their order; none for a language without a file."""
    path = _FOLDER / f"general.{language}.txt"
    return tuple(path.read_text("utf-8").splitlines()) if path.is_file() else ()
