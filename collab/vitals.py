"""What can be read of a running application at any moment: its queue, its indexes, its disk, its database.

Nothing is kept here: each number is read when it is asked for. It knows no people, and tells nothing that they wrote.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from collab.dialogue.engines.queue import GenerationQueue
from collab.feedback.tables import Correction, Rating, State
from knowledge.database import Database
from knowledge.errors import StorageError
from knowledge.library import Library
from knowledge.memory import CorrectionMemory
from knowledge.tables import Collection, Document, DocumentState, IndexChange

LEAST_FREE_BYTES = 500_000_000  # below it, what people add may not be kept
_WAITING = sa.select(sa.func.count()).select_from(Correction).where(Correction.state == State.PENDING)
_RATED_DOWN = (
    sa.select(sa.func.count()).select_from(Rating).where(Rating.rating == "down", Rating.resolved_at.is_(None))
)
_UNREAD = (
    sa.select(sa.func.count())
    .select_from(Document)
    .where(Document.state == DocumentState.READING, Document.deleted_at.is_(None))
)

DiskUsage = Callable[[Path], Any]
"""`shutil.disk_usage`, or one that tells something else: an object with `total` and `free`, in bytes."""


class Vitals(Collector):
    """The numbers of one application, for whoever asks and, as a collector, for Prometheus."""

    def __init__(
        self,
        database: Database,
        library: Library,
        memory: CorrectionMemory,
        queue: GenerationQueue,
        queue_limit: int,
        disk_usage: DiskUsage = shutil.disk_usage,
    ) -> None:
        self._database = database
        self._library = library
        self._memory = memory
        self._queue = queue
        self.queue_limit = queue_limit
        self._disk_usage = disk_usage
        self._schema = database.schema()

    @property
    def load(self) -> tuple[int, int]:
        """How many answers the model writes now, and how many wait for it."""
        return self._queue.load

    @property
    def free_bytes(self) -> int:
        """Left on the disk of the data folder; 0 when that is not there."""
        return self._disk("free")

    @property
    def disk_bytes(self) -> int:
        """The size of that disk."""
        return self._disk("total")

    @property
    def database_bytes(self) -> int:
        """The database with what is not merged into its file yet."""
        path = self._database.path
        return sum(file.stat().st_size for file in (path, path.with_name(path.name + "-wal")) if file.is_file())

    @property
    def schema(self) -> tuple[str, ...]:
        """The newest migrations of the database when this process began."""
        return self._schema

    def _disk(self, part: str) -> int:
        try:
            return int(getattr(self._disk_usage(self._database.path.parent), part))
        except OSError:
            return 0

    def has_space(self) -> bool:
        """Whether there is room for what people add."""
        return self.free_bytes >= LEAST_FREE_BYTES

    def is_schema_current(self) -> bool:
        """Whether the file is still the one that was opened, with the schema of then. Raises StorageError."""
        return self._database.is_in_place() and self._database.schema() == self._schema

    def lag(self) -> Mapping[Collection, int]:
        """Changes in the rows that the indexes of this process have not seen. Raises StorageError."""
        seen = {Collection.PASSAGES: self._library.sequence, Collection.MEMORY: self._memory.sequence}
        return {
            collection: self._count(
                sa.select(sa.func.count())
                .select_from(IndexChange)
                .where(IndexChange.collection == collection, IndexChange.seq > sequence)
            )
            for collection, sequence in seen.items()
        }

    def unread(self) -> int:
        """Documents that are being read, or wait for it. Raises StorageError."""
        return self._count(_UNREAD)

    def waiting_for_review(self) -> Mapping[str, int]:
        """Corrections, and answers rated down, that no expert has decided. Raises StorageError."""
        return {"correction": self._count(_WAITING), "rating": self._count(_RATED_DOWN)}

    def _count(self, query: sa.Select[int]) -> int:
        with self._database.read() as session:
            return session.scalar(query) or 0

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """For Prometheus. What the database cannot tell now is left out; `collab_database_up` says so."""
        running, waiting = self.load
        yield _gauge("queue_running", "Answers that the language model writes now.", running)
        yield _gauge("queue_waiting", "Answers that wait for the language model.", waiting)
        yield _gauge("queue_limit", "Answers that may wait before new ones are refused.", self.queue_limit)
        yield _gauge("disk_free_bytes", "Bytes left on the disk of the data folder.", self.free_bytes)
        yield _gauge("disk_bytes", "Size of the disk of the data folder.", self.disk_bytes)
        yield _gauge("database_bytes", "Size of the database, with its write-ahead log.", self.database_bytes)
        try:
            rows = list(self._of_rows())
        except StorageError:
            rows = []
        yield _gauge("database_up", "1 while the database can be read, else 0.", int(bool(rows)))
        yield from rows

    def _of_rows(self) -> Iterator[GaugeMetricFamily]:
        yield _labelled(
            "index_lag_changes", "Changes that the index in memory has not seen; answers catch up.", "index", self.lag()
        )
        yield _gauge("documents_unread", "Documents that are being read, or wait for it.", self.unread())
        yield _labelled(
            "reviews_waiting",
            "Corrections, and answers rated down, that wait for an expert.",
            "kind",
            self.waiting_for_review(),
        )
        yield _gauge(
            "schema_current",
            "1 while the database is the one that this process began with, in the same schema, else 0.",
            int(self.is_schema_current()),
        )

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing beforehand, so that being registered reads no database."""
        return []


def _gauge(name: str, text: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(f"collab_{name}", text, value=value)


def _labelled(name: str, text: str, label: str, values: Mapping[Any, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"collab_{name}", text, labels=[label])
    for key, value in values.items():
        family.add_metric([str(key)], value)
    return family
