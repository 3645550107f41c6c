"""What one worker does with one training run: lessons, training, gate, adapter. Knows the order and what may go wrong.

Everything it makes lies in a folder of the run until the last write, which makes the adapter and the report known
together. A worker that is started after a crash goes on with what lies there.
"""

import errno
import logging
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from collab import VERSION
from collab.dialogue.engines import LanguageModel
from collab.dialogue.engines.lora_gguf import adapter_name
from collab.errors import (
    AnswerMissingError,
    GateCancelledError,
    LeaseLostError,
    TrainingCancelledError,
    TrainingError,
    WorkerMemoryError,
)
from collab.learning import adapter_files, manifest
from collab.learning.answering import Answers, Prompt, through
from collab.learning.assembling import Answer
from collab.learning.figures import rights
from collab.learning.gate import Gate
from collab.learning.leases import BEAT_S, LEASE, Lease
from collab.learning.lessons import LessonBuilder
from collab.learning.pointer import taught_ids
from collab.learning.records import LessonSet, TrainingSettings
from collab.learning.report import Report
from collab.learning.run_records import Stage
from collab.learning.tables import RunState, StoredAdapter, TrainingRun
from collab.learning.trainable import TrainableModel
from collab.learning.training import train
from knowledge.database import Clock, Database
from knowledge.errors import CollabError, StorageError, StorageFullError

STRENGTHS = (0.5, 0.75, 1.0)
_SAID_TOKENS = 160  # of the base model's own answers that are trained on
_ENDS = ".!?。！？…"

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
    ) -> None:
        """`folder` has a folder for each run, `adapters` one for each adapter."""
        self._database = database
        self._clock = clock
        self._lessons_with = lessons_with
        self._model = model
        self._folder = folder
        self._adapters = adapters
        self._memory_mb = memory_mb

    def work(self, run_id: str) -> None:
        """Takes the run to its end, whatever that is. Raises LeaseLostError where it is, or becomes, another's."""
        lease = Lease.claim(self._database, self._clock, run_id)
        cancel = threading.Event()
        with _beating(lease, cancel) as is_lost:
            try:
                self._do(lease, cancel)
            except LeaseLostError:
                raise
            except (TrainingCancelledError, GateCancelledError) as error:
                if is_lost.is_set():
                    raise LeaseLostError from error
                lease.fail(TrainingCancelledError(), RunState.CANCELLED)
                shutil.rmtree(self._folder / run_id, ignore_errors=True)
            except Exception as error:  # noqa: BLE001 - a job ends here: whatever it was, its row must tell
                _log.exception("The training run %s failed", run_id)
                lease.fail(self._told(error))

    def _do(self, lease: Lease, cancel: threading.Event) -> None:
        with self._database.read() as session:
            row = session.get_one(TrainingRun, lease.run_id)
            settings = TrainingSettings(**row.settings)
            parent, person_id = row.parent_id, row.person_id
            earlier = taught_ids(session, parent)
        place = self._folder / lease.run_id
        live = self._adapters / parent if parent else None
        lease.progress(Stage.MODEL, 0, 0)
        base = self._model.folder(lambda stage, share: lease.progress(Stage.MODEL, round(share * 100), 100))
        if live is not None:
            adapter_files.check(live, base)
        lessons = self._lessons(lease, place, settings, earlier, cancel)
        candidate = place / "candidate"
        if not (candidate / adapter_files.MANIFEST).is_file():
            train(lessons, base, live, candidate, settings, lease.step, cancel)
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
            lease.finish(report.to_json(), adapter, taught)
        for made in place.iterdir():
            if made.is_dir():
                shutil.rmtree(made, ignore_errors=True)

    def _lessons(
        self,
        lease: Lease,
        place: Path,
        settings: TrainingSettings,
        earlier: frozenset[str],
        cancel: threading.Event,
    ) -> LessonSet:
        """The data of the run: as they were frozen by a worker before this one, or frozen now."""
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
        return frozen.lesson_set

    def _said(
        self, engine: LanguageModel, prompts: Sequence[Prompt], lease: Lease, cancel: threading.Event
    ) -> list[str]:
        """What the base model says of itself, up to the end of its last whole sentence."""
        answers = Answers(
            lambda adapter, messages: "".join(engine.stream(messages, max_tokens=_SAID_TOKENS, cancel=cancel)),
            base_id=f"{self._base_id()}|{_SAID_TOKENS}",
            cache=self._model.cache / "answers",
            cancel=cancel,
        )
        found = []
        for done, prompt in enumerate(prompts):
            lease.progress(Stage.LESSONS, done, len(prompts))
            try:
                said = answers.all(None, [prompt], lambda count: None)[0]
            except AnswerMissingError:
                said = ""
            found.append(said[: max(map(said.rfind, _ENDS)) + 1])
        return found

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
            answers = Answers(
                through(engine, cancel, lessons.held_out),
                base_id=f"{self._base_id()}|gate",
                cache=self._model.cache / "answers",
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
        if not (target / adapter_files.MANIFEST).is_file():
            adapter_files.copy(chosen, target)

    def _told(self, error: Exception) -> CollabError:
        if isinstance(error, MemoryError) or "not enough memory" in str(error) or "can't allocate memory" in str(error):
            return WorkerMemoryError(limit=self._memory_mb)
        if isinstance(error, OSError) and error.errno == errno.ENOSPC:
            return StorageFullError()
        return error if isinstance(error, CollabError) else TrainingError()


@contextmanager
def _beating(lease: Lease, cancel: threading.Event) -> Iterator[threading.Event]:
    """Keeps the lease while work is done; sets `cancel` when somebody wants it, or when the lease is lost."""
    over, is_lost = threading.Event(), threading.Event()

    def beat() -> None:
        missed = 0.0
        while not over.wait(BEAT_S):
            try:
                if lease.beat():
                    cancel.set()
                missed = 0.0
            except LeaseLostError:
                is_lost.set()
            except StorageError:  # busy or full for a moment
                missed += BEAT_S
                if missed > LEASE.total_seconds():
                    is_lost.set()
            if is_lost.is_set():
                cancel.set()
                return

    thread = threading.Thread(target=beat, name="heartbeat", daemon=True)
    thread.start()
    try:
        yield is_lost
    finally:
        over.set()
        thread.join()
