import re

import pytest
from starlette.testclient import TestClient

from collab.people.access import Role
from knowledge.database import Database
from tests.collab.web.conftest import PASSWORD, Shell, make_shell, visit, without_screen


def link(shell: Shell) -> str:
    token = shell.setup.link()
    assert token is not None
    return token


def claim(visitor: TestClient, token: str, **form: str) -> object:
    filled = {"token": token, "name": "Ada", "password": PASSWORD, "again": PASSWORD, **form}
    return visitor.post("/setup", data=filled)


# --- the way in -----------------------------------------------------------------------------------------------------


def test_signing_in_sets_a_cookie_that_scripts_and_other_sites_do_not_get(visitor: TestClient, shell: Shell) -> None:
    shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    reply = visitor.post("/login", data={"name": "mel", "password": PASSWORD})
    (cookie,) = (value for value in reply.headers.get_list("set-cookie") if value.startswith("collab_session="))
    assert re.fullmatch(r"collab_session=[A-Za-z0-9_-]{43}; HttpOnly; Max-Age=1209600; Path=/; SameSite=lax", cookie), (
        cookie
    )


@pytest.mark.parametrize("name", ["Mel", "nobody"])
def test_a_wrong_password_shows_the_form_again(visitor: TestClient, shell: Shell, name: str) -> None:
    shell.accounts.add("Mel", PASSWORD, Role.ADMIN)
    reply = visitor.post("/login", data={"name": name, "password": "a wrong password"})
    assert reply.status_code == 401
    assert "The name or the password is not right." in reply.text
    assert f'value="{name}"' in reply.text
    assert "a wrong password" not in reply.text
    assert "collab_session" not in reply.headers.get("set-cookie", "")


def test_after_five_failures_the_page_says_how_long_to_wait(visitor: TestClient) -> None:
    for _ in range(5):
        assert visitor.post("/login", data={"name": "x", "password": "y" * 10}).status_code == 401
    reply = visitor.post("/login", data={"name": "x", "password": "y" * 10})
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "2")
    assert "Wait 2 seconds" in reply.text


def test_what_was_typed_is_shown_as_text(visitor: TestClient) -> None:
    evil = '"><script>alert(1)</script>{{7*7}}'
    page = visitor.post("/login", data={"name": evil, "password": "x", "next": evil}).text
    assert "<script>alert" not in page
    assert "49" not in page
    assert "{{7*7}}" in page
    assert "<script>alert" not in visitor.get("/login", params={"next": evil}).text


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/zh/?room=review", "/zh/?room=review"),
        ("", "/en/"),
        ("https://evil.example/", "/en/"),
        ("//evil.example/", "/en/"),
        ("/\\evil.example/", "/en/"),
        ("/en/\\evil", "/en/"),
        ("javascript:alert(1)", "/en/"),
        ("/en/\r\nSet-Cookie: a=b", "/en/"),
        ("/logout", "/en/"),
        ("/en/../logout", "/en/"),
        ("/en@evil.example", "/en/"),
        ("/en/" + "x" * 600, "/en/"),
    ],
)
def test_after_signing_in_one_is_led_to_our_own_pages_only(
    visitor: TestClient, shell: Shell, asked: str, led: str
) -> None:
    shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    form = {"name": "Mel", "password": PASSWORD, "next": asked}
    reply = visitor.post("/login", data=form, headers={"Accept-Language": "en"})
    assert (reply.status_code, reply.headers["location"]) == (303, led)
    assert visitor.get("/login", params={"next": asked}).headers["location"] == led


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/", "/zh/"),
        ("/?room=review&case=c1", "/zh/?room=review&case=c1"),
        ("/?x=" + "y" * 600, "/zh/"),
        ("/?x=%0d%0aSet-Cookie:a=b", "/zh/"),
    ],
)
def test_an_address_without_a_language_leads_to_the_same_place(mel: TestClient, asked: str, led: str) -> None:
    reply = mel.get(asked, headers={"Accept-Language": "zh"})
    assert (reply.status_code, reply.headers["location"]) == (303, led)
    assert mel.get("/login", params={"next": asked}, headers={"Accept-Language": "zh"}).headers["location"] == led


def test_signing_in_again_ends_the_session_before(visitor: TestClient, shell: Shell, mel: TestClient) -> None:
    old = mel.cookies["collab_session"]
    assert mel.post("/login", data={"name": "Mel", "password": PASSWORD}).status_code == 303
    assert visitor.get("/en/config", headers={"Cookie": f"collab_session={old}"}).status_code == 401


def test_signing_out_takes_the_cookie_back_and_is_no_link(mel: TestClient) -> None:
    assert mel.get("/logout").status_code == 405
    reply = mel.post("/logout")
    assert (reply.status_code, reply.headers["location"]) == (303, "/login")
    assert 'collab_session=""' in reply.headers["set-cookie"]
    assert mel.get("/en/config").status_code == 401
    assert mel.post("/logout").status_code == 303


# --- the first admin ------------------------------------------------------------------------------------------------


def test_the_printed_link_leads_to_the_setup_page(visitor: TestClient, shell: Shell) -> None:
    token = link(shell)
    reply = visitor.get(f"/?token={token}")
    assert (reply.status_code, reply.headers["location"]) == (303, f"/setup?token={token}")
    page = visitor.get(reply.headers["location"])
    assert page.status_code == 200
    assert f'name="token" value="{token}"' in page.text
    assert page.headers["referrer-policy"] == "same-origin"
    assert set(re.findall(r'(?:src|href|action)="([^"/]*/[^"]*)"', page.text)) <= {
        "/static/theme.css", "/static/narrow.css", "/static/logo.svg", "/static/early.js", "/setup", "/login",
    }  # fmt: skip


def test_the_form_makes_the_first_admin_once(visitor: TestClient, shell: Shell) -> None:
    token = link(shell)
    assert 'data-testid="needs-setup"' in visitor.get("/login").text
    reply = claim(visitor, token)
    assert (reply.status_code, reply.headers["location"]) == (303, "/en/")
    assert shell.accounts.first_admin().name == "Ada"
    assert visitor.get("/en/").status_code == 404  # behind the wall, where this application has no screen
    assert 'data-testid="needs-setup"' not in visitor.get("/login").text
    again = claim(visitor, token, name="Eve")
    assert again.status_code == 403
    assert "This link is not valid" in again.text
    assert "<form" not in again.text


@pytest.mark.parametrize(
    ("form", "status", "said"),
    [
        ({"again": "something else 42"}, 422, "The two passwords are not the same."),
        ({"password": "short", "again": "short"}, 422, "A password has 10 to 200 characters"),
        ({"name": " "}, 422, "This name cannot be used"),
        ({"name": "a\u202eb"}, 422, "This name cannot be used"),
    ],
)
def test_a_mistake_keeps_the_link_and_the_name(
    visitor: TestClient, shell: Shell, form: dict[str, str], status: int, said: str
) -> None:
    token = link(shell)
    reply = claim(visitor, token, **form)
    assert reply.status_code == status
    assert said in reply.text
    assert token in reply.text
    assert claim(visitor, token).status_code == 303


@pytest.mark.parametrize("token", ["", "wrong", "\x00", "<script>", "x" * 5000])
def test_a_wrong_link_shows_why_and_no_form(visitor: TestClient, shell: Shell, token: str) -> None:
    link(shell)
    for reply in (visitor.get("/setup", params={"token": token}), claim(visitor, token)):
        assert reply.status_code == 403
        assert "This link is not valid" in reply.text
        assert "<form" not in reply.text
        assert "<script>" not in reply.text.replace("<script src", "")


# --- language -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("headers", "led"),
    [
        ({}, "/en/"),
        ({"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}, "/zh/"),
        ({"Accept-Language": "en;q=0.5, zh;q=0.9"}, "/zh/"),
        ({"Accept-Language": "fr, de;q=0.9, zh-TW;q=0.1"}, "/zh/"),
        ({"Accept-Language": "zh;q=0, en"}, "/en/"),
        ({"Accept-Language": "fr"}, "/en/"),
        ({"Accept-Language": ";;q=,,=,q=x, *;q=0.1"}, "/en/"),
        ({"Accept-Language": "zh", "Cookie": "language=en"}, "/en/"),
        ({"Accept-Language": "zh", "Cookie": "language=evil"}, "/zh/"),
    ],
)
def test_one_is_led_to_ones_language(visitor: TestClient, headers: dict[str, str], led: str) -> None:
    reply = visitor.get("/", headers={"Accept-Language": "", **headers})
    assert (reply.status_code, reply.headers["location"]) == (303, led)


def test_the_setting_decides_when_nothing_else_does(database: Database) -> None:
    with visit(without_screen(make_shell(database, language="zh"))) as visitor:
        assert visitor.get("/", headers={"Accept-Language": "fr"}).headers["location"] == "/zh/"


def test_a_chosen_language_is_shown_and_remembered(visitor: TestClient) -> None:
    assert '<html lang="zh">' in visitor.get("/login?language=zh").text
    assert visitor.get("/", headers={"Accept-Language": "en"}).headers["location"] == "/zh/"


def test_choosing_a_language_keeps_where_one_was_going_and_the_link(visitor: TestClient, shell: Shell) -> None:
    there = visitor.get("/login", params={"next": "/en/?room=review", "language": "en"}).text
    assert 'href="?language=zh&amp;next=/en/%3Froom%3Dreview"' in there
    token = link(shell)
    assert f'href="?language=zh&amp;token={token}"' in visitor.get(f"/setup?token={token}&language=en").text
