"""Upkeep on the command line."""

import json
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import sqlalchemy as sa

from collab import VERSION
from collab.folder import Use
from tests.collab.commands.running import on_a_terminal, opened, run
from tests.running import PASSWORD, Application


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


def test_what_doctor_finds_in_the_words_of_corrections_is_repaired(tmp_path: Path) -> None:
    run(tmp_path, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD)
    database = opened(tmp_path)
    with database.write() as session:
        session.execute(sa.text("INSERT INTO memory_keys_fts (rowid, normal) VALUES (9, 'left')"))
    database.close()
    assert "problem  rare words       1 questions" in run(tmp_path, "doctor").stdout
    done = run(tmp_path, "repair")
    assert (done.returncode, done.stdout) == (0, "0 questions of corrections are found by their names and codes.\n")
    assert "ok       rare words" in run(tmp_path, "doctor").stdout


def _with_ada(data: Path, **settings: str) -> Path:
    """A data folder with a person, and the path of its backup beside it."""
    run(data, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD, **settings)
    done = run(data, "backup", str(data.parent / "kept.zip"), **settings)
    assert done.returncode == 0, done.stderr
    assert "with 1 people, 0 documents, 0 turns, 0 corrections." in done.stdout
    return data.parent / "kept.zip"


def _people(data: Path) -> str:
    return run(data, "people", "list").stdout


def test_what_was_backed_up_is_verified_and_restored(tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = _with_ada(data)
    run(data, "people", "add", "Mel", stdin=PASSWORD)
    verified = run(data, "verify", str(kept))
    assert verified.returncode == 0
    assert verified.stdout.startswith(f"{kept} is whole: version {VERSION}, 20")
    assert verified.stdout.endswith("It can be restored here.\n")
    restored = run(data, "restore", str(kept), "--yes")
    assert restored.returncode == 0
    first, second, third = restored.stdout.splitlines()
    assert first == f"Restored 1 people, 0 documents, 0 turns, 0 corrections from {kept}."
    assert f"is kept as {data}/collab-before-restore-" in second
    assert third.startswith("People, keys and sign-ins are as they were then")
    assert _people(data) == "Ada\tadmin\n"


def test_a_backup_says_what_it_does_not_hold(tmp_path: Path) -> None:
    run(tmp_path / "plain", "people", "list")
    plain = run(tmp_path / "plain", "backup")
    assert plain.stdout.startswith(f"{tmp_path}/plain/backups/collab-")
    assert "It is not encrypted" in plain.stdout
    assert "The settings (.env) are not in it." in plain.stdout
    run(tmp_path / "secret", "people", "list", COLLAB_DATABASE_KEY="a key")
    secret = run(tmp_path / "secret", "backup", str(tmp_path), COLLAB_DATABASE_KEY="a key")
    assert "Only COLLAB_DATABASE_KEY opens it." in secret.stdout
    (made,) = tmp_path.glob("collab-*.zip")
    refused = run(tmp_path / "secret", "verify", str(made))
    assert (refused.returncode, "no key is set" in refused.stderr) == (1, True)


def test_a_restore_is_agreed_to(tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = _with_ada(data)
    run(data, "people", "add", "Mel", stdin=PASSWORD)
    refused = run(data, "restore", str(kept), stdin="yes\n")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "run the same again with --yes" in refused.stderr
    question = f"Replace the database in {data} by that of version {VERSION}".encode()
    for typed, code, names in ((b"no\n", 1, 2), (b"\x04", 1, 2), (b"yes\n", 0, 1)):
        told = on_a_terminal(data, "restore", str(kept), typed=[(b"[yes/no] ", typed)])
        assert (told[0], b"Traceback" in told[1], question in told[1].replace(b"\r\n", b"")) == (code, False, True)
        assert len(_people(data).splitlines()) == names


def test_a_restore_waits_for_nobody(tmp_path: Path) -> None:
    data = tmp_path / "data"
    kept = _with_ada(data)
    with closing(Use(data)):
        refused = run(data, "restore", str(kept), "--yes")
        assert (refused.returncode, "Stop it first" in refused.stderr) == (1, True)
        assert run(data, "backup", str(tmp_path / "second.zip")).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("backup",), "There is no database at "),
        (("backup", "/no/such/folder/kept.zip"), "There is no database at "),
        (("verify", "/no/such/kept.zip"), "/no/such/kept.zip cannot be opened: No such file or directory."),
        (("verify", "/dev/null"), "/dev/null is not a backup of this application"),
        (("restore", "/no/such/kept.zip", "--yes"), "/no/such/kept.zip cannot be opened"),
        (("restore", "/tmp", "--yes"), "/tmp cannot be opened: Is a directory."),
    ],
)
def test_what_cannot_be_done_is_one_sentence(tmp_path: Path, arguments: tuple[str, ...], told: str) -> None:
    done = run(tmp_path, *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(told)
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    kept = _with_ada(tmp_path / "data")
    done = run(tmp_path / "data", "backup", "/proc/kept.zip")
    assert (done.returncode, done.stderr.startswith("/proc/kept.zip cannot be opened: ")) == (1, True)
    again = run(tmp_path / "data", "backup", str(kept))
    assert (again.returncode, "already, so no backup was made" in again.stderr) == (1, True)


@pytest.mark.models
def test_the_doctor_tells_people_and_programs(tmp_path: Path) -> None:
    run(tmp_path, "people", "add", "Ada", "--role", "admin", stdin=PASSWORD)
    well = run(tmp_path, "doctor")
    assert well.returncode == 0, well.stdout
    assert "ok       audit            holds, 1 entries" in well.stdout.splitlines()
    database = opened(tmp_path)
    with database.write() as session:
        session.execute(sa.text("UPDATE audit_entries SET act = 'nothing'"))
    database.close()
    sick = run(tmp_path, "doctor", "--json")
    told = json.loads(sick.stdout)
    assert (sick.returncode, sick.stderr, told["ok"], told["version"]) == (1, "", False, VERSION)
    assert [one["check"] for one in told["checks"] if one["health"] == "problem"] == ["audit"]


def test_the_doctor_also_looks_where_nothing_starts(tmp_path: Path) -> None:
    sick = run(tmp_path, "doctor", COLLAB_MODLE="x")
    assert (sick.returncode, sick.stderr) == (1, "")
    assert sick.stdout.splitlines()[-1].startswith("problem  settings         COLLAB_MODLE is not a setting.")


@pytest.mark.models
def test_the_application_goes_on_from_a_backup_that_was_made_while_it_ran(application: Application) -> None:
    key = application.person("Ada", "admin")
    ask = {"model": "collab", "messages": [{"role": "user", "content": "Where is the lift?"}]}
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(headers=headers, timeout=60, trust_env=False) as client:
        made = {"question": "Where is the lift?", "answer": "Behind the desk."}
        client.post(f"{application.address}/v1/corrections", json=made).raise_for_status()
        kept = application.command("backup").split(":")[0]
        client.post(f"{application.address}/v1/corrections", json={**made, "answer": "Gone."}).raise_for_status()
        assert run(application.data, "restore", kept, "--yes").returncode == 1  # it runs
        application.stop()
        assert run(application.data, "restore", kept, "--yes").returncode == 0
        application.start()
        answer = client.post(f"{application.address}/v1/chat/completions", json=ask).raise_for_status().json()
    assert answer["choices"][0]["message"]["content"] == "Behind the desk."


@pytest.mark.models
def test_what_a_command_writes_holds_at_once_where_the_application_runs(application: Application) -> None:
    headers = {"Authorization": f"Bearer {application.person('Ada', 'admin')}"}
    rows, guide = application.data.parent / "rows.csv", application.data.parent / "guide.md"
    rows.write_text("question,answer\nWhere is the lift?,Behind the desk.\n", encoding="utf-8")
    guide.write_text("# Coins\nA locker takes a 2 euro coin.\n", encoding="utf-8")
    with httpx.Client(base_url=application.address, headers=headers, timeout=60, trust_env=False) as client:

        def answer(question: str) -> tuple[str, str]:
            body = {"model": "collab", "messages": [{"role": "user", "content": question}]}
            told = client.post("/v1/chat/completions", json=body).raise_for_status().json()
            return told["collab"]["decision"], told["choices"][0]["message"]["content"]

        assert answer("Where is the lift?")[0] == answer("Which coin does a locker take?")[0] == "not_found"
        application.command("corrections", "import", str(rows))
        application.command("documents", "add", str(guide))
        assert answer("Where is the lift?") == ("corrected", "Behind the desk.")
        assert "2 euro coin" in answer("Which coin does a locker take?")[1]
        application.command("documents", "remove", "guide.md", "--yes")
        assert answer("Which coin does a locker take?")[0] == "not_found"
        application.command("people", "add", "Eve", "--role", "admin", stdin=PASSWORD)
        application.command("people", "disable", "Ada")
        assert client.get("/v1/models").status_code == 401
