"""A worker's hold on a run: on a real database, with a clock that is set."""

import threading
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.errors import LeaseLostError, TrainingCancelledError, WorkerLostError
from collab.learning import leases
from collab.learning.leases import LEASE, Lease, is_free
from collab.learning.records import StepTold
from collab.learning.run_records import Stage
from collab.learning.tables import RunState, StoredAdapter, TaughtLesson, TrainingRun, TrainingStep
from collab.people.tables import AuditEntry
from knowledge.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
RUN = "run1"


class Wound:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Wound:
    return Wound()


@pytest.fixture
def lease(database: Database, clock: Wound) -> Lease:
    """Of the first worker of a run."""
    add_run(database)
    return Lease.claim(database, clock, RUN)


def add_run(database: Database, **values: object) -> None:
    row = {
        "id": RUN,
        "state": RunState.QUEUED,
        "stage": Stage.QUEUED,
        "done": 0,
        "count": 0,
        "effort": "quick",
        "settings": {"effort": "quick"},
        "created_at": NOW,
        "fence": 0,
        "is_cancel_asked": False,
    }
    with database.write() as session:
        session.add(TrainingRun(**{**row, **values}))


def the_run(database: Database) -> TrainingRun:
    with database.read() as session:
        return session.get_one(TrainingRun, RUN)


def logged(database: Database) -> list[tuple[str, int, dict[str, float]]]:
    with database.read() as session:
        rows = session.scalars(sa.select(TrainingStep).order_by(TrainingStep.seq))
        return [(row.stage, row.step, row.losses) for row in rows]


def acts(database: Database) -> list[tuple[str, dict[str, object]]]:
    with database.read() as session:
        return [(row.act, row.details) for row in session.scalars(sa.select(AuditEntry).order_by(AuditEntry.seq))]


def adapter(id: str = "a" * 16, **values: object) -> StoredAdapter:
    row = {"id": id, "run_id": RUN, "base": "tiny", "is_passed": True, "strength": 0.5, "created_at": NOW}
    return StoredAdapter(**{**row, **values})


def step(number: int) -> StepTold:
    return StepTold("sft", number, 12, {"fact": 4.5}, 0.1)


def test_one_worker_has_it_until_it_is_not_heard_of(database: Database, lease: Lease, clock: Wound) -> None:
    assert (the_run(database).state, the_run(database).fence, the_run(database).started_at) == ("running", 1, NOW)
    clock.now += LEASE
    with pytest.raises(LeaseLostError):
        Lease.claim(database, clock, RUN)
    clock.now += timedelta(seconds=1)
    Lease.claim(database, clock, RUN)
    assert (the_run(database).fence, the_run(database).started_at, the_run(database).heartbeat_at) == (
        2,
        NOW,
        clock.now,
    )


def test_there_is_no_lease_on_what_is_not_there_or_has_ended(database: Database, clock: Wound) -> None:
    with pytest.raises(LeaseLostError):
        Lease.claim(database, clock, RUN)
    add_run(database, state=RunState.CANCELLED)
    with pytest.raises(LeaseLostError):
        Lease.claim(database, clock, RUN)


def test_a_beat_keeps_it_and_tells_whether_somebody_wants_it_cancelled(
    database: Database, lease: Lease, clock: Wound
) -> None:
    clock.now += LEASE
    assert lease.beat() is False
    clock.now += LEASE
    assert not is_free(the_run(database), clock)
    with database.write() as session:
        session.get_one(TrainingRun, RUN).is_cancel_asked = True
    assert lease.beat() is True


def test_a_clock_that_was_set_back_does_not_keep_a_dead_worker(database: Database, lease: Lease, clock: Wound) -> None:
    clock.now -= timedelta(hours=1)
    assert is_free(the_run(database), clock)


def test_who_was_taken_for_dead_writes_nothing(database: Database, lease: Lease, clock: Wound) -> None:
    clock.now += LEASE * 2
    second = Lease.claim(database, clock, RUN)
    second.progress(Stage.SFT, 3, 12)
    before, log, entries = the_run(database), logged(database), acts(database)
    for write in (
        lease.beat,
        lambda: lease.progress(Stage.PROBES, 1, 2),
        lambda: lease.step(step(9)),
        lambda: lease.froze(5, "f" * 64),
        lambda: lease.finish("{}", adapter(), {"c1": True}),
        lambda: lease.fail(WorkerLostError(times=1, reason="none", run=RUN)),
    ):
        with pytest.raises(LeaseLostError):
            write()
    after = the_run(database)
    assert {name: getattr(after, name) for name in after.__table__.columns.keys()} == {  # noqa: SIM118
        name: getattr(before, name)
        for name in before.__table__.columns.keys()  # noqa: SIM118
    }
    assert (logged(database), acts(database)) == (log, entries)
    with database.read() as session:
        assert session.get(StoredAdapter, adapter().id) is None


def test_the_log_has_every_stage_and_update_once(database: Database, lease: Lease, clock: Wound) -> None:
    lease.progress(Stage.LESSONS, 0, 0)
    lease.step(step(1))
    lease.step(step(2))
    clock.now += LEASE * 2
    second = Lease.claim(database, clock, RUN)
    second.step(step(2))  # it does some of the work again
    second.step(step(3))
    assert logged(database) == [
        ("lessons", 0, {}),
        ("sft", 0, {}),
        *(("sft", number, {"fact": 4.5}) for number in (1, 2, 3)),
    ]
    assert (the_run(database).stage, the_run(database).done, the_run(database).count) == ("sft", 3, 12)


def test_news_that_follow_at_once_are_not_written_but_the_last_are(database: Database, lease: Lease) -> None:
    for done in range(4):
        lease.progress(Stage.PROBES, done, 3)
        if done == 2:
            assert the_run(database).done == 0
    assert the_run(database).done == 3


@pytest.fixture
def hurried(database: Database) -> "Database":
    """The same file, by who waits a tenth of a second for it."""
    return Database(database.path, busy_s=0.1)


def test_a_busy_database_costs_news_and_no_work(
    database: Database, hurried: Database, clock: Wound, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_run(database)
    monkeypatch.setattr(leases, "_PAUSE_S", 0.05)
    with closing(hurried):
        lease = Lease.claim(hurried, clock, RUN)
        held, let_go = threading.Event(), threading.Event()

        def write() -> None:
            with database.write():
                held.set()
                let_go.wait(30)

        other = threading.Thread(target=write)
        other.start()
        assert held.wait(30)
        lease.step(step(1))
        threading.Timer(0.3, let_go.set).start()
        lease.finish("{}", None, {})
        other.join()
    assert logged(database) == []
    assert the_run(database).state == RunState.DONE


def test_the_end_makes_report_adapter_and_lessons_known_together(database: Database, lease: Lease) -> None:
    lease.finish('{"verdict": 1}', adapter(), {"c1": True, "c2": None})
    row = the_run(database)
    assert (row.state, row.report, row.adapter_id, row.ended_at) == ("done", '{"verdict": 1}', adapter().id, NOW)
    with database.read() as session:
        taught = session.scalars(sa.select(TaughtLesson).order_by(TaughtLesson.lesson_id))
        assert [(one.lesson_id, one.is_right) for one in taught] == [("c1", True), ("c2", None)]
    assert acts(database) == [("training_run.done", {"adapter": adapter().id})]
    with pytest.raises(LeaseLostError):
        lease.finish("{}", None, {})


def test_the_same_weights_are_judged_anew(database: Database, lease: Lease) -> None:
    with database.write() as session:
        session.add(adapter(run_id=None, is_passed=False, strength=1.0, created_at=NOW - timedelta(days=1)))
    lease.finish("{}", adapter(), {"c1": True})
    with database.read() as session:
        kept = session.get_one(StoredAdapter, adapter().id)
        assert (kept.run_id, kept.is_passed, kept.strength, kept.created_at) == (
            RUN,
            True,
            0.5,
            NOW - timedelta(days=1),
        )
        assert session.get(TaughtLesson, (adapter().id, "c1")) is not None


def test_what_was_cancelled_before_its_end_has_no_result(database: Database, lease: Lease) -> None:
    with database.write() as session:
        session.get_one(TrainingRun, RUN).is_cancel_asked = True
    with pytest.raises(TrainingCancelledError):
        lease.finish("{}", adapter(), {"c1": True})
    assert the_run(database).state == RunState.RUNNING
    lease.fail(TrainingCancelledError(), RunState.CANCELLED)
    row = the_run(database)
    assert (row.state, row.error, row.adapter_id, row.report) == ("cancelled", "training_cancelled", None, None)
    assert acts(database) == [("training_run.cancelled", {"error": "training_cancelled"})]


def test_why_it_failed_is_kept(database: Database, lease: Lease, tmp_path: Path) -> None:
    lease.fail(WorkerLostError(times=3, reason="SIGKILL", run=RUN))
    row = the_run(database)
    assert (row.state, row.error) == ("failed", "worker_lost")
    assert row.error_params == {"times": 3, "reason": "SIGKILL", "run": RUN}
