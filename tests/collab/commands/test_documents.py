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
    question = (b"Remove guide.md (1 passages, for everyone)? [yes/no] ", b"yes\n")
    code, shown = on_a_terminal(data, "documents", "remove", id, typed=[question])
    assert (code, b"guide.md: removed" in shown) == (0, True)
    assert run(data, "documents", "list").stdout == ""


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("remove", "none.md", "--yes"), "There is no document with this id"),
        (("export", "/no/such/folder/all.zip"), "/no/such/folder/all.zip cannot be opened: No such file or directory."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = run(tmp_path, "documents", *arguments)
    assert (done.returncode, done.stdout, done.stderr.startswith(told)) == (1, "", True)
