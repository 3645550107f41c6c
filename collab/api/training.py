"""`/v1/training-runs`: teaching the model what people corrected, and how that went. For admins."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from collab.api.auth import Person
from collab.api.errors import Problem, stored_problem
from collab.api.fields import Body
from collab.learning.lessons import Waiting
from collab.learning.records import Effort, TrainingSettings
from collab.learning.report import Outcome, Report
from collab.learning.run_records import LoggedStep, Run, Stage
from collab.learning.runs import settings_of
from collab.learning.tables import RunState
from collab.texts import load_texts

if TYPE_CHECKING:
    from collab.services import Services


class TrainingRequest(Body):
    """How to train; what is left out is as the effort has it."""

    effort: Annotated[Effort, Field(description="`quick` takes minutes, `thorough` longer")] = Effort.QUICK
    seed: Annotated[int | None, Field(ge=0, le=2**31 - 1, description="fixes what is left to chance")] = None
    rank: Annotated[int | None, Field(ge=1, le=256, description="rank of the LoRA")] = None
    learning_rate: Annotated[float | None, Field(ge=1e-6, le=0.1)] = None
    steps: Annotated[int | None, Field(ge=1, le=5_000, description="updates at most")] = None


class ProgressReply(BaseModel):
    """How many parts of its stage are done; a count of 0 says that this is not known."""

    done: int
    count: int


class VerdictReply(BaseModel):
    """What the gate decided; a version that has not `passed` is promoted with a reason only."""

    outcome: Outcome
    sentence: str


class RunLine(BaseModel):
    """A training run, without its report."""

    id: str
    state: RunState
    stage: Stage = Field(description="what it does now, or did last")
    progress: ProgressReply
    effort: Effort
    settings: dict[str, Any]
    by: str = Field(description="a name; empty for the schedule and the command line")
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    lessons: int | None = Field(description="that it teaches; null until they are fixed")
    adapter_id: str | None = Field(description="the version that it made")
    verdict: VerdictReply | None
    error: Problem | None = Field(description="why it ended without a result")


class RunReply(RunLine):
    """A training run with the gate's report: base, live version and candidate side by side. Null before its end."""

    report: Report | None


class RunList(BaseModel):
    """The newest first, at most 50."""

    data: list[RunLine]


class StepReply(BaseModel):
    """A stage that began (no losses), or an update with the loss of each task."""

    stage: Stage
    step: int
    losses: dict[str, float]
    at: datetime


class StepList(BaseModel):
    """Oldest first."""

    data: list[StepReply]


class WaitingReply(BaseModel):
    """What the next run would teach, in numbers."""

    kinds: dict[str, int] = Field(description="lessons by kind: `fact`, `style`, `rating`")
    sources: dict[str, int] = Field(description="by who wrote the answer: `person`, `model`, `stronger`")
    ages: dict[str, int] = Field(description="by the time since: `day`, `week`, `month`, `older`")
    asides: dict[str, int] = Field(description="what is not taught, by reason, such as `duplicate` or `conflict`")
    earlier: int = Field(description="lessons that the live version was taught already")


def add_routes(router: APIRouter, services: "Services") -> None:
    """Adds the resource; what waits before single runs, whose ids would match its address."""
    training = services.training

    @router.post("/training-runs", status_code=202)
    def start(actor: Person, body: TrainingRequest | None = None) -> RunReply:
        """Starts a run, one at a time, which goes on by itself. Nothing is promoted by it."""
        return _reply(training.start(actor, _settings(body or TrainingRequest())))

    @router.get("/training-runs")
    def list_training_runs(actor: Person) -> RunList:
        """The runs so far, that which is under way first."""
        return RunList(data=[RunLine(**_line(run)) for run in training.newest(actor)])

    @router.get("/training-runs/waiting")
    def waiting(actor: Person) -> WaitingReply:
        """What people corrected and rated that the live version was not taught. With many lessons it takes seconds."""
        return _waiting(training.waiting(actor))

    @router.get("/training-runs/{run_id}")
    def get(actor: Person, run_id: str) -> RunReply:
        """How far a run is, and once it has ended, what came of it."""
        return _reply(training.get(actor, run_id))

    @router.get("/training-runs/{run_id}/steps")
    def steps(actor: Person, run_id: str) -> StepList:
        """Its log: stages, and the losses of each update."""
        return StepList(data=[_step(one) for one in training.steps(actor, run_id)])

    @router.post("/training-runs/{run_id}/cancel")
    def cancel(actor: Person, run_id: str) -> RunReply:
        """Ends it within seconds; nothing of it is kept."""
        return _reply(training.cancel(actor, run_id))


def _settings(body: TrainingRequest) -> TrainingSettings:
    return settings_of(body.effort, **body.model_dump(exclude={"effort"}))


def _reply(run: Run) -> RunReply:
    return RunReply(**_line(run), report=run.report)


def _line(run: Run) -> dict[str, Any]:
    same = set(RunLine.model_fields) - {"progress", "settings", "verdict", "error"}
    return {
        **{name: getattr(run, name) for name in same},
        "progress": ProgressReply(done=run.done, count=run.count),
        "settings": asdict(run.settings),
        "verdict": _verdict(run.report) if run.report else None,
        "error": stored_problem(run.error, dict(run.error_params)) if run.error else None,
    }


def _verdict(report: Report) -> VerdictReply:
    return VerdictReply(outcome=report.verdict.outcome, sentence=report.verdict.sentence(load_texts("en")))


def _step(one: LoggedStep) -> StepReply:
    return StepReply(stage=one.stage, step=one.step, losses=dict(one.losses), at=one.at)


def _waiting(found: Waiting) -> WaitingReply:
    return WaitingReply(
        kinds=dict(found.kinds),
        sources=dict(found.sources),
        ages=dict(found.ages),
        asides=_by_last_word(found.asides),
        earlier=found.earlier,
    )


def _by_last_word(counted: Mapping[str, int]) -> dict[str, int]:
    """Reasons are keys of the screen's texts; the last word says which one it is."""
    return {key.rpartition(".")[2]: count for key, count in counted.items()}
