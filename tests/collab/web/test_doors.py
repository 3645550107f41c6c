import json
import secrets

import pytest
from starlette.testclient import TestClient

from collab.errors import ForeignSessionError
from collab.web.doors import Doors
from tests.collab.web.conftest import HERE, Shell

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


def file(path: object, **more: object) -> dict[str, object]:
    return {"path": path, "meta": {"_type": "gradio.FileData"}, "orig_name": "a.txt", **more}


def upload(person: TestClient, content: bytes, name: str = "a.txt") -> str:
    (path,) = person.post("/en/gradio_api/upload", files={"files": (name, content)}).json()
    return str(path)


def take(person: TestClient, *data: object, event_data: object = None) -> tuple[int, str]:
    """What becomes of a job that is given files: the status, and all that is said of it."""
    page = secrets.token_hex(8)
    body = {**job(page), "fn_index": 1, "data": list(data), "event_data": event_data}
    reply = person.post(JOIN, json=body)
    if reply.status_code != 200:
        return reply.status_code, reply.json()["error"]["code"]
    return 200, person.get(f"/en/gradio_api/queue/data?session_hash={page}").text


@pytest.mark.parametrize(
    "given",
    [
        file("/etc/hostname"),
        file("/proc/self/environ"),
        file("http://127.0.0.1:7860/livez"),
        file("https://example.com/"),
        [file("/etc/hostname")],
        {"a": [{"b": {"c": [file("/etc/hostname")]}}]},
        {"path": "/etc/hostname"},
        {"path": None},
        {"path": ["/etc/hostname"]},
        {"url": "http://127.0.0.1:7860/livez"},
    ],
)
def test_no_job_names_a_file_of_the_server_or_an_address(mel: TestClient, given: object) -> None:
    assert take(mel, given) == (403, "foreign_file")
    assert take(mel, None, event_data=given) == (403, "foreign_file")


def test_a_job_takes_the_files_that_its_person_uploaded(mel: TestClient, long_shell: Shell) -> None:
    path = upload(mel, b"private words")
    status, told = take(mel, [file(path, url=f"{HERE}/en/gradio_api/file={path}")])
    assert (status, "private words" in told) == (200, True)


def test_an_upload_serves_its_person_alone(mel: TestClient, oli: TestClient) -> None:
    path = upload(mel, b"words of Mel")
    assert take(oli, [file(path)]) == (403, "foreign_file")
    assert upload(oli, b"words of Oli") != path
    assert take(oli, [file(path)]) == (403, "foreign_file")
    assert "words of Mel" in take(mel, [file(path)])[1]


@pytest.mark.parametrize("url", ["http://example.com{own}", "{here}/en/gradio_api/file=/etc/hostname", "{own}", 1])
def test_the_address_of_an_upload_is_its_own(mel: TestClient, url: object) -> None:
    path = upload(mel, b"words")
    own = f"/en/gradio_api/file={path}"
    given = url.format(own=own, here=HERE) if isinstance(url, str) else url
    assert take(mel, [file(path, url=given)]) == (403, "foreign_file")


@pytest.mark.parametrize("way", ["{folder}/../{name}/a.txt", "{path}/", "/{path}", "file={path}"])
def test_another_spelling_of_an_upload_is_refused(mel: TestClient, way: str) -> None:
    path = upload(mel, b"words")
    folder, name, _ = path.rsplit("/", 2)
    assert take(mel, [file(way.format(path=path, folder=f"{folder}/{name}", name=name))]) == (403, "foreign_file")


def test_many_files_in_one_request_are_all_known(mel: TestClient) -> None:
    files = [("files", (f"{n}.txt", b"page %d." % n)) for n in range(30)]
    paths = mel.post("/en/gradio_api/upload", files=files, headers={"Accept-Encoding": "br, gzip"}).json()
    assert len(paths) == 30
    assert "page 0.page 1." in take(mel, [file(path) for path in paths])[1]


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
