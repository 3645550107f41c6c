"""Past dialogues on the command line: found, masked, grouped, and in Review."""

import json
from pathlib import Path

import pytest

from collab.commands import conversations
from collab.people.access import Role
from collab.services import Services
from tests.collab.commands.running import on
from tests.running import PASSWORD

DIALOGUES = """conversation_id;speaker;text;time
a;Anna Smith;Hello! Can I return worn shoes?;2026-05-01T10:00:00
b;Bert;Hi, can I return worn shoes;2026-05-01T10:00:30
a;Agent;Worn shoes can be returned within 41 days, Anna. Mail returns@example.com for a label.;2026-05-01T10:01:00
b;Agent;Yes, worn shoes you can return.;2026-05-01T10:02:00
a;Anna Smith;Thank you!;2026-05-01T10:03:00
c;Carl;Hello?;2026-05-01T11:00:00
"""


def test_dialogues_become_proposals_that_wait(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = services.accounts.add("Ada", PASSWORD, Role.ADMIN)
    path = tmp_path / "chats.csv"
    path.write_text(DIALOGUES, encoding="utf-8")
    assert on(services, conversations, "conversations", "import", path, "--dry-run") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].startswith(
        "3 conversations, 2 with a question and its answer, 1 different questions, 0 answered already in other words."
    )
    assert out[1] == "Left out: 1 conversations, for nobody asks or reports anything in them (they begin in row 7)."
    assert out[5] == (
        "       2  Can I return worn shoes?                            "
        "Worn shoes can be returned within 41 days, [name]. Mail [e-…"
    )
    assert out[-1] == "Nothing was changed."
    assert services.corrections.list(ada) == []

    assert on(services, conversations, "conversations", "import", path) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("1 proposals wait in Review;")
    (made,) = services.corrections.list(ada)
    assert (made.state, made.asked, made.question) == ("pending", 2, "Can I return worn shoes?")
    assert made.answer == "Worn shoes can be returned within 41 days, [name]. Mail [e-mail] for a label."
    assert on(services, conversations, "conversations", "import", path) == 0
    assert len(services.corrections.list(ada)) == 1
    out = capsys.readouterr().out.splitlines()
    assert out[-1] == "1 are there already: they wait in Review, are live, or were rejected."


def test_what_is_answered_in_other_words_is_not_proposed(
    services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = services.accounts.add("Ada", PASSWORD, Role.ADMIN)
    services.corrections.submit(ada, question="Worn shoes: can I return them?", answer="Within 41 days.")
    path = tmp_path / "chats.csv"
    path.write_text(DIALOGUES, encoding="utf-8")
    assert on(services, conversations, "conversations", "import", path) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].endswith("1 different questions, 1 answered already in other words.")
    assert len(services.corrections.list(ada)) == 1


def test_dialogues_may_be_lines_of_json(services: Services, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ada = services.accounts.add("Ada", PASSWORD, Role.ADMIN)
    path = tmp_path / "chats.jsonl"
    rows = [
        {"thread_id": 7, "role": "agent", "content": "Within 41 days, Anna.", "created_at": 1778061660},
        {"thread_id": 7, "role": "user", "content": "I'm Anna. Can I return worn shoes?", "created_at": 1778061600},
        {"thread_id": 7, "role": "user", "created_at": 1778061700},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows) + "{\n", encoding="utf-8")
    assert on(services, conversations, "conversations", "import", path) == 1
    assert "       4  not JSON" in capsys.readouterr().out.splitlines()
    (made,) = services.corrections.list(ada)
    assert (made.state, made.question, made.answer) == (
        "pending",
        "Can I return worn shoes?",
        "Within 41 days, [name].",
    )
