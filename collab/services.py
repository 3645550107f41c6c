"""Composes the application from its settings. app.py, the command line and the benchmarks all start here."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from collab.config import Settings
from collab.dialogue.assistant import Assistant
from collab.dialogue.citations import Citations
from collab.dialogue.conversations import Conversations
from collab.dialogue.engines import LanguageModel, Progress, load_engine
from collab.dialogue.engines.queue import GenerationQueue
from collab.dialogue.models import Models
from collab.dialogue.rehearsal import Rehearsals
from collab.dialogue.suggestions import Suggestions
from collab.feedback.cases import Cases
from collab.feedback.corrections import Corrections
from collab.feedback.exchange.exporting import Exports
from collab.feedback.exchange.importing import Imports
from collab.feedback.footing import Footing
from collab.feedback.notices import Notices
from collab.feedback.ratings import Ratings
from collab.folder import DATABASE_FILE, Use, back_up_before_upgrade
from collab.people.accounts import Accounts
from collab.people.documents import Documents, note_replaced
from collab.people.keys import Keys
from collab.people.links import Links
from collab.people.passages import Passages
from collab.people.sessions import Sessions
from collab.people.setup import Setup
from collab.texts import say
from knowledge.database import Clock, Database, utc_now
from knowledge.embedding import Embedder, SentenceEmbedder, packaged_embedder_path
from knowledge.errors import NotFoundError
from knowledge.library import Library
from knowledge.memory import CorrectionMemory
from knowledge.retrieval import Retriever

_HERE = Path(__file__).parent
MIGRATIONS = tuple(_HERE / folder / "migrations" for folder in ("people", "dialogue", "feedback"))

_log = logging.getLogger(__name__)


class Services:
    """Everything that works together, on one data folder.

    Making it opens and migrates the database (well under a second) and loads no model; `models.load` does that.
    `embedder` and `engine` replace the ones that the settings name.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = utc_now,
        embedder: Embedder | None = None,
        engine: LanguageModel | None = None,
    ) -> None:
        self.settings = settings
        self._use = Use(settings.data)
        path, key = settings.data / DATABASE_FILE, settings.database_key.get_secret_value() or None
        self.database = Database(path, key)
        self.database.migrate(MIGRATIONS, lambda present: back_up_before_upgrade(path, key, present, clock()))
        self._embedder = embedder or SentenceEmbedder(packaged_embedder_path())
        self._reader = ThreadPoolExecutor(max_workers=1, thread_name_prefix="reader")

        self.accounts = Accounts(self.database, clock)
        self.sessions = Sessions(self.database, clock, settings.session_days)
        self.keys = Keys(self.database, clock)
        self.links = Links(self.database, clock, self.sessions)
        self.setup = Setup(self.database, clock, self.sessions)
        self.library = Library(self.database, self._embedder, clock, note_replaced(clock))
        self.retriever = Retriever(self.library)
        self.documents = Documents(self.library, self.retriever, self.read_in_background, clock, settings.upload_mb)
        self.passages = Passages(self.library, clock)
        self.memory = CorrectionMemory(self.database, self._embedder)
        self.conversations = Conversations(self.database, clock)
        self.suggestions = Suggestions(self.database)
        self.ratings = Ratings(self.database, self.conversations, self.documents.passage, clock)
        self.notices = Notices(self.database, clock, settings.review_days)
        self.corrections = Corrections(self.database, self.memory, self.conversations, clock)
        self.citations = Citations(self.database)
        self.footing = Footing(self.database)
        self.rehearsals = Rehearsals(self.memory, self.retriever, self.corrections.attributions, clock)
        self.imports = Imports(self.database, self.memory, clock)
        self.exports = Exports(self.database)
        self.cases = Cases(self.database, self.corrections, clock, settings.review_days)
        self.models = Models(self._prepare, lambda progress: engine or load_engine(settings, progress))
        self.assistant = Assistant(
            conversations=self.conversations,
            memory=self.memory,
            retriever=self.retriever,
            models=self.models,
            queue=GenerationQueue(settings.queue_limit),
            attributions=self.corrections.attributions,
            say=say,
            clock=clock,
            answer_tokens=settings.answer_tokens,
        )

    def read_in_background(self, document_id: str) -> None:
        """Reads a received document after those before it; its state in the library tells how it went."""
        self._reader.submit(_job, self.library.process, document_id)

    def resume_reading(self) -> None:
        """Takes up behind what was cut off, for the process that serves: any other would read it a second time."""
        self._reader.submit(_job, self.conversations.erase_left)
        self._reader.submit(_job, self.documents.erase_old)
        self._reader.submit(_job, self._resume)

    def _resume(self) -> None:
        for document_id in self.library.unread():
            self.read_in_background(document_id)
        self._reader.submit(_job, self.library.reencode)

    def finish_reading(self) -> None:
        """Blocks until what was received so far has been read."""
        self._reader.submit(lambda: None).result()

    def close(self) -> None:
        """Ends the work in the background and closes the database."""
        self._reader.shutdown(wait=True, cancel_futures=True)
        self.models.close()
        self.database.close()
        self._use.close()

    def _prepare(self, progress: Progress) -> None:
        """Makes passages and corrections searchable."""
        progress("embedder_loading", 0.0)
        self._embedder.encode(["ready"])
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
