import gzip

import pytest
from starlette.testclient import TestClient

from collab.web.static import ASSETS

THEME = (ASSETS / "theme.css").read_bytes()
PLAIN = {"Accept-Encoding": "identity"}


@pytest.mark.parametrize("path", ["nothing.css", "..%2fapp.py", "%2e%2e/app.py", "pages/login.html", "locales/en.json"])
def test_only_our_own_files_are_served(visitor: TestClient, path: str) -> None:
    assert visitor.get(f"/static/{path}").status_code in (401, 404)


def test_the_theme_is_served(visitor: TestClient) -> None:
    reply = visitor.get("/static/theme.css")
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/css; charset=utf-8")


def test_a_file_that_the_browser_has_is_not_sent_again(visitor: TestClient) -> None:
    first = visitor.get("/static/theme.css")
    again = visitor.get("/static/theme.css", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["cache-control"] == "no-cache"
    assert visitor.get("/static/theme.css", headers={"if-none-match": '"an older one"'}).content == first.content


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, deflate, br", "gzip"), ("br;q=1.0, gzip;q=0.8", "gzip"), ("gzip;q=0", None), ("br", None), ("", None)],
)
def test_a_file_is_compressed_for_who_takes_that(visitor: TestClient, accepted: str, encoding: str | None) -> None:
    with visitor.stream("GET", "/static/theme.css", headers={"Accept-Encoding": accepted}) as reply:
        sent = b"".join(reply.iter_raw())
    assert (reply.status_code, reply.headers.get("content-encoding")) == (200, encoding)
    assert "Accept-Encoding" in reply.headers["vary"]
    assert reply.headers["content-type"] == "text/css; charset=utf-8"
    assert int(reply.headers["content-length"]) == len(sent)
    assert (gzip.decompress(sent) if encoding else sent) == THEME
    assert len(sent) < len(THEME) / 2 or not encoding


def test_a_compressed_copy_is_another_than_a_plain_one(visitor: TestClient) -> None:
    plain = visitor.get("/static/theme.css", headers=PLAIN).headers["etag"]
    compressed = visitor.get("/static/theme.css").headers["etag"]
    assert plain != compressed
    assert visitor.get("/static/theme.css", headers={"if-none-match": compressed}).status_code == 304
    assert visitor.get("/static/theme.css", headers={"if-none-match": plain, **PLAIN}).status_code == 304
    assert visitor.get("/static/theme.css", headers={"if-none-match": plain}).content == THEME
