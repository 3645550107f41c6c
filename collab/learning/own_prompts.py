"""Prompts of our own, beside the lessons: what a model should answer as before, and what it cannot know.

One a line in `assets/lessons/<kind>.<language>.txt`. None of them is a probe of the gate.
"""

from functools import cache
from pathlib import Path

from collab.learning.paraphrasing import number_of

_FOLDER = Path(__file__).parents[2] / "assets" / "lessons"


def general(language: str) -> tuple[str, ...]:
    """A model that answers these as the base does has not forgotten how to talk."""
    return _lines("general", language)


def unknown(language: str) -> tuple[str, ...]:
    """What nobody can answer who has not been told."""
    return _lines("unknown", language)


def not_known(question: str, language: str) -> str:
    """Words that say so, of several the same for the same question; empty for a language without any."""
    said = _lines("not_known", language)
    return said[number_of(question) % len(said)] if said else ""


@cache
def _lines(kind: str, language: str) -> tuple[str, ...]:
    """In their order; none for a language without a file."""
    path = _FOLDER / f"{kind}.{language}.txt"
    return tuple(path.read_text("utf-8").splitlines()) if path.is_file() else ()
