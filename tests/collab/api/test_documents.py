"""Documents and search over REST."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from tests.collab.api.conftest import Site
from tests.waiting import until

NOTE = "# Cloakroom\n\nUmbrellas are kept at the cloakroom for one euro a day."


def _upload(site: Site, name: str, file: str, content: bytes) -> tuple[int, dict]:  # type: ignore[type-arg]
    reply = site.client.post("/v1/documents", files={"file": (file, content)}, headers=site.as_(name))
    return reply.status_code, reply.json()


def _listed(site: Site, name: str) -> dict[str, dict]:  # type: ignore[type-arg]
    """The person's documents by name, once all have been read."""

    def listed() -> list[dict]:  # type: ignore[type-arg]
        return site.client.get("/v1/documents", headers=site.as_(name)).json()["data"]  # type: ignore[no-any-return]

    until(lambda: all(one["state"] != "reading" for one in listed()))
    return {one["name"]: one for one in listed()}


def test_an_upload_is_read_and_found(site: Site) -> None:
    status, made = _upload(site, "eve", "notes/cloakroom.md", NOTE.encode())
    assert (status, made["name"], made["reach"]) == (202, "notes/cloakroom.md", "everyone")
    assert _listed(site, "oli")["notes/cloakroom.md"]["state"] == "ready"
    assert _upload(site, "eve", "cloakroom.md", NOTE.encode())[0] == 200
    found = site.client.get("/v1/search", params={"q": "Where are umbrellas kept?"}, headers=site.as_("oli"))
    first = found.json()["data"][0]
    assert (first["document"], first["heading"]) == ("notes/cloakroom.md", "Cloakroom")
    assert "umbrella" in first["why"]
    assert site.client.delete(f"/v1/documents/{made['id']}", headers=site.as_("oli")).status_code == 403
    assert site.client.delete(f"/v1/documents/{made['id']}", headers=site.as_("ada")).status_code == 204
    assert "notes/cloakroom.md" not in _listed(site, "eve")


def test_a_members_upload_is_their_own(site: Site) -> None:
    _, made = _upload(site, "mel", "cloakroom.md", NOTE.encode())
    assert "cloakroom.md" in _listed(site, "mel")
    for stranger in ("oli", "ada"):
        assert "cloakroom.md" not in _listed(site, stranger)
        path = f"/v1/documents/{made['id']}"
        assert site.client.delete(path, headers=site.as_(stranger)).status_code == 404
        found = site.client.get("/v1/search", params={"q": "umbrellas"}, headers=site.as_(stranger)).json()["data"]
        assert all(one["document"] != "cloakroom.md" for one in found)
    assert site.client.delete(f"/v1/documents/{made['id']}", headers=site.as_("mel")).status_code == 204


def test_a_file_that_cannot_be_read_says_why(site: Site) -> None:
    assert _upload(site, "eve", "broken.pdf", b"this is no PDF")[0] == 202
    failed = _listed(site, "eve")["broken.pdf"]
    assert (failed["state"], failed["passages"]) == ("failed", 0)
    assert "broken.pdf" in failed["error"]["message"]


@pytest.mark.parametrize(("content", "status"), [(b"x" * (1024 * 1024 + 1), 413), (None, 422)])
def test_a_file_that_is_not_taken(site: Site, content: bytes | None, status: int) -> None:
    files = None if content is None else {"file": ("big.txt", content)}
    reply = site.client.post("/v1/documents", files=files, headers=site.as_("eve"))
    assert reply.status_code == status
    assert set(reply.json()["error"]) == {"code", "message"}
    assert set(_listed(site, "eve")) == {"guide.md"}


@pytest.mark.parametrize("params", [{}, {"q": " "}, {"q": "?"}, {"q": "tickets", "k": 0}])
def test_a_search_for_nothing(site: Site, params: dict[str, str]) -> None:
    reply = site.client.get("/v1/search", params=params, headers=site.as_("mel"))
    assert (reply.status_code, "save" in reply.text) == (422, False)
    too_long = site.client.get("/v1/search", params={"q": "q" * 8_001}, headers=site.as_("mel"))
    assert (too_long.status_code, "save" in too_long.text) == (413, False)


def test_an_archive_becomes_its_documents(site: Site) -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as made:
        made.writestr("cloakroom.md", NOTE)
        made.writestr("photo.png", b"\x89PNG")
    status, made_of = _upload(site, "eve", "notes.zip", archive.getvalue())
    document, refused = made_of["data"]
    assert (status, document["name"], document["state"]) == (202, "notes/cloakroom.md", "reading")
    assert refused["error"]["code"] == "document_unsupported"
    assert _upload(site, "eve", "broken.zip", b"no archive")[0] == 415
    _listed(site, "eve")
    with ZipFile(archive, "w") as made:
        made.writestr("cloakroom.md", NOTE)
    assert _upload(site, "eve", "notes.zip", archive.getvalue())[0] == 200


def test_a_file_is_the_next_version_of_a_document(site: Site) -> None:
    _, made = _upload(site, "eve", "cloakroom.md", NOTE.encode())
    _listed(site, "eve")

    def replace(name: str, file: str) -> tuple[int, dict]:  # type: ignore[type-arg]
        files = {"file": (file, NOTE.encode() + b" Coats too.")}
        reply = site.client.put(f"/v1/documents/{made['id']}", files=files, headers=site.as_(name))
        return reply.status_code, reply.json()

    assert replace("mel", "new.md")[0] == 403
    assert replace("eve", "new.pdf")[1]["error"]["code"] == "replacement_type"
    status, new = replace("eve", "new.md")
    assert (status, new["name"], new["replaces"]) == (202, "cloakroom.md", True)
    assert _listed(site, "eve")["cloakroom.md"]["id"] == new["id"]
