from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from collab.people.access import Role
from knowledge.database import Database
from tests.collab.web.conftest import PASSWORD, make_shell, visit, without_screen

MB = 1024 * 1024


@pytest.fixture
def small(database: Database) -> Iterator[TestClient]:
    """Takes uploads of one megabyte."""
    shell = make_shell(database, upload_mb=1)
    shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    with visit(without_screen(shell)) as visitor:
        visitor.cookies.set("collab_session", shell.sessions.sign_in("Mel", PASSWORD))
        yield visitor


def pieces(total: int) -> Iterator[bytes]:
    for _ in range(total // 65536):
        yield b"x" * 65536


def test_a_document_of_the_allowed_size_passes_with_its_wrapping(small: TestClient) -> None:
    assert small.post("/v1/documents", content=b"x" * (2 * MB)).json() == {"bytes": 2 * MB}


@pytest.mark.parametrize(
    ("path", "size", "limit_mb"),
    [
        ("/v1/documents", 2 * MB + 65536, 2),
        ("/login", 1 * MB + 65536, 1),
        ("/en/gradio_api/queue/join", 1 * MB + 65536, 1),
        ("/en/gradio_api/upload", 11 * MB + 65536, 11),
    ],
)
def test_too_much_is_refused_whether_or_not_it_is_announced(
    small: TestClient, path: str, size: int, limit_mb: int
) -> None:
    announced = small.post(path, content=b"x" * size)
    assert (announced.status_code, announced.json()["error"]["code"]) == (413, "request_too_large")
    assert f"larger than {limit_mb} MB" in announced.json()["error"]["message"]
    unannounced = small.post(path, content=pieces(size), headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert unannounced.status_code in (400, 404, 413)


def test_a_length_that_is_no_number_is_refused(small: TestClient) -> None:
    for length in ("-1", "1e3", "x"):
        assert small.post("/login", content=b"", headers={"Content-Length": length}).status_code == 413
