"""People on the command line."""

from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.people import audit
from collab.people.access import Role
from collab.people.keys import Keys
from collab.people.sessions import Sessions
from knowledge.database import utc_now
from tests.collab.commands.running import on_a_terminal, opened, run
from tests.running import PASSWORD


def test_a_person_is_added_with_the_password_from_standard_input(tmp_path: Path) -> None:
    done = run(tmp_path, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD + "\n")
    assert (done.returncode, done.stdout) == (0, "Added Ada as admin.\n")
    database = opened(tmp_path)
    sessions = Sessions(database, utc_now)
    ada = sessions.actor_of(sessions.sign_in("ada", PASSWORD))
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
    assert Keys(database, utc_now).actor_of(key).role is Role.MEMBER
    database.close()


def test_people_are_listed_changed_and_shut_out(tmp_path: Path) -> None:
    run(tmp_path, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD)
    run(tmp_path, "people", "add", "Mel", stdin=PASSWORD)
    done = [
        run(tmp_path, "people", "role", "mel", "expert"),
        run(tmp_path, "people", "password", "mel", stdin="another pass phrase\n"),
        run(tmp_path, "people", "disable", "mel"),
        run(tmp_path, "people", "list"),
        run(tmp_path, "people", "enable", "MEL"),
        run(tmp_path, "people", "list"),
    ]
    assert [(one.returncode, one.stdout) for one in done] == [
        (0, "Mel is expert now.\n"),
        (0, "Mel has a new password, and is signed out everywhere.\n"),
        (0, "Mel can no longer sign in.\n"),
        (0, "Ada\tadmin\nMel\texpert\tdisabled\n"),
        (0, "Mel can sign in again, as expert. API keys of before stay refused.\n"),
        (0, "Ada\tadmin\nMel\texpert\n"),
    ]
    refused = run(tmp_path, "people", "disable", "ada")
    assert (refused.returncode, refused.stderr.splitlines()[0][:31]) == (1, "This is the only administrator,")


def test_keys_are_listed_and_revoked(tmp_path: Path) -> None:
    run(tmp_path, "people", "add", "Mel", stdin=PASSWORD)
    key = run(tmp_path, "people", "key", "mel", "--for", "Nightly report").stdout.splitlines()[-1]
    listed = run(tmp_path, "people", "keys", "mel").stdout
    key_id, name, made, used = listed.rstrip("\n").split("\t")
    assert (name, made[:5], used) == ("Nightly report", "made ", "never used")
    assert key not in listed
    revoked = run(tmp_path, "people", "revoke", key_id)
    assert (revoked.returncode, revoked.stdout) == (
        0,
        "The key Nightly report of Mel is refused from now on.\n",
    )
    assert run(tmp_path, "people", "keys", "mel").stdout == ""
    again = run(tmp_path, "people", "revoke", key_id)
    assert (again.returncode, again.stderr.startswith("There is no key with this id")) == (1, True)


def _typing(data: Path, *typed: bytes) -> tuple[int, bytes]:
    questions = zip((b"word: ", b"more: "), typed, strict=False)
    return on_a_terminal(data, "people", "add", "Mel", typed=list(questions))


def test_on_a_terminal_the_password_is_asked_for_and_not_shown(tmp_path: Path) -> None:
    typed = PASSWORD.encode() + b"\n"
    code, shown = _typing(tmp_path, typed, typed)
    assert (code, b"Added Mel as member." in shown, PASSWORD.encode() in shown) == (0, True, False)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ([b"one pass phrase\n", b"another one\n"], b"The two passwords are not the same."),
        ([b"\x04"], b"There is no password on standard input."),
    ],
)
def test_a_password_that_is_not_given_adds_nobody(tmp_path: Path, typed: list[bytes], told: bytes) -> None:
    code, shown = _typing(tmp_path, *typed)
    assert (code, told in shown, b"Traceback" in shown) == (1, True, False)
    assert run(tmp_path, "people", "list").stdout == ""
