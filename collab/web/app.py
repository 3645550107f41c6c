"""Puts the web application together: health, pages, API and the screen, behind host check, size limit and wall."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from collab import VERSION, api
from collab.api.docs import OPENAPI_PATH
from collab.api.errors import as_json
from collab.people.access import Actor
from collab.texts import LANGUAGES
from collab.web import health, library_export, uploads
from collab.web.front import Front
from collab.web.headers import SecurityHeaders
from collab.web.heads import Heads
from collab.web.hosts import Hosts
from collab.web.keeping import Keeping
from collab.web.link_pages import LinkPages
from collab.web.pages import Pages
from collab.web.requests import Requests
from collab.web.sizes import Sizes
from collab.web.wall import Wall
from knowledge.errors import CollabError

if TYPE_CHECKING:
    from gradio import Blocks

    from collab.services import Services

Options = dict[str, Any]


def build_app(services: "Services") -> ASGIApp:
    """The whole application. Importing Gradio takes two seconds, so it happens here and not on import."""
    from collab import ui
    from collab.ui.runs import Runs

    runs = Runs()
    screens = {language: (ui.build(services, language, runs), ui.mount_options(language)) for language in LANGUAGES}
    return assemble(services, api.router(services), screens, runs.leave)


def assemble(
    services: "Services",
    resources: APIRouter,
    screens: Mapping[str, tuple["Blocks", Options]],
    end: Callable[[Actor, str], None] = lambda actor, conversation: None,
) -> ASGIApp:
    """The application around a given API and screens, each with how to mount it and its head, by language. `end` ends
    what a screen is answering to a person in a conversation.
    """
    settings = services.settings
    app = FastAPI(
        title="Collab",
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        openapi_url=OPENAPI_PATH,
        lifespan=lambda _: uploads.kept_small(settings.data / uploads.FOLDER),
    )
    app.add_middleware(CORSMiddleware, allow_origins=())  # none; and Gradio, seeing it, reflects no origin either
    app.add_exception_handler(CollabError, _told)
    app.include_router(health.router(services))
    front = Front(services.accounts, services.sessions, settings)
    app.include_router(Pages(front, services.accounts, services.sessions, services.setup).router())
    app.include_router(LinkPages(front, services.links).router())
    app.include_router(library_export.router(services))
    app.include_router(Keeping(services, end).router())
    app.include_router(resources)
    heads = {f"/{language}/": options.get("head", "") for language, (_, options) in screens.items()}
    for language, (screen, options) in screens.items():
        _mount(app, f"/{language}", screen, {**options, "head": None})
    inside = Sizes(Wall(Heads(app, heads), services.sessions), settings.upload_mb, settings.data)
    return Requests(SecurityHeaders(Hosts(inside, settings)))


def _mount(app: FastAPI, path: str, screen: "Blocks", options: Options) -> None:
    from gradio import mount_gradio_app

    mount_gradio_app(app, screen, path, auth_dependency=_person, **options)
    screen.has_launched = True  # mounting leaves it out, and without it Gradio checks no path that a request names


def _person(request: Request) -> str:
    """The id of the person whom the wall has let in; Gradio hands it to handlers as `request.username`."""
    person_id: str = request.state.actor.id
    return person_id


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, CollabError)  # what it is registered for
    return as_json(error)
