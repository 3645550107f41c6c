"""Composes the application from its settings. app.py, the command line and the benchmarks all start here."""

import logging
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from collab.config import Settings, environment_of
from collab.dialogue.allowance import Allowance
from collab.dialogue.assistant import Assistant
from collab.dialogue.citations import Citations, carried_over
from collab.dialogue.conversations import Conversations
from collab.dialogue.counting import new_metrics
from collab.dialogue.engines import LanguageModel, Progress, load_engine
from collab.dialogue.engines.queue import GenerationQueue
from collab.dialogue.engines.switching import Pinned
from collab.dialogue.models import Models
from collab.dialogue.rehearsal import Rehearsals
from collab.dialogue.speaking import Speaker
from collab.dialogue.suggestions import Suggestions
from collab.feedback.cards import Cards
from collab.feedback.cases import Cases
from collab.feedback.conflict_rows import still_settled
from collab.feedback.conflicts import Conflicts, asked_again
from collab.feedback.corrections import Corrections
from collab.feedback.curve import Curves
from collab.feedback.examples import Examples
from collab.feedback.exchange.exporting import Exports
from collab.feedback.exchange.importing import Imports
from collab.feedback.footing import Footing
from collab.feedback.hubs import CommonQuestions
from collab.feedback.notices import Notices
from collab.feedback.proofs import Proofs
from collab.feedback.ratings import Ratings
from collab.feedback.teaching import Teaching
from collab.feedback.validity import Validity
from collab.folder import DATABASE_FILE, Serving, Use, back_up_before_upgrade
from collab.learning import tracking
from collab.learning.adapters import Adapters
from collab.learning.alignment import Alignments
from collab.learning.assembling import Answer
from collab.learning.comparison import Comparisons
from collab.learning.launching import LocalRunner
from collab.learning.lessons import LessonBuilder
from collab.learning.runs import TrainingRunner, TrainingRuns
from collab.learning.sameness import ScopeSameness
from collab.learning.schedule import Schedule
from collab.learning.serving import AdapterServing
from collab.learning.trainable import TrainableModel, trainable_model
from collab.learning.unaided import UnaidedAnswers
from collab.learning.worker import Worker
from collab.metrics import Metrics
from collab.people.accounts import Accounts
from collab.people.documents import Documents, note_replaced
from collab.people.keys import Keys
from collab.people.links import Links
from collab.people.passages import Passages
from collab.people.sessions import Sessions
from collab.people.setup import Setup
from collab.system import System
from collab.texts import say
from collab.tracing import Tracing
from collab.vitals import DiskUsage, Vitals
from knowledge.database import Clock, Database, utc_now
from knowledge.embedding import Embedder, SentenceEmbedder, packaged_embedder_path
from knowledge.errors import NotFoundError, StorageError
from knowledge.library import Library
from knowledge.memory import CorrectionMemory
from knowledge.multilingual import MultilingualEmbedder, packaged_multilingual_path
from knowledge.retrieval import Retriever
from knowledge.scope import CrossEncoder
from knowledge.text import words

_HERE = Path(__file__).parent
MIGRATIONS = tuple(_HERE / folder / "migrations" for folder in ("people", "dialogue", "feedback", "learning"))

_log = logging.getLogger(__name__)

_ANSWERS_END_S = 2
_READ_AGAIN_S = 5
_LOOK_S = 3


class Services:
    """Everything that works together, on one data folder.

    Making it opens and migrates the database (well under a second) and loads no model; `models.load` does that.
    `embedder` and `engine` replace the ones that the settings name, `runner` the processes in which training runs;
    `metrics` and `disk_usage` this machine's clock and disk.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        embedder: Embedder | None = None,
        engine: LanguageModel | None = None,
        runner: TrainingRunner | None = None,
        metrics: Metrics | None = None,
        tracing: Tracing | None = None,
        disk_usage: DiskUsage = shutil.disk_usage,
    ) -> None:
        self.settings = settings
        self._use = Use(settings.data)
        self._serving: Serving | None = None
        path, key = settings.data / DATABASE_FILE, settings.database_key.get_secret_value() or None
        self.database = Database(path, key)
        self.database.migrate(MIGRATIONS, lambda present: back_up_before_upgrade(path, key, present, clock()))
        self._embedder = embedder or SentenceEmbedder(packaged_embedder_path())
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")
        self._measurer = ThreadPoolExecutor(max_workers=1, thread_name_prefix="measurer")
        self._closing = threading.Event()
        self._look_after: threading.Thread | None = None

        self.metrics = metrics or new_metrics()
        self.tracing = tracing or Tracing(settings.otlp_url)
        self._make_people(clock)
        self._make_knowledge(clock, is_packaged=embedder is None)
        self._make_feedback(clock)
        self._make_dialogue(clock, engine)
        self._make_learning(clock, runner)
        self._make_watch(disk_usage)

    def _make_people(self, clock: Clock) -> None:
        self.accounts = Accounts(self.database, clock)
        self.sessions = Sessions(self.database, clock, self.settings.session_days)
        self.keys = Keys(self.database, clock)
        self.links = Links(self.database, clock, self.sessions)
        self.setup = Setup(self.database, clock, self.sessions)

    def _make_knowledge(self, clock: Clock, *, is_packaged: bool) -> None:
        """Beside the packaged embedder stand the packaged models; beside another one, none."""
        self.library = Library(self.database, self._embedder, clock, still_settled(carried_over(note_replaced(clock))))
        self.retriever = Retriever(self.library)
        self.documents = Documents(
            self.library, self.retriever, self.read_in_background, clock, self.settings.upload_mb
        )
        self.passages = Passages(self.library, clock, asked_again)
        self._askedness = askedness = CrossEncoder(packaged_embedder_path()) if is_packaged else None
        self._chinese = chinese = MultilingualEmbedder(packaged_multilingual_path()) if is_packaged else None
        self.memory = CorrectionMemory(self.database, self._embedder, askedness, self.settings.wrong_cost, chinese)
        self.curves = Curves(
            self.database,
            lambda cost: CorrectionMemory(self.database, self._embedder, askedness, cost, chinese),
            clock,
            self.settings.wrong_cost,
            self._measure,
        )
        self.common = CommonQuestions(self.database, self._embedder, self._measure)

    def _make_feedback(self, clock: Clock) -> None:
        self.conversations = Conversations(self.database, clock)
        self.suggestions = Suggestions(self.database)
        self.ratings = Ratings(self.database, self.conversations, self.documents.passage, clock)
        self.notices = Notices(self.database, clock, self.settings.review_days)
        self.corrections = Corrections(self.database, self.memory, self.conversations, clock, self.common.crowd)
        self.examples = Examples(self.database, self.memory, clock, self.common.crowd)
        self.teaching = Teaching(self.database, self.conversations, self.examples, self.corrections.attributions)
        self.proofs = Proofs(self.database, self.memory, clock)
        self.conflicts = Conflicts(self.database, self.memory, self.retriever, clock)
        self.validity = Validity(self.database, self.memory, clock)
        self.cards = Cards(self.database, self.memory, self.examples, self.proofs, self.conflicts, clock)
        self.citations = Citations(self.database)
        self.footing = Footing(self.database)
        self.rehearsals = Rehearsals(self.memory, self.retriever, self.corrections.attributions, clock)
        self.imports = Imports(self.database, self.memory, clock, self.common)
        self.exports = Exports(self.database, clock)
        self.cases = Cases(self.database, self.corrections, self.examples, clock, self.settings.review_days)

    def _make_dialogue(self, clock: Clock, engine: LanguageModel | None) -> None:
        self.models = Models(
            self._prepare, lambda progress: Pinned(engine, None) if engine else self.serving.load(progress)
        )
        self.queue = GenerationQueue(self.settings.queue_limit, lambda: self.models.slots)
        speaker = Speaker(
            self.models,
            self.queue,
            Allowance(self.database, clock, self.settings.daily_tokens),
            self.metrics,
            say,
            answer_tokens=self.settings.answer_tokens,
            answer_seconds=self.settings.answer_seconds,
        )
        self.assistant = Assistant(
            conversations=self.conversations,
            memory=self.memory,
            retriever=self.retriever,
            models=self.models,
            speaker=speaker,
            attributions=self.corrections.attributions,
            retirements=self.conflicts,
            say=say,
            clock=clock,
            metrics=self.metrics,
            tracing=self.tracing,
        )

    def _make_learning(self, clock: Clock, runner: TrainingRunner | None) -> None:
        tracking.require(self.settings.tracking)
        training, adapters = self.settings.data / "training", self.settings.data / "adapters"

        def model() -> TrainableModel:
            return trainable_model(self.settings)

        def builder(answer: Answer | None = None) -> LessonBuilder:
            same = ScopeSameness(self._embedder, self._askedness, self._chinese, self.settings.wrong_cost)
            return LessonBuilder(self.database, same, clock, answer=answer)

        self.serving = AdapterServing(
            self.database, adapters, model, lambda progress: load_engine(self.settings, progress)
        )
        self.adapters = Adapters(
            self.database, adapters, model, clock, lambda adapter_id: self.serving.serve(self.models, adapter_id)
        )
        self.training = TrainingRuns(
            self.database,
            builder(),
            runner or LocalRunner(environment_of(self.settings), training),
            model,
            clock,
        )
        self.alignments = Alignments(self.database, clock)
        self.comparisons = Comparisons(self.database, self.adapters, self.training)
        self.unaided = UnaidedAnswers(
            self.database,
            self.models,
            self.queue,
            answer_tokens=self.settings.answer_tokens,
            answer_seconds=self.settings.answer_seconds,
        )
        self.schedule = Schedule(
            self.database,
            self.training,
            self.adapters,
            clock,
            is_nightly=self.settings.training_schedule == "nightly",
            after=self.settings.training_after,
            promotes=self.settings.training_promotes,
        )
        self.worker: Callable[[], Worker] = lambda: Worker(
            self.database,
            clock,
            builder,
            model(),
            training,
            adapters,
            self.settings.training_memory_mb,
            self.settings.tracking,
        )

    def _make_watch(self, disk_usage: DiskUsage) -> None:
        self.vitals = Vitals(
            self.database, self.library, self.memory, self.queue, self.settings.queue_limit, disk_usage=disk_usage
        )
        self.metrics.read_with(self.vitals)
        self.system = System(self.database, self.models, self.vitals, self.metrics)

    def read_in_background(self, document_id: str) -> None:
        """Reads a received document after those before it; its state in the library tells how it went."""
        self._reader.submit(_job, self._read, document_id)

    def _read(self, document_id: str) -> None:
        """Where the database takes nothing, as on a full disk, it is read again and again until it does."""
        is_again = False
        while not self._closing.is_set():
            try:
                self.library.process(document_id, is_again=is_again)
                return
            except StorageError as error:
                _log.warning("A document could not be kept and is read again in %d seconds: %s", _READ_AGAIN_S, error)
            is_again = True
            self._closing.wait(_READ_AGAIN_S)

    def _measure(self, job: Callable[[], None]) -> None:
        """Does a job behind the page, after those before it, that may be left undone."""
        self._measurer.submit(_job, job)

    def resume_reading(self) -> None:
        """Takes up behind what was cut off, for the process that serves: any other would read it a second time."""
        self._reader.submit(_job, self.conversations.erase_left)
        self._reader.submit(_job, self.documents.erase_old)
        self._reader.submit(_job, self._resume)
        self.common.look_again()
        self._look_after = threading.Thread(target=self._look_after_learning, name="learning", daemon=True)
        self._look_after.start()

    def _look_after_learning(self) -> None:
        """Follows the adapter that is live, sees that a training has a worker, and does what is scheduled, until the
        application is closed.
        """
        looks = self.training.look_after, lambda: self.serving.follow(self.models), self.schedule.look
        while not self._closing.wait(_LOOK_S):
            for look in looks:
                try:
                    look()
                except StorageError as error:  # busy for a moment
                    _log.warning("Learning could not be looked after: %s", error)
                except Exception:  # noqa: BLE001 - the next look may go well, and the others must go on
                    _log.exception("Learning could not be looked after")

    def _resume(self) -> None:
        for document_id in self.library.unread():
            self.read_in_background(document_id)
        self._reader.submit(_job, self.library.reencode)

    def is_served_beside(self) -> bool:
        """Says from now on that this process serves people; whether another one did so before on the same folder."""
        self._serving = self._serving or Serving(self.settings.data)
        return self._serving.is_shared

    def finish_reading(self) -> None:
        """Blocks until what was received so far has been read."""
        self._reader.submit(lambda: None).result()

    def close(self) -> None:
        """Ends the answers under way and the work in the background, and closes the database."""
        self._closing.set()
        self.assistant.end()
        self.assistant.has_ended(_ANSWERS_END_S)
        if self._look_after:
            self._look_after.join()  # it may be loading a version, for which no answer is to wait
        self.curves.stop()
        self.common.stop()
        for worker in (self._measurer, self._reader):
            worker.shutdown(wait=True, cancel_futures=True)
        self.models.close()
        self.tracing.close()
        self.database.close()
        self._use.close()
        if self._serving:
            self._serving.close()

    def _prepare(self, progress: Progress) -> None:
        """Makes passages and corrections searchable."""
        progress("embedder_loading", 0.0)
        self._embedder.encode(["ready"])
        self.memory.load()
        words("准备")  # reads the dictionary by which Chinese words are parted
        progress("indexes_building", 0.5)
        self.memory.reencode()
        self.memory.refresh()
        self.library.refresh()


def _job(work: Callable[..., object], *given: object) -> None:
    """Runs work in the background to its end, whatever that is; what is left undone is taken up at the next start."""
    try:
        work(*given)
    except NotFoundError:
        pass  # removed or replaced meanwhile
    except Exception:  # noqa: BLE001 - a job ends here: nobody waits for its outcome, so the log must tell
        _log.exception("Work in the background failed")
