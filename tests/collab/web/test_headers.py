import pytest
from starlette.testclient import TestClient

CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)


@pytest.mark.parametrize(
    "path",
    ["/en/", "/en/config", "/login", "/setup?token=x", "/nothing", "//", "/en/gradio_api/info", "/v1/who", "/livez"],
)
def test_every_answer_carries_the_policy_and_stays_in_no_cache(mel: TestClient, path: str) -> None:
    headers = mel.get(path).headers
    assert headers.get_list("content-security-policy") == [CSP]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers.get_list("cache-control") == ["no-store"]


def test_a_refused_host_gets_the_policy_too(stranger: TestClient) -> None:
    assert stranger.get("/", headers={"Host": "evil.example"}).headers["content-security-policy"] == CSP


def test_our_own_files_may_be_kept_and_are_asked_for_again(stranger: TestClient) -> None:
    assert stranger.get("/static/theme.css").headers["cache-control"] == "no-cache"
    assert stranger.get("/static/nothing.css").headers["cache-control"] == "no-store"
