"""The pages around the screen: sign in, sign out, the first admin, and the way to one's language.

No JavaScript is needed.
"""

from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from collab.errors import NoAdminError, PasswordsDifferError
from collab.people.accounts import Accounts
from collab.people.sessions import Sessions
from collab.people.setup import Setup
from collab.texts import LANGUAGES
from collab.web.front import Front, address_of, agent_of
from collab.web.static import favicon, static
from knowledge.errors import CollabError, NotFoundError

Field = Annotated[str, Form()]


class Pages:
    """The handlers of the pages; `router()` says where each stands."""

    def __init__(self, front: Front, accounts: Accounts, sessions: Sessions, setup: Setup) -> None:
        self._front = front
        self._accounts = accounts
        self._sessions = sessions
        self._setup = setup

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(include_in_schema=False)
        router.get("/")(self.root)
        router.get("/login")(self.show_login)
        router.post("/login")(self.sign_in)
        router.post("/logout")(self.sign_out)
        router.get("/setup")(self.show_setup)
        router.post("/setup")(self.claim)
        router.post("/language")(self.set_language)
        router.get("/static/{name}")(static)
        router.get("/favicon.ico")(favicon)
        return router

    def root(self, request: Request) -> Response:
        """To the first admin's page with the link's token, else to the place that is asked for, in their language."""
        if token := request.query_params.get("token"):
            return RedirectResponse("/setup?" + urlencode({"token": token}), status_code=303)
        query = f"?{request.url.query}" if request.url.query else ""
        return self._front.lead_on(request, self._front.visitor(request), f"/{query}")

    def show_login(self, request: Request, next: str = "") -> Response:
        """The form; who is signed in already goes on."""
        visitor = self._front.visitor(request)
        if visitor is None:
            return self._login(request, name="", next=next)
        return self._front.lead_on(request, visitor, next)

    def sign_in(self, request: Request, name: Field = "", password: Field = "", next: Field = "") -> Response:
        """Opens a session, or shows the form again with what went wrong."""
        try:
            token = self._sessions.sign_in(name, password, address_of(request), agent_of(request))
        except CollabError as error:
            return self._login(request, error, name=name, next=next)
        return self._front.let_in(request, token, next)

    def sign_out(self, request: Request) -> Response:
        """Ends the session and leads to the form."""
        self._front.end_session(request)
        response = RedirectResponse("/login", status_code=303)
        self._front.forget_session(response)
        return response

    def show_setup(self, request: Request, token: str = "") -> Response:
        """The first admin's form; a link that is no good shows why, and no form."""
        try:
            self._setup.check(token)
        except CollabError as error:
            return self._front.page(request, "setup.html", error, name="", token="")
        return self._front.page(request, "setup.html", name="", token=token)

    def claim(
        self, request: Request, token: Field = "", name: Field = "", password: Field = "", again: Field = ""
    ) -> Response:
        """Spends the link, makes the first admin and signs them in."""
        try:
            self._setup.check(token)
        except CollabError as error:
            return self._front.page(request, "setup.html", error, name="", token="")
        try:
            if password != again:
                raise PasswordsDifferError
            session = self._setup.claim(token, name, password, agent_of(request))
        except CollabError as error:
            return self._front.page(request, "setup.html", error, name=name, token=token)
        return self._front.let_in(request, session)

    def set_language(self, request: Request, language: Field = "") -> Response:
        """Keeps the language that the signed-in person chose, for each of their browsers."""
        if language not in LANGUAGES:
            raise NotFoundError(what="page")
        self._accounts.set_language(request.state.actor, language)
        response = Response(status_code=204)
        self._front.remember_language(response, language)
        return response

    def _login(self, request: Request, error: CollabError | None = None, **values: str) -> HTMLResponse:
        return self._front.page(request, "login.html", error, needs_setup=self._needs_setup(), **values)

    def _needs_setup(self) -> bool:
        try:
            self._accounts.first_admin()
        except NoAdminError:
            return True
        return False
