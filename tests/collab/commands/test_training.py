"""Training and versions on the command line."""

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.commands import training
from collab.config import Settings
from collab.errors import AdapterNotPassedError, NothingToTrainError, TrainingUnderWayError
from collab.learning.leases import Lease
from collab.learning.report import Report
from collab.learning.run_records import Stage
from collab.learning.tables import RunState, TrainingRun
from collab.learning.verdict import unjudged
from collab.people.access import OPERATOR
from collab.services import Services
from knowledge.database import utc_now
from tests.collab.commands.running import on
from tests.collab.learning.rows import DOG, add_corrections, add_everybody
from tests.collab.learning.tiny_adapters import Made
from tests.collab.learning.tiny_model import write_model
from tests.fakes import EchoModel, WordEmbedder
from tests.running import ROOT

UNJUDGED = Report(unjudged("error.gate_failed", {}), None).to_json()


class Doing:
    """A runner in whose place something is done with a run."""

    def __init__(self) -> None:
        self.services: Services | None = None
        self.does = "finish"

    def start(self, run_id: str) -> None:
        assert self.services is not None
        if self.does == "wait":
            return
        if self.does == "interrupt":
            raise KeyboardInterrupt
        lease = Lease.claim(self.services.database, utc_now, run_id)
        lease.progress(Stage.PROBES, 3, 3)
        if self.does == "finish":
            lease.finish(UNJUDGED, None, {})
        else:
            lease.fail(NothingToTrainError())

    def outcome(self, run_id: str) -> str | None:
        return None


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def runner() -> Doing:
    return Doing()


@pytest.fixture
def services(tmp_path: Path, tiny: Path, runner: Doing, migrated: Path) -> Services:  # type: ignore[misc]
    """With a small model that can be trained."""
    (tmp_path / "collab.db").write_bytes(migrated.read_bytes())
    services = Services(
        Settings(data=tmp_path, model=str(tiny)), embedder=WordEmbedder(), engine=EchoModel(), runner=runner
    )
    runner.services = services
    yield services
    services.close()


@pytest.fixture
def lesson(services: Services) -> None:
    """One waits."""
    add_everybody(services.database)
    add_corrections(services.database, DOG)


def states(services: Services) -> list[str]:
    with services.database.read() as session:
        return list(session.scalars(sa.select(TrainingRun.state)))


def test_without_lessons_it_says_so(services: Services) -> None:
    with pytest.raises(NothingToTrainError):
        on(services, training, "train")


@pytest.mark.usefixtures("lesson")
def test_it_is_watched_to_its_end(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    assert on(services, training, "train", "--effort", "thorough", "--seed", "3") == 0
    [run] = services.training.newest(OPERATOR)
    assert (run.effort, run.settings.seed, run.state) == ("thorough", 3, RunState.DONE)
    printed = capsys.readouterr().out
    assert printed.startswith(f"Training {run.id} has begun.\n")
    assert "The new adapter could not be judged" in printed
    assert "adapters promote" not in printed


@pytest.mark.usefixtures("lesson")
def test_what_failed_is_told_with_an_exit_code(
    services: Services, runner: Doing, capsys: pytest.CaptureFixture[str]
) -> None:
    runner.does = "fail"
    assert on(services, training, "train") == 1
    assert "There is nothing to learn from" in capsys.readouterr().err


@pytest.mark.usefixtures("lesson")
def test_it_need_not_be_watched_and_a_second_one_is_refused(services: Services, runner: Doing) -> None:
    runner.does = "wait"
    assert on(services, training, "train", "--no-wait") == 0
    assert states(services) == ["queued"]
    with pytest.raises(TrainingUnderWayError):
        on(services, training, "train")


@pytest.mark.usefixtures("lesson")
def test_an_interrupt_cancels_it(services: Services, runner: Doing, monkeypatch: pytest.MonkeyPatch) -> None:
    runner.does = "wait"

    def interrupt() -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(services.training, "look_after", interrupt)
    monkeypatch.setattr(training, "_LOOK_S", 0.01)
    with pytest.raises(KeyboardInterrupt):
        on(services, training, "train")
    assert states(services) == ["cancelled"]


def test_versions_are_listed_promoted_and_gone_back_from(
    services: Services, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert on(services, training, "adapters", "list") == 0
    assert capsys.readouterr().out.startswith("No version yet")
    add = Made(services.database, tiny, tmp_path / "adapters")
    first, second = add(0.1, taught={"c1": True}), add(0.2, is_passed=False)
    assert on(services, training, "adapters", "promote", first) == 0
    at = f"{datetime(2026, 11, 23, 9, 0, tzinfo=UTC):%Y-%m-%d %H:%M}"
    assert capsys.readouterr().out == f"{first}  {at}  1 lessons, passed, live\n"
    with pytest.raises(AdapterNotPassedError):
        on(services, training, "adapters", "promote", second)
    assert on(services, training, "adapters", "compare", first, second) == 0
    assert on(services, training, "adapters", "promote", second, "--reason", "as agreed") == 0
    assert on(services, training, "adapters", "rollback") == 0
    assert on(services, training, "adapters", "rollback") == 0
    assert capsys.readouterr().out.endswith(f"{first} is live again.\nThe model answers as it came.\n")


def test_a_version_goes_out_and_comes_in(
    services: Services, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = Made(services.database, tiny, tmp_path / "adapters")(0.1)
    assert on(services, training, "adapters", "export", first, tmp_path / "out.zip") == 0
    assert on(services, training, "adapters", "import", tmp_path / "out.zip") == 0
    out, line = capsys.readouterr().out.splitlines()
    assert (out, line.split()[0]) == (str(tmp_path / "out.zip"), first)


def test_a_worker_without_a_run_says_so(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    program = "import resource, sys; from collab.__main__ import main; code = main(sys.argv[1:]); "
    program += "print(resource.getrlimit(resource.RLIMIT_DATA)[0]); sys.exit(code)"
    done = subprocess.run(
        [sys.executable, "-c", program, "worker", "none"],
        cwd=ROOT,
        env={**os.environ, "COLLAB_DATA": str(services.settings.data), "COLLAB_TRAINING_MEMORY_MB": "5000"},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1
    assert "no longer this worker's" in done.stderr
    if sys.platform == "linux":
        assert done.stdout == "15000000000\n"
