"""Two versions beside each other: what they come from, how they were trained, what they were taught, what their gates
found. It reads rows and reports, no files of adapters, and judges nothing.

Each figure is of the version's own gate: the questions asked may differ, so a difference is a hint and no test.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.feedback.tables import Correction
from collab.learning import pointer
from collab.learning.adapters import Adapters
from collab.learning.report import Report
from collab.learning.run_records import Adapter, Run
from collab.learning.runs import TrainingRuns
from collab.people.access import Actor
from knowledge.database import Database

MOST_QUESTIONS = 20

Setting = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Differing:
    """A setting that is not the same; None where the version was imported, and how it was trained is not known."""

    name: str
    one: Setting
    other: Setting


@dataclass(frozen=True, slots=True)
class Figure:
    """A share of the candidate's answers by its own report, or its drift; None where that is not known."""

    name: str  # "right", "right.fact", "leaked", …, or "probes." and the name of a group
    one: float | None
    other: float | None

    @property
    def difference(self) -> float | None:
        """What `other` has more; None where one of the two is not known."""
        return None if self.one is None or self.other is None else self.other - self.one


@dataclass(frozen=True, slots=True)
class Taught:
    """Lessons that one of the two was taught and the other was not; `questions` has some of the corrections'."""

    count: int
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions."""

    one: Adapter
    other: Adapter
    settings: tuple[Differing, ...]
    only_one: Taught
    only_other: Taught
    both: int
    figures: tuple[Figure, ...]


class Comparisons:
    """Compares versions, for administrators."""

    def __init__(self, database: Database, adapters: Adapters, runs: TrainingRuns) -> None:
        self._database = database
        self._adapters = adapters
        self._runs = runs

    def compare(self, actor: Actor, one_id: str, other_id: str) -> Comparison:
        """Raises NotAllowedError and NotFoundError."""
        one, other = self._adapters.get(actor, one_id), self._adapters.get(actor, other_id)
        ran, other_ran = self._run(actor, one), self._run(actor, other)
        with self._database.read() as session:
            here, there = pointer.taught_ids(session, one.id), pointer.taught_ids(session, other.id)
            only_one, only_other = _taught(session, here - there), _taught(session, there - here)
        return Comparison(
            one=one,
            other=other,
            settings=_differing(ran, other_ran),
            only_one=only_one,
            only_other=only_other,
            both=len(here & there),
            figures=_figures(ran, other_ran),
        )

    def _run(self, actor: Actor, adapter: Adapter) -> Run | None:
        return self._runs.get(actor, adapter.run_id) if adapter.run_id else None


def _taught(session: Session, ids: frozenset[str]) -> Taught:
    """Lessons are told by ids: of a correction, or of a turn that was rated."""
    some = sorted(ids)[: 10 * MOST_QUESTIONS]
    query = (
        sa.select(Correction.question)
        .where(Correction.id.in_(some))
        .order_by(Correction.created_at, Correction.id)
        .limit(MOST_QUESTIONS)
    )
    return Taught(len(ids), tuple(session.scalars(query)))


def _differing(one: Run | None, other: Run | None) -> tuple[Differing, ...]:
    here: dict[str, Any] = asdict(one.settings) if one else {}
    there: dict[str, Any] = asdict(other.settings) if other else {}
    return tuple(
        Differing(name, here.get(name), there.get(name)) for name in here or there if here.get(name) != there.get(name)
    )


def _figures(one: Run | None, other: Run | None) -> tuple[Figure, ...]:
    here, there = _shares(one), _shares(other)
    return tuple(Figure(name, here.get(name), there.get(name)) for name in {**here, **there})


def _shares(run: Run | None) -> Mapping[str, float]:
    """Of the candidate, by name; none where there is no report or it could not be judged."""
    report: Report | None = run.report if run else None
    found = report.figures if report else None
    if found is None:
        return {}
    shares = {"right": found.lesson_right.candidate}
    shares |= {f"right.{one.kind}": one.right.candidate for one in found.kinds}
    if found.near_misses.items:
        shares["leaked"] = found.near_misses.leaked.candidate
    if found.earlier.held:
        shares["earlier"] = found.earlier.kept
    shares |= {"stuck": found.stuck.candidate, "drift": found.drift.candidate}
    return shares | {f"probes.{one.group}": one.passed.candidate for one in found.probes}
