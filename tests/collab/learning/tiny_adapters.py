"""Adapters for the small model, as files and rows, and what follows the pointer to them."""

from collections.abc import Callable
from pathlib import Path

import torch

from collab.dialogue.engines.lora_gguf import adapter_name
from collab.learning.adapter_files import Base, base_of, save
from collab.learning.adapters import Adapters
from collab.learning.tables import StoredAdapter, TaughtLesson
from collab.learning.trainable import TrainableModel
from collab.people.access import Actor, Role
from knowledge.database import Database
from tests.collab.learning.test_leases import NOW, Wound

ADA = Actor("ada", "Ada", Role.ADMIN)
BEA = Actor("bea", "Bea", Role.ADMIN)

PLACE = "base_model.model.model.layers.0.self_attn.q_proj"
A, B = f"{PLACE}.lora_A.weight", f"{PLACE}.lora_B.weight"


class Engine:
    """What answers: it follows, unless it is told to fail with one of them."""

    def __init__(self) -> None:
        self.served: list[str | None] = []
        self.fails: dict[str | None, BaseException] = {}

    def __call__(self, adapter_id: str | None) -> None:
        if adapter_id in self.fails:
            raise self.fails[adapter_id]
        self.served.append(adapter_id)


class Made:
    """Adapters as runs make them, in a folder and in the database."""

    def __init__(self, database: Database, base: Path, folder: Path) -> None:
        self._database, self._base, self._folder = database, base, folder

    def __call__(
        self, value: float = 0.5, *, is_passed: bool = True, taught: dict[str, bool | None] | None = None
    ) -> str:
        """One whose B is filled with a value; returns its id."""
        place = saved(self._base, self._folder / ".made", value)
        adapter_id = adapter_name(place)
        place.rename(self._folder / adapter_id)
        with self._database.write() as session:
            session.add(StoredAdapter(id=adapter_id, base="tiny", is_passed=is_passed, strength=1.0, created_at=NOW))
            session.flush()
            for lesson_id, is_right in (taught or {}).items():
                session.add(TaughtLesson(adapter_id=adapter_id, lesson_id=lesson_id, is_right=is_right))
        return adapter_id


def over(database: Database, base: Path, folder: Path, serve: Callable[[str | None], None]) -> Adapters:
    """The adapters of a folder, for the model in `base`."""
    model = TrainableModel("tiny", None, None, base, folder.parent / "cache")
    return Adapters(database, folder, lambda: model, Wound(), serve)


def saved(base: Path, out: Path, value: float, rank: int = 2, named: Base | None = None) -> Path:
    """A folder with weights of rank 2 on one place, whatever its settings say."""
    config = {"peft_type": "LORA", "r": rank, "lora_alpha": 4, "target_modules": ["layers.0.self_attn.q_proj"]}
    weights = {A: torch.ones(2, 64), B: torch.full((64, 2), value)}
    return save(weights, config, named or base_of(base), out)
