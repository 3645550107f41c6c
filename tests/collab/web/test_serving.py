"""The process as it is started: what it prints, how it ends, and what it says when it cannot start."""

import socket
import subprocess
import sys
import threading
from pathlib import Path

import httpx
import pytest

from tests.running import PASSWORD, ROOT, Application

ELSEWHERE = {"COLLAB_MODEL_URL": "http://127.0.0.1:9/v1"}  # not contacted before the first question


def cannot_start(data: Path, **settings: str) -> str:
    """What it says on standard error, alone, before it ends with code 1."""
    application = Application(data, settings)
    done = subprocess.run(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=application._environment(),
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert (done.returncode, done.stdout) == (1, ""), done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


def test_an_unknown_setting(tmp_path: Path) -> None:
    assert cannot_start(tmp_path, COLLAB_PROT="1") == (
        "COLLAB_PROT is not a setting. Did you mean COLLAB_PORT? Correct the name or remove it, and start again.\n"
    )


def test_a_settings_file_that_is_damaged(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text('COLLAB_DATABASE_KEY="secret\n')
    done = subprocess.run(
        [sys.executable, str(ROOT / "app.py")], cwd=tmp_path, capture_output=True, text=True, timeout=120
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "The settings file .env cannot be read: line 1 is not understood. "
        "Save it as UTF-8 text with one NAME=value a line.\n"
    )
    assert not (tmp_path / "data").exists()


def test_a_model_file_that_is_not_there_or_is_none(tmp_path: Path) -> None:
    told = cannot_start(tmp_path, COLLAB_MODEL="/no/such.gguf")
    assert told.startswith("There is no language model in /no/such.gguf: No such file or directory. Set COLLAB_MODEL")
    other = tmp_path / "other.gguf"
    other.write_bytes(b"PK" * 100)
    assert "it is no GGUF file" in cannot_start(tmp_path, COLLAB_MODEL=str(other))


def test_a_database_with_another_key(tmp_path: Path) -> None:
    Application(tmp_path, {"COLLAB_DATABASE_KEY": "right"}).command("people", "add", "Mel", stdin=PASSWORD + "\n")
    told = cannot_start(tmp_path, COLLAB_DATABASE_KEY="wrong").splitlines()[-1]
    assert told.startswith(f"The database at {tmp_path / 'collab.db'} cannot be read: ")


def test_a_damaged_database_is_left_as_it_is(tmp_path: Path) -> None:
    file = tmp_path / "collab.db"
    file.write_bytes(b"not a database " * 1000)
    assert f"The database at {file} cannot be read" in cannot_start(tmp_path)
    assert file.read_bytes() == b"not a database " * 1000


def test_a_port_that_is_taken(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        told = cannot_start(tmp_path, COLLAB_PORT=str(port))
    assert told.startswith(f"Cannot listen on 127.0.0.1:{port}: Address already in use.")
    assert "COLLAB_PORT" in told
    assert not (tmp_path / "collab.db").exists()


def test_a_host_that_is_not_ours(tmp_path: Path) -> None:
    assert "COLLAB_HOST" in cannot_start(tmp_path, COLLAB_HOST="192.0.2.1")


def test_a_public_address_that_is_none(tmp_path: Path) -> None:
    assert "COLLAB_PUBLIC_URL cannot be 'x'" in cannot_start(tmp_path, COLLAB_PUBLIC_URL="x")


@pytest.mark.models
def test_a_model_folder_that_is_missing_ends_the_process(tmp_path: Path) -> None:
    application = Application(tmp_path, {"COLLAB_MODEL": "/no/such/folder"}).start(until="/livez")
    assert application.process is not None
    assert application.process.wait(120) == 1
    opened, told = application.log.splitlines()
    assert opened.startswith("Open http://127.0.0.1:")
    assert told.startswith("There is no language model in /no/such/folder: the folder does not exist. Set COLLAB_MODEL")


@pytest.mark.models
def test_a_start_says_one_line_and_keeps_uploads_with_the_data(tmp_path: Path) -> None:
    left = tmp_path / "uploads" / "of a killed process"
    left.mkdir(parents=True)
    application = Application(tmp_path, ELSEWHERE).start(until="/readyz")
    application.command("people", "add", "Mel", stdin=PASSWORD + "\n")
    with httpx.Client(base_url=application.address, trust_env=False) as browser:
        browser.post("/login", data={"name": "Mel", "password": PASSWORD})
        (path,) = browser.post("/en/gradio_api/upload", files={"files": ("a.md", b"words")}).json()
    assert [Path(path).parents[1], left.exists()] == [tmp_path / "uploads", False]
    assert application.log.count("\n") == 1
    second = Application(tmp_path, ELSEWHERE).start(until="/livez")
    assert f"Another process serves the folder {tmp_path} too." in second.log
    second.stop()
    application.stop()
    assert application.log.count("\n") == 1


@pytest.mark.models
def test_the_link_is_new_at_each_start_until_there_is_an_admin(tmp_path: Path) -> None:
    application = Application(tmp_path, ELSEWHERE, is_warm=True)
    links = []
    for _ in range(2):
        application.start(until="/livez")
        links.append(application.link)
        assert application.log.count("Open http://") == 1
        application.stop()
    old, new = (link.split("?token=")[1] for link in links)
    assert old != new

    application.start(until="/livez")
    with httpx.Client(base_url=application.address, trust_env=False) as browser:
        assert browser.get("/setup", params={"token": new}).status_code == 403
        token = application.link.split("?token=")[1]
        form = {"token": token, "name": "Ada", "password": PASSWORD, "again": PASSWORD}
        assert browser.post("/setup", data=form).headers["location"] == "/en/"
        assert browser.get("/en/").status_code == 200
        assert token not in application.log.replace(application.link, "")
    application.stop()

    application.start(until="/readyz")
    assert application.link == application.address + "/"
    application.stop()


@pytest.mark.models
def test_an_open_stream_does_not_keep_it_from_ending(tmp_path: Path) -> None:
    application = Application(tmp_path, ELSEWHERE)
    application.command("people", "add", "Mel", stdin=PASSWORD + "\n")
    application.start(until="/livez")
    with httpx.Client(base_url=application.address, trust_env=False, timeout=60) as browser:
        browser.post("/login", data={"name": "Mel", "password": PASSWORD})
        opened = threading.Event()

        def listen() -> None:
            try:
                with browser.stream("GET", "/en/gradio_api/heartbeat/abc") as stream:
                    for _ in stream.iter_raw():
                        opened.set()
            except httpx.TransportError:
                pass

        thread = threading.Thread(target=listen)
        thread.start()
        assert opened.wait(30)
        application.stop()
        thread.join(30)
    assert application.process is not None
    assert application.process.returncode == 0
    assert application.log.splitlines() == [f"Open {application.link}"]
