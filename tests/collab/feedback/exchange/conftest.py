"""Imports and exports on the people and services of feedback's tests."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from collab.feedback.exchange.entries import COLUMNS, Entry, Refused, read_entry
from collab.feedback.exchange.exporting import Exports
from collab.feedback.exchange.files import RowFile
from collab.feedback.exchange.importing import Imported, Imports
from collab.feedback.exchange.plans import ImportPlan, OnConflict
from collab.people.access import Actor
from tests.collab.feedback.conftest import ADA, House, TickingClock


@dataclass(frozen=True)
class Desk:
    """A house with a place for files."""

    house: House
    imports: Imports
    exports: Exports
    folder: Path

    def file(self, content: str, name: str = "rows.csv") -> Path:
        path = self.folder / name
        path.write_text(content, encoding="utf-8")
        return path

    def entries(self, path: Path) -> list[Entry | Refused]:
        return [read_entry(row) for row in RowFile(path, COLUMNS)]

    def plan(self, path: Path, actor: Actor = ADA, on_conflict: OnConflict = OnConflict.SKIP) -> ImportPlan:
        return self.imports.plan(actor, self.entries(path), on_conflict)

    def take(
        self,
        path: Path,
        actor: Actor = ADA,
        on_conflict: OnConflict = OnConflict.SKIP,
        told: Callable[[int, int], None] = lambda done, total: None,
    ) -> Imported:
        plan = self.plan(path, actor, on_conflict)
        return self.imports.write(actor, self.entries(path), plan, path.name, told)


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    """The five people, nothing imported yet."""
    imports = Imports(house.database, house.memory, TickingClock(), batch=2)
    return Desk(house, imports, Exports(house.database, TickingClock(), at_once=2), tmp_path)
