"""Uploads as they came, in a folder or a .zip, under names that lead nowhere else."""

import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from knowledge.database import Database
from knowledge.errors import ExportExistsError
from knowledge.library import Library
from knowledge.originals import Original, _names, _safe, export, originals, stream
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState
from tests.fakes import WordEmbedder

NOW = datetime(2026, 11, 22, 4, 40, tzinfo=UTC)
FOLDERS = {"everyone": "everyone", "person:mel": "Mel"}


@pytest.fixture
def filled(database: Database) -> Database:
    """Three uploads: one for everyone in a folder of its own, one of Mel's, one that cannot be read."""
    times = iter(NOW.replace(minute=minute) for minute in range(60))
    library = Library(database, WordEmbedder(), lambda: next(times))
    library.add("rules/lockers.md", b"Lockers take a coin.", "everyone")
    library.add("notes.md", "储物柜".encode(), "person:mel")
    library.add("wrong.pdf", b"not a pdf", "everyone")
    return database


def _export(database: Database, target: Path) -> list[str]:
    return export(database, target, FOLDERS.__getitem__, NOW, lambda done, total: None)


def test_everything_is_written_into_a_folder(filled: Database, tmp_path: Path) -> None:
    target = tmp_path / "out"
    assert _export(filled, target) == ["everyone/wrong.pdf", "Mel/notes.md", "everyone/rules/lockers.md"]
    assert (target / "everyone/rules/lockers.md").read_bytes() == b"Lockers take a coin."
    assert (target / "Mel/notes.md").read_text(encoding="utf-8") == "储物柜"
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["documents"][1] == {
        "file": "Mel/notes.md",
        "name": "notes.md",
        "reach": "person:mel",
        "state": "ready",
        "size_bytes": 9,
        "sha256": originals(filled)[1].sha256,
        "added_at": "2026-11-22T04:01:00Z",
    }
    assert (manifest["exported_at"], manifest["documents"][0]["state"]) == ("2026-11-22T04:40:00Z", "failed")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["collab.db", "collab.db-shm", "collab.db-wal", "out"]


def test_everything_is_written_into_a_zip(filled: Database, tmp_path: Path) -> None:
    names = _export(filled, tmp_path / "out.zip")
    with zipfile.ZipFile(tmp_path / "out.zip") as parts:
        assert parts.namelist() == [*names, "manifest.json"]
        assert parts.read("everyone/wrong.pdf") == b"not a pdf"
    assert oct((tmp_path / "out.zip").stat().st_mode & 0o777) == "0o600"


def test_what_is_removed_meanwhile_is_left_out(filled: Database, tmp_path: Path) -> None:
    library, target = Library(filled, WordEmbedder(), lambda: NOW), tmp_path / "out"
    notes = originals(filled)[1].record.id

    def remove(done: int, total: int) -> None:
        if done == 0:
            library.remove(notes)

    names = export(filled, target, FOLDERS.__getitem__, NOW, remove)
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    assert names == ["everyone/wrong.pdf", "everyone/rules/lockers.md"]
    assert [one["file"] for one in manifest["documents"]] == names
    assert not (target / "Mel").exists()


def test_what_is_there_already_is_left_alone(filled: Database, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "mine.zip").write_text("mine")
    for name in ("full", "mine.zip"):
        with pytest.raises(ExportExistsError, match="already"):
            _export(filled, tmp_path / name)
    assert (tmp_path / "mine.zip").read_text() == "mine"
    (tmp_path / "empty").mkdir()
    assert len(_export(filled, tmp_path / "empty")) == 3


def test_an_export_that_fails_leaves_nothing(filled: Database, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        if done == 1:
            raise KeyboardInterrupt

    for name in ("out", "out.zip"):
        with pytest.raises(KeyboardInterrupt):
            export(filled, tmp_path / name, FOLDERS.__getitem__, NOW, stop)
    assert [path.name for path in tmp_path.iterdir() if path.suffix not in (".db", ".db-shm", ".db-wal")] == []


@pytest.mark.parametrize(
    ("part", "safe"),
    [
        ("notes.md", "notes.md"),
        ("价目表.md", "价目表.md"),
        ('a<b>:"c|d?*.md', "a_b___c_d__.md"),
        ("..", "_"),
        (".bashrc", "_.bashrc"),
        ("con.txt", "_con.txt"),
        ("console.txt", "console.txt"),
        ("ends with a dot. ", "ends with a dot"),
        ("a\x00b\nc", "a_b_c"),
        ("?", "_"),
        ("储" * 80 + ".md", "储" * 65 + ".md"),  # three bytes each
        ("a." + "储" * 80, "a." + "储" * 66),
        ("a" * 195 + " " * 9 + "b.md", "a" * 195 + ".md"),
    ],
)
def test_a_part_of_a_path_is_made_safe(part: str, safe: str) -> None:
    assert _safe(part) == safe


def _named(*names: str) -> list[str]:
    return _names(
        [
            Original(DocumentRecord(str(n), name, "everyone", DocumentState.READY, 1, 1, None, {}, NOW), "0")
            for n, name in enumerate(names)
        ],
        lambda reach: reach,
    )


def test_no_two_names_are_alike() -> None:
    assert _named("a.md", "A.md", "a.md", "a (2).md") == [
        "everyone/a.md",
        "everyone/A (2).md",
        "everyone/a (3).md",
        "everyone/a (2) (2).md",
    ]


def test_a_file_is_no_folder() -> None:
    assert _named("a", "a/b.md", "c/d.md", "c") == [
        "everyone/a",
        "everyone/a_b.md",
        "everyone/c/d.md",
        "everyone/c (2)",
    ]


def test_what_is_put_together_is_not_too_long() -> None:
    folder, file = "储" * 60, "柜" * 60
    assert _named(folder, f"{folder}/{file}.md") == [f"everyone/{folder}", f"everyone/{folder}_{'柜' * 5}.md"]


def test_a_stream_is_the_same_zip_one_upload_after_the_other(filled: Database, tmp_path: Path) -> None:
    library, found = Library(filled, WordEmbedder(), lambda: NOW), originals(filled)
    pieces = stream(filled, found, FOLDERS.__getitem__, NOW)
    sent = [next(pieces)]
    assert b"everyone/wrong.pdf" in sent[0]
    library.remove(found[1].record.id)  # Mel's notes, while the first is on its way
    sent += pieces
    (tmp_path / "sent.zip").write_bytes(b"".join(sent))
    names = _export(filled, tmp_path / "written.zip")
    with zipfile.ZipFile(tmp_path / "sent.zip") as parts, zipfile.ZipFile(tmp_path / "written.zip") as written:
        assert parts.testzip() is None
        assert parts.namelist() == written.namelist() == [*names, "manifest.json"]
        assert [parts.read(name) for name in parts.namelist()] == [written.read(name) for name in written.namelist()]
    assert len(sent) == 3  # two uploads and the manifest


def test_originals_within_reaches(filled: Database) -> None:
    assert [one.record.name for one in originals(filled, ["person:mel"])] == ["notes.md"]


@settings(deadline=None)
@example(["/", "//", ".."])
@given(st.lists(st.text(min_size=1, max_size=30), max_size=6))
def test_any_names_can_be_written(names: list[str]) -> None:
    made = _named(*names)
    assert len({name.casefold() for name in made}) == len(names)
    for name in made:
        assert name.startswith("everyone/")
        assert not {"", ".", ".."} & set(name.split("/"))
        assert not set(name) & set('<>:"|?*\\\x00')
