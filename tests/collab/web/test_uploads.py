"""Where uploads wait, and that the real page takes a person's own."""

import asyncio
import json
import os
import secrets
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from collab.people.access import Role
from collab.services import Services
from collab.web.app import build_app
from collab.web.uploads import FOLDER, Uploads, kept_small, sweep
from tests.collab.web.conftest import PASSWORD, visit


@pytest.fixture
def browser(services: Services) -> Iterator[TestClient]:
    """Mel's browser on the real page."""

    async def build() -> TestClient:  # Gradio opens an event loop that it never closes, unless one runs
        return visit(build_app(services))

    services.accounts.add("Mel", PASSWORD, Role.MEMBER)
    with asyncio.run(build()) as client:
        client.cookies.set("collab_session", services.sessions.sign_in("Mel", PASSWORD))
        yield client


def take(browser: TestClient, path: str) -> int:
    """Hands a file to the page's own upload handler, and waits for its end."""
    config = browser.get("/en/config").json()
    (files,) = (one["id"] for one in config["components"] if one["type"] == "file")
    (job,) = (one["id"] for one in config["dependencies"] if [files, "upload"] in map(list, one["targets"]))
    page, given = secrets.token_hex(8), [{"path": path, "orig_name": "notes.md", "meta": {"_type": "gradio.FileData"}}]
    body = {"fn_index": job, "trigger_id": files, "data": [given, ""], "session_hash": page, "event_data": None}
    reply = browser.post("/en/gradio_api/queue/join", json=body)
    if reply.status_code == 200:
        browser.get(f"/en/gradio_api/queue/data?session_hash={page}")
    return reply.status_code


def test_the_page_takes_an_upload_and_no_file_of_the_server(browser: TestClient, services: Services) -> None:
    mel = services.accounts.actor_named("Mel")
    files = {"files": ("notes.md", b"Lunch costs 9 euros.")}
    (path,) = browser.post("/en/gradio_api/upload", files=files).json()
    assert take(browser, path) == 200
    assert [record.name for record in services.documents.list(mel)] == ["notes.md"]
    assert not Path(path).exists()
    for other in ("/etc/hostname", "/proc/self/environ", "http://127.0.0.1:7860/livez"):
        assert take(browser, other) == 403
    assert len(services.documents.list(mel)) == 1
    assert stat.S_IMODE((services.settings.data / FOLDER).stat().st_mode) == 0o700


def test_gradio_itself_checks_paths_too(browser: TestClient, services: Services, tmp_path: Path) -> None:
    """Were a path to come past the door, it would have to be in the folder of uploads."""
    secret = tmp_path / "secret.md"
    secret.write_text("The safe's number is 4711.")
    wall = browser.app._app._app._app._app  # type: ignore[attr-defined]  # behind ids, headers, hosts and sizes
    wall._doors._uploads._held[services.accounts.actor_named("Mel").id] = {str(secret): None}
    assert take(browser, str(secret)) == 200
    assert not services.documents.list(services.accounts.actor_named("Mel"))
    assert secret.exists()


def test_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / FOLDER
    (folder / "1234").mkdir(parents=True)
    (folder / "1234" / "notes.md").write_text("left")
    (folder / "tmpabc").touch()

    async def start() -> list[Path]:
        async with kept_small(folder):
            return list(folder.iterdir())

    assert asyncio.run(start()) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_only_what_is_old_is_swept_and_no_link_is_followed(tmp_path: Path) -> None:
    folder, outside = tmp_path / FOLDER, tmp_path / "kept"
    outside.mkdir()
    (outside / "notes.md").write_text("kept")
    folder.mkdir()
    (folder / "link").symlink_to(outside)
    for name in ("old", "new"):
        (folder / name).mkdir()
        (folder / name / "notes.md").write_text(name)
    now = time.time()
    os.utime(folder / "old", (now - 4000, now - 4000))
    os.utime(folder / "link", (now - 4000, now - 4000), follow_symlinks=False)
    sweep(folder, now - 3600)
    assert [entry.name for entry in folder.iterdir()] == ["new"]
    assert (outside / "notes.md").exists()


def test_memory_is_bounded_and_each_person_displaces_only_their_own() -> None:
    uploads = Uploads()
    uploads._remember(b'["/u/mel"]', "mel")
    for n in range(30):
        uploads._remember(json.dumps([f"/u/{n}/{m}" for m in range(100)]).encode(), "oli")
    assert len(uploads._held["oli"]) == 1000
    uploads.check({"path": "/u/mel"}, "", "mel")
    uploads.check({"path": "/u/29/99"}, "", "oli")
