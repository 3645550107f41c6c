"""What is told of training runs and adapters. It knows no rows."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any

from collab.learning.records import Effort, TrainingSettings
from collab.learning.report import Report
from collab.learning.tables import UNDER_WAY, RunState


class Stage(StrEnum):
    """What a run does, in this order. `preference` and `unpaired` are left out where there is too little for them."""

    QUEUED = "queued"
    MODEL = "model"  # what is trained is converted if need be
    LESSONS = "lessons"  # rows become a set of lessons
    SFT = "sft"
    PREFERENCE = "preference"
    UNPAIRED = "unpaired"
    STRENGTH = "strength"  # the gate: how much of the change is best
    HELD_OUT = "held_out"  # the gate: lessons
    PROBES = "probes"  # the gate: all else
    KEEPING = "keeping"  # the adapter is written


@dataclass(frozen=True, slots=True)
class Run:
    """A training run. `done` of `count` parts of its stage are done; `count` is 0 where that is not known."""

    id: str
    state: RunState
    stage: Stage
    done: int
    count: int
    effort: Effort
    settings: TrainingSettings
    by: str  # a name; empty for the schedule and the operator of the machine
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    lessons: int | None
    adapter_id: str | None  # of the candidate
    report: Report | None
    error: str | None  # its code in the error tree, with `error_params`
    error_params: Mapping[str, str | int | float]

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY


@dataclass(frozen=True, slots=True)
class LoggedStep:
    """An entry of a run's log: a stage that began (no losses), or an update with the loss of each task."""

    stage: Stage
    step: int
    losses: Mapping[str, float]
    at: datetime


@dataclass(frozen=True, slots=True)
class Promoted:
    """A change of the live adapter. Ids are None for the model as it came."""

    adapter_id: str | None
    previous_id: str | None
    by: str
    at: datetime
    is_rollback: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Adapter:
    """A version. `run_id` is None for one that was imported; `lessons` counts what it was taught, its parents' too."""

    id: str
    run_id: str | None
    parent_id: str | None
    base: str
    is_passed: bool
    strength: float
    created_at: datetime
    by: str
    lessons: int
    is_live: bool
    promotions: tuple[Promoted, ...]  # newest first


class Learned(StrEnum):
    """Whether the live adapter answers a correction's question right by itself, as the gate saw it."""

    LEARNED = "learned"
    MISSED = "missed"
    FORGOTTEN = "forgotten"  # an earlier adapter had learned it


def settings_from(values: Mapping[str, Any]) -> TrainingSettings:
    """Settings as they were kept; what an earlier version knew and this one does not is left out."""
    known = {field.name: values[field.name] for field in fields(TrainingSettings) if field.name in values}
    return TrainingSettings(**{**known, "effort": Effort(values["effort"])})
