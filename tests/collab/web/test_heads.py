"""Our head stands in Gradio's page before anything of Gradio's runs."""

import asyncio

import pytest
from starlette.testclient import TestClient

from collab.people.access import Role
from collab.web.app import assemble
from tests.collab.web.conftest import OPTIONS, PASSWORD, Shell, tiny_api, tiny_page, visit


@pytest.fixture
def page(shell: Shell) -> str:
    """The page of one who is signed in, whose browser takes compressed answers."""

    async def build() -> TestClient:  # Gradio opens an event loop that it never closes, unless one runs
        options = {**OPTIONS, "head": '<script src="/static/early.js"></script>'}
        return visit(assemble(shell, tiny_api(), {"en": (tiny_page(shell), options)}))

    shell.accounts.add("Mel", PASSWORD, Role.MEMBER)
    with asyncio.run(build()) as browser:
        browser.cookies.set("collab_session", shell.sessions.sign_in("Mel", PASSWORD))
        reply = browser.get("/en/", headers={"Accept-Encoding": "gzip, br"})
    assert int(reply.headers["content-length"]) == len(reply.content)
    assert reply.headers.get("content-encoding") is None
    return reply.text


def test_our_head_comes_before_any_module_and_only_once(page: str) -> None:
    assert page.count("early.js") == 1
    assert page.index("early.js") < page.index('<script type="module"') < page.index("</head>")


def test_nothing_is_named_that_a_browser_asks_for_without_a_session(page: str) -> None:
    assert "manifest" not in page.replace('"pwa"', "")
