"""All originals as one file, for who is signed in."""

from io import BytesIO
from zipfile import ZipFile

from collab.people.access import Actor
from collab.services import Services
from collab.web.app import assemble
from tests.collab.web.conftest import PASSWORD, tiny_api, visit


def test_originals_are_sent_to_who_may_have_them(services: Services, member: Actor, expert: Actor) -> None:
    services.documents.add(expert, "guide.md", b"The museum opens at 10:00.")
    services.documents.add(member, "mine.md", b"My locker is number 12.")
    with visit(assemble(services, tiny_api(), {})) as stranger:
        assert stranger.get("/export/documents.zip").status_code == 401
        names = {}
        for name in ("Mel", "Eve"):
            stranger.cookies.set("collab_session", services.sessions.sign_in(name, PASSWORD))
            reply = stranger.get("/export/documents.zip")
            assert reply.headers["content-disposition"] == 'attachment; filename="documents.zip"'
            with ZipFile(BytesIO(reply.content)) as parts:
                names[name] = parts.namelist()
    assert names == {"Mel": ["Mel/mine.md", "manifest.json"], "Eve": ["everyone/guide.md", "manifest.json"]}
