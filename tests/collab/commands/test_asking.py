"""Asking on the command line, about documents that came in there."""

from pathlib import Path

import pytest

from collab.commands import asking
from collab.people.access import EVERYONE, Role
from collab.services import Services
from tests.collab.commands.running import on, run
from tests.running import PASSWORD


@pytest.mark.models
def test_documents_are_added_for_everyone_and_then_answer(tmp_path: Path, data: Path) -> None:
    guide = tmp_path / "guide.md"
    guide.write_text("# Returns\n\nShoes can be returned within 41 days of purchase.\n", encoding="utf-8")
    wrong = tmp_path / "wrong.pdf"
    wrong.write_bytes(b"not a pdf")
    done = run(data, "documents", "add", str(guide), str(wrong), str(guide))
    assert done.returncode == 1
    assert done.stdout.splitlines() == ["guide.md: 1 passages", "guide.md: already there, nothing to do"]
    assert "wrong.pdf" in done.stderr

    run(data, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD)
    asked = run(data, "ask", "Within how many days can shoes be returned?")
    assert asked.returncode == 0, asked.stderr
    assert "41 days" in asked.stdout.splitlines()[0]
    assert "[1] guide.md › Returns" in asked.stdout


def test_a_similar_answer_is_not_told_as_the_answer(services: Services, capsys: pytest.CaptureFixture[str]) -> None:
    ada = services.accounts.add("Ada", PASSWORD, Role.ADMIN)
    services.library.add("guide.md", b"# Hours\nOn Mondays the museum is closed.", EVERYONE)
    made = services.corrections.submit(ada, question="Is the museum open on Mondays?", answer="From noon.")

    def told(question: str) -> str:
        assert on(services, asking, "ask", question) == 0
        return capsys.readouterr().out

    assert told("Is the museum open on Mondays?") == f"From noon.\n\nCorrected by Ada on {made.created_at:%Y-%m-%d}.\n"
    similar = told("Is the museum open on Mondays in winter?")
    assert f"Ada answered a similar question on {made.created_at:%Y-%m-%d}:\n    From noon.\n" in similar
    assert "Corrected by" not in similar
