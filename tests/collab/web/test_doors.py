import json
import secrets

import pytest
from starlette.testclient import TestClient

from collab.errors import ForeignSessionError
from collab.web.doors import Doors
from tests.collab.web.conftest import Shell

JOIN = "/en/gradio_api/queue/join"


def job(session_hash: object = "mel1", text: str = "hello") -> dict[str, object]:
    return {"fn_index": 0, "trigger_id": 1, "data": [text], "session_hash": session_hash, "event_data": None}


def test_a_job_runs_as_the_person_and_only_they_read_its_answer(
    mel: TestClient, oli: TestClient, long_shell: Shell
) -> None:
    page, said = secrets.token_hex(8), secrets.token_hex(8)
    assert mel.post(JOIN, json=job(page, said)).status_code == 200
    assert oli.get(f"/en/gradio_api/queue/data?session_hash={page}").status_code == 403
    assert said.upper() in mel.get(f"/en/gradio_api/queue/data?session_hash={page}").text
    assert long_shell.seen[-1] == long_shell.accounts.actor_named("Mel").id


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "queue/join", job()),
        ("GET", "queue/data?session_hash=mel1", None),
        ("GET", "queue/data?session_hash=%6del1", None),
        ("GET", "queue/data?session_hash=oli1&session_hash=mel1", None),
        ("GET", "queue/data?session_hash=mel1&session_hash=oli1", None),
        ("GET", "heartbeat/mel1", None),
        ("GET", "heartbeat/%6del1", None),
        ("POST", "cancel", {"session_hash": "mel1", "fn_index": 0, "event_id": "e"}),
        ("GET", "upload_progress?upload_id=melup", None),
        ("POST", "upload?upload_id=melup", None),
    ],
)
def test_another_persons_page_is_closed(
    mel: TestClient, oli: TestClient, long_shell: Shell, method: str, path: str, body: object
) -> None:
    assert mel.post(JOIN, json=job()).status_code == 200
    mel.post("/en/gradio_api/upload?upload_id=melup", files={"files": ("a.txt", b"a")})
    for language in ("en", "zh"):
        reply = oli.request(method, f"/{language}/gradio_api/{path}", json=body)
        assert reply.status_code in (400, 403), (path, reply.text)
    assert oli.post(JOIN, json=job("oli1")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"session_hash":"oli1","fn_index":0,"data":["x"],"session_hash":"mel1"}',
        b'{"session_hash":"mel1","fn_index":0,"data":["x"],"session_hash":"oli1"}',
        b'{"session_hash":"oli1","fn_index":0,"data":["x"],"session\\u005fhash":"mel1"}',
        json.dumps(job()).encode("utf-16"),
        b"\xef\xbb\xbf" + json.dumps(job()).encode(),
        json.dumps(job(None)).encode(),
        json.dumps(job(["mel1"])).encode(),
        json.dumps(job("mel1 ")).encode(),
        json.dumps([job()]).encode(),
        b'{"fn_index":0,"data":["x"]}',
        b"",
        b"not json",
        b"[" * 100_000,
    ],
)
def test_a_body_that_could_be_read_in_two_ways_is_refused(oli: TestClient, long_shell: Shell, body: bytes) -> None:
    oli_id = long_shell.accounts.actor_named("Oli").id
    heard = long_shell.seen.count(oli_id)
    for content_type in ("application/json", "text/plain", "application/x-www-form-urlencoded"):
        reply = oli.post(JOIN, content=body, headers={"Content-Type": content_type})
        assert reply.status_code == 400, reply.text
    assert long_shell.seen.count(oli_id) == heard


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "gradio_api/deep_link?session_hash=mel1"),
        ("GET", "gradio_api/file=/etc/passwd"),
        ("GET", "gradio_api/file/etc/passwd"),
        ("GET", "gradio_api/proxy=http://127.0.0.1:1/"),
        ("GET", "gradio_api/stream/mel1/1/1/playlist-file"),
        ("GET", "gradio_api/custom_component/a/client/b/c"),
        ("GET", "gradio_api/token"),
        ("GET", "gradio_api/call/hear/1"),
        ("GET", "gradio_api/dev/reload"),
        ("GET", "gradio_api/vibe-code"),
        ("GET", "gradio_api/openapi.json"),
        ("GET", "gradio_api/runs"),
        ("GET", "gradio_api/queue/status"),
        ("GET", "monitoring"),
        ("GET", "monitoring/summary"),
        ("GET", "logout"),
        ("GET", "login"),
        ("POST", "login"),
        ("POST", "gradio_api/run/hear"),
        ("POST", "gradio_api/api/hear"),
        ("POST", "gradio_api/call/hear"),
        ("POST", "gradio_api/call/v2/hear"),
        ("POST", "gradio_api/component_server"),
        ("POST", "gradio_api/stream/e1/close"),
        ("POST", "gradio_api/vibe-edit"),
        ("POST", "gradio_api/process_recording"),
        ("PUT", "gradio_api/queue/join"),
        ("DELETE", "gradio_api/upload"),
    ],
)
def test_what_the_page_does_not_need_does_not_exist(mel: TestClient, method: str, path: str) -> None:
    reply = mel.request(method, f"/en/{path}")
    assert (reply.status_code, reply.json()["error"]["code"]) == (404, "not_found")


def test_an_uploaded_file_can_be_handed_to_a_job_and_not_read_back(mel: TestClient, oli: TestClient) -> None:
    (path,) = mel.post("/en/gradio_api/upload", files={"files": ("a.txt", b"private words")}).json()
    for person in (mel, oli):
        for way in ("file=", "file/"):
            reply = person.get(f"/en/gradio_api/{way}{path.lstrip('/')}")
            assert reply.status_code == 404
            assert "private words" not in reply.text


def test_a_person_displaces_only_their_own_pages() -> None:
    doors = Doors()
    doors.claim("victim", "mel")
    for n in range(1000):
        doors.claim(f"flood{n}", "oli")
    with pytest.raises(ForeignSessionError):
        doors.claim("victim", "oli")
    doors.claim("flood0", "mel")
    with pytest.raises(ForeignSessionError):
        doors.claim("flood999", "mel")
    assert len(doors._owners) == 200 + 2


def test_a_page_in_use_is_not_displaced() -> None:
    doors = Doors()
    for n in range(1000):
        doors.claim("open", "mel")
        doors.claim(f"closed{n}", "mel")
    with pytest.raises(ForeignSessionError):
        doors.claim("open", "oli")
