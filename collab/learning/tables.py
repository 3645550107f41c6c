"""The rows behind training: runs with their steps, adapters, which lessons they were taught, and which one is live.

A partial unique index lets one run at most be queued or running. A run that runs belongs to the worker that holds its
`fence`: each claim raises it, and whoever writes with an older one writes nothing.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from collab.people.tables import Person
from knowledge.database import Base


class RunState(StrEnum):
    """Where a training run stands."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"  # with a report, whatever it says
    FAILED = "failed"
    CANCELLED = "cancelled"


UNDER_WAY = (RunState.QUEUED, RunState.RUNNING)


class TrainingRun(Base):
    """One attempt to teach an adapter. `person_id` is None for the schedule and the operator of the machine.

    `stage` is what it does now, `done` of `count` parts of that. `report` is the gate's, as JSON; `error` a code of the
    error tree with its `error_params`.
    """

    __tablename__ = "training_runs"
    __table_args__ = (
        sa.CheckConstraint("state IN ('queued', 'running', 'done', 'failed', 'cancelled')", name="state"),
        sa.Index(
            "uq_training_runs_under_way",
            "lane",
            unique=True,
            sqlite_where=sa.text("state IN ('queued', 'running')"),
        ),
        sa.Index("ix_training_runs_created_at", "created_at"),
    )

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    lane: Mapped[int] = mapped_column(default=1)  # one run at a time in each; there is one
    state: Mapped[str] = mapped_column(sa.String(16))
    stage: Mapped[str] = mapped_column(sa.String(16))
    done: Mapped[int]
    count: Mapped[int]
    effort: Mapped[str] = mapped_column(sa.String(16))
    settings: Mapped[dict[str, Any]]
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id, ondelete="SET NULL"))
    created_at: Mapped[datetime]
    started_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    heartbeat_at: Mapped[datetime | None]
    fence: Mapped[int]
    is_cancel_asked: Mapped[bool]
    parent_id: Mapped[str | None] = mapped_column(sa.String(32))  # the live adapter as it was queued
    lessons: Mapped[int | None]
    manifest_sha256: Mapped[str | None] = mapped_column(sa.String(64))
    adapter_id: Mapped[str | None] = mapped_column(sa.String(32))
    report: Mapped[str | None]
    error: Mapped[str | None] = mapped_column(sa.String(40))
    error_params: Mapped[dict[str, Any] | None]


class TrainingStep(Base):
    """An entry of a run's log: a stage that began (no losses), or an update with the loss of each task."""

    __tablename__ = "training_steps"

    seq: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[str] = mapped_column(sa.ForeignKey(TrainingRun.id, ondelete="CASCADE"), index=True)
    stage: Mapped[str] = mapped_column(sa.String(16))
    step: Mapped[int]
    losses: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class StoredAdapter(Base):
    """A LoRA version; its files are in a folder of its name, which is a hash of them. It never changes.

    `run_id` is None for one that was imported; `parent_id` is the adapter on whose weights the training began.
    """

    __tablename__ = "adapters"

    id: Mapped[str] = mapped_column(sa.String(32), primary_key=True)
    run_id: Mapped[str | None] = mapped_column(sa.ForeignKey(TrainingRun.id, ondelete="SET NULL"))
    parent_id: Mapped[str | None] = mapped_column(sa.String(32))
    base: Mapped[str]
    is_passed: Mapped[bool]
    strength: Mapped[float]
    created_at: Mapped[datetime]
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id, ondelete="SET NULL"))


class TaughtLesson(Base):
    """A lesson that an adapter, or one that it began from, was taught. `is_right`: as the gate saw it, if it asked."""

    __tablename__ = "taught_lessons"

    adapter_id: Mapped[str] = mapped_column(sa.ForeignKey(StoredAdapter.id, ondelete="CASCADE"), primary_key=True)
    lesson_id: Mapped[str] = mapped_column(sa.String(32), primary_key=True, index=True)
    is_right: Mapped[bool | None]


class LiveAdapter(Base):
    """The pointer: one row. `adapter_id` is None for the model as it came; `version` counts the changes."""

    __tablename__ = "live_adapter"
    __table_args__ = (sa.CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    adapter_id: Mapped[str | None] = mapped_column(sa.ForeignKey(StoredAdapter.id))
    version: Mapped[int]


class Promotion(Base):
    """A change of the pointer. `reason` is given where the gate had not passed the adapter."""

    __tablename__ = "promotions"

    seq: Mapped[int] = mapped_column(primary_key=True)
    adapter_id: Mapped[str | None] = mapped_column(sa.ForeignKey(StoredAdapter.id))
    previous_id: Mapped[str | None] = mapped_column(sa.ForeignKey(StoredAdapter.id))
    person_id: Mapped[str | None] = mapped_column(sa.ForeignKey(Person.id, ondelete="SET NULL"))
    at: Mapped[datetime]
    is_rollback: Mapped[bool]
    reason: Mapped[str | None]
