import json
from urllib.parse import unquote

import pytest
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Scope
from starlette.websockets import WebSocketDisconnect

from tests.collab.web.conftest import Shell

PAGE = {"Accept": "text/html,application/xhtml+xml"}

BEHIND = [
    "/en/",
    "/zh/",
    "/en/config",
    "/en/info",
    "/en/theme.css",
    "/en/assets/index.js",
    "/en/static/img/logo.svg",
    "/en/gradio_api/info",
    "/en/gradio_api/openapi.json",
    "/en/gradio_api/app_id",
    "/en/gradio_api/user",
    "/en/gradio_api/token",
    "/en/gradio_api/login_check",
    "/en/gradio_api/startup-events",
    "/en/gradio_api/heartbeat/abc",
    "/en/gradio_api/queue/data?session_hash=abc",
    "/en/gradio_api/queue/status",
    "/en/gradio_api/upload_progress?upload_id=abc",
    "/en/gradio_api/file=/etc/passwd",
    "/en/monitoring",
    "/en/login",
    "/openapi.json",
    "/anything",
]


@pytest.mark.parametrize("path", BEHIND)
def test_nothing_behind_the_wall_is_read_without_a_session(stranger: TestClient, path: str) -> None:
    reply = stranger.get(path)
    assert (reply.status_code, reply.json()["error"]["code"]) == (401, "sign_in_needed")


@pytest.mark.parametrize(
    "path",
    [
        "queue/join",
        "cancel",
        "reset",
        "upload",
        "run/hear",
        "api/hear",
        "call/hear",
        "call/v2/hear",
        "component_server",
        "stream/1",
        "vibe-code",
    ],
)
def test_nothing_behind_the_wall_is_called_without_a_session(
    stranger: TestClient, long_shell: Shell, path: str
) -> None:
    heard = list(long_shell.seen)
    body = {"fn_index": 0, "data": ["x"], "session_hash": "abc"}
    assert stranger.post(f"/en/gradio_api/{path}", json=body).status_code == 401
    assert long_shell.seen == heard


@pytest.mark.parametrize(
    "path",
    [
        "//en/",
        "/en//",
        "/static/../en/",
        "/static/%2e%2e/en/config",
        "/static/..%2fen/config",
        "/v1/../en/config",
        "/v1/%2e%2e/en/config",
        "/livez/../en/config",
        "/%65n/config",
        "/en%2fconfig",
        "/en%2Fgradio_api%2Fapp_id",
        "/%252e%252e/en/config",
        "/en\\config",
        "/EN/config",
        "/STATIC/theme.css",
        "/V1/who",
        "/Login",
        "/./en/config",
        "/en/config;/static/x",
        "/en/config%00",
        "/static",
        "/v1",
        "/livez/",
        "/login/x",
    ],
)
def test_no_spelling_of_a_path_gets_around_the_wall(stranger: TestClient, path: str) -> None:
    assert stranger.portal is not None
    status, body = stranger.portal.call(raw_get, stranger.app, path)
    assert status in (400, 401, 404), body
    assert json.loads(body)["error"]["code"] in ("not_found", "sign_in_needed")


async def raw_get(app: ASGIApp, path: str) -> tuple[int, bytes]:
    """A request as the server hands it on; a client would tidy the path first."""
    scope: Scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": unquote(path),
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1:7860")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 7860),
    }
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await app(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


@pytest.mark.parametrize("cookie", ["", "x", "x" * 5000, "' OR 1=1 --", "\x01"])
def test_a_made_up_cookie_is_no_session(stranger: TestClient, cookie: str) -> None:
    assert stranger.get("/en/config", headers={"Cookie": f"collab_session={cookie}"}).status_code == 401


def test_a_key_for_the_api_opens_no_page(stranger: TestClient, long_shell: Shell, mel: TestClient) -> None:
    key = long_shell.keys.make_for("Mel")
    assert stranger.get("/en/config", headers={"Authorization": f"Bearer {key}"}).status_code == 401
    assert stranger.get("/en/config", headers={"Cookie": f"collab_session={key}"}).status_code == 401


def test_a_browser_is_led_to_sign_in_and_back(stranger: TestClient) -> None:
    reply = stranger.get("/en/?room=review&x=1", headers=PAGE)
    assert (reply.status_code, reply.headers["location"]) == (303, "/login?next=/en/%3Froom%3Dreview%26x%3D1")


def test_a_form_without_a_session_is_told_in_json(stranger: TestClient) -> None:
    assert stranger.post("/en/gradio_api/queue/join", json={}, headers=PAGE).status_code == 401


def test_health_and_api_are_in_front_of_the_wall(stranger: TestClient) -> None:
    assert stranger.get("/livez").json() == {"status": "alive"}
    assert stranger.get("/v1/who").json() == {"actor": False}


def test_the_api_does_not_take_the_browser_session(mel: TestClient) -> None:
    assert mel.get("/v1/who").json() == {"actor": False}


def test_with_a_session_the_page_is_there(mel: TestClient) -> None:
    assert mel.get("/en/").status_code == 200
    assert "components" in mel.get("/en/config").json()


def test_who_signs_out_or_is_put_out_is_outside_at_once(mel: TestClient, oli: TestClient, long_shell: Shell) -> None:
    assert mel.get("/en/config").status_code == 200
    token = mel.cookies["collab_session"]
    mel.post("/logout")
    assert mel.get("/en/config", headers={"Cookie": f"collab_session={token}"}).status_code == 401
    assert oli.get("/en/config").status_code == 200


def test_websockets_are_refused(mel: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), mel.websocket_connect("/en/queue/join"):
        pass
