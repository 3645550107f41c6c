"""How the application is, for administrators: its numbers, what people met lately, and what is not well, if anything.

It measures nothing itself and has no words: what is not well has a name, for which the screen has a sentence.
"""

from dataclasses import dataclass
from enum import StrEnum

from collab import VERSION
from collab.dialogue.models import Models
from collab.metrics import Lately, Metrics
from collab.people.access import Actor
from collab.people.acting import require_admin
from collab.vitals import LEAST_FREE_BYTES, Vitals
from knowledge.database import Database

# What the alerts of assets/monitoring/alerts.yaml say too.
SLOW_S = 5
ERROR_SHARE = 0.05
LAG = 100
FREE_BYTES = 2_000_000_000
FULL = 0.9


class Concern(StrEnum):
    """What is not well, the worst first."""

    SCHEMA = "schema"
    NO_SPACE = "no_space"
    DISK = "disk"
    MODEL = "model"
    ERRORS = "errors"
    QUEUE = "queue"
    SLOW = "slow"
    LAG = "lag"


@dataclass(frozen=True, slots=True)
class Report:
    """The application at one moment. Sizes are in bytes; `engine` is the name of the module that runs the model, both
    empty while there is none; `stage` is a locale key for how far loading is; `lag` are changes of both indexes.
    """

    version: str
    schema: tuple[str, ...]
    model: str
    engine: str
    slots: int
    stage: str
    running: int
    waiting: int
    queue_limit: int
    lately: Lately
    lag: int
    unread: int
    to_review: int
    memory_bytes: int
    free_bytes: int
    disk_bytes: int
    database_bytes: int
    is_schema_current: bool
    has_failed: bool

    @property
    def concerns(self) -> tuple[Concern, ...]:
        """What is not well, the worst first; nothing where all is."""
        lately = self.lately
        asked = lately.answers + lately.errors
        holds = {
            Concern.SCHEMA: not self.is_schema_current,
            Concern.NO_SPACE: self.free_bytes < LEAST_FREE_BYTES,
            Concern.DISK: LEAST_FREE_BYTES <= self.free_bytes < FREE_BYTES,
            Concern.MODEL: self.has_failed,
            Concern.ERRORS: lately.errors > ERROR_SHARE * asked,
            Concern.QUEUE: self.waiting > FULL * self.queue_limit,
            Concern.SLOW: (lately.first_text_slow_s or 0) > SLOW_S,
            Concern.LAG: self.lag > LAG and lately.answers > 0,
        }
        return tuple(concern for concern in Concern if holds[concern])


class System:
    """Tells administrators, and nobody else."""

    def __init__(self, database: Database, models: Models, vitals: Vitals, metrics: Metrics) -> None:
        self._database = database
        self._models = models
        self._vitals = vitals
        self._metrics = metrics

    def report(self, actor: Actor) -> Report:
        """How it is now. Raises NotAllowedError, and StorageError where the database cannot be read."""
        with self._database.read() as session:
            require_admin(session, actor)
        models, vitals = self._models, self._vitals
        engine = models.engine() if models.is_ready else None
        running, waiting = vitals.load
        return Report(
            version=VERSION,
            schema=vitals.schema,
            model=engine.name if engine else "",
            engine=engine.kind if engine else "",
            slots=models.slots,
            stage=models.loading.stage,
            running=running,
            waiting=waiting,
            queue_limit=vitals.queue_limit,
            lately=self._metrics.lately(),
            lag=sum(vitals.lag().values()),
            unread=vitals.unread(),
            to_review=sum(vitals.waiting_for_review().values()),
            memory_bytes=self._metrics.resident_bytes(),
            free_bytes=vitals.free_bytes,
            disk_bytes=vitals.disk_bytes,
            database_bytes=vitals.database_bytes,
            is_schema_current=vitals.is_schema_current(),
            has_failed=models.loading.error is not None,
        )
