"""The parts of the learning benchmark that train again and again, with a stand-in for the training alone."""

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path

import pytest

from collab.learning.adapters import Adapters
from collab.learning.records import TrainingSettings
from collab.learning.run_records import Run
from collab.learning.tables import StoredAdapter
from collab.people.access import OPERATOR
from collab.services import Services
from knowledge.database import Database
from tests.benchmarks import learning_often
from tests.collab.learning.test_leases import add_run
from tests.collab.ui.present.learned import PASSED, REFUSED, START, done, run

pytestmark = pytest.mark.models


class Trains:
    """Ends as it was told, each time otherwise; `taught` has how many lessons each found."""

    def __init__(self, *runs: Run) -> None:
        self._runs = list(runs)
        self.taught: list[int] = []
        self.seeds: list[int] = []

    def __call__(self, services: Services, settings: TrainingSettings) -> Run:
        self.taught.append(sum(services.training.waiting(OPERATOR).kinds.values()))
        self.seeds.append(settings.seed)
        return self._runs.pop(0)


FAILED = run(error="training_failed")


def test_what_passes_what_is_refused_and_what_fails_are_told_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learning_often, "SEEDS", 3)
    trains = Trains(done(PASSED), done(REFUSED), FAILED)
    row = learning_often.seeds(tmp_path, trains)
    assert trains.seeds == [0, 1, 2]
    assert trains.taught == [16, 16, 16]
    assert (row["runs"], row["judged"], row["passed"], row["collapsed"]) == (3, 2, 1, 1)
    again = Trains(FAILED, FAILED, FAILED)
    row = learning_often.seeds(tmp_path, again)
    assert again.taught == [16, 16, 16]  # they were taught once
    assert (row["judged"], row["collapsed"], row["lessons right, least"]) == (0, 3, 0.0)


def test_a_planted_batch_whose_training_fails_was_not_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning_often, "SEEDS", 3)
    trains = Trains(done(REFUSED), done(PASSED), FAILED)
    row = learning_often.bad(tmp_path, trains)
    assert trains.taught[0] == trains.taught[2] == 16
    assert trains.taught[1] < 16  # of the member who answers all, most are set aside
    assert (row["refused"], row["passed"], row["failed"], row["stopped"]) == (1, 1, 1, 1)


def test_each_run_has_some_lessons_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning_often, "SUCCESSIVE", 2)
    trains = Trains(done(REFUSED), FAILED)
    row = learning_often.successive(tmp_path, trains)
    assert trains.taught == [24, 48]
    assert (row["runs"], row["passed"], row["runs with earlier lessons"]) == (2, 0, 1)


class Keeps(Trains):
    """Leaves its runs as a worker does; is ended when it has no more of them."""

    def __call__(self, services: Services, settings: TrainingSettings) -> Run:
        number = len(services.training.newest(OPERATOR))
        made = super().__call__(services, settings)
        add_run(
            services.database,
            id=f"r{number}",
            state=made.state,
            stage=made.stage,
            settings=asdict(settings),
            report=made.report and made.report.to_json(),
            adapter_id=made.report and add_adapter(services.database, f"{number:016x}"),
            created_at=START + timedelta(minutes=number),
            ended_at=START + timedelta(minutes=number + 1),
        )
        return services.training.get(OPERATOR, f"r{number}")


def add_adapter(database: Database, adapter_id: str) -> str:
    with database.write() as session:
        session.add(StoredAdapter(id=adapter_id, base="m", is_passed=True, strength=1.0, created_at=START))
    return adapter_id


def test_what_is_done_is_not_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learning_often, "SEEDS", 3)
    with pytest.raises(IndexError):
        learning_often.seeds(tmp_path, Keeps(done(PASSED)))
    again = Keeps(done(REFUSED), done(REFUSED))
    row = learning_often.seeds(tmp_path, again)
    assert again.seeds == [1, 2]
    assert (row["runs"], row["judged"], row["passed"]) == (3, 3, 1)


def test_what_passed_goes_live_once_and_the_next_lessons_follow(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    promoted: list[str] = []
    monkeypatch.setattr(Adapters, "promote", lambda self, actor, adapter_id: promoted.append(adapter_id))
    monkeypatch.setattr(learning_often, "SUCCESSIVE", 3)
    first = Keeps(done(PASSED), done(REFUSED))
    with pytest.raises(IndexError):
        learning_often.successive(tmp_path, first)
    again = Keeps(done(PASSED))
    row = learning_often.successive(tmp_path, again)
    assert first.taught[:2] + again.taught == [17, 33, 48]
    assert promoted == [f"{0:016x}", f"{2:016x}"]
    assert (row["runs"], row["passed"]) == (3, 2)
