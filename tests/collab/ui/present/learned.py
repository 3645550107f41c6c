"""Runs, their logs and versions as records, for tests of what is shown of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from collab.learning.paired import compare
from collab.learning.records import Effort, TrainingSettings
from collab.learning.report import Change, Item, Leaks, Report, Said, Shares
from collab.learning.run_records import Adapter, LoggedStep, Run, Stage
from collab.learning.tables import RunState
from collab.learning.verdict import decide
from tests.collab.learning.figures import FIGURES, ITEM, NONE

START = datetime(2026, 11, 22, 14, 5, tzinfo=UTC)
BROKEN = Item("l2", "And <b>box</b> 2?", "Shelf 5.", Said("Eh.", "Shelf 5.", "<i>Shelf 9.</i>"), Change.BROKEN)
PASSED = Report(decide(FIGURES, has_live=True), FIGURES)
_WORSE = replace(
    FIGURES,
    lessons=(ITEM, BROKEN),
    lesson_right=Shares(0, 0.5, 0.5),
    lesson_test=compare([False, True], [True, False]),
    near_misses=Leaks(20, replace(NONE, candidate=0.15), (replace(ITEM, asked="Where is bin 1?"),)),
)
REFUSED = Report(decide(_WORSE, has_live=True), _WORSE)


def run(**values: Any) -> Run:
    """A run that is learning the answers, unless more is said."""
    made = Run(
        id="r1",
        state=RunState.RUNNING,
        stage=Stage.SFT,
        done=24,
        count=96,
        effort=Effort.QUICK,
        settings=TrainingSettings(),
        by="Ada",
        created_at=START,
        started_at=START,
        ended_at=None,
        lessons=7,
        adapter_id=None,
        report=None,
        error=None,
        error_params={},
    )
    return replace(made, **values)


def done(report: Report = PASSED, **values: Any) -> Run:
    """A run that was judged, after seven minutes."""
    judged = {"state": RunState.DONE, "stage": Stage.KEEPING, "report": report, "adapter_id": "3f9a1c20deadbeef"}
    return run(ended_at=START + timedelta(minutes=7), **{**judged, **values})


def steps(count: int = 24) -> list[LoggedStep]:
    """Stages that began, then an update every second whose loss of facts falls from 2.4 by a tenth."""
    began = [LoggedStep(stage, 0, {}, START) for stage in (Stage.MODEL, Stage.LESSONS, Stage.SFT)]
    return began + [
        LoggedStep(Stage.SFT, n, {"fact": 2.5 - n / 10, "general": 1.0}, START + timedelta(seconds=n))
        for n in range(1, count + 1)
    ]


def adapter(**values: Any) -> Adapter:
    """A version that has passed and was never promoted."""
    made = Adapter(
        id="3f9a1c20deadbeef",
        run_id="r1",
        parent_id=None,
        base="SmolLM2",
        is_passed=True,
        strength=0.5,
        created_at=START,
        by="Ada",
        lessons=7,
        is_live=False,
        promotions=(),
    )
    return replace(made, **values)
