"""The data folder: shared by those who use it, alone for whoever replaces what is in it."""

import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from collab.config import Settings
from collab.errors import FolderInUseError, FolderLockedError
from collab.folder import KEPT, Serving, Use, back_up_before_upgrade, backups_of, stamp
from collab.services import Services
from knowledge import backup
from knowledge.database import Database
from knowledge.errors import StorageUnavailableError
from tests.fakes import WordEmbedder
from tests.running import ROOT

NOW = datetime(2026, 11, 22, 3, 45, tzinfo=UTC)


def test_many_may_use_it_and_then_nobody_has_it_alone(tmp_path: Path) -> None:
    first, second = Use(tmp_path), Use(tmp_path)
    with pytest.raises(FolderInUseError, match="Stop it first"):
        Use(tmp_path, alone=True)
    first.close()
    with pytest.raises(FolderInUseError):
        Use(tmp_path, alone=True)
    second.close()
    second.close()
    Use(tmp_path, alone=True).close()


def test_who_has_it_alone_keeps_the_others_out(tmp_path: Path) -> None:
    alone = Use(tmp_path, alone=True)
    with pytest.raises(FolderLockedError, match="being restored"):
        Use(tmp_path)
    alone.close()
    Use(tmp_path).close()


def test_a_killed_process_keeps_nobody_out(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from collab.folder import Use; "
        "use = Use(Path(sys.argv[1])); print('in', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"in\n"
        with pytest.raises(FolderInUseError):
            Use(tmp_path, alone=True)
        process.kill()
        process.wait(30)
    Use(tmp_path, alone=True).close()


def test_who_serves_it_beside_another_is_told(tmp_path: Path) -> None:
    first = Serving(tmp_path)
    second = Serving(tmp_path)
    assert (first.is_shared, second.is_shared) == (False, True)
    first.close()
    third = Serving(tmp_path)
    assert third.is_shared
    second.close()
    third.close()
    third.close()
    alone = Serving(tmp_path)
    assert not alone.is_shared
    alone.close()


def test_the_application_uses_it_from_opening_to_closing(tmp_path: Path) -> None:
    with closing(Services(Settings(data=tmp_path), embedder=WordEmbedder())), pytest.raises(FolderInUseError):
        Use(tmp_path, alone=True)
    with closing(Use(tmp_path, alone=True)), pytest.raises(FolderLockedError):
        Services(Settings(data=tmp_path), embedder=WordEmbedder())


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageUnavailableError, match="COLLAB_DATA"):
        Use(tmp_path / "file" / "data")


def test_backups_before_upgrades_are_named_and_the_newest_are_kept(tmp_path: Path) -> None:
    database = Database(tmp_path / "collab.db")
    database.migrate()
    mine = backups_of(tmp_path) / "collab-mine.zip"
    mine.write_bytes(b"made by a person")
    days = range(KEPT + 2)
    made = [back_up_before_upgrade(database.path, None, ["knowledge_0001"], NOW + timedelta(days=day)) for day in days]
    database.close()
    assert made[0].name == "before-upgrade-20261122T034500Z-knowledge_0001.zip"
    assert [path.exists() for path in made] == [False, False, True, True, True, True, True]
    assert backup.read_manifest(made[-1]).created_at == NOW + timedelta(days=KEPT + 1)
    assert mine.exists()


def test_a_moment_becomes_part_of_a_name() -> None:
    assert stamp(NOW) == "20261122T034500Z"
