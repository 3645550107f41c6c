"""What the pages around the screen share: their templates, the visitor's language, and the cookie of a session.

Templates stand in `assets/pages`; they get `t` (the words), `language`, `error` (a sentence or None) and what each page
names.
"""

import re
from pathlib import Path

from fastapi import Request
from jinja2 import Environment, FileSystemLoader
from starlette.responses import HTMLResponse, RedirectResponse, Response

from collab.config import Settings
from collab.errors import SignInNeededError
from collab.people.access import Actor
from collab.people.accounts import Accounts
from collab.people.sessions import COOKIE, Sessions
from collab.texts import load_texts
from collab.web.browsers import browser_of
from collab.web.hosts import is_https
from collab.web.languages import LANGUAGE_COOKIE, language_of
from knowledge.errors import CollabError

ASSETS = Path(__file__).parents[2] / "assets"
_YEAR_S = 365 * 86400
_OWN_PATH = re.compile(r"(?P<language>/(?:en|zh))?(?P<inside>/(?:\?[A-Za-z0-9._~%&=+-]{0,500})?)")


class Front:
    """Draws pages, and leads those who may to the screen."""

    def __init__(self, accounts: Accounts, sessions: Sessions, settings: Settings) -> None:
        self._accounts = accounts
        self._sessions = sessions
        self._settings = settings
        self._is_https = is_https(settings)
        self._templates = Environment(loader=FileSystemLoader(ASSETS / "pages"), autoescape=True)

    def page(
        self, request: Request, template: str, error: CollabError | None = None, **values: str | bool
    ) -> HTMLResponse:
        """A page in the visitor's language, with the status of the error if there is one."""
        language = language_of(request, self._settings.language)
        t = load_texts(language)
        told = None if error is None else t.error(error.code, error.params)
        markup = self._templates.get_template(template).render(t=t, language=language, error=told, **values)
        wait_s = getattr(error, "retry_after_s", None)
        response = HTMLResponse(
            markup,
            status_code=200 if error is None else error.status,
            headers=None if wait_s is None else {"Retry-After": str(wait_s)},
        )
        self.remember_language(response, language)
        return response

    def visitor(self, request: Request) -> Actor | None:
        """Who is signed in with this browser."""
        try:
            return self._sessions.actor_of(request.cookies.get(COOKIE, ""))
        except SignInNeededError:
            return None

    def lead_on(self, request: Request, actor: Actor | None, path: str = "") -> Response:
        """To a page of the screen, and nowhere else, in the language that the person chose."""
        chosen = self._accounts.language(actor.id) if actor else None
        own = _OWN_PATH.fullmatch(path)
        if own and own["language"] and not chosen:
            return RedirectResponse(path, status_code=303)
        language = chosen or language_of(request, self._settings.language)
        response = RedirectResponse(f"/{language}" + (own["inside"] if own else "/"), status_code=303)
        if chosen:
            self.remember_language(response, language)
        return response

    def let_in(self, request: Request, token: str, path: str = "") -> Response:
        """To the screen with a new session, in place of the one that this browser had before."""
        self.end_session(request)
        response = self.lead_on(request, self._sessions.actor_of(token), path)
        response.set_cookie(
            COOKIE,
            token,
            max_age=self._settings.session_days * 86400,
            httponly=True,
            samesite="lax",
            secure=self._is_https,
        )
        return response

    def end_session(self, request: Request) -> None:
        """Signs this browser out, if it was signed in."""
        if token := request.cookies.get(COOKIE):
            self._sessions.sign_out(token)

    def forget_session(self, response: Response) -> None:
        """Takes the cookie from the browser."""
        response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=self._is_https)

    def remember_language(self, response: Response, language: str) -> None:
        """In the browser, for whoever uses it next."""
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="lax", secure=self._is_https)


def address_of(request: Request) -> str:
    """Where the request comes from, as far as is known."""
    return request.client.host if request.client else ""


def agent_of(request: Request) -> str:
    """The browser's plain name."""
    return browser_of(request.headers.get("user-agent", "")[:1000])
