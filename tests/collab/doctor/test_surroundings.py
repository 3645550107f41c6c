"""Each check of what the application stands on, where it holds and where it fails."""

import socket
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from collab.config import Settings
from collab.doctor import surroundings
from collab.doctor.findings import Finding, Health
from collab.folder import Use

OK, WARNING, PROBLEM = Health.OK, Health.WARNING, Health.PROBLEM


def _told(finding: Finding, health: Health, words: str) -> bool:
    return finding.health is health and words in finding.message


def test_python_is_the_one_that_is_needed() -> None:
    assert surroundings.python((3, 11, 7)) == Finding("python", OK, "3.11.7")
    assert _told(surroundings.python((3, 12, 1)), PROBLEM, "This is Python 3.12.1, and 3.11 is needed")


def test_the_packages_of_this_installation_belong_together() -> None:
    assert surroundings.packages().health is OK


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the lists of packages."""
    for name in (*surroundings.NEEDED_FILES, surroundings.LOCK):
        (tmp_path / name).write_text((surroundings.ROOT / name).read_text())
    return tmp_path


def test_a_package_that_is_missing_or_another_version_is_named(copy: Path) -> None:
    with (copy / "requirements.txt").open("a") as file:
        file.write("no-such-package==1.0\nnumpy==1.0\n")
    found = surroundings.packages(copy)
    assert _told(found, PROBLEM, "no-such-package 1.0 is missing")
    assert _told(found, PROBLEM, "instead of 1.0")


def test_another_version_of_what_came_along_is_a_warning(copy: Path) -> None:
    lock = copy / surroundings.LOCK
    lock.write_text("no-such-tool==1.0\nanyio==0.1\n")
    assert _told(surroundings.packages(copy), WARNING, "instead of 0.1. Remove .venv")
    lock.unlink()
    assert _told(surroundings.packages(copy), WARNING, "requirements-lock.txt cannot be read")


def test_a_clock_before_this_version_is_wrong() -> None:
    assert _told(surroundings.clock(datetime(2026, 11, 22, 3, 45, tzinfo=UTC)), OK, "2026-11-22 03:45 UTC")
    assert _told(surroundings.clock(datetime(1970, 1, 1, tzinfo=UTC)), PROBLEM, "1970-01-01")


# --- models -----------------------------------------------------------------------------------------------------------


@pytest.mark.models
def test_the_packaged_models_are_there() -> None:
    assert surroundings.embedder().health is OK
    assert surroundings.chat_model(Settings()) == Finding("chat model", OK, "the packaged one")


def test_an_embedder_that_is_missing_or_damaged_is_named(tmp_path: Path) -> None:
    assert _told(surroundings.embedder(tmp_path), PROBLEM, "There is no embedding model at")
    for name in ("model.safetensors", "tokenizer.json"):
        (tmp_path / name).write_text("damaged")
    assert _told(surroundings.embedder(tmp_path), PROBLEM, "cannot be loaded")
    assert _told(surroundings.embedder(multilingual=tmp_path), PROBLEM, "e5-small-q4.bin")
    (tmp_path / "e5-small-q4.bin").write_bytes(b"")
    assert _told(surroundings.embedder(multilingual=tmp_path), PROBLEM, "cannot be loaded")


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    assert _told(surroundings.chat_model(Settings(model=str(tmp_path))), PROBLEM, "no config.json")
    assert _told(surroundings.chat_model(Settings(model="/no/such/folder")), PROBLEM, "no config.json")
    assert _told(surroundings.chat_model(Settings(model="some/model")), WARNING, "fetched from Hugging Face")
    (tmp_path / "config.json").write_text("{}")
    assert surroundings.chat_model(Settings(model=str(tmp_path))).health is OK


@contextmanager
def _model_server(status: int) -> Iterator[str]:
    heard: list[str] = []

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(f"{self.path} {self.headers.get('Authorization')}")
            self.send_response(status)
            self.end_headers()

        def log_message(self, *given: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/v1"
        thread.join(30)
    assert heard == ["/v1/models Bearer a secret"]


@pytest.mark.parametrize(
    ("status", "health", "words"),
    [
        (200, OK, "/v1/models"),
        (401, PROBLEM, "refuses the key (HTTP 401). Check COLLAB_MODEL_KEY."),
        (404, PROBLEM, "HTTP 404. COLLAB_MODEL_URL usually ends in /v1."),
    ],
)
def test_a_model_server_is_asked(status: int, health: Health, words: str) -> None:
    with _model_server(status) as url:
        settings = Settings.model_validate({"model_url": url, "model_key": "a secret"})
        assert _told(surroundings.chat_model(settings), health, words)


def test_a_model_server_that_is_away_is_named_without_its_secrets() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    url = f"http://me:hidden@127.0.0.1:{port}/v1"
    found = surroundings.chat_model(Settings.model_validate({"model_url": url, "model_key": "a secret"}))
    assert _told(found, PROBLEM, f"http://127.0.0.1:{port}/v1/models does not answer")
    assert "hidden" not in found.message
    bad = surroundings.chat_model(Settings.model_validate({"model_url": url, "model_key": "a\nsecret"}))
    assert bad.health is PROBLEM
    assert "secret" not in bad.message


# --- port and folder --------------------------------------------------------------------------------------------------


def test_a_port_is_free_taken_by_the_application_or_taken_by_another(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        settings = Settings(port=taken.getsockname()[1], data=tmp_path)
        assert _told(surroundings.port(settings), PROBLEM, "Set COLLAB_PORT")
        with closing(Use(tmp_path)):
            assert _told(surroundings.port(settings), OK, "the application, most likely")
    assert _told(surroundings.port(settings), OK, "is free")
    assert surroundings.port(Settings(host="192.0.2.1", data=tmp_path)).health is PROBLEM


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    assert _told(surroundings.folder(tmp_path), OK, str(tmp_path))
    assert _told(surroundings.folder(tmp_path / "new"), OK, "not there yet")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "file").write_text("")
    assert _told(surroundings.folder(tmp_path / "file"), PROBLEM, "cannot be written: Not a directory")


def test_what_others_can_read_is_named(tmp_path: Path) -> None:
    database = tmp_path / "collab.db"
    database.write_text("")
    for of_folder, of_file, health in (
        (0o700, 0o644, OK),
        (0o755, 0o600, OK),
        (0o755, 0o644, WARNING),
        (0o777, 0o600, WARNING),
    ):
        database.chmod(of_file)
        tmp_path.chmod(of_folder)
        assert surroundings.privacy(tmp_path).health is health, (of_folder, of_file)
    assert _told(surroundings.privacy(tmp_path), WARNING, f"chmod -R go= {tmp_path}")


def test_too_little_space_is_told_before_it_is_gone(tmp_path: Path) -> None:
    free = surroundings.shutil.disk_usage(tmp_path).free
    assert surroundings.space(tmp_path, 1).health is OK
    assert _told(surroundings.space(tmp_path, 2 * free), WARNING, "a backup may need")
    assert _told(surroundings.space(tmp_path, 100 * free), PROBLEM, "too little to go on")
