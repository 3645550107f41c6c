"""Our own question templates: groups that ask the same, and what fills and narrows them.

The model learns from them, and examples for a correction are made with them. It reads
`assets/models/scope/templates.txt`, whose head says how that is written.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "assets" / "models" / "scope" / "templates.txt"

_CHOICE = re.compile(r"\(([^()]*)\)")


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that ask the same of X (and Y), each once."""

    name: str
    kinds: frozenset[str]
    questions: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Templates:
    """The groups, subjects by kind, and narrowing phrases."""

    groups: list[Group]
    subjects: dict[str, list[str]]
    narrowing: list[str]


def read_templates(path: Path = TEMPLATES) -> Templates:
    """The file, with every choice written out."""
    templates = Templates([], {}, [])
    for line in path.read_text("utf-8").splitlines():
        mark, _, rest = line.partition(" ")
        if mark == "=":
            name, _, kinds = rest.partition(": ")
            templates.groups.append(Group(name, frozenset(kinds.split())))
        elif mark == "@":
            kind, _, subjects = rest.partition(": ")
            templates.subjects[kind] = subjects.split("; ")
        elif mark == "+":
            templates.narrowing.extend(rest.split("; "))
        elif line and mark != "#":
            templates.groups[-1].questions.extend(_written_out(line))
    return templates


def _written_out(line: str) -> Iterator[str]:
    """Every way to choose, innermost choices first."""
    if (choice := _CHOICE.search(line)) is None:
        yield re.sub(r"\s+([?.,])", r"\1", " ".join(line.split()))
        return
    for chosen in choice[1].split("|"):
        yield from _written_out(line[: choice.start()] + chosen + line[choice.end() :])
