"""Documents on the command line."""

import json
import zipfile
from pathlib import Path

import pytest

from tests.collab.commands.running import on_a_terminal, run


@pytest.mark.models
def test_documents_are_listed_exported_and_removed(tmp_path: Path) -> None:
    data, guide = tmp_path / "data", tmp_path / "guide.md"
    guide.write_text("# Returns\n\nShoes can be returned within 41 days of purchase.\n", encoding="utf-8")
    assert run(data, "documents", "add", str(guide)).returncode == 0
    (line,) = run(data, "documents", "list").stdout.splitlines()
    id, *rest = line.split("\t")
    assert rest == ["ready", "1", "everyone", "guide.md"]

    exported = run(data, "documents", "export", str(tmp_path / "all.zip"))
    assert exported.stdout.startswith(f"{tmp_path}/all.zip: 1 files, and manifest.json")
    with zipfile.ZipFile(tmp_path / "all.zip") as parts:
        assert parts.read("everyone/guide.md") == guide.read_bytes()
        assert json.loads(parts.read("manifest.json"))["documents"][0]["file"] == "everyone/guide.md"
    again = run(data, "documents", "export", str(tmp_path / "all.zip"))
    assert (again.returncode, "already, so nothing was written" in again.stderr) == (1, True)

    kept = run(data, "documents", "remove", "guide.md", stdin="yes\n")
    assert (kept.returncode, "--yes" in kept.stderr) == (1, True)
    code, shown = on_a_terminal(data, "documents", "remove", id, typed=[(b"[yes/no] ", b"yes\n")])
    assert b"Remove guide.md (1 passages, for everyone)? 0 answers cite it; 0 corrections" in shown
    assert (code, b"guide.md: removed; for 30 days it can be brought back" in shown) == (0, True)
    assert run(data, "documents", "list").stdout == ""
    assert run(data, "documents", "add", str(guide)).returncode == 0
    erased = run(data, "documents", "remove", "guide.md", "--yes", "--for-good")
    assert erased.stdout == "guide.md: erased, with its passages and its bytes\n"


@pytest.mark.models
def test_a_folder_and_an_archive_are_added_as_what_is_in_them(tmp_path: Path) -> None:
    folder = tmp_path / "handbook"
    (folder / "rules").mkdir(parents=True)
    (folder / "rules" / "lockers.md").write_text("Lockers take a coin.")
    (folder / "shop.md").write_text("The shop opens early.")
    (folder / "photo.jpg").write_text("no text")
    (folder / ".hidden.md").write_text("Not for anybody.")
    (folder / "link.md").symlink_to("/etc/hostname")
    with zipfile.ZipFile(tmp_path / "old.zip", "w") as parts:
        parts.writestr("stairs.md", "The stairs are steep.")
    done = run(tmp_path / "data", "documents", "add", str(folder), str(tmp_path / "old.zip"))
    assert sorted(done.stdout.splitlines()) == [
        "handbook/rules/lockers.md: 1 passages",
        "handbook/shop.md: 1 passages",
        "old/stairs.md: 1 passages",
    ]
    assert (done.returncode, done.stderr.startswith("handbook/photo.jpg was not read")) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("add", "EMPTY"), "EMPTY cannot be opened: there is no file in it."),
        (("remove", "none.md", "--yes"), "There is no document with this id"),
        (("export", "/no/such/folder/all.zip"), "/no/such/folder/all.zip cannot be opened: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    (tmp_path / "empty").mkdir()
    empty = str(tmp_path / "empty")
    given = [empty if one == "EMPTY" else one for one in arguments]
    done = run(tmp_path, "documents", *given)
    assert (done.returncode, done.stdout, done.stderr.replace(empty, "EMPTY").startswith(told)) == (1, "", True)
