"""One database in the place of another: a kill at any step leaves the one or the other, whole."""

import subprocess
import sys
from pathlib import Path

import pytest

from knowledge.exchange import exchange
from tests.running import ROOT

KILLED_AT = """
import os, signal, sys
from pathlib import Path
from knowledge.exchange import exchange

folder, last = Path(sys.argv[1]), int(sys.argv[2])
steps = 0

def count(event, given):
    global steps
    if event in ("os.link", "os.rename", "os.remove", "open"):
        steps += 1
        if steps > last:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(count)
exchange(folder / "present.db", folder / "new.db", folder / "aside.db")
"""


def _two(folder: Path) -> tuple[Path, Path, Path]:
    (folder / "present.db").write_text("old")
    (folder / "new.db").write_text("new")
    return folder / "present.db", folder / "new.db", folder / "aside.db"


def test_the_new_one_has_the_name_and_the_old_one_is_kept(tmp_path: Path) -> None:
    present, new, aside = _two(tmp_path)
    exchange(present, new, aside)
    assert (present.read_text(), aside.read_text(), new.exists()) == ("new", "old", False)


def test_a_log_goes_with_the_database_it_belongs_to(tmp_path: Path) -> None:
    present, new, aside = _two(tmp_path)
    (tmp_path / "present.db-wal").write_text("the log of the old one")
    exchange(present, new, aside)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["aside.db", "aside.db-wal", "present.db"]
    assert (tmp_path / "aside.db-wal").read_text() == "the log of the old one"


def test_there_need_not_be_an_old_one(tmp_path: Path) -> None:
    present, new, aside = _two(tmp_path)
    present.unlink()
    exchange(present, new, aside)
    assert (present.read_text(), aside.exists()) == ("new", False)


def test_what_is_kept_already_is_not_written_over(tmp_path: Path) -> None:
    present, new, aside = _two(tmp_path)
    aside.write_text("older")
    with pytest.raises(FileExistsError):
        exchange(present, new, aside)
    assert (present.read_text(), aside.read_text()) == ("old", "older")


def test_killed_at_any_step_one_of_the_two_is_there(tmp_path: Path) -> None:
    seen = []
    for last in range(10):
        folder = tmp_path / str(last)
        folder.mkdir()
        _two(folder)
        done = subprocess.run([sys.executable, "-c", KILLED_AT, str(folder), str(last)], cwd=ROOT, timeout=60)
        seen.append(((folder / "present.db").read_text(), done.returncode == 0))
    assert seen[0] == ("old", False)
    assert seen[-1] == ("new", True)
    assert {content for content, _ in seen} == {"old", "new"}
    assert sum(not finished for _, finished in seen) >= 4  # the link, the first log, and the rename among them
