"""The pages around the screen: sign in, sign out, the first admin, and the way to one's language. No JavaScript needed.

Templates stand in `assets/pages`; they get `t` (the words), `language`, `error` (a sentence or None) and what each page
names below.
"""

import re
from pathlib import Path
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from jinja2 import Environment, FileSystemLoader
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response

from collab.config import Settings
from collab.errors import NoAdminError, PasswordsDifferError, SignInNeededError
from collab.people.accounts import Accounts
from collab.texts import load_texts
from collab.web.hosts import is_https
from collab.web.languages import LANGUAGE_COOKIE, language_of
from collab.web.wall import SESSION_COOKIE
from knowledge.errors import CollabError, NotFoundError

ASSETS = Path(__file__).parents[2] / "assets"
_SCRIPTS = ("early.js", "app.js", "messages.js", "forms.js", "diff.js", "files.js", "notices.js")
STATIC = ("theme.css", *_SCRIPTS, "icons.svg", "logo.svg")
_YEAR_S = 365 * 86400
_OWN_PATH = re.compile(r"/(?:en|zh)/(?:\?[A-Za-z0-9._~%&=+-]{0,500})?")
Field = Annotated[str, Form()]


class Pages:
    """The handlers of the pages; `router()` says where each stands."""

    def __init__(self, accounts: Accounts, settings: Settings) -> None:
        self._accounts = accounts
        self._settings = settings
        self._is_https = is_https(settings)
        self._templates = Environment(loader=FileSystemLoader(ASSETS / "pages"), autoescape=True)

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(include_in_schema=False)
        router.get("/")(self.root)
        router.get("/login")(self.show_login)
        router.post("/login")(self.sign_in)
        router.post("/logout")(self.sign_out)
        router.get("/setup")(self.show_setup)
        router.post("/setup")(self.claim)
        router.get("/static/{name}")(static)
        router.get("/favicon.ico")(favicon)
        return router

    def root(self, request: Request) -> Response:
        """To the first admin's page with the link's token, else to the screen in the visitor's language."""
        if token := request.query_params.get("token"):
            return RedirectResponse("/setup?" + urlencode({"token": token}), status_code=303)
        return RedirectResponse(f"/{language_of(request, self._settings.language)}/", status_code=303)

    def show_login(self, request: Request, next: str = "") -> Response:
        """The form; who is signed in already goes on."""
        try:
            self._accounts.actor_of_session(request.cookies.get(SESSION_COOKIE, ""))
        except SignInNeededError:
            return self._page(request, "login.html", name="", next=next)
        return self._go_on(request, next)

    def sign_in(self, request: Request, name: Field = "", password: Field = "", next: Field = "") -> Response:
        """Opens a session, or shows the form again with what went wrong."""
        address = request.client.host if request.client else ""
        try:
            token = self._accounts.sign_in(name, password, address)
        except CollabError as error:
            return self._page(request, "login.html", error, name=name, next=next)
        self._end_session(request)  # the one that this browser had before
        return self._with_session(self._go_on(request, next), token)

    def sign_out(self, request: Request) -> Response:
        """Ends the session and leads to the form."""
        self._end_session(request)
        response = RedirectResponse("/login", status_code=303)
        response.delete_cookie(SESSION_COOKIE, httponly=True, samesite="lax", secure=self._is_https)
        return response

    def show_setup(self, request: Request, token: str = "") -> Response:
        """The first admin's form; a link that is no good shows why, and no form."""
        try:
            self._accounts.check_setup(token)
        except CollabError as error:
            return self._page(request, "setup.html", error, name="", token="")
        return self._page(request, "setup.html", name="", token=token)

    def claim(
        self, request: Request, token: Field = "", name: Field = "", password: Field = "", again: Field = ""
    ) -> Response:
        """Spends the link, makes the first admin and signs them in."""
        try:
            self._accounts.check_setup(token)
        except CollabError as error:
            return self._page(request, "setup.html", error, name="", token="")
        try:
            if password != again:
                raise PasswordsDifferError
            session = self._accounts.claim(token, name, password)
        except CollabError as error:
            return self._page(request, "setup.html", error, name=name, token=token)
        return self._with_session(self._go_on(request, ""), session)

    def _page(self, request: Request, template: str, error: CollabError | None = None, **values: str) -> HTMLResponse:
        language = language_of(request, self._settings.language)
        t = load_texts(language)
        told = None if error is None else t.error(error.code, error.params)
        markup = self._templates.get_template(template).render(
            t=t, language=language, error=told, needs_setup=self._needs_setup(), **values
        )
        wait_s = getattr(error, "retry_after_s", None)
        response = HTMLResponse(
            markup,
            status_code=200 if error is None else error.status,
            headers=None if wait_s is None else {"Retry-After": str(wait_s)},
        )
        self._remember_language(response, language)
        return response

    def _needs_setup(self) -> bool:
        try:
            self._accounts.first_admin()
        except NoAdminError:
            return True
        return False

    def _go_on(self, request: Request, path: str) -> Response:
        """To a page of the screen, and nowhere else."""
        own = path if _OWN_PATH.fullmatch(path) else f"/{language_of(request, self._settings.language)}/"
        return RedirectResponse(own, status_code=303)

    def _with_session(self, response: Response, token: str) -> Response:
        response.set_cookie(
            SESSION_COOKIE,
            token,
            max_age=self._settings.session_days * 86400,
            httponly=True,
            samesite="lax",
            secure=self._is_https,
        )
        return response

    def _end_session(self, request: Request) -> None:
        if token := request.cookies.get(SESSION_COOKIE):
            self._accounts.sign_out(token)

    def _remember_language(self, response: Response, language: str) -> None:
        response.set_cookie(LANGUAGE_COOKIE, language, max_age=_YEAR_S, samesite="lax", secure=self._is_https)


def static(name: str) -> Response:
    """One of our own files. Raises NotFoundError for any other name."""
    if name not in STATIC:
        raise NotFoundError(what="page")
    return FileResponse(ASSETS / name)


def favicon() -> Response:
    """Browsers ask for it by this name before they have read the page."""
    return FileResponse(ASSETS / "logo.svg")
