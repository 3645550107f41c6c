"""What every handler of the page shares: the services, the words, the answers under way, and one place for errors.

A handler is a module-level function `(screen, actor, act) -> Iterator[Update]`; an Update names regions of the page and
the markup they now show. Who acts is looked up on every call, from the person that the wall has put on the request.
"""

import logging
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import gradio as gr
from pydantic import TypeAdapter, ValidationError

from collab import logs
from collab.errors import RequestUnreadableError, UnexpectedError
from collab.people.access import Actor
from collab.texts import Texts
from collab.ui.acts import Act
from collab.ui.ordering import InOrder
from collab.ui.present import frame
from collab.ui.runs import Runs
from collab.ui.visit import Visit
from knowledge.database import new_id
from knowledge.errors import CollabError

if TYPE_CHECKING:
    from collab.services import Services

log = logging.getLogger(__name__)

RUNNING = ("running", "running-2", "running-3")  # each shows one answer under way
_OTHER_ROOMS = ("review", "knowledge", "learning", "comparison", "unaided", "alignment", "people", "system", "account")
REGIONS = ("top", "side", "history", *RUNNING, "panel", *_OTHER_ROOMS, "toast")
Update = dict[str, str]


@dataclass(frozen=True, slots=True)
class Screen:
    """One language of the page. Answers under way are those of every language."""

    services: "Services"
    texts: Texts
    runs: Runs
    request: gr.Request | None = None

    def read_by(self, request: gr.Request) -> "Screen":
        """The same page with times on the clock of the browser, which names its zone."""
        return replace(self, texts=self.texts.in_zone(request.cookies.get("zone", "")), request=request)

    @property
    def visit(self) -> Visit:
        """What the request that is being answered says of its browser."""
        return Visit() if self.request is None else Visit.of(self.request, self.services.settings.public_url)

    def toast(self, message: str, *, action: str = "", is_partial: bool = False) -> Update:
        """Says what an act did; what was done in part alone carries a warning, and no tick."""
        drawing = "warning" if is_partial else "tick"
        return {"toast": frame.toast(self.texts, message, nonce=new_id(), action=action, drawing=drawing)}

    def problem(self, *errors: CollabError, about: str = "") -> Update:
        """Says what went wrong, in the person's language. `about` is the form that keeps what was typed."""
        message = "\n".join(self.texts.error(error.code, error.params) for error in errors)
        return {"toast": frame.toast(self.texts, message, nonce=new_id(), is_error=True, about=about)}


Handler = Callable[[Screen, Actor, Any], Iterator[Update]]


def on_message(
    screen: Screen, acts: TypeAdapter[Act], handler: Handler, line: InOrder | None = None
) -> Callable[..., Iterator[Any]]:
    """What Gradio calls when the page sends a message: reads it, and hands it to `handler`; where there is a `line`,
    once what the page sent before is answered.
    """

    def receive(request: gr.Request, message: str) -> Iterator[Any]:
        def work(screen: Screen, actor: Actor) -> Iterator[Update]:
            with reading():
                act = acts.validate_json(message)
            yield from handler(screen, actor, act)

        with nullcontext() if line is None else line.turn(request.session_hash or ""):
            yield from respond(screen, request, work)

    return receive


@contextmanager
def reading() -> Iterator[None]:
    """What the page sent is not what was agreed: RequestUnreadableError says so."""
    try:
        yield
    except ValidationError as error:
        raise RequestUnreadableError(reason=error.errors()[0]["msg"]) from error


def respond(screen: Screen, request: gr.Request, work: Callable[[Screen, Actor], Iterator[Update]]) -> Iterator[Any]:
    """Runs `work` for the signed-in person and yields values for all regions; an error becomes a message."""
    state = getattr(request, "state", None)
    return logs.steps_belonging_to(
        _respond(screen.read_by(request), request, work),
        request=getattr(state, "request_id", ""),
        person=request.username or "",
    )


def _respond(
    screen: Screen, request: gr.Request, work: Callable[[Screen, Actor], Iterator[Update]]
) -> Generator[Any, None, None]:
    try:
        actor = screen.services.accounts.actor(request.username or "")
        update: Update | None = None
        for update in work(screen, actor):
            yield values(update)
        if update is None:  # Gradio would empty every region that a silent generator could have filled
            yield values({})
    except CollabError as error:
        yield values(screen.problem(error))
    except Exception:  # a request ends here: the person is told, and the log has the trace
        log.exception("A handler of the page failed")
        yield values(screen.problem(UnexpectedError()))


def values(update: Update) -> list[Any]:
    """One value for each region, in order; a region that is not named stays as it is."""
    return [update.get(name, gr.skip()) for name in REGIONS]
