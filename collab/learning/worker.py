"""What one worker does with one training run: lessons, training, gate, adapter. Knows the order and what may go wrong.

Everything it makes lies in a folder of the run until the last write, which makes the adapter and the report known
together. A worker that is started after a crash goes on with what lies there; what runs that have ended left behind is
swept away by the next one.
"""

import errno
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import asdict
from pathlib import Path

import psutil
import sqlalchemy as sa
from filelock import FileLock, Timeout

from collab import VERSION
from collab.dialogue.engines import LanguageModel
from collab.dialogue.engines.lora_gguf import adapter_name
from collab.errors import (
    GateCancelledError,
    LeaseLostError,
    NothingToTrainError,
    TrainingCancelledError,
    TrainingError,
    WorkerMemoryError,
)
from collab.learning import adapter_files, manifest
from collab.learning.answering import Answers, Prompt, room_of, through
from collab.learning.assembling import Answer
from collab.learning.figures import rights
from collab.learning.gate import Gate
from collab.learning.leases import BEAT_S, Lease
from collab.learning.lessons import LessonBuilder
from collab.learning.pointer import taught_ids
from collab.learning.records import LessonSet, StepTold, TrainingSettings
from collab.learning.report import Report
from collab.learning.run_records import Stage, settings_from
from collab.learning.tables import UNDER_WAY, RunState, StoredAdapter, TrainingRun
from collab.learning.tracking import Tracking, open_tracker
from collab.learning.trainable import TrainableModel
from collab.learning.training import is_enough, train
from knowledge.database import Clock, Database
from knowledge.errors import CollabError, StorageError, StorageFullError

STRENGTHS = (0.5, 0.75, 1.0)
HANGS_S = 120.0
"""So long may work go on that was cancelled, or is another worker's."""
WAITS_S = 45.0
"""So long is waited for such work to end."""
STUCK_S = 3600.0
"""So long may nothing be heard of it: an update of a large model on a small machine takes minutes."""
_SAID_TOKENS = 64  # of the base model's own answers that are trained on
_ENDS = ".!?。！？…"
_LOCK = ".working"
_NO_MEMORY = ("not enough memory", "can't allocate memory", "out of memory", "bad_alloc", "can't start new thread")

_log = logging.getLogger(__name__)


class Worker:
    """Works on runs. `lessons_with` makes the builder of lessons with the base model's own answers."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        lessons_with: Callable[[Answer], LessonBuilder],
        model: TrainableModel,
        folder: Path,
        adapters: Path,
        memory_mb: int,
        tracking: str = "none",
    ) -> None:
        """`folder` has a folder for each run, `adapters` one for each adapter."""
        self._database = database
        self._clock = clock
        self._lessons_with = lessons_with
        self._model = model
        self._folder = folder
        self._adapters = adapters
        self._memory_mb = memory_mb
        self._tracking = tracking

    def work(self, run_id: str) -> None:
        """Takes the run to its end, whatever that is. Raises LeaseLostError where it is, or becomes, another's."""
        lease = Lease.claim(self._database, self._clock, run_id)
        cancel = threading.Event()
        try:
            with _beating(lease, cancel, self._memory_mb):
                self._to_an_end(lease, cancel)
        finally:
            self._sweep()

    def _to_an_end(self, lease: Lease, cancel: threading.Event) -> None:
        try:
            with self._alone(lease.run_id):
                self._sweep()
                self._do(lease, cancel)
        except LeaseLostError:
            raise
        except (TrainingCancelledError, GateCancelledError):
            self._fail(lease, TrainingCancelledError(), RunState.CANCELLED)
        except Exception as error:  # noqa: BLE001 - a job ends here: whatever it was, its row must tell
            _log.exception("The training run %s failed", lease.run_id)
            self._fail(lease, self._told(error), RunState.FAILED)

    def _fail(self, lease: Lease, error: CollabError, state: RunState) -> None:
        try:
            lease.fail(error, state)
        except StorageFullError:
            _clear(self._folder / lease.run_id)  # what was made takes the room that the row needs
            lease.fail(error, state)

    @contextmanager
    def _alone(self, run_id: str) -> Iterator[None]:
        """Waits for one that was taken for dead, and works in the folder still, to find that it has lost the run."""
        place = self._folder / run_id
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        lock = FileLock(place / _LOCK)
        with suppress(Timeout):  # it hangs, and writes nothing
            lock.acquire(timeout=WAITS_S)
        try:
            yield
        finally:
            lock.release()

    def _sweep(self) -> None:
        """Leaves nothing of runs that were cancelled, and of others that have ended what people may read."""
        query = sa.select(TrainingRun.id, TrainingRun.state).where(TrainingRun.state.not_in(UNDER_WAY))
        try:
            with self._database.read() as session:
                ended = session.execute(query).all()
        except StorageError:
            return  # the next worker does it
        for run_id, state in ended:
            if state == RunState.CANCELLED:
                shutil.rmtree(self._folder / run_id, ignore_errors=True)
            else:
                _clear(self._folder / run_id)

    def _do(self, lease: Lease, cancel: threading.Event) -> None:
        with self._database.read() as session:
            row = session.get_one(TrainingRun, lease.run_id)
            settings = settings_from(row.settings)
            parent, person_id = row.parent_id, row.person_id
            earlier = taught_ids(session, parent)
        place = self._folder / lease.run_id
        live = self._adapters / parent if parent else None
        lease.progress(Stage.MODEL, 0, 0)
        base = self._model.folder(lambda stage, share: lease.progress(Stage.MODEL, round(share * 100), 100))
        if live is not None:
            adapter_files.check(live, base)
        frozen = self._frozen(lease, place, settings, earlier, cancel)
        lessons = frozen.lesson_set
        if not any(one.lesson_id for one in lessons.examples) and not is_enough(lessons.judged):
            raise NothingToTrainError
        candidate = place / "candidate"
        if not (candidate / adapter_files.MANIFEST).is_file():
            self._train(lessons, base, live, candidate, frozen.settings, lease, cancel)
        report, chosen = self._judged(lease, place, base, live, lessons, cancel)
        lease.progress(Stage.KEEPING, 0, 1)
        if chosen is None:
            lease.finish(report.to_json(), None, {})
        else:
            adapter = StoredAdapter(
                id=adapter_name(chosen),
                run_id=lease.run_id,
                parent_id=parent,
                base=self._model.name,
                is_passed=report.verdict.is_passed,
                strength=report.strength or 1.0,
                created_at=self._clock(),
                person_id=person_id,
            )
            self._keep(chosen, adapter.id)
            taught = dict.fromkeys(earlier) | dict.fromkeys(lesson.id for lesson in lessons.lessons) | rights(report)
            try:
                lease.finish(report.to_json(), adapter, taught)
            except TrainingCancelledError:
                self._forget(adapter.id)
                raise

    def _train(
        self,
        lessons: LessonSet,
        base: Path,
        live: Path | None,
        out: Path,
        settings: TrainingSettings,
        lease: Lease,
        cancel: threading.Event,
    ) -> None:
        tracking = Tracking(lambda: open_tracker(self._tracking, lease.run_id, out.parent, asdict(settings)))

        def told(step: StepTold) -> None:
            lease.step(step)
            tracking.step(step)

        try:
            train(lessons, base, live, out, settings, told, cancel, lease.settled)
        finally:
            tracking.close()

    def _frozen(
        self,
        lease: Lease,
        place: Path,
        settings: TrainingSettings,
        earlier: frozenset[str],
        cancel: threading.Event,
    ) -> manifest.Manifest:
        """The data of the run and how it was to be trained: frozen by a worker before this one, or now."""
        path = place / "manifest.json"
        if path.is_file():
            frozen = manifest.read(path)
        else:
            lease.progress(Stage.LESSONS, 0, 0)
            with closing(self._model.engine({})) as engine:
                builder = self._lessons_with(lambda prompts: self._said(engine, prompts, lease, cancel))
                found = builder.build(settings.seed, earlier)
            frozen = manifest.freeze(path, found, settings, VERSION)
        lease.froze(len(frozen.lesson_set.lessons), frozen.sha256)
        return frozen

    def _said(
        self, engine: LanguageModel, prompts: Sequence[Prompt], lease: Lease, cancel: threading.Event
    ) -> list[str]:
        """What the base model says of itself, up to the end of its last whole sentence; as many answers at once as it
        can give, since the same words every time matter to the gate alone.
        """
        answers = Answers(
            lambda adapter, messages: "".join(engine.stream(messages, max_tokens=_SAID_TOKENS, cancel=cancel)),
            base_id=f"{self._base_id()}|{_SAID_TOKENS}",
            cache=self._model.cache / "answers",
            at_once=engine.slots,
            may_be_empty=True,
            cancel=cancel,
        )
        found = answers.all(None, prompts, lambda done: lease.progress(Stage.LESSONS, done, len(prompts)))
        return [said[: max(map(said.rfind, _ENDS)) + 1] for said in found]

    def _judged(
        self,
        lease: Lease,
        place: Path,
        base: Path,
        live: Path | None,
        lessons: LessonSet,
        cancel: threading.Event,
    ) -> tuple[Report, Path | None]:
        """The gate's report, and the folder of the candidate at the strength that it chose, if it could."""
        lease.progress(Stage.STRENGTH, 0, 0)
        folders = {
            strength: adapter_files.interpolate(live, place / "candidate", strength, place / f"strength-{strength}")
            for strength in STRENGTHS
        }
        for folder in folders.values():
            adapter_files.check(folder, base)
        named = {adapter_name(folder): folder for folder in (*folders.values(), *([live] if live else []))}
        with closing(self._model.engine(named)) as engine:
            room = room_of(lessons.held_out)
            answers = Answers(
                through(engine, cancel, room),
                base_id=f"{self._base_id()}|gate",
                cache=self._model.cache / "answers",
                room=room,
                cancel=cancel,
            )
            gate = Gate(
                answers,
                live=adapter_name(live) if live else None,
                candidates={strength: adapter_name(folder) for strength, folder in folders.items()},
                told=lambda stage, done, count: lease.progress(Stage(stage), done, count),
            )
            report = gate.judge(lessons)
        return report, folders[report.strength] if report.strength is not None else None

    def _base_id(self) -> str:
        return adapter_files.base_of(self._model.folder(lambda stage, share: None)).hash

    def _keep(self, chosen: Path, adapter_id: str) -> None:
        """Puts the adapter among the others, whole."""
        target = self._adapters / adapter_id
        if not adapter_files.is_named(target, adapter_id):
            adapter_files.copy(chosen, target)

    def _forget(self, adapter_id: str) -> None:
        with self._database.read() as session:
            is_known = session.get(StoredAdapter, adapter_id) is not None
        if not is_known:
            shutil.rmtree(self._adapters / adapter_id, ignore_errors=True)

    def _told(self, error: Exception) -> CollabError:
        """What is told of it: what lies at the bottom of it, where that is the machine's and not ours."""
        causes = list(_causes(error))
        if any(map(_is_memory, causes)):
            return WorkerMemoryError(limit=self._memory_mb)
        if any(map(_is_full, causes)):
            return StorageFullError()
        return error if isinstance(error, CollabError) else TrainingError()


@contextmanager
def _beating(lease: Lease, cancel: threading.Event, memory_mb: int) -> Iterator[None]:
    """Keeps the lease while work is done, and sets `cancel` when somebody wants that. Work that does not end then, of
    which nothing is heard any more, or that takes more memory than it may, is ended with its process.

    Whoever has lost the lease hears it with the next news of the work, and leaves its folder as it is: it is another's.
    """
    over, began = threading.Event(), time.monotonic()

    def beat() -> None:
        ends_at: float | None = None
        while not over.wait(BEAT_S):
            is_to_end = False
            try:
                if lease.beat():
                    cancel.set()
                    is_to_end = True
            except LeaseLostError:
                is_to_end = True
            except Exception as error:  # noqa: BLE001 - the end of a thread: the next beat may do better
                _log.warning("The training run %s has missed a heartbeat: %s", lease.run_id, error)
            now = time.monotonic()
            is_too_large = psutil.Process().memory_info().rss > memory_mb * 1_000_000
            if is_too_large:
                with suppress(CollabError):
                    lease.fail(WorkerMemoryError(limit=memory_mb))
            if is_to_end and ends_at is None:
                ends_at = now + HANGS_S
            is_late = ends_at is not None and now > ends_at
            if is_too_large or is_late or now - max(began, lease.told_at) > STUCK_S:
                _abandon()
                return

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _abandon() -> None:
    _log.error("The work hangs or takes too much memory; its process is ended")
    os._exit(1)


def _clear(place: Path) -> None:
    """Leaves the files of a run, and removes the folders with what was made."""
    if place.is_dir():
        for made in place.iterdir():
            if made.is_dir():
                shutil.rmtree(made, ignore_errors=True)


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _is_memory(error: BaseException) -> bool:
    said = str(error).casefold()
    return (
        isinstance(error, MemoryError)
        or getattr(error, "errno", None) == errno.ENOMEM
        or any(words in said for words in _NO_MEMORY)
    )


def _is_full(error: BaseException) -> bool:
    """Libraries in other languages say it in words."""
    return getattr(error, "errno", None) == errno.ENOSPC or "no space left" in str(error).casefold()
