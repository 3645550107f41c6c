"""The pages behind one-time links: join by invitation, and a new password. Whoever holds the link needs no session."""

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from collab.errors import PasswordsDifferError
from collab.people.links import Links
from collab.people.records import LinkKind
from collab.web.front import Front, address_of, agent_of
from collab.web.pages import Field
from knowledge.errors import CollabError


class LinkPages:
    """The handlers of the pages, each of which stands under the kind of its link.

    A link that is no good shows why, and no form.
    """

    def __init__(self, front: Front, links: Links) -> None:
        self._front = front
        self._links = links

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(include_in_schema=False)
        router.get("/invite")(self.show_invitation)
        router.post("/invite")(self.join)
        router.get("/reset")(self.show_reset)
        router.post("/reset")(self.change_password)
        return router

    def show_invitation(self, request: Request, token: str = "") -> Response:
        """The form for somebody new, with the name that the invitation proposes."""
        return self._form(request, LinkKind.INVITE, token)

    def show_reset(self, request: Request, token: str = "") -> Response:
        """The form for a new password."""
        return self._form(request, LinkKind.RESET, token)

    def join(
        self, request: Request, token: Field = "", name: Field = "", password: Field = "", again: Field = ""
    ) -> Response:
        """Spends the invitation and signs the new person in."""

        def spend() -> str:
            return self._links.join(token, name, password, address_of(request), agent_of(request))

        return self._spend(request, LinkKind.INVITE, token, name, password == again, spend)

    def change_password(self, request: Request, token: Field = "", password: Field = "", again: Field = "") -> Response:
        """Spends the link, signs out everywhere, and signs in here."""

        def spend() -> str:
            return self._links.change_password(token, password, address_of(request), agent_of(request))

        return self._spend(request, LinkKind.RESET, token, None, password == again, spend)

    def _form(
        self,
        request: Request,
        kind: LinkKind,
        token: str,
        problem: CollabError | None = None,
        name: str | None = None,
    ) -> HTMLResponse:
        try:
            link = self._links.look(token, kind, address_of(request))
        except CollabError as error:
            return self._front.page(request, f"{kind}.html", error, token="")
        shown = {"name": link.name if name is None else name, "role": link.role or "", "token": token}
        return self._front.page(request, f"{kind}.html", problem, **shown)

    def _spend(
        self,
        request: Request,
        kind: LinkKind,
        token: str,
        name: str | None,
        is_same: bool,
        spend: Callable[[], str],
    ) -> Response:
        try:
            if not is_same:
                raise PasswordsDifferError
            session = spend()
        except CollabError as problem:
            return self._form(request, kind, token, problem, name)
        return self._front.let_in(request, session)
