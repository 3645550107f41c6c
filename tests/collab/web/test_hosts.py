import pytest
from starlette.testclient import TestClient

from collab.errors import SettingInvalidError
from collab.people.access import Role
from knowledge.database import Database
from tests.collab.web.conftest import HERE, PASSWORD, make_shell, visit, with_screen, without_screen

OURS = {"Origin": HERE}


@pytest.mark.parametrize("host", ["127.0.0.1:7860", "127.0.0.1", "localhost:7860", "LOCALHOST", "[::1]:7860"])
def test_our_own_names_are_answered(visitor: TestClient, host: str) -> None:
    assert visitor.get("/livez", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1.evil.example",
        "localhost.evil.example:7860",
        "127.0.0.1@evil.example",
        "127.0.0.1/static/x?",
        "127.0.0.1:7860/v1/",
        "localhost:7860#",
        "192.168.1.9:7860",
        "",
        "127.0.0.1:7860 evil",
    ],
)
def test_other_names_are_refused(visitor: TestClient, host: str) -> None:
    reply = visitor.get("/livez", headers={"Host": host})
    assert (reply.status_code, reply.json()["error"]["code"]) == (400, "host_unknown")


def test_forwarded_headers_are_not_believed(mel: TestClient) -> None:
    forged = {"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https", "Forwarded": "host=evil.example"}
    assert "evil.example" not in mel.get("/en/", headers=forged).text
    assert mel.get("/en/config", headers=forged).json()["root"] == f"{HERE}/en"


@pytest.mark.parametrize(
    ("origin", "site"),
    [
        ("https://evil.example", None),
        ("http://evil.example:7860", None),
        ("http://localhost:9999", None),
        ("http://127.0.0.1:7861", None),
        ("null", None),
        ("http://127.0.0.1:7860@evil.example", None),
        ("http://127.0.0.1:7860.evil.example", None),
        ("file://", None),
        ("", None),
        (None, "cross-site"),
        (None, "same-site"),
    ],
)
def test_another_site_cannot_act_for_a_person(mel: TestClient, origin: str | None, site: str | None) -> None:
    headers = {name: value for name, value in (("Origin", origin), ("Sec-Fetch-Site", site)) if value is not None}
    for path in ("/en/gradio_api/queue/join", "/en/gradio_api/upload", "/logout", "/login", "/setup", "/v1/documents"):
        reply = mel.post(path, headers=headers)
        assert (reply.status_code, reply.json()["error"]["code"]) == (403, "foreign_origin"), path
    assert mel.get("/en/config").status_code == 200


def test_our_own_page_can_act(mel: TestClient) -> None:
    body = {"fn_index": 0, "data": ["x"], "session_hash": "m"}
    headers = {**OURS, "Sec-Fetch-Site": "same-origin"}
    assert mel.post("/en/gradio_api/queue/join", json=body, headers=headers).status_code == 200


def test_no_foreign_origin_is_reflected(mel: TestClient) -> None:
    for origin in ("https://evil.example", "null", "http://localhost:9999"):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for path in ("/en/config", "/en/gradio_api/queue/join", "/v1/who", "/livez"):
            for reply in (mel.get(path, headers={"Origin": origin}), mel.options(path, headers=asked)):
                assert "access-control-allow-origin" not in reply.headers, path
                assert "access-control-allow-credentials" not in reply.headers, path


def test_listening_everywhere_takes_addresses_in_digits_but_no_names(database: Database) -> None:
    with visit(without_screen(make_shell(database, host="0.0.0.0"))) as visitor:
        assert visitor.get("/livez", headers={"Host": "192.168.1.9:7860"}).status_code == 200
        assert visitor.get("/livez", headers={"Host": "[fe80::1]:7860"}).status_code == 200
        assert visitor.get("/livez", headers={"Host": "evil.example"}).status_code == 400


def test_behind_a_proxy_the_public_address_counts(database: Database) -> None:
    shell = make_shell(database, public_url="https://chat.example.com:443/")
    shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    told = [{"X-Forwarded-Host": "chat.example.com"}, {"Host": "chat.example.com"}]  # by different proxies
    with visit(with_screen(shell)) as visitor:
        for host in told:
            headers = {**host, "Origin": "https://chat.example.com"}
            reply = visitor.post("/login", data={"name": "Mel", "password": PASSWORD}, headers=headers)
            assert reply.status_code == 303
            (cookie,) = (one for one in reply.headers.get_list("set-cookie") if one.startswith("collab_session="))
            assert "; Secure" in cookie
            config = visitor.get("/en/config", headers={**host, "Cookie": cookie.split(";")[0]}).json()
            assert config["root"] == "https://chat.example.com/en"


@pytest.mark.parametrize(
    "url", ["chat.example.com", "ftp://x", "https://x/path", "https://", "https://u:p@x", "https://x y"]
)
def test_a_public_url_that_is_no_address_is_told(database: Database, url: str) -> None:
    with pytest.raises(SettingInvalidError) as told:
        without_screen(make_shell(database, public_url=url))
    assert told.value.params["name"] == "COLLAB_PUBLIC_URL"
