"""Runs as administrators start, watch and cancel them, with a runner that starts nothing unless it is told to."""

import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from collab.config import Settings, environment_of, load_settings
from collab.errors import (
    LeaseLostError,
    NotAllowedError,
    NothingToTrainError,
    TrainingEndedError,
    TrainingImpossibleError,
    TrainingUnderWayError,
)
from collab.learning.launching import LOG, PATIENCE_S, LocalRunner
from collab.learning.leases import LEASE, Lease
from collab.learning.records import Effort, TrainingSettings
from collab.learning.run_records import Run, Stage
from collab.learning.runs import TrainingRuns, settings_of
from collab.learning.tables import RunState, TrainingRun
from collab.people.access import OPERATOR, Actor, Role
from knowledge.database import Database
from knowledge.errors import NotFoundError
from tests.collab.learning.rows import DOG, EVE, MEL, add_corrections, add_everybody, builder
from tests.collab.learning.test_leases import Wound, acts, step
from tests.fakes import Watch, add_people

ADA = Actor("ada", "Ada", Role.ADMIN)
BEA = Actor("bea", "Bea", Role.ADMIN)


class Runner:
    """Remembers what it was told to start; `ended` is how its last worker ended."""

    def __init__(self) -> None:
        self.started: list[str] = []
        self.ended: str | None = None

    def start(self, run_id: str) -> None:
        self.started.append(run_id)

    def outcome(self, run_id: str) -> str | None:
        return self.ended


@pytest.fixture
def clock() -> Wound:
    return Wound()


@pytest.fixture
def runner() -> Runner:
    return Runner()


@pytest.fixture
def runs(database: Database, runner: Runner, clock: Wound) -> TrainingRuns:
    """With one lesson that waits."""
    add_everybody(database)
    add_people(database, ADA, BEA)
    add_corrections(database, DOG)
    return TrainingRuns(database, builder(database), runner, lambda: None, clock)


def test_a_run_is_queued_and_given_to_a_worker(runs: TrainingRuns, runner: Runner, database: Database) -> None:
    run = runs.start(ADA, settings_of(Effort.THOROUGH))
    assert (run.state, run.stage, run.by, run.effort) == (RunState.QUEUED, Stage.QUEUED, "Ada", Effort.THOROUGH)
    assert run.settings == TrainingSettings(effort=Effort.THOROUGH, steps=960)
    assert run.is_under_way
    assert runner.started == [run.id]
    assert runs.get(ADA, run.id) == run
    assert runs.newest(BEA) == [run]
    assert acts(database) == [("training_run.start", {})]


def test_without_lessons_there_is_nothing_to_train(database: Database, runner: Runner, clock: Wound) -> None:
    add_people(database, ADA)
    runs = TrainingRuns(database, builder(database), runner, lambda: None, clock)
    with pytest.raises(NothingToTrainError):
        runs.start(ADA)
    assert (runner.started, runs.newest(ADA)) == ([], [])


def test_a_model_that_cannot_be_trained_is_told_before(database: Database, runner: Runner, clock: Wound) -> None:
    def impossible() -> None:
        raise TrainingImpossibleError(model="far", reason="it runs on another server")

    add_people(database, ADA)
    with pytest.raises(TrainingImpossibleError):
        TrainingRuns(database, builder(database), runner, impossible, clock).start(ADA)


def test_of_two_who_press_together_one_trains(runs: TrainingRuns, runner: Runner, database: Database) -> None:
    together, begun, refused = threading.Barrier(2), list[Run](), list[TrainingUnderWayError]()

    def press(actor: Actor) -> None:
        together.wait()
        try:
            begun.append(runs.start(actor))
        except TrainingUnderWayError as error:
            refused.append(error)

    threads = [threading.Thread(target=press, args=(actor,)) for actor in (ADA, BEA)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(begun), len(refused)) == (1, 1)
    assert runner.started == [begun[0].id]
    assert runs.newest(ADA) == begun


@pytest.mark.parametrize("who", [MEL, EVE], ids=["member", "expert"])
def test_nobody_else_trains(runs: TrainingRuns, runner: Runner, who: Actor) -> None:
    run = runs.start(ADA)
    acts_of: list[Callable[[], object]] = [
        lambda: runs.waiting(who),
        lambda: runs.start(who),
        lambda: runs.newest(who),
        lambda: runs.get(who, run.id),
        lambda: runs.steps(who, run.id),
        lambda: runs.cancel(who, run.id),
    ]
    for act in acts_of:
        with pytest.raises(NotAllowedError):
            act()
    assert runner.started == [run.id]
    assert runs.get(ADA, run.id) == run


def test_what_waits_ends_at_once_when_it_is_cancelled(runs: TrainingRuns, database: Database, clock: Wound) -> None:
    run = runs.cancel(ADA, runs.start(ADA).id)
    assert (run.state, run.error, run.ended_at) == (RunState.CANCELLED, "training_cancelled", clock.now)
    with pytest.raises(LeaseLostError):
        Lease.claim(database, clock, run.id)
    with pytest.raises(TrainingEndedError):
        runs.cancel(ADA, run.id)
    assert runs.start(ADA).is_under_way


def test_what_is_worked_on_is_told_to_the_worker(runs: TrainingRuns, database: Database, clock: Wound) -> None:
    run = runs.start(ADA)
    lease = Lease.claim(database, clock, run.id)
    assert runs.cancel(BEA, run.id).state is RunState.RUNNING
    assert lease.beat() is True
    assert acts(database)[-1] == ("training_run.cancel", {})
    clock.now += LEASE * 2  # it dies before it could end it
    runs.look_after()
    assert runs.get(ADA, run.id).state is RunState.CANCELLED


def test_no_worker_is_started_beside_one_that_lives(
    runs: TrainingRuns, runner: Runner, database: Database, clock: Wound
) -> None:
    """A server that was started again knows nothing but the heartbeat."""
    run = runs.start(ADA)
    lease = Lease.claim(database, clock, run.id)
    again = Runner()
    server = TrainingRuns(database, builder(database), again, lambda: None, clock)
    for _ in range(3):
        clock.now += LEASE
        lease.beat()
        server.look_after()
    assert again.started == []
    clock.now += LEASE + timedelta(seconds=1)
    server.look_after()
    assert again.started == [run.id]


def test_a_run_is_given_up_after_three_workers_with_the_reason(
    runs: TrainingRuns, runner: Runner, database: Database, clock: Wound
) -> None:
    run = runs.start(ADA)
    for times in (1, 2, 3):
        Lease.claim(database, clock, run.id).step(step(times))
        runner.ended = "SIGKILL"
        clock.now += LEASE * 2
        runs.look_after()
        runner.ended = None
    assert runner.started == [run.id] * 3
    ended = runs.get(ADA, run.id)
    assert (ended.state, ended.error, ended.ended_at) == (RunState.FAILED, "worker_lost", clock.now)
    assert ended.error_params == {"times": 3, "reason": "SIGKILL", "run": run.id}
    assert acts(database)[-1] == ("training_run.failed", {"error": "worker_lost"})
    assert [(one.stage, one.step) for one in runs.steps(ADA, run.id)] == [
        ("sft", 0),
        ("sft", 1),
        ("sft", 2),
        ("sft", 3),
    ]
    assert runs.start(ADA).is_under_way


def test_a_worker_that_cannot_begin_is_not_started_for_ever(runs: TrainingRuns, runner: Runner) -> None:
    run = runs.start(ADA)
    runner.ended = "exit code 1"
    for _ in range(9):
        runs.look_after()
    assert len(runner.started) == 3
    ended = runs.get(ADA, run.id)
    assert (ended.state, ended.error_params["reason"]) == (RunState.FAILED, "exit code 1")


def test_a_run_that_nobody_knows_is_not_found(runs: TrainingRuns) -> None:
    for act in (runs.get, runs.steps, runs.cancel):
        with pytest.raises(NotFoundError):
            act(ADA, "none")


def test_the_operator_and_the_schedule_have_no_name(runs: TrainingRuns) -> None:
    assert runs.start(OPERATOR).by == ""


def test_what_another_version_wrote_hides_no_run(runs: TrainingRuns, database: Database) -> None:
    run = runs.cancel(ADA, runs.start(ADA).id)
    with database.write() as session:
        row = session.get_one(TrainingRun, run.id)
        row.settings = {**row.settings, "of_old": 3}
        row.report = '{"verdict": "good"}'
    [found] = runs.newest(ADA)
    assert found.settings == run.settings
    assert found.report is not None
    assert not found.report.verdict.is_passed
    assert found.report.verdict.reasons[0].key == "error.report_damaged"


def test_a_report_is_read_once_however_often_it_is_listed(runs: TrainingRuns, database: Database) -> None:
    run = runs.cancel(ADA, runs.start(ADA).id)
    with database.write() as session:
        session.get_one(TrainingRun, run.id).report = '{"verdict": "read once"}'
    [first], [again] = runs.newest(ADA), runs.newest(ADA)
    assert first.report is not None
    assert first.report is again.report
    with database.write() as session:
        session.get_one(TrainingRun, run.id).report = '{"verdict": "written anew"}'
    assert runs.newest(ADA)[0].report is not first.report


# --- processes --------------------------------------------------------------------------------------------------------


class Sleepers(LocalRunner):
    """Its workers sleep."""

    def _launched(self, place: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(["sleep", "600"])


def test_a_worker_that_hangs_is_ended_and_replaced(tmp_path: Path) -> None:
    watch = Watch()
    runner = Sleepers({}, tmp_path, watch)
    runner.start("r")
    first = runner._started["r"]
    for _ in range(int(PATIENCE_S / 60)):
        watch.now += 60
        runner.start("r")
        assert runner._started["r"] is first
    watch.now += 100 * PATIENCE_S  # it was heard of for a long time
    runner.start("r")
    assert (runner._started["r"], runner.outcome("r")) == (first, None)
    for _ in range(int(PATIENCE_S / 60) + 1):
        watch.now += 60
        runner.start("r")
    second = runner._started["r"]
    assert (first.poll(), second.poll()) == (-9, None)
    runner.start("r")
    assert runner._started["r"] is second
    second.kill()
    second.wait()
    assert runner.outcome("r") == "SIGKILL"


def test_a_worker_that_cannot_be_started_is_told(tmp_path: Path) -> None:
    (tmp_path / "training").touch()
    runner = LocalRunner({}, tmp_path / "training")
    runner.start("r")
    assert runner.outcome("r") == "Not a directory"
    assert runner.outcome("other") is None


def test_a_worker_waits_for_its_threads_by_sleeping_soon(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[dict[str, str]] = []
    monkeypatch.setattr(subprocess, "Popen", lambda *_, env, **__: seen.append(env))
    LocalRunner({"COLLAB_PORT": "1"}, tmp_path).start("r")
    assert seen == [{"COLLAB_PORT": "1", "GOMP_SPINCOUNT": "20000"}]


def test_a_worker_reads_the_very_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = Settings(data=Path("here"), database_key="a key", daily_tokens=5, answer_seconds=2.5)  # type: ignore[arg-type]
    told = load_settings(environment_of(settings), tmp_path / "none")
    assert told == settings.model_copy(update={"data": tmp_path / "here"})
    assert told.database_key.get_secret_value() == "a key"


def test_a_worker_finds_the_model_from_its_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("collab_model", "another")
    (tmp_path / "model").mkdir()
    near = environment_of(Settings(data=Path("here"), model="model"))
    assert (near["COLLAB_MODEL"], "collab_model" in near) == (str(tmp_path / "model"), False)
    assert environment_of(Settings(data=Path("here"), model="maker/model"))["COLLAB_MODEL"] == "maker/model"


def test_what_a_worker_says_is_kept_in_the_folder_of_the_run(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data")
    runner = LocalRunner({**environment_of(settings), "COLLAB_PORTT": "1"}, tmp_path)
    runner.start("r")
    runner._started["r"].wait(60)
    assert runner.outcome("r") == "exit code 1"
    assert "COLLAB_PORTT" in (tmp_path / "r" / LOG).read_text()
    assert (tmp_path / "r").stat().st_mode & 0o077 == 0


def test_settings_are_those_of_the_effort() -> None:
    assert settings_of(Effort.QUICK) == TrainingSettings()
    assert replace(settings_of(Effort.THOROUGH), steps=224, effort=Effort.QUICK) == TrainingSettings()


def test_another_rank_has_the_alpha_that_goes_with_it() -> None:
    usual = settings_of(Effort.THOROUGH)
    wider = settings_of(Effort.THOROUGH, rank=2 * usual.rank, seed=None)
    assert (wider.rank, wider.alpha) == (2 * usual.rank, 2 * usual.alpha)
    assert (wider.seed, wider.steps) == (usual.seed, usual.steps)
