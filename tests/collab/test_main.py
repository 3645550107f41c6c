"""The command line as a person meets it, in a process of its own."""

import contextlib
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.people import audit
from collab.people.access import Role
from collab.people.accounts import Accounts
from collab.services import MIGRATIONS
from knowledge.database import Database, utc_now
from tests.running import PASSWORD, ROOT, Application


def run(data: Path, *arguments: str, stdin: str = "", **settings: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "collab", *arguments],
        cwd=ROOT,
        env=Application(data, settings)._environment(),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=300,
    )


def opened(data: Path) -> Database:
    database = Database(data / "collab.db")
    database.migrate(MIGRATIONS)
    return database


def test_a_person_is_added_with_the_password_from_standard_input(tmp_path: Path) -> None:
    done = run(tmp_path, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD + "\n")
    assert (done.returncode, done.stdout) == (0, "Added Ada as admin.\n")
    database = opened(tmp_path)
    accounts = Accounts(database, utc_now)
    ada = accounts.actor_of_session(accounts.sign_in("ada", PASSWORD))
    assert (ada.name, ada.role) == ("Ada", Role.ADMIN)
    with database.read() as session:
        audit.verify(session)
        details = session.scalar(sa.text("SELECT details FROM audit_entries WHERE seq = 1"))
    assert '"command line"' in details
    database.close()


def test_a_new_key_stands_alone_on_the_last_line(tmp_path: Path) -> None:
    run(tmp_path, "people", "add", "Mel", stdin=PASSWORD + "\n")
    done = run(tmp_path, "people", "key", "mel")
    assert done.returncode == 0
    *explained, key = done.stdout.splitlines()
    assert len(explained) == 2
    database = opened(tmp_path)
    assert Accounts(database, utc_now).actor_of_key(key).role is Role.MEMBER
    database.close()


def test_people_are_listed_changed_and_shut_out(tmp_path: Path) -> None:
    run(tmp_path, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD)
    run(tmp_path, "people", "add", "Mel", stdin=PASSWORD)
    done = [
        run(tmp_path, "people", "role", "mel", "expert"),
        run(tmp_path, "people", "password", "mel", stdin="another pass phrase\n"),
        run(tmp_path, "people", "disable", "mel"),
        run(tmp_path, "people", "list"),
    ]
    assert [(one.returncode, one.stdout) for one in done] == [
        (0, "Mel is expert now.\n"),
        (0, "Mel has a new password, and is signed out everywhere.\n"),
        (0, "Mel can no longer sign in.\n"),
        (0, "Ada\tadmin\nMel\texpert\tdisabled\n"),
    ]
    refused = run(tmp_path, "people", "disable", "ada")
    assert (refused.returncode, refused.stderr.splitlines()[0][:31]) == (1, "This is the only administrator,")


def test_the_audit_is_checked(tmp_path: Path) -> None:
    run(tmp_path, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD)
    run(tmp_path, "people", "add", "Mel", stdin=PASSWORD)
    done = run(tmp_path, "audit")
    assert (done.returncode, done.stdout) == (0, "The audit holds: 2 entries.\n")
    database = opened(tmp_path)
    with database.write() as session:
        session.execute(sa.text("UPDATE audit_entries SET act = 'nothing' WHERE seq = 2"))
    database.close()
    broken = run(tmp_path, "audit")
    assert (broken.returncode, broken.stdout) == (1, "")
    assert broken.stderr.startswith("The audit does not hold at entry 2")


@pytest.mark.parametrize(
    ("arguments", "stdin", "told"),
    [
        (("people", "add", "Mel"), "", "There is no password on standard input."),
        (("people", "add", "Mel"), "short\n", "A password has 10 to 200 characters"),
        (("people", "add", "\u202eleM"), PASSWORD, "This name cannot be used"),
        (("people", "password", "nobody"), "", "There is no person named nobody."),
        (("people", "key", "nobody"), "", "There is no person named nobody."),
        (("ask", "Why?"), "", "There is no administrator yet."),
        (("ask", "Why?", "--as", "nobody"), "", "There is no person named nobody."),
        (("documents", "add", "/no/such/file.md"), "", "/no/such/file.md cannot be opened: No such file or directory."),
        (("documents", "add", "/tmp"), "", "/tmp cannot be opened: Is a directory."),
    ],
)
def test_what_goes_wrong_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], stdin: str, told: str) -> None:
    done = run(tmp_path, *arguments, stdin=stdin)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == 1


def test_settings_are_checked_first(tmp_path: Path) -> None:
    done = run(tmp_path, "people", "key", "x", COLLAB_MODLE="y")
    assert done.returncode == 1
    assert "COLLAB_MODLE is not a setting. Did you mean COLLAB_MODEL?" in done.stderr


def test_an_unknown_role_is_a_usage_error(tmp_path: Path) -> None:
    done = run(tmp_path, "people", "add", "Mel", "--role", "king")
    assert done.returncode == 2
    assert "invalid choice: 'king'" in done.stderr


def on_a_terminal(data: Path, *typed: bytes) -> tuple[int, bytes]:
    """The exit code of `people add Mel` and all that was shown; each text is typed at the next question."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "collab", "people", "add", "Mel"],
        cwd=ROOT,
        env=Application(data)._environment(),
        stdin=follower,
        stdout=follower,
        stderr=follower,
        start_new_session=True,
    ) as process:
        os.close(follower)
        shown = b""
        for question, text in zip((b"word: ", b"more: "), typed, strict=False):
            while question not in shown:
                shown += os.read(leader, 1000)
            os.write(leader, text)
        with contextlib.suppress(OSError):  # what a terminal answers whose other side is closed
            while more := os.read(leader, 1000):
                shown += more
    os.close(leader)
    return process.returncode, shown


def test_on_a_terminal_the_password_is_asked_for_and_not_shown(tmp_path: Path) -> None:
    typed = PASSWORD.encode() + b"\n"
    code, shown = on_a_terminal(tmp_path, typed, typed)
    assert (code, b"Added Mel as member." in shown, PASSWORD.encode() in shown) == (0, True, False)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([b"one pass phrase\n", b"another one\n"], b"The two passwords are not the same."),
        ([b"\x04"], b"There is no password on standard input."),
    ],
)
def test_a_password_that_is_not_given_adds_nobody(tmp_path: Path, typed: list[bytes], told: bytes) -> None:
    code, shown = on_a_terminal(tmp_path, *typed)
    assert (code, told in shown, b"Traceback" in shown) == (1, True, False)
    assert run(tmp_path, "people", "list").stdout == ""


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
