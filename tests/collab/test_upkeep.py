"""Backup, verify and restore as a whole: what was there comes back, and what stands in the way is named."""

import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
import torch

from collab import VERSION
from collab.config import Settings
from collab.dialogue.engines.lora_gguf import adapter_name
from collab.errors import DatabaseMissingError, FolderInUseError
from collab.folder import Use
from collab.learning.adapter_files import Base, is_named, save
from collab.people import audit
from collab.people.access import OPERATOR, Role
from collab.people.accounts import Accounts
from collab.services import MIGRATIONS
from collab.upkeep import adapters_in, back_up, restore, verify
from knowledge.database import Database, utc_now
from knowledge.errors import BackupDamagedError, BackupKeyError, BackupNewerError
from tests.running import PASSWORD, ROOT

NOW = datetime(2026, 11, 22, 3, 45, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 3, 45, tzinfo=UTC)


def _settings(folder: Path, key: str = "") -> Settings:
    return Settings.model_validate({"data": folder, "database_key": key})


def _add(settings: Settings, *names: str) -> None:
    with closing(_database(settings)) as database:
        for name in names:
            Accounts(database, utc_now).add(name, PASSWORD, Role.MEMBER)


def _database(settings: Settings) -> Database:
    database = Database(settings.data / "collab.db", settings.database_key.get_secret_value() or None)
    database.migrate(MIGRATIONS)
    return database


def _people(settings: Settings) -> list[str]:
    with closing(_database(settings)) as database:
        return [person.name for person in Accounts(database, utc_now).list(OPERATOR)]


@pytest.mark.parametrize("key", ["", "it's a key"])
def test_what_was_backed_up_comes_back(tmp_path: Path, key: str) -> None:
    settings = _settings(tmp_path / "data", key)
    _add(settings, "Ada")
    path, made = back_up(settings, None, NOW)
    assert path == tmp_path / "data/backups/collab-20261122T034500Z.zip"
    _add(settings, "Mel")
    restored = restore(settings, path, LATER)
    assert _people(settings) == ["Ada"]
    assert (restored.manifest, made.version, made.rows["people"]) == (made, VERSION, 1)
    assert restored.aside == tmp_path / "data/collab-before-restore-20261123T034500Z.db"
    with closing(Database(restored.aside, key or None)) as kept:
        assert len(Accounts(kept, utc_now).list(OPERATOR)) == 2
    assert not [name for name in os.listdir(settings.data) if name.startswith(".")]


def test_a_backup_may_be_made_while_it_is_used_and_a_restore_may_not(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    with closing(Use(tmp_path)), closing(_database(settings)) as database, database.write():
        path, _ = back_up(settings, None, NOW)
        with pytest.raises(FolderInUseError):
            restore(settings, path, LATER)
    assert restore(settings, path, LATER).manifest.rows["people"] == 1


def test_an_earlier_version_that_holds_no_lock_is_noticed(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    path, _ = back_up(settings, tmp_path / "mine.zip", NOW)
    with closing(_database(settings)) as database:
        with database.read() as session:
            session.connection()
        with pytest.raises(FolderInUseError):
            restore(settings, path, LATER)
    assert restore(settings, path, LATER).aside is not None


def test_what_a_killed_application_left_in_the_log_is_kept(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    path, _ = back_up(settings, tmp_path / "mine.zip", NOW)
    program = (
        "import os, signal, sys; from pathlib import Path; from knowledge.database import Database; import sqlalchemy\n"
        "with Database(Path(sys.argv[1]) / 'collab.db').write() as session:\n"
        "    session.execute(sqlalchemy.text(\"UPDATE people SET name = 'Ada, in the log'\"))\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", program, str(tmp_path)], cwd=ROOT, timeout=60)
    assert (tmp_path / "collab.db-wal").stat().st_size > 0
    aside = restore(settings, path, LATER).aside
    assert aside is not None
    with closing(Database(aside)) as kept, kept.read() as session:
        assert session.scalar(sa.text("SELECT name FROM people")) == "Ada, in the log"
    assert _people(settings) == ["Ada"]


def test_the_audit_says_that_it_was_restored(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    path, made = back_up(settings, tmp_path / "mine.zip", NOW)
    restore(settings, path, LATER)
    with closing(_database(settings)) as database, database.read() as session:
        assert audit.verify(session) == 2
        row = session.execute(sa.text("SELECT act, object_id, details FROM audit_entries WHERE seq = 2")).one()
    assert tuple(row) == (
        "database_restored",
        made.sha256,
        '{"from": "mine.zip", "made_at": "2026-11-22T03:45:00+00:00", "by": "command line"}',
    )


def test_it_restores_where_there_is_nothing_yet(tmp_path: Path) -> None:
    _add(_settings(tmp_path / "old"), "Ada")
    path, _ = back_up(_settings(tmp_path / "old"), None, NOW)
    restored = restore(_settings(tmp_path / "new"), path, LATER)
    assert (restored.aside, _people(_settings(tmp_path / "new"))) == (None, ["Ada"])


def test_a_damaged_database_is_replaced_and_kept(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    path, _ = back_up(settings, None, NOW)
    settings.data.joinpath("collab.db").write_bytes(b"damaged" * 1000)
    settings.data.joinpath("collab.db-wal").write_bytes(b"a log of nothing")
    aside = restore(settings, path, LATER).aside
    assert aside is not None
    assert aside.read_bytes() == b"damaged" * 1000
    assert _people(settings) == ["Ada"]


def test_a_bad_backup_changes_nothing(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    path, _ = back_up(settings, None, NOW)
    _add(settings, "Mel")
    path.write_bytes(path.read_bytes()[:-100])
    for act in (restore, verify):
        with pytest.raises(BackupDamagedError, match="Nothing was changed"):
            act(settings, path, LATER)
    with pytest.raises(BackupKeyError):
        back_up(settings, tmp_path / "second.zip", NOW)
        restore(_settings(tmp_path, "a key"), tmp_path / "second.zip", LATER)
    assert _people(settings) == ["Ada", "Mel"]


def test_a_newer_one_is_whole_and_is_not_restored(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    with closing(_database(settings)) as database, database.write() as session:
        session.execute(
            sa.text("UPDATE alembic_version SET version_num = 'feedback_9999' WHERE version_num LIKE 'feedback%'")
        )
    path, _ = back_up(settings, None, NOW)
    assert verify(settings, path, LATER).is_newer
    with pytest.raises(BackupNewerError, match=f"newer version \\({VERSION}\\)"):
        restore(settings, path, LATER)


def test_verifying_leaves_nothing_behind(tmp_path: Path) -> None:
    settings = _settings(tmp_path / "data")
    _add(settings, "Ada")
    path, made = back_up(settings, tmp_path, NOW)
    verified = verify(settings, path, LATER)
    assert (verified.manifest, verified.is_newer) == (made, False)
    assert _people(settings) == ["Ada"]
    assert list((tmp_path / "data/backups").iterdir()) == []


def test_without_a_database_there_is_nothing_to_back_up(tmp_path: Path) -> None:
    with pytest.raises(DatabaseMissingError, match="COLLAB_DATA"):
        back_up(_settings(tmp_path), None, NOW)
    assert list(tmp_path.iterdir()) == []


def _adapter(settings: Settings, value: float = 0.5) -> Path:
    """A whole adapter among the others: small, and of no model."""
    config = {"peft_type": "LORA", "r": 2}
    made = settings.data / "adapters/.made"
    save({"a.lora_A.weight": torch.full((2, 4), value)}, config, Base("tiny", "0" * 16), made)
    return made.rename(made.with_name(adapter_name(made)))


def _in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("key", ["", "it's a key"])
def test_adapters_and_what_trainings_keep_come_back(tmp_path: Path, key: str) -> None:
    settings, other = _settings(tmp_path / "data", key), _settings(tmp_path / "other", key)
    _add(settings, "Ada")
    adapter = _adapter(settings)
    run = settings.data / "training/r1"
    (run / "candidate").mkdir(parents=True)
    for name in ("manifest.json", "events.out.tfevents.1.here", "worker.log", "candidate/adapter_config.json"):
        (run / name).write_text(name, encoding="utf-8")
    path, made = back_up(settings, tmp_path / "mine.zip", NOW)
    assert adapters_in(made) == 1
    assert verify(settings, path, LATER).manifest == made
    restore(other, path, LATER)
    assert is_named(other.data / "adapters" / adapter.name, adapter.name)
    texts = [] if key else ["manifest.json"]  # they would lie open beside a database that is encrypted
    assert _in(other.data / "training/r1") == ["events.out.tfevents.1.here", *texts]
    assert not [name for name in os.listdir(other.data) if name.startswith(".")]


def test_an_adapter_is_in_a_backup_whole_or_not_at_all(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    whole, changed, begun = _adapter(settings), _adapter(settings, 0.25), tmp_path / "adapters/.saving-1"
    (changed / "adapter_config.json").write_text("{}", encoding="utf-8")
    begun.mkdir()
    (begun / "adapter_model.safetensors").write_bytes(b"half")
    (tmp_path / "adapters/notes.txt").write_text("no folder", encoding="utf-8")
    _, made = back_up(settings, tmp_path / "mine.zip", NOW)
    assert {name.split("/")[1] for name in made.files} == {whole.name}


def test_an_adapter_that_was_lost_or_damaged_since_is_whole_again(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    lost, damaged = _adapter(settings), _adapter(settings, 0.25)
    path, _ = back_up(settings, tmp_path / "mine.zip", NOW)
    shutil.rmtree(lost)
    (damaged / "adapter_model.safetensors").write_bytes(b"damaged")
    kept = _adapter(settings, 0.75)
    restore(settings, path, LATER)
    assert all(is_named(place, place.name) for place in (lost, damaged, kept))


def test_adapters_are_written_and_taken_away_while_a_backup_is_made(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    is_over = threading.Event()

    def train() -> None:
        value = 0.0
        while not is_over.is_set():
            value += 1
            shutil.rmtree(_adapter(settings, value))

    with ThreadPoolExecutor() as others:
        training = others.submit(train)
        try:
            made = [back_up(settings, tmp_path / f"{number}.zip", NOW)[0] for number in range(3)]
        finally:
            is_over.set()
        training.result()
    for path in made:
        found = verify(settings, path, LATER).manifest
        assert len(found.files) == 3 * adapters_in(found)


def test_an_adapter_in_a_backup_that_is_not_what_it_was_is_noticed(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    _adapter(settings)
    path, _ = back_up(settings, tmp_path / "mine.zip", NOW)
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(tmp_path / "bad.zip", "w") as bad:
        for name in file.namelist():
            bad.writestr(name, b"{}" if name.endswith("adapter_config.json") else file.read(name))
    for act in (verify, restore):
        with pytest.raises(BackupDamagedError):
            act(settings, tmp_path / "bad.zip", LATER)


def test_a_backup_of_before_there_were_adapters_restores(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    path, _ = back_up(settings, tmp_path / "mine.zip", NOW)
    with zipfile.ZipFile(path) as file, zipfile.ZipFile(tmp_path / "old.zip", "w") as old:
        said = json.loads(file.read("manifest.json"))
        del said["files"]
        old.writestr("manifest.json", json.dumps(said))
        old.writestr("collab.db", file.read("collab.db"))
    adapter = _adapter(settings)
    assert restore(settings, tmp_path / "old.zip", LATER).manifest.files == {}
    assert is_named(adapter, adapter.name)


KILLED_AT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from collab.config import Settings
from collab.upkeep import restore

folder = Path(sys.argv[1])
ours = ("os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "open")

def child(last):
    steps = 0
    def count(event, given):
        nonlocal steps
        steps += event in ours and (event != "open" or str(folder) in str(given[0]))
        if steps == last:
            os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(count)
    restore(Settings(data=folder), folder / "backup.zip", datetime(2026, 11, 23, 0, 0, last, tzinfo=UTC))
    os._exit(0)

for last in map(int, sys.stdin):  # a later one meets what the earlier ones left
    pid = os.fork() or child(last)
    print(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), flush=True)
"""


def test_killed_at_any_step_the_old_or_the_new_one_is_there(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    _add(settings, "Ada")
    back_up(settings, tmp_path / "backup.zip", NOW)
    _add(settings, "Mel")
    seen, ended = [], 0
    with subprocess.Popen(
        [sys.executable, "-c", KILLED_AT, str(tmp_path)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for last in range(1, 60, 3):
            process.stdin.write(f"{last}\n")
            ended = int(process.stdout.readline())
            seen.append("".join(_people(settings)))
            if ended == 0:
                break
    assert (seen[0], seen[-1], ended) == ("AdaMel", "Ada", 0)
    assert len(seen) > 5
    assert set(seen) == {"AdaMel", "Ada"}
    assert not [name for name in os.listdir(tmp_path) if name.startswith(".restoring")]
