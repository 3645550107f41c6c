"""A worker takes a run to its end: real training of a small model, a real gate, an engine that says what is known."""

import errno
import json
import os
import signal
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path

import pytest

from collab.config import Settings, environment_of
from collab.dialogue.engines import LanguageModel, Message
from collab.errors import LeaseLostError, TrainingCancelledError, TrainingImpossibleError
from collab.feedback.tables import Lesson
from collab.learning import adapter_files, manifest, worker
from collab.learning.gate import Gate
from collab.learning.launching import LocalRunner
from collab.learning.leases import LEASE, Lease
from collab.learning.probes import Group
from collab.learning.records import Effort, LessonSet, StepTold, TrainingSettings
from collab.learning.run_records import Stage, settings_from
from collab.learning.tables import RunState, StoredAdapter, TaughtLesson, TrainingRun
from collab.learning.trainable import TrainableModel
from collab.learning.training import Trained
from collab.learning.worker import Worker
from knowledge.database import Database, utc_now
from knowledge.errors import StorageBusyError, StorageFullError
from tests.collab.learning.rows import DOG, PASSWORD, TICKET, add_corrections, add_everybody, builder
from tests.collab.learning.test_leases import RUN, Wound, add_run, logged, the_run
from tests.collab.learning.tiny_adapters import saved
from tests.waiting import until

TINY = TrainingSettings(rank=4, alpha=8, learning_rate=0.02, steps=4, accumulation=1)


class Killed(BaseException):
    """In place of the signal that ends a process."""


class Talker:
    """Says the same whoever is asked; `asked` is done before each answer."""

    name = "tiny"
    languages: frozenset[str] | None = None
    slots = 1

    def __init__(self, asked: Callable[[str | None], object]) -> None:
        self._asked = asked

    def stream(
        self, messages: Sequence[Message], *, max_tokens: int, cancel: threading.Event, adapter: str | None = None
    ) -> Iterator[str]:
        self._asked(adapter)
        yield "Nobody has told me that."

    def close(self) -> None:
        pass


class TinyModel(TrainableModel):
    """Trained for real; what the gate hears is a Talker."""

    asked: Callable[[str | None], object] = staticmethod(lambda adapter: None)

    def engine(self, adapters: Mapping[str, Path]) -> LanguageModel:
        return Talker(self.asked)


class World:
    """A data folder with a run that waits, and workers for it."""

    def __init__(self, database: Database, place: Path, tiny: Path) -> None:
        self.database, self.clock, self.place = database, Wound(), place
        self.model = TinyModel("tiny", None, None, tiny, place / "cache")
        self.memory_mb, self.tracking = 6_000, "none"
        self.training, self.adapters = place / "training", place / "adapters"

    def queue(self, settings: TrainingSettings = TINY, **values: object) -> None:
        add_run(self.database, settings=asdict(settings), **values)

    def work(self, model: TrainableModel | None = None, run_id: str = RUN) -> None:
        Worker(
            self.database,
            self.clock,
            lambda answer: builder(self.database, answer=answer),
            model or self.model,
            self.training,
            self.adapters,
            self.memory_mb,
            self.tracking,
        ).work(run_id)

    @property
    def run(self) -> TrainingRun:
        return self.run_of(RUN)

    def run_of(self, run_id: str) -> TrainingRun:
        with self.database.read() as session:
            return session.get_one(TrainingRun, run_id)

    def left(self, run_id: str = RUN) -> list[str]:
        """What lies in the folder of a run, but for the mark of who works there."""
        place = self.training / run_id
        return sorted(path.name for path in place.iterdir() if path.name != ".working") if place.is_dir() else []

    def kept(self) -> list[str]:
        return sorted(path.name for path in self.adapters.iterdir()) if self.adapters.is_dir() else []


@pytest.fixture(scope="module")
def probes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One of each group."""
    folder = tmp_path_factory.mktemp("probes")
    for group in Group:
        item = {"id": f"{group}-1", "group": group, "language": "en", "prompt": "What does Ann do?"}
        more = {"twin": "What does Bob do?", "swaps": [["Ann", "Bob"]], "rule": {"alike": 0.9}}
        rule = more if group is Group.FAIRNESS else {"rule": {"contains_any": ["told"]}}
        (folder / f"{group}.jsonl").write_text(json.dumps(item | rule), encoding="utf-8")
    return folder


def train_at_once(
    lesson_set: LessonSet,
    base: Path,
    live: Path | None,
    out: Path,
    settings: TrainingSettings,
    told: Callable[[StepTold], None],
    cancel: threading.Event,
    settled: Callable[[TrainingSettings], None],
) -> Trained:
    """What a training tells and leaves, without one; a thorough one finds half of the rate to be the best."""
    (out.parent / f".training-{out.name}").mkdir(parents=True, exist_ok=True)
    for step in range(1, settings.steps + 1):
        told(StepTold("sft", step, settings.steps, {"fact": 4.0 / step}, 0.1))
        if cancel.is_set():
            raise TrainingCancelledError
    half = settings.learning_rate / 2 if settings.effort is Effort.THOROUGH else settings.learning_rate
    settled(replace(settings, learning_rate=half))
    saved(base, out, 0.5 if live is None else 0.25)
    (out.parent / f".training-{out.name}").rmdir()
    return Trained(out, replace(settings, learning_rate=half), live is not None, ())


@pytest.fixture
def trains() -> None:
    """For real."""


@pytest.fixture
def world(
    request: pytest.FixtureRequest,
    database: Database,
    tmp_path: Path,
    tiny: Path,
    probes: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> World:
    """Three lessons wait. Only where a test says `trains` something is trained."""
    if "trains" not in request.fixturenames:
        monkeypatch.setattr(worker, "train", train_at_once)
    monkeypatch.setattr(worker, "Gate", partial(Gate, probes=probes))
    monkeypatch.setattr(worker, "BEAT_S", 0.02)
    add_everybody(database)
    add_corrections(database, DOG, PASSWORD, TICKET)
    return World(database, tmp_path, tiny)


At = Callable[[Stage, Callable[[], None]], None]


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> At:
    """Does something when a stage is told."""

    return partial(hooked, monkeypatch)


def hooked(patched: pytest.MonkeyPatch, stage: Stage, does: Callable[[], None]) -> None:
    tell = Lease._tell

    def telling(self: Lease, told: Stage, done: int, count: int, losses: Mapping[str, float] | None = None) -> None:
        tell(self, told, done, count, losses)
        if told is stage:
            does()

    patched.setattr(Lease, "_tell", telling)


def kill() -> None:
    raise Killed


@pytest.mark.usefixtures("trains")
def test_a_run_ends_with_its_report_and_an_adapter(world: World, tiny: Path) -> None:
    world.queue(person_id="eve")
    world.work()
    run = world.run
    assert (run.state, run.stage, run.error, run.lessons) == (RunState.DONE, Stage.KEEPING, None, 3)
    assert run.report is not None
    with world.database.read() as session:
        kept = session.get_one(StoredAdapter, run.adapter_id)
        taught = {row.lesson_id for row in session.query(TaughtLesson)}
    assert (kept.run_id, kept.parent_id, kept.base, kept.person_id, kept.is_passed) == (RUN, None, "tiny", "eve", False)
    assert taught == {"c0", "c1", "c2"}
    assert world.kept() == [kept.id]
    adapter_files.check(world.adapters / kept.id, tiny)
    assert adapter_files.is_named(world.adapters / kept.id, kept.id)
    assert world.left() == ["manifest.json"]
    frozen = manifest.read(world.training / RUN / "manifest.json")
    assert (frozen.sha256, len(frozen.lesson_set.lessons)) == (run.manifest_sha256, 3)
    stages = [stage for stage, step, _ in logged(world.database) if step == 0]
    assert stages == ["model", "lessons", "sft", "strength", "held_out", "probes", "keeping"]
    assert [step for stage, step, _ in logged(world.database) if stage == "sft"] == [0, 1, 2, 3, 4]


def test_what_the_base_model_says_is_asked_for_as_often_at_once_as_it_can_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    together, met = threading.Barrier(3), list[bool]()

    def asked(adapter: str | None) -> None:
        if not met:
            together.wait(timeout=20)
            met.append(True)

    monkeypatch.setattr(Talker, "slots", 3)
    monkeypatch.setattr(TinyModel, "asked", staticmethod(asked))
    world.queue()
    world.work()
    assert (world.run.state, len(met)) == (RunState.DONE, 3)


def test_what_the_base_model_has_no_answer_to_is_not_taught(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    silent: list[str] = []

    def stream(_: Talker, messages: Sequence[Message], **named: object) -> Iterator[str]:
        silent.append(messages[-1]["content"])
        return iter([] if len(silent) == 1 else ["Nobody has told me that."])

    monkeypatch.setattr(Talker, "stream", stream)
    world.queue()
    world.work()
    assert world.run.state == RunState.DONE
    frozen = manifest.read(world.training / RUN / "manifest.json")
    taught = {one.prompt[-1]["content"] for one in frozen.lesson_set.examples}
    assert silent[0] not in taught
    assert taught & set(silent)


def test_a_thorough_run_says_with_what_it_trained_in_the_end(world: World) -> None:
    world.queue(replace(TINY, effort=Effort.THOROUGH))
    world.work()
    assert world.run.state == RunState.DONE
    assert settings_from(world.run.settings) == replace(
        TINY, effort=Effort.THOROUGH, learning_rate=TINY.learning_rate / 2
    )


def test_killed_after_its_search_a_run_is_taken_up_as_it_was_asked_for(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_for = replace(TINY, effort=Effort.THOROUGH)
    settled = replace(asked_for, rank=8, learning_rate=TINY.learning_rate / 2)
    given: list[TrainingSettings] = []

    def killed_once(*args: object, **named: object) -> Trained:
        given.append(args[4])  # type: ignore[arg-type]
        if len(given) == 1:
            args[7](settled)  # type: ignore[operator]
            kill()
        return train_at_once(*args, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(worker, "train", killed_once)
    world.queue(asked_for)
    with pytest.raises(Killed):
        world.work()
    assert settings_from(world.run.settings) == settled  # told before there is an adapter
    world.clock.now += LEASE * 2
    world.work()
    assert given == [asked_for, asked_for]  # what was found so far is known by it
    assert world.run.state == RunState.DONE


def test_the_figures_of_a_run_stay_with_it(world: World) -> None:
    world.tracking = "tensorboard"
    world.queue()
    world.work()
    assert world.run.state == RunState.DONE
    (path,) = (world.training / RUN).glob("events.out.tfevents.*")
    assert path.read_bytes().count(b"sft/fact") == TINY.steps


@pytest.mark.usefixtures("trains")
def test_the_next_run_begins_from_the_live_one_and_repeats_its_lessons(world: World) -> None:
    world.queue()
    world.work()
    first = world.run.adapter_id
    add_corrections_later(world.database)
    world.queue(id="run2", parent_id=first)
    world.work(run_id="run2")
    run = world.run_of("run2")
    assert (run.state, run.error) == (RunState.DONE, None)
    assert run.adapter_id not in (None, first)
    with world.database.read() as session:
        assert session.get_one(StoredAdapter, run.adapter_id).parent_id == first
        taught = [row.lesson_id for row in session.query(TaughtLesson) if row.adapter_id == run.adapter_id]
    assert sorted(taught) == ["c0", "c1", "c2"]
    assert world.kept() == sorted([first or "", run.adapter_id or ""])


def add_corrections_later(database: Database) -> None:
    """One of the three has not been taught by the run before."""
    with database.write() as session:
        session.delete(session.query(TaughtLesson).filter_by(lesson_id="c2").one())


def test_one_lesson_ends_in_a_result_or_with_why_there_is_none(
    database: Database, tmp_path: Path, tiny: Path, world: World
) -> None:
    with database.write() as session:
        for lesson_id in ("c1", "c2"):
            session.delete(session.get_one(Lesson, lesson_id))
    world.queue()
    world.work()
    assert (world.run.state, world.run.lessons) == (RunState.DONE, 1)


def test_no_lesson_that_is_left_is_told(world: World) -> None:
    with world.database.write() as session:
        for lesson in session.query(Lesson):
            session.delete(lesson)
    world.queue()
    world.work()
    assert (world.run.state, world.run.error) == (RunState.FAILED, "nothing_to_train")
    assert world.left() == ["manifest.json"]


# --- killed -----------------------------------------------------------------------------------------------------------

STAGES = [Stage.MODEL, Stage.LESSONS, Stage.SFT, Stage.STRENGTH, Stage.HELD_OUT, Stage.PROBES, Stage.KEEPING]


@pytest.mark.parametrize("stage", STAGES)
def test_killed_at_any_stage_another_one_finishes_it(
    world: World, monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    world.queue()
    with monkeypatch.context() as patched, pytest.raises(Killed):
        hooked(patched, stage, kill)
        world.work()
    assert (world.run.state, world.kept()) == (RunState.RUNNING, [])
    with pytest.raises(LeaseLostError):
        world.work()
    world.clock.now += LEASE * 2
    finish(world)


@pytest.mark.usefixtures("trains")
def test_killed_in_the_middle_of_a_training_another_one_goes_on(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.queue()
    with monkeypatch.context() as patched, pytest.raises(Killed):
        hooked(patched, Stage.SFT, lambda: kill() if logged(world.database)[-1][1] == 3 else None)
        world.work()
    assert world.left() == [".training-candidate", "manifest.json"]
    world.clock.now += LEASE * 2
    finish(world)


def test_killed_between_the_files_and_the_row_another_one_finishes_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.queue()
    with monkeypatch.context() as patched:
        patched.setattr(Lease, "finish", lambda *given: kill())
        with pytest.raises(Killed):
            world.work()
    [made] = world.kept()
    world.clock.now += LEASE * 2
    finish(world)
    assert world.run.adapter_id == made


def finish(world: World) -> None:
    """The rest of a run, and what must be true of it then."""
    world.work()
    run = world.run
    assert (run.state, run.fence, run.error) == (RunState.DONE, 2, None)
    assert world.kept() == [run.adapter_id]
    assert world.left() == ["manifest.json"]
    assert [step for stage, step, _ in logged(world.database) if stage == "sft"] == [0, 1, 2, 3, 4]


def test_what_a_crash_after_the_end_has_left_is_swept_away(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, state in (("done", "done"), ("failed", "failed"), ("gone", "cancelled")):
        add_run(world.database, id=name, state=state)
        (world.training / name / "candidate").mkdir(parents=True)
        (world.training / name / "worker.log").write_text("why")
    (world.training / "unknown" / "candidate").mkdir(parents=True)
    world.queue()
    world.work()
    assert (world.left("done"), world.left("failed")) == (["worker.log"], ["worker.log"])
    assert not (world.training / "gone").exists()
    assert world.left("unknown") == ["candidate"]


def test_who_was_taken_for_dead_and_comes_back_changes_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "WAITS_S", 0.2)
    monkeypatch.setattr(Lease, "beat", lambda self: False)  # of one that is taken for dead, none arrives
    stopped, go_on, lost = threading.Event(), threading.Event(), list[Exception]()

    class Stopping(TinyModel):
        @staticmethod
        def asked(adapter: str | None) -> None:
            if adapter is not None:  # in the gate, with the candidate
                stopped.set()
                assert go_on.wait(60)

    first = Stopping("tiny", None, None, world.model.weights, world.model.cache)
    world.queue()

    def come_back() -> None:
        try:
            world.work(first)
        except LeaseLostError as error:
            lost.append(error)

    thread = threading.Thread(target=come_back)
    thread.start()
    assert stopped.wait(30)
    with world.database.write() as session:
        session.get_one(TrainingRun, RUN).heartbeat_at = world.clock.now - LEASE * 2
    finish(world)
    before, files = world.run, {path: path.read_bytes() for path in world.adapters.rglob("*") if path.is_file()}
    go_on.set()
    thread.join()
    assert [type(error) for error in lost] == [LeaseLostError]
    assert (world.run.ended_at, world.run.report, world.run.adapter_id) == (
        *(before.ended_at, before.report, before.adapter_id),
    )
    assert {path: path.read_bytes() for path in world.adapters.rglob("*") if path.is_file()} == files


# --- what fails -------------------------------------------------------------------------------------------------------


def caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


FAILURES = [
    (MemoryError(), "worker_memory"),
    (
        RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried to allocate 1 bytes"),
        "worker_memory",
    ),
    (RuntimeError("can't start new thread"), "worker_memory"),
    (OSError(errno.ENOMEM, "Cannot allocate memory"), "worker_memory"),
    (OSError(errno.ENOSPC, "No space left on device"), "storage_full"),
    (RuntimeError("I/O error: No space left on device (os error 28)"), "storage_full"),
    (caused(TrainingImpossibleError(model="m", reason="r"), OSError(errno.ENOSPC, "full")), "storage_full"),
    (TrainingImpossibleError(model="m", reason="r"), "training_impossible"),
    (ValueError("anything"), "training_failed"),
]


PARAMS = {"worker_memory": {"limit": 6_000}, "training_impossible": {"model": "m", "reason": "r"}}


@pytest.mark.parametrize(("error", "code"), FAILURES, ids=lambda value: value if isinstance(value, str) else "")
def test_what_went_wrong_is_told(
    world: World, at: At, caplog: pytest.LogCaptureFixture, error: Exception, code: str
) -> None:
    def fail() -> None:
        raise error

    at(Stage.SFT, fail)
    world.queue()
    world.work()
    run = world.run
    assert (run.state, run.error, run.adapter_id) == (RunState.FAILED, code, None)
    assert run.error_params == PARAMS.get(code, {})
    assert (world.left(), world.kept()) == (["manifest.json"], [])
    assert "failed" in caplog.text


def test_a_live_adapter_that_is_damaged_is_told(world: World) -> None:
    world.queue(parent_id="0" * 16)
    world.work()
    assert (world.run.state, world.run.error) == (RunState.FAILED, "adapter_damaged")


def test_what_was_made_gives_way_to_why_it_failed_where_the_disk_is_full(
    world: World, at: At, monkeypatch: pytest.MonkeyPatch
) -> None:
    fail, tried = Lease.fail, list[list[str]]()

    def failing(self: Lease, *given: object) -> None:
        tried.append([name for name in world.left() if name.startswith(".training")])
        if len(tried) == 1:
            raise StorageFullError
        fail(self, *given)  # type: ignore[arg-type]

    def full() -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Lease, "fail", failing)
    at(Stage.SFT, full)
    world.queue()
    world.work()
    assert tried == [[".training-candidate"], []]
    assert world.run.error == "storage_full"


# --- cancelled --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", [Stage.LESSONS, Stage.SFT, Stage.STRENGTH, Stage.PROBES, Stage.KEEPING])
def test_cancelled_at_any_stage_it_leaves_nothing(world: World, at: At, stage: Stage) -> None:
    heard = threading.Event()

    def cancel() -> None:
        if not heard.is_set():
            with world.database.write() as session:
                session.get_one(TrainingRun, RUN).is_cancel_asked = True
            heard.wait(0.2)  # for some heartbeats
            heard.set()

    at(stage, cancel)
    world.queue()
    world.work()
    run = world.run
    assert (run.state, run.error, run.adapter_id, run.report) == (RunState.CANCELLED, "training_cancelled", None, None)
    assert not (world.training / RUN).exists()
    assert world.kept() == []


def test_a_cancelled_run_leaves_an_adapter_that_was_there_before(world: World, at: At) -> None:
    world.queue()
    world.work()
    first = world.run.adapter_id

    def cancel() -> None:
        with world.database.write() as session:
            session.get_one(TrainingRun, "run2").is_cancel_asked = True

    at(Stage.KEEPING, cancel)
    world.queue(id="run2")  # the same lessons give the same weights
    world.work(run_id="run2")
    assert (world.run_of("run2").state, world.kept()) == (RunState.CANCELLED, [first])


# --- the heartbeat ----------------------------------------------------------------------------------------------------


class Beating(Lease):
    """Its beats are what a test says."""

    def __init__(self, *beats: bool | Exception) -> None:
        super().__init__(None, utc_now, RUN, 1)  # type: ignore[arg-type]
        self.beats = list(beats)
        self.count = 0

    def beat(self) -> bool:
        self.count += 1
        beat = self.beats.pop(0) if self.beats else False
        if isinstance(beat, Exception):
            raise beat
        return beat


@pytest.fixture
def abandoned(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set where the process would be ended."""
    ended = threading.Event()
    monkeypatch.setattr(worker, "_abandon", ended.set)
    monkeypatch.setattr(worker, "BEAT_S", 0.01)
    return ended


def test_a_heartbeat_that_fails_is_not_the_last(abandoned: threading.Event) -> None:
    lease, cancel = Beating(StorageBusyError(), MemoryError(), StorageFullError(), True), threading.Event()
    with worker._beating(lease, cancel, 100_000):
        assert cancel.wait(30)
    assert lease.count >= 4
    assert not abandoned.is_set()


@pytest.mark.parametrize("beat", [True, LeaseLostError()], ids=["cancelled", "lost"])
def test_work_that_does_not_end_is_ended_with_its_process(
    abandoned: threading.Event, monkeypatch: pytest.MonkeyPatch, beat: bool | Exception
) -> None:
    monkeypatch.setattr(worker, "HANGS_S", 0.05)
    cancel = threading.Event()
    with worker._beating(Beating(beat), cancel, 100_000):
        assert abandoned.wait(30)
    assert cancel.is_set() is (beat is True)  # who has lost it leaves the files alone, which are another's


def test_work_of_which_nothing_is_heard_is_ended_with_its_process(
    abandoned: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "STUCK_S", 0.05)
    with worker._beating(Beating(), threading.Event(), 100_000):
        assert abandoned.wait(30)


def test_work_that_takes_more_memory_than_it_may_is_ended_with_its_process(
    world: World, at: At, abandoned: threading.Event
) -> None:
    at(Stage.LESSONS, lambda: None if abandoned.wait(30) else kill())
    world.memory_mb = 1
    world.queue()
    with pytest.raises(LeaseLostError):  # were it not ended
        world.work()
    run = world.run
    assert (run.state, run.error, run.error_params) == (RunState.FAILED, "worker_memory", {"limit": 1})


# --- a real process ---------------------------------------------------------------------------------------------------


def patiently(holds: Callable[[], bool]) -> None:
    """Ten minutes at most."""
    for _ in range(9):
        with suppress(AssertionError):
            return until(holds)
    until(holds)


@pytest.mark.slow
def test_a_process_that_is_killed_is_followed_by_another_that_finishes(
    database: Database, tmp_path: Path, tiny: Path
) -> None:
    """SIGKILL in the middle of the training; the next one goes on from its checkpoint, with the limit on memory."""
    settings = Settings(data=tmp_path, model=str(tiny))
    runner = LocalRunner(environment_of(settings) | {"HF_HUB_OFFLINE": "1"}, tmp_path / "training")
    add_everybody(database)
    add_corrections(database, DOG, PASSWORD, TICKET)
    add_run(database, settings=asdict(replace(TINY, steps=24)))

    def steps() -> list[int]:
        return [step for stage, step, _ in logged(database) if stage == "sft"]

    runner.start(RUN)
    patiently(lambda: len(steps()) > 10 or runner.outcome(RUN) is not None)
    os.kill(runner._started[RUN].pid, signal.SIGKILL)
    patiently(lambda: runner.outcome(RUN) is not None)
    assert runner.outcome(RUN) == "SIGKILL"
    with database.write() as session:
        session.get_one(TrainingRun, RUN).heartbeat_at = utc_now() - LEASE * 2
    runner.start(RUN)
    patiently(lambda: runner.outcome(RUN) is not None)
    run = the_run(database)
    assert (run.state, run.fence, run.error, runner.outcome(RUN)) == (RunState.DONE, 2, None, "exit code 0")
    assert run.report is not None
    assert steps() == list(range(25))
    kept = sorted(path.name for path in (tmp_path / "adapters").iterdir())
    assert kept == ([run.adapter_id] if run.adapter_id else [])
