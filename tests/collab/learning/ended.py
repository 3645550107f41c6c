"""Runs that ended as a worker ends them, with versions that were never trained."""

from collections.abc import Mapping
from pathlib import Path

from collab.dialogue.engines.lora_gguf import adapter_name
from collab.learning.leases import Lease
from collab.learning.report import Report
from collab.learning.tables import StoredAdapter, TrainingRun
from knowledge.database import Clock, Database
from tests.collab.learning.tiny_adapters import saved


def write_adapter(base: Path, adapters: Path, change: float = 0.0) -> str:
    """The id of an adapter whose folder is put among the others."""
    made = saved(base, adapters / "made", change)
    adapter_id = adapter_name(made)
    made.rename(adapters / adapter_id)
    return adapter_id


def finish(
    database: Database,
    clock: Clock,
    run_id: str,
    adapter_id: str,
    report: Report,
    taught: Mapping[str, bool | None] | None = None,
) -> None:
    """Ends a run that waits with this adapter and this report."""
    lease = Lease.claim(database, clock, run_id)
    with database.read() as session:
        parent_id = session.get_one(TrainingRun, run_id).parent_id
    stored = StoredAdapter(
        id=adapter_id,
        run_id=run_id,
        parent_id=parent_id,
        base="tiny",
        is_passed=report.verdict.is_passed,
        strength=0.5,
        created_at=clock(),
    )
    lease.finish(report.to_json(), stored, taught or {})
