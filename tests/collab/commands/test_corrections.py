"""Corrections from and to files on the command line."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from collab.commands import corrections
from collab.commands.corrections import going_on_later
from collab.dialogue.conversations import NewTurn
from collab.dialogue.records import Decision
from collab.feedback.hubs import HUB
from collab.people.access import Role
from collab.services import Services
from tests.collab.commands.running import on
from tests.running import PASSWORD, ROOT, Application

HEAD = "question,other_questions,answer,colour\n"


@pytest.fixture
def folder(services: Services, tmp_path: Path) -> Path:
    """Where the files are; there is an admin."""
    services.accounts.add("Ada", PASSWORD, Role.ADMIN)
    return tmp_path


def test_a_dry_run_shows_the_plan_and_changes_nothing(
    services: Services, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services.corrections.submit(services.accounts.first_admin(), question="Where?", answer="In the hall.")
    services.corrections.submit(services.accounts.first_admin(), question="How?", answer="On foot.")
    rows = "Who?,,Ada\nWhere?,,In the yard.\nWhen?,,\nwho,,Ada\nHow?,,On foot.\n"
    (folder / "rows.csv").write_text(HEAD + rows, encoding="utf-8")
    assert on(services, corrections, "corrections", "import", folder / "rows.csv", "--dry-run") == 1
    assert capsys.readouterr().out.splitlines() == [
        "new                             1",
        "there already                   2",
        "in conflict, skipped            1",
        "refused                         1",
        "",
        "     row  in conflict                                 with",
        "       3  Where?                                      there already: In the hall.",
        "",
        "     row  refused because",
        "       4  The answer is empty, or holds only what cannot be seen. Write it and save again.",
        "",
        "     row  says the same                               as",
        "       5  who                                         row 2 of the file",
        "       6  How?                                        what is there",
        "",
        "Columns that are not read: colour",
        "Nothing was changed.",
    ]
    assert len(services.corrections.list(services.accounts.first_admin())) == 2


def test_an_import_is_live_and_an_export_gives_it_back(
    services: Services, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "rows.csv").write_text(HEAD + 'Who?,"Whoever?\nWhom?",=Ada\n', encoding="utf-8")
    assert on(services, corrections, "corrections", "import", folder / "rows.csv") == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == "1 corrections are in."
    assert told.err.startswith("1 of 1 rows")
    assert on(services, corrections, "corrections", "export", folder / "out.csv") == 0
    assert capsys.readouterr().out == f"{folder}/out.csv: 1 corrections\n"
    assert '\r\nWho?,"Whoever?\nWhom?",,\'=Ada,fact,live,' in (folder / "out.csv").read_bytes().decode()


def test_what_is_there_gets_the_questions_that_are_new(
    services: Services, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    services.corrections.submit(services.accounts.first_admin(), question="Where?", answer="In the hall.")
    (folder / "rows.csv").write_text(HEAD + "Where?,At which place?,In the hall.\n", encoding="utf-8")
    assert on(services, corrections, "corrections", "import", folder / "rows.csv", "--dry-run") == 0
    assert capsys.readouterr().out.splitlines()[:8] == [
        "new                             0",
        "there already                   0",
        "there, gets more                1",
        "in conflict, skipped            0",
        "refused                         0",
        "",
        "     row  is there already                            gets",
        "       2  Where?                                      1 that it answers",
    ]
    assert on(services, corrections, "corrections", "import", folder / "rows.csv") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "0 corrections are in; 1 that were there have more questions or another end now."


def test_what_waits_for_its_many_neighbours_is_said_before_and_after(
    services: Services, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    admin = services.accounts.first_admin()
    for number in range(HUB):
        services.conversations.record(admin, None, asked(f"Which ticket is number {number}?"))
    (folder / "rows.csv").write_text(HEAD + "Tickets?,,At the desk.,\n", encoding="utf-8")
    assert on(services, corrections, "corrections", "import", folder / "rows.csv", "--dry-run") == 0
    out = capsys.readouterr().out.splitlines()
    assert out[2] == "of these, for review            1"
    assert out[6:8] == [
        "     row  waits in Review                             near a great many",
        "       2  Tickets?                                    Tickets?",
    ]
    assert on(services, corrections, "corrections", "import", folder / "rows.csv") == 0
    last = capsys.readouterr().out.splitlines()[-1]
    assert last == "1 of them wait in Review: their questions are near a great many that people asked."
    assert [one.state for one in services.corrections.list(admin)] == ["pending"]


def asked(question: str) -> NewTurn:
    values = {"question": question, "standalone": question, "language": "en", "answer": "", "reach": "everyone"}
    return NewTurn(**values, is_follow_up=False, decision=Decision.NOT_FOUND, confidence=0.0)  # type: ignore[arg-type]


def test_somebody_may_be_named_and_a_conflict_replaced(
    services: Services, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    eve = services.accounts.add("Eve", PASSWORD, Role.EXPERT)
    services.corrections.submit(eve, question="Where?", answer="In the hall.")
    (folder / "rows.jsonl").write_text('{"question": "Where?", "answer": "In the yard."}\n', encoding="utf-8")
    assert (
        on(
            services,
            corrections,
            "corrections",
            "import",
            folder / "rows.jsonl",
            "--as",
            "eve",
            "--on-conflict",
            "replace",
        )
        == 0
    )
    out = capsys.readouterr().out.splitlines()
    assert "in conflict, replaced           1" in out
    assert out[-1] == "1 corrections are in; 1 older answers were replaced by them."
    newest = services.corrections.list(eve)[0]
    assert (newest.author, newest.answer, newest.state) == ("Eve", "In the yard.", "live")


def test_a_file_in_another_encoding_is_read_by_a_common_name_of_it(services: Services, folder: Path) -> None:
    (folder / "rows.csv").write_bytes((HEAD + "Où est la clé?,,À côté,\n").encode("latin-1"))
    assert on(services, corrections, "corrections", "import", folder / "rows.csv", "--encoding", "latin-1") == 0
    newest = services.corrections.list(services.accounts.actor_named("Ada"))[0]
    assert (newest.question, newest.answer) == ("Où est la clé?", "À côté")


def test_a_long_list_is_cut(services: Services, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "rows.csv").write_text(HEAD + "Who?,,\n" * 30, encoding="utf-8")
    assert on(services, corrections, "corrections", "import", folder / "rows.csv", "--dry-run") == 1
    out = capsys.readouterr().out.splitlines()
    assert len([line for line in out if "The answer is empty" in line]) == 20
    assert "          and 10 more" in out


@pytest.mark.models
def test_what_is_stopped_is_kept_in_whole_batches_and_goes_on(tmp_path: Path) -> None:
    rows = "".join(f"How long is way {number} to the harbour?,,{number} miles,\n" for number in range(800))
    (tmp_path / "rows.csv").write_text(HEAD + rows, encoding="utf-8")
    collab = [sys.executable, "-m", "collab"]
    environment = Application(tmp_path / "data")._environment()
    given: dict[str, Any] = {"cwd": ROOT, "env": environment, "text": True}
    subprocess.run([*collab, "people", "add", "Ada", "--role", "admin"], input=PASSWORD, check=True, **given)
    command = [*collab, "corrections", "import", str(tmp_path / "rows.csv")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **given) as process:
        assert process.stderr is not None
        assert process.stderr.readline().startswith("200 of 800 rows")
        process.send_signal(signal.SIGINT)
        _, stopped = process.communicate(timeout=120)
    assert process.returncode == 130
    assert stopped.splitlines()[-1] == "Stopped. What was counted is kept; the same command goes on from there."
    again = subprocess.run(command, capture_output=True, timeout=300, **given)
    assert again.returncode == 0, again.stderr
    new, there = (line.split()[-1] for line in again.stdout.splitlines()[:2])
    assert int(new) + int(there) == 800
    assert int(there) >= 200
    assert int(there) % 200 == 0
    assert again.stdout.splitlines()[-1] == f"{new} corrections are in."


@pytest.fixture
def interrupted() -> Iterator[None]:
    """Ctrl+C as a terminal has it: what a shell runs in the background is begun without."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interrupted")
def test_a_stop_is_seen_once_the_rows_under_way_are_kept(capsys: pytest.CaptureFixture[str]) -> None:
    kept: list[int] = []
    with pytest.raises(KeyboardInterrupt), going_on_later(lambda done, _: kept.append(done)) as told:
        signal.raise_signal(signal.SIGINT)
        told(200, 800)
    assert kept == [200]
    assert "What was counted is kept" in capsys.readouterr().err
    with going_on_later(lambda done, _: kept.append(done)) as told:
        signal.raise_signal(signal.SIGINT)
        told(800, 800)  # nothing is left to be stopped
    with pytest.raises(KeyboardInterrupt), going_on_later(lambda done, _: kept.append(done)):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)  # whoever cannot wait
    assert kept == [200, 800]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
