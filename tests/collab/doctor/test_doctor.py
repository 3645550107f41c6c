"""The doctor as a whole: it looks at what it can, and says where it had to stop."""

from contextlib import closing
from pathlib import Path

import pytest

from collab.config import Settings, load_settings
from collab.doctor import Finding, Health, examine
from collab.folder import DATABASE_FILE
from collab.services import MIGRATIONS
from knowledge.database import Database
from tests.test_upgrade import NOW

GROUND = ["python", "packages", "settings"]
AROUND = [*GROUND, "clock", "embedder", "chat model", "port", "data folder"]


def _examined(**settings: object) -> dict[str, Finding]:
    read = Settings.model_validate({"port": 0, **settings})
    return {finding.check: finding for finding in examine(lambda: read, lambda: NOW)}


def test_settings_that_cannot_be_read_are_told_and_end_it() -> None:
    found = list(examine(lambda: load_settings({"COLLAB_MODLE": "x"}), lambda: NOW))
    assert [finding.check for finding in found] == GROUND
    assert found[-1].health is Health.PROBLEM
    assert "Did you mean COLLAB_MODEL?" in found[-1].message


@pytest.mark.models
def test_before_the_first_start_nothing_is_wrong(tmp_path: Path) -> None:
    found = _examined(data=tmp_path / "new")
    assert list(found) == AROUND
    assert {finding.health for finding in found.values()} == {Health.OK}
    assert not (tmp_path / "new").exists()


@pytest.mark.models
def test_everything_is_looked_at(tmp_path: Path) -> None:
    with closing(Database(tmp_path / DATABASE_FILE)) as database:
        database.migrate(MIGRATIONS)
    found = _examined(data=tmp_path)
    assert list(found) == [
        *AROUND,
        *("privacy", "space", "database", "write-ahead log", "backups"),
        *("audit", "time", "documents", "reading", "keywords", "memory", "rare words", "searches"),
    ]
    assert [name for name, finding in found.items() if finding.health is Health.PROBLEM] == []


def test_a_wrong_key_or_a_damaged_file_is_told(tmp_path: Path) -> None:
    with closing(Database(tmp_path / DATABASE_FILE, "a key")) as database:
        database.migrate(MIGRATIONS)
    found = _examined(data=tmp_path)["database"]
    assert (found.health, "COLLAB_DATABASE_KEY" in found.message) == (Health.PROBLEM, True)
    (tmp_path / DATABASE_FILE).write_bytes(b"damaged" * 1000)
    assert _examined(data=tmp_path)["database"].health is Health.PROBLEM
