"""What the gate found, as records that become JSON and come back: base, live and candidate side by side.

It computes nothing. A report that holds a number which is none cannot be read back, and so is no report.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated

from pydantic import Field, FiniteFloat, TypeAdapter, ValidationError

from collab.errors import ReportDamagedError
from collab.learning.paired import Paired
from collab.learning.probes import Group
from collab.learning.records import LessonKind
from collab.texts import Texts

Share = Annotated[FiniteFloat, Field(ge=0, le=1)]


class Outcome(StrEnum):
    """What may be done with the candidate. Only one that passed may be promoted without a written reason."""

    PASSED = "passed"
    REFUSED = "refused"
    UNJUDGED = "unjudged"


class Change(StrEnum):
    """What the candidate made of an item, compared with the live model."""

    FIXED = "fixed"
    KEPT = "kept"
    BROKEN = "broken"
    MISSED = "missed"  # wrong before and after


@dataclass(frozen=True, slots=True)
class Reason:
    """A locale key with its values, and the exact test that it rests on, where there is one."""

    key: str
    params: Mapping[str, str | int | FiniteFloat]
    test: Paired | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome, in the sentence of its first reason; a refused candidate may have more of them."""

    outcome: Outcome
    reasons: tuple[Reason, ...]

    @property
    def is_passed(self) -> bool:
        return self.outcome == Outcome.PASSED

    def sentence(self, texts: Texts) -> str:
        """The first reason in the reader's language."""
        return say(self.reasons[0], texts)


@dataclass(frozen=True, slots=True)
class Said:
    """The three answers."""

    base: str
    live: str
    candidate: str


@dataclass(frozen=True, slots=True)
class Shares:
    """A share (0 to 1) for each of the three."""

    base: Share
    live: Share
    candidate: Share


@dataclass(frozen=True, slots=True)
class Item:
    """One held-out item, or one prompt of a probe, with what became of it."""

    about: str  # id of the lesson or of the probe
    asked: str
    expected: str  # the taught answer; empty for a probe
    said: Said
    change: Change


@dataclass(frozen=True, slots=True)
class Kind:
    """Lessons of a kind; a lesson is right where most of its items are."""

    kind: LessonKind
    right: Shares
    test: Paired  # of the lessons, live against candidate


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near answers come to the taught ones, on average."""

    items: int
    exact: Shares
    f1: Shares


@dataclass(frozen=True, slots=True)
class Leaks:
    """Near misses that got the taught answer."""

    items: int
    leaked: Shares
    examples: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Earlier:
    """Lessons of earlier runs: of the `held` that the live model answers right, the share that the candidate does."""

    items: int
    held: int
    kept: Share
    forgotten: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class ProbeGroup:
    """The probes of a group that count, live against candidate."""

    group: Group
    passed: Shares
    test: Paired
    lost: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class Strength:
    """A share of the candidate's change that was tried, on the items that the verdict does not fall on."""

    strength: Annotated[FiniteFloat, Field(gt=0, le=1)]
    items: int  # that ask for what was taught
    right: Share
    f1: Share
    leaked: Share
    leaked_live: Share
    kept: Share
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Drift:
    """How far general answers are from the base model's: 1 - F1 of the tokens, on average."""

    items: int
    live: Share
    candidate: Share


@dataclass(frozen=True, slots=True)
class Figures:
    """All that the verdict rests on."""

    strengths: tuple[Strength, ...]
    lessons: tuple[Item, ...]
    lesson_right: Shares
    lesson_test: Paired
    kinds: tuple[Kind, ...]
    paraphrases: Likeness
    near_misses: Leaks
    earlier: Earlier
    probes: tuple[ProbeGroup, ...]
    probe_test: Paired  # live against candidate, all groups
    base_test: Paired  # base against candidate, all groups
    stuck: Shares  # answers that go round in circles
    stuck_test: Paired  # live against candidate; lost is what is stuck now and was not
    drift: Drift


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict, and the figures where there were any to judge."""

    verdict: Verdict
    figures: Figures | None

    @property
    def strength(self) -> float | None:
        """The strength that was judged, and is to be promoted."""
        found = self.figures.strengths if self.figures else ()
        return next((tried.strength for tried in found if tried.is_chosen), None)

    def to_json(self) -> str:
        return _REPORT.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "Report":
        """Raises ReportDamagedError for what is no whole report, or one that passed without figures."""
        try:
            report = _REPORT.validate_json(text)
        except ValidationError as error:
            first = error.errors()[0]
            raise ReportDamagedError(why=f"{'.'.join(map(str, first['loc']))}: {first['msg']}") from error
        if not report.verdict.reasons or (report.verdict.is_passed and report.strength is None):
            raise ReportDamagedError(why="the verdict rests on nothing")
        return report


_REPORT = TypeAdapter(Report)

GROUPS = {
    Group.GENERAL: "gate.group.general",
    Group.REFUSALS: "gate.group.refusals",
    Group.SAFETY: "gate.group.safety",
    Group.LANGUAGE: "gate.group.language",
    Group.FAIRNESS: "gate.group.fairness",
    Group.ROBUSTNESS: "gate.group.robustness",
    Group.LENGTH: "gate.group.length",
    Group.REPETITION: "gate.group.repetition",
}
"""The locale key of each group's name."""


def say(reason: Reason, texts: Texts) -> str:
    """A reason in the reader's language: groups by their names, an error by its sentence."""
    params = dict(reason.params)
    if reason.key.startswith("error."):
        return texts.error(reason.key.removeprefix("error."), params)
    if "group" in params:
        params["group"] = texts(GROUPS[Group(str(params["group"]))])
    return texts(reason.key, **params)
