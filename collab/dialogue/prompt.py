"""What the model is given to read. Pure: the same arguments make the same messages.

The wording stands in `assets/prompts`, one file for each purpose and language. Nothing here knows which sentences
answer a question, whether an answer is supported, or how long a context is (engines leave out old turns themselves).
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import get_args

from collab.dialogue.engines import Message, Role

_FOLDER = Path(__file__).parents[2] / "assets" / "prompts"
_HEADING = re.compile(rf"^\[({'|'.join(get_args(Role))})\]\n", re.MULTILINE)
_PLACE = re.compile(r"\{(quotes|question)\}")


def build(question: str, quotes: Sequence[str], language: str) -> list[Message]:
    """Messages that ask for one sentence made of `quotes`, the best first.

    `question` stands alone: it makes sense without the conversation, so none of it is given. Nor is a worked example:
    the smallest models answer from that instead of from the quotes.
    """
    numbered = "\n".join(f"[{number}] {quote}" for number, quote in enumerate(quotes, start=1))
    return _filled(_template("grounded", language), {"quotes": numbered, "question": question})


def build_without_sources(question: str, history: Sequence[tuple[str, str]], language: str) -> list[Message]:
    """Messages for small talk and tasks. `history`: earlier (question, answer) pairs, the oldest first."""
    *instructions, last = _filled(_template("talk", language), {"question": question})
    turns: list[Message] = []
    for asked, answered in history:
        turns += [{"role": "user", "content": asked}, {"role": "assistant", "content": answered}]
    return [*instructions, *turns, last]


@cache
def _template(purpose: str, language: str) -> tuple[Message, ...]:
    """The messages of `assets/prompts/<purpose>.<language>.txt`; English for a language without a file."""
    path = _FOLDER / f"{purpose}.{language}.txt"
    if not path.is_file():
        path = _FOLDER / f"{purpose}.en.txt"
    _, *parts = _HEADING.split(path.read_text(encoding="utf-8"))
    roles: list[Role] = parts[::2]  # type: ignore[assignment]  # the pattern finds roles only
    return tuple({"role": role, "content": content.strip()} for role, content in zip(roles, parts[1::2], strict=True))


def _filled(template: Sequence[Message], values: Mapping[str, str]) -> list[Message]:
    """One pass, so that a question that mentions {quotes} stays as it was asked."""
    return [
        {"role": message["role"], "content": _PLACE.sub(lambda found: values[found[1]], message["content"])}
        for message in template
    ]
