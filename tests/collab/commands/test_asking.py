"""Asking on the command line, about documents that came in there."""

from pathlib import Path

import pytest

from tests.collab.commands.running import run
from tests.running import PASSWORD


@pytest.mark.models
def test_documents_are_added_for_everyone_and_then_answer(tmp_path: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("# Returns\n\nShoes can be returned within 41 days of purchase.\n", encoding="utf-8")
    wrong = tmp_path / "wrong.pdf"
    wrong.write_bytes(b"not a pdf")
    done = run(tmp_path / "data", "documents", "add", str(guide), str(wrong), str(guide))
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["guide.md: 1 passages", "guide.md: already there, nothing to do"]
    assert "wrong.pdf" in done.stderr

    run(tmp_path / "data", "people", "add", "Ada", "--role", "admin", stdin=PASSWORD)
    asked = run(tmp_path / "data", "ask", "Within how many days can shoes be returned?")
    assert asked.returncode == 0, asked.stderr
    assert "41 days" in asked.stdout.splitlines()[0]
    assert "[1] guide.md › Returns" in asked.stdout
