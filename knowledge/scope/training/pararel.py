"""ParaRel's statement patterns and subjects, added to our own templates for training."""

import itertools
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from knowledge.scope.templates import Templates

_AT_THE_END = re.compile(r"^(.*\[X\].*?)(?:,? (?:the|an?))?\s*\[Y\]\s*\.?$")


def add_pararel(templates: Templates, path: Path, without: frozenset[str]) -> None:
    """Adds the patterns that end with the object, as unfinished statements, and the subjects but those left out.

    A pattern that stands under several relations asks for nothing in particular and is left out.
    """
    relations = {one["relation"]: one for one in map(json.loads, path.read_text("utf-8").splitlines())}
    unfinished = {name: list(dict.fromkeys(_unfinished(one["patterns"]))) for name, one in relations.items()}
    owners = Counter(itertools.chain.from_iterable(unfinished.values()))
    for group in templates.groups:
        if group.name not in relations:
            continue
        group.questions.extend(text for text in unfinished[group.name] if owners[text] == 1)
        kind = sorted(group.kinds)[0] if len(group.kinds) == 1 else ""
        names = {subject for subject, _ in relations[group.name]["facts"]} - without
        templates.subjects.setdefault(kind or "any", []).extend(sorted(names))


def _unfinished(patterns: list[str]) -> Iterator[str]:
    for pattern in patterns:
        if found := _AT_THE_END.match(pattern):
            yield found[1].strip().replace("[X]", "X")
