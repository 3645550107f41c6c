"""Training that starts by itself: when, how often, and what goes live without anybody's word."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.errors import TrainingImpossibleError
from collab.feedback.tables import Correction, Lesson, State
from collab.learning.adapters import Adapters
from collab.learning.lessons import LessonBuilder
from collab.learning.records import Effort
from collab.learning.report import Report
from collab.learning.run_records import Run
from collab.learning.runs import TrainingRuns
from collab.learning.sameness import ScopeSameness
from collab.learning.schedule import Schedule
from collab.learning.tables import RunState
from collab.learning.trainable import TrainableModel
from collab.learning.verdict import decide, unjudged
from collab.people.access import OPERATOR
from knowledge.database import Database
from tests.collab.learning.ended import finish, write_adapter
from tests.collab.learning.figures import FIGURES
from tests.collab.learning.rows import DOG, PASSWORD, TICKET, add_corrections, add_everybody
from tests.collab.learning.tiny_model import write_model
from tests.collab.people.conftest import HandClock
from tests.fakes import StillRunner, WordEmbedder

LOCKER = {"question": "Whom do I ask about the lockers?", "answer": "Write to anna.berg@museum.example."}
PASSED = Report(decide(FIGURES, has_live=True), FIGURES)
UNJUDGED = Report(unjudged("error.answer_missing", {"question": "Where?"}), None)
NIGHT = datetime(2026, 11, 25, 3, 0, tzinfo=UTC)
DAY = datetime(2026, 11, 25, 15, 0, tzinfo=UTC)


class CountingBuilder(LessonBuilder):
    """Counts how often lessons are counted."""

    times = 0

    def waiting(self, earlier: Sequence[str] = ()) -> object:  # type: ignore[override]
        self.times += 1
        return super().waiting(earlier)


@dataclass
class House:
    """A schedule on real runs and versions, with workers that do nothing."""

    database: Database
    base: Path
    folder: Path
    clock: HandClock = field(default_factory=HandClock)
    served: list[str | None] = field(default_factory=list)
    can_train: bool = True

    def __post_init__(self) -> None:
        same = ScopeSameness(WordEmbedder(), None, None, 9)
        self.builder = CountingBuilder(self.database, same, self.clock)
        self.adapters = Adapters(self.database, self.folder, self._model, self.clock, self.served.append)
        self.training = TrainingRuns(self.database, self.builder, StillRunner(), self._model, self.clock)

    def _model(self) -> TrainableModel:
        if not self.can_train:
            raise TrainingImpossibleError(model="echo", reason="it runs on another server")
        return TrainableModel("tiny", None, None, self.base, self.folder / "cache")

    def schedule(self, *, is_nightly: bool = False, after: int = 0, promotes: bool = False) -> Schedule:
        """A new one, as after a restart."""
        return Schedule(
            self.database,
            self.training,
            self.adapters,
            self.clock,
            is_nightly=is_nightly,
            after=after,
            promotes=promotes,
        )

    def runs(self) -> Sequence[Run]:
        """All, the newest first."""
        return self.training.newest(OPERATOR)

    def approve(self, *ids: str) -> None:
        """Corrections that waited for a review go live now."""
        with self.database.write() as session:
            for row in session.scalars(sa.select(Correction).where(Correction.id.in_(ids))):
                row.state, row.decided_at = State.LIVE, self.clock()
                session.add(Lesson(correction_id=row.id, created_at=row.created_at))

    def end(self, report: Report | None = None, change: float = 0.1) -> str:
        """Ends the newest run with a version; without a report it is cancelled."""
        run = self.runs()[0]
        if report is None:
            self.training.cancel(OPERATOR, run.id)
            return ""
        adapter_id = write_adapter(self.base, self.folder, change)
        finish(self.database, self.clock, run.id, adapter_id, report)
        return adapter_id


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture
def house(database: Database, base: Path, tmp_path: Path) -> House:
    """Two lessons came yesterday at noon; two wait for a review since long, of which one may not be taught."""
    add_everybody(database)
    house = House(database, base, tmp_path / "adapters")
    house.clock.now = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
    waiting = {"state": "pending", "decided_at": None, "is_lesson": False}
    add_corrections(database, *({**one, **waiting} for one in (DOG, PASSWORD, TICKET, LOCKER)))
    house.approve("c0", "c1")
    return house


def look(house: House, schedule: Schedule, *moments: datetime) -> None:
    """The schedule looks at these moments."""
    for moment in moments:
        house.clock.now = moment
        schedule.look()


def test_nothing_is_scheduled_unless_it_is_said(house: House) -> None:
    look(house, house.schedule(promotes=True), NIGHT, DAY)
    assert house.runs() == []


def test_at_night_it_trains_thoroughly_and_once(house: House) -> None:
    schedule = house.schedule(is_nightly=True)
    look(house, schedule, NIGHT.replace(hour=2, minute=45))
    assert house.runs() == []
    look(house, schedule, NIGHT.replace(minute=5))
    (run,) = house.runs()
    assert (run.effort, run.by, run.settings.steps) == (Effort.THOROUGH, "", 960)
    house.end()
    house.clock.move(minutes=1)
    house.approve("c2")
    look(house, schedule, NIGHT.replace(minute=30))
    look(house, house.schedule(is_nightly=True), NIGHT.replace(minute=50))  # started again meanwhile
    assert len(house.runs()) == 1
    look(house, schedule, NIGHT.replace(day=26))
    assert len(house.runs()) == 2


def test_a_day_is_no_night(house: House) -> None:
    look(house, house.schedule(is_nightly=True), NIGHT.replace(hour=5), DAY, NIGHT.replace(hour=2, minute=59))
    assert house.runs() == []


def test_the_same_lessons_are_not_trained_again(house: House) -> None:
    """Whatever came of the run."""
    schedule = house.schedule(is_nightly=True, after=2)
    look(house, schedule, NIGHT)
    house.end(UNJUDGED)
    look(house, schedule, DAY, NIGHT.replace(day=26), NIGHT.replace(day=27))
    assert len(house.runs()) == 1


def test_enough_lessons_start_a_quick_run_by_day(house: House) -> None:
    schedule = house.schedule(after=3)
    look(house, schedule, DAY)
    assert house.runs() == []
    house.approve("c2")
    look(house, schedule, DAY.replace(minute=9))
    assert house.runs() == []
    look(house, schedule, DAY.replace(minute=10))
    (run,) = house.runs()
    assert (run.effort, run.state) == (Effort.QUICK, RunState.QUEUED)


def test_a_run_of_a_person_counts(house: House) -> None:
    house.clock.now = DAY
    house.training.start(OPERATOR)
    house.end()
    look(house, house.schedule(after=2), DAY.replace(hour=16))
    assert len(house.runs()) == 1


def test_what_is_set_aside_is_not_counted_and_not_looked_at_again(house: House) -> None:
    """Three came, but one names somebody: that takes no look every ten minutes."""
    schedule = house.schedule(after=3)
    house.approve("c3")
    look(house, schedule, DAY, DAY.replace(minute=10), DAY.replace(minute=20))
    assert (house.runs(), house.builder.times) == ([], 1)
    house.approve("c2")
    look(house, schedule, DAY.replace(minute=25), DAY.replace(minute=30))
    assert len(house.runs()) == 1


def test_a_model_that_cannot_be_trained_is_told_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    house.can_train = False
    with caplog.at_level(logging.WARNING):
        look(house, house.schedule(after=1), DAY, DAY.replace(minute=10), DAY.replace(minute=20))
    assert caplog.text.count("could not be started: echo cannot be trained here") == 1


def test_a_run_under_way_is_waited_for(house: House) -> None:
    house.clock.now = DAY
    house.training.start(OPERATOR)
    house.clock.move(minutes=1)
    house.approve("c2")
    schedule = house.schedule(after=1)
    look(house, schedule, DAY.replace(minute=10))
    house.end()
    look(house, schedule, DAY.replace(minute=20))
    assert [run.state for run in house.runs()] == [RunState.QUEUED, RunState.CANCELLED]


def test_what_passed_goes_live_where_that_is_wanted(house: House) -> None:
    look(house, house.schedule(is_nightly=True, promotes=True), NIGHT)
    adapter_id = house.end(PASSED)
    look(house, house.schedule(is_nightly=True), NIGHT.replace(minute=30))
    assert house.adapters.live() is None
    look(house, house.schedule(is_nightly=True, promotes=True), NIGHT.replace(minute=31))  # started again meanwhile
    assert (house.adapters.live(), house.served) == (adapter_id, [adapter_id])


def test_what_was_taken_back_stays_so(house: House) -> None:
    look(house, house.schedule(is_nightly=True, promotes=True), NIGHT)
    house.end(PASSED)
    look(house, house.schedule(is_nightly=True, promotes=True), NIGHT.replace(minute=30))
    house.adapters.roll_back(OPERATOR)
    look(house, house.schedule(is_nightly=True, promotes=True), NIGHT.replace(minute=31))
    assert house.adapters.live() is None


def test_what_has_not_passed_waits_for_a_person(house: House) -> None:
    schedule = house.schedule(is_nightly=True, promotes=True)
    look(house, schedule, NIGHT)
    house.end(UNJUDGED)
    look(house, schedule, NIGHT.replace(minute=30))
    assert house.adapters.live() is None


def test_a_run_of_a_person_is_promoted_by_a_person(house: House) -> None:
    house.clock.now = DAY
    house.training.start(OPERATOR)
    house.end(PASSED)
    look(house, house.schedule(is_nightly=True, promotes=True), DAY.replace(minute=10))
    assert house.adapters.live() is None


def test_a_version_of_a_person_is_not_pushed_aside(house: House) -> None:
    """What was trained beside it lacks what it knows."""
    look(house, house.schedule(is_nightly=True, promotes=True), NIGHT)
    other = write_adapter(house.base, house.folder, change=0.5)
    taken_in = house.adapters.take_in(OPERATOR, house.folder / other)
    house.adapters.promote(OPERATOR, taken_in.id, "By hand.")
    house.end(PASSED)
    look(house, house.schedule(is_nightly=True, promotes=True), NIGHT.replace(minute=30))
    assert house.adapters.live() == taken_in.id


def test_a_version_that_cannot_be_used_is_told_once(house: House, caplog: pytest.LogCaptureFixture) -> None:
    schedule = house.schedule(is_nightly=True, promotes=True)
    look(house, schedule, NIGHT)
    adapter_id = house.end(PASSED)
    (house.folder / adapter_id / "adapter_model.safetensors").unlink()
    look(house, schedule, NIGHT.replace(minute=30), NIGHT.replace(minute=31))
    assert house.adapters.live() is None
    assert caplog.text.count("which has passed, could not be promoted") == 1
