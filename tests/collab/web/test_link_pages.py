"""The pages behind one-time links: open to whoever holds one, and to nobody else."""

import re

import pytest
from starlette.testclient import TestClient

from collab.people.access import OPERATOR, Role
from tests.collab.web.conftest import PASSWORD, Shell

NEW = "another pass phrase"


def test_an_invitation_leads_to_the_screen(shell: Shell, visitor: TestClient) -> None:
    _, token = shell.links.invite(OPERATOR, Role.EXPERT, "Eve")
    page = visitor.get("/invite", params={"token": token})
    assert page.status_code == 200
    assert "You join as Expert." in page.text
    assert '<form method="post" action="/invite">' in page.text
    assert 'value="Eve"' in page.text
    done = visitor.post(
        "/invite",
        data={"token": token, "name": "Evelyn", "password": PASSWORD, "again": PASSWORD},
        headers={"User-Agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"},
    )
    assert (done.status_code, done.headers["location"]) == (303, "/en/")
    cookie = done.cookies["collab_session"]
    eve = shell.sessions.actor_of(cookie)
    assert (eve.name, eve.role) == ("Evelyn", Role.EXPERT)
    assert shell.sessions.list(eve, cookie)[0].agent == "Firefox/Linux"


def test_what_is_wrong_is_told_and_the_name_stays(shell: Shell, visitor: TestClient) -> None:
    _, token = shell.links.invite(OPERATOR, Role.MEMBER)
    different = visitor.post("/invite", data={"token": token, "name": "Eve", "password": PASSWORD, "again": "x" * 10})
    assert different.status_code == 422
    assert "The two passwords are not the same." in different.text
    assert 'value="Eve"' in different.text
    taken = visitor.post("/invite", data={"token": token, "name": "", "password": PASSWORD, "again": PASSWORD})
    assert taken.status_code == 422
    assert shell.accounts.list(OPERATOR) == ()


@pytest.mark.parametrize("path", ["/invite", "/reset"])
@pytest.mark.parametrize("token", ["", "nothing", "%00", "%ED%A0%80"])
def test_a_link_that_is_no_good_shows_why_and_no_form(visitor: TestClient, path: str, token: str) -> None:
    page = visitor.get(f"{path}?token={token}")
    assert page.status_code == 403
    assert "This link is not valid" in page.text
    assert "<form" not in page.text
    sent = visitor.post(path, data={"token": token, "name": "Eve", "password": PASSWORD, "again": PASSWORD})
    assert (sent.status_code, "collab_session" in sent.cookies) == (403, False)


def test_a_link_is_good_once(shell: Shell, visitor: TestClient) -> None:
    _, token = shell.links.invite(OPERATOR, Role.MEMBER)
    data = {"token": token, "name": "Eve", "password": PASSWORD, "again": PASSWORD}
    assert visitor.post("/invite", data=data).status_code == 303
    assert visitor.get("/invite", params={"token": token}).status_code == 403
    assert visitor.post("/invite", data={**data, "name": "Eve again"}).status_code == 403


def test_a_new_password_is_set_and_signed_in_with(shell: Shell, visitor: TestClient) -> None:
    mel = shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    elsewhere = shell.sessions.sign_in("Mel", PASSWORD)
    _, token = shell.links.reset(OPERATOR, mel.id)
    page = visitor.get("/reset", params={"token": token})
    assert "For Mel." in page.text
    assert '<form method="post" action="/reset">' in page.text
    assert 'name="name"' not in page.text
    done = visitor.post("/reset", data={"token": token, "password": NEW, "again": NEW})
    assert done.status_code == 303
    assert shell.sessions.actor_of(done.cookies["collab_session"]) == mel
    assert visitor.get("/login").status_code == 303  # signed in here
    visitor.cookies.clear()
    visitor.cookies.set("collab_session", elsewhere)
    assert visitor.get("/login").status_code == 200  # and nowhere else


def test_who_opens_a_link_leaves_the_account_that_the_browser_was_in(shell: Shell, visitor: TestClient) -> None:
    shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    before = shell.sessions.sign_in("Mel", PASSWORD)
    visitor.cookies.set("collab_session", before)
    _, token = shell.links.invite(OPERATOR, Role.MEMBER)
    visitor.post("/invite", data={"token": token, "name": "Eve", "password": PASSWORD, "again": PASSWORD})
    assert shell.sessions.list(shell.accounts.actor_named("Mel"), before) == ()


def test_the_pages_speak_chinese_and_keep_the_link(shell: Shell, visitor: TestClient) -> None:
    _, token = shell.links.invite(OPERATOR, Role.MEMBER)
    page = visitor.get("/invite", params={"token": token, "language": "zh"})
    assert "邀请你加入" in page.text
    assert f"?language=en&amp;token={token}" in page.text
    assert re.search(r'name="token" value="' + re.escape(token), page.text)


def test_a_stranger_who_guesses_waits(shell: Shell, visitor: TestClient) -> None:
    for guess in range(20):
        assert visitor.get(f"/invite?token={guess}").status_code == 403
    told = visitor.get("/invite?token=another")
    assert (told.status_code, told.headers["retry-after"]) == (429, "2")


# --- the language of a person -----------------------------------------------------------------------------------------


def test_a_language_goes_with_the_person_to_another_browser(shell: Shell, visitor: TestClient) -> None:
    mel = shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    visitor.cookies.set("collab_session", shell.sessions.sign_in("Mel", PASSWORD))
    kept = visitor.post("/language", data={"language": "zh"})
    assert (kept.status_code, kept.cookies["language"], shell.accounts.language(mel.id)) == (204, "zh", "zh")
    visitor.cookies.clear()
    done = visitor.post("/login", data={"name": "Mel", "password": PASSWORD, "next": "/en/?room=knowledge"})
    assert (done.headers["location"], done.cookies["language"]) == ("/zh/?room=knowledge", "zh")
    visitor.cookies.delete("language")
    assert visitor.get("/").headers["location"] == "/zh/"


def test_a_language_is_kept_for_who_is_signed_in_alone(shell: Shell, visitor: TestClient) -> None:
    assert visitor.post("/language", data={"language": "zh"}).status_code == 401
    mel = shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    visitor.cookies.set("collab_session", shell.sessions.sign_in("Mel", PASSWORD))
    assert visitor.post("/language", data={"language": "fr"}).status_code == 404
    assert shell.accounts.language(mel.id) is None
