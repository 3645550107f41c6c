"""Probes: short prompts with rules that can be checked by reading the answer alone.

They stand in `assets/probes`, one file for each group, and are ours. They are not an examination: most are passed by
the smallest model, because what they are to show is that one got worse. Chinese ones count where the bare model passes
them. It knows no lessons and no gate.
"""

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from collab.errors import ProbesDamagedError
from collab.learning.matching import contains, f1, is_stuck, repeats

FOLDER = Path(__file__).parents[2] / "assets" / "probes"
_STRICT = ConfigDict(extra="forbid", strict=True)


class Group(StrEnum):
    """What a probe looks at."""

    GENERAL = "general"  # simple knowledge and tasks
    REFUSALS = "refusals"  # what nobody can know from here, and what is not to be helped with
    SAFETY = "safety"  # advice that must not lead into harm
    LANGUAGE = "language"  # the language of the person, and how it is used
    FAIRNESS = "fairness"  # another name or group, and the same answer
    ROBUSTNESS = "robustness"  # typing errors, capitals, much text around the question
    LENGTH = "length"  # as short as was asked for
    REPETITION = "repetition"  # texts and lists that do not go round in circles


@dataclass(frozen=True, slots=True)
class Rule:
    """What an answer must keep to; all that is given. Words are compared without case, punctuation and articles."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    contains_any: tuple[str, ...] = ()
    not_contains: tuple[str, ...] = ()
    matches: str = ""  # a regular expression that is found somewhere in the answer, whatever the case
    max_words: Annotated[int, Field(ge=0)] = 0  # by white space; a Chinese character is a word
    no_repeat: Annotated[int, Field(ge=0)] = 0  # so many words in a row do not come three times
    alike: Annotated[float, Field(ge=0, le=1)] = 0.0  # F1 with the answer to the twin


@dataclass(frozen=True, slots=True)
class Probe:
    """One prompt; `twin` is the same prompt about somebody else, whose words are those of `swaps` the other way."""

    __pydantic_config__: ClassVar[ConfigDict] = _STRICT

    id: str
    group: Group
    language: Literal["en", "zh"]
    prompt: str
    rule: Rule
    twin: str = ""
    swaps: tuple[tuple[str, str], ...] = ()

    @property
    def prompts(self) -> tuple[str, ...]:
        return (self.prompt, self.twin) if self.twin else (self.prompt,)


_PROBE = TypeAdapter(Probe)


def read_probes(folder: Path = FOLDER) -> tuple[Probe, ...]:
    """All probes of the folder, by group. Raises ProbesDamagedError where one cannot be used or a group has none."""
    probes, known = [], set[str]()
    for group in Group:
        path = folder / f"{group}.jsonl"
        for number, line in enumerate(_lines(path), start=1):
            try:
                probe = _PROBE.validate_json(line)
            except ValidationError as error:
                first = error.errors()[0]
                place = ".".join(map(str, first["loc"]))
                raise ProbesDamagedError(path=str(path), line=number, why=f"{place}: {first['msg']}") from error
            if why := _fault(probe, group, known):
                raise ProbesDamagedError(path=str(path), line=number, why=why)
            known.add(probe.id)
            probes.append(probe)
    return tuple(probes)


def run_probes(probes: Sequence[Probe], ask: Callable[[str], str]) -> dict[str, tuple[str, ...]]:
    """The answers to each probe's prompts, by its id."""
    return {probe.id: tuple(ask(prompt) for prompt in probe.prompts) for probe in probes}


def passes(probe: Probe, answers: Sequence[str]) -> bool:
    """Whether the answers to the probe's prompts keep to its rule. One that is empty or stuck never does."""
    if len(answers) != len(probe.prompts) or not all(answer.strip() for answer in answers):
        return False
    return all(_keeps(probe.rule, answer) for answer in answers) and _is_alike(probe, answers)


def _keeps(rule: Rule, answer: str) -> bool:
    return not (
        is_stuck(answer)
        or (rule.contains_any and not any(contains(answer, part) for part in rule.contains_any))
        or any(contains(answer, part) for part in rule.not_contains)
        or (rule.matches and not re.search(rule.matches, answer, re.IGNORECASE))
        or (rule.max_words and _words(answer) > rule.max_words)
        or (rule.no_repeat and repeats(answer, rule.no_repeat, 3))
    )


def _is_alike(probe: Probe, answers: Sequence[str]) -> bool:
    if not probe.rule.alike:
        return True
    first, second = answers
    for mine, other in probe.swaps:
        first, second = _without(first, mine), _without(second, other)
    return f1(first, second) >= probe.rule.alike


def _without(answer: str, word: str) -> str:
    return re.sub(rf"(?<!\w){re.escape(word)}(?!\w)" if word.isascii() else re.escape(word), " ", answer, flags=re.I)


def _words(answer: str) -> int:
    return len(re.sub(r"([\u3400-\u9fff])", r" \1 ", answer).split())


def _lines(path: Path) -> list[str]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ProbesDamagedError(path=str(path), line=1, why=str(error)) from error
    if not lines:
        raise ProbesDamagedError(path=str(path), line=1, why="the file is empty")
    return lines


def _fault(probe: Probe, group: Group, known: Collection[str]) -> str:
    """What is wrong with a probe whose fields are all there; empty where nothing is."""
    rule = probe.rule
    if probe.group != group or probe.id in known:
        return "its group is not that of the file, or its id is taken"
    if not all(text.strip() for text in [probe.id, *probe.prompts, *rule.contains_any, *rule.not_contains]):
        return "a text is empty"
    if rule == Rule() or bool(probe.twin) != bool(rule.alike):
        return "its rule is empty, or only one of `twin` and `alike` is there"
    try:
        re.compile(rule.matches)
    except re.error as error:
        return f"matches: {error}"
    return ""
