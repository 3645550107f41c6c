"""A version of the tiny model, as a worker would leave it, without any training."""

from collections.abc import Mapping
from pathlib import Path

import torch

from collab.dialogue.engines.lora_gguf import adapter_name
from collab.learning import adapter_files
from collab.learning.leases import Lease
from collab.learning.report import Report
from collab.learning.tables import StoredAdapter, TrainingRun
from knowledge.database import Clock, Database

PLACES = [f"base_model.model.model.layers.{n}.self_attn.q_proj" for n in range(2)]


def write_adapter(base: Path, adapters: Path, change: float = 0.0) -> str:
    """The id of an adapter of rank 2, whose folder is put among the others."""
    weights = {f"{place}.lora_A.weight": torch.ones(2, 64) for place in PLACES}
    weights |= {f"{place}.lora_B.weight": torch.full((64, 2), change) for place in PLACES}
    config = {"peft_type": "LORA", "r": 2, "lora_alpha": 4, "target_modules": ["q_proj"]}
    made = adapter_files.save(weights, config, adapter_files.base_of(base), adapters / "made")
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
