"""Puts the web application together: health, pages, API and the screen, behind host check, size limit and wall."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, FastAPI, Request
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from collab.texts import LANGUAGES
from collab.web import health
from collab.web.headers import SecurityHeaders
from collab.web.hosts import Hosts
from collab.web.pages import Pages
from collab.web.replies import as_json
from collab.web.sizes import Sizes
from collab.web.wall import Wall
from knowledge.errors import CollabError

if TYPE_CHECKING:
    from gradio import Blocks

    from collab.services import Services


def build_app(services: "Services") -> ASGIApp:
    """The whole application. Importing Gradio takes two seconds, so it happens here and not on import."""
    from collab import api, ui

    return assemble(services, api.router(services), lambda language: ui.build(services, language), ui.mount_options)


def assemble(
    services: "Services",
    api: APIRouter,
    build_screen: Callable[[str], "Blocks"],
    mount_options: Callable[[str], dict[str, Any]],
) -> ASGIApp:
    """The application around a given API and a screen for each language."""
    settings = services.settings
    app = FastAPI(title="Collab", docs_url=None, redoc_url=None, openapi_url="/v1/openapi.json")
    app.add_middleware(CORSMiddleware, allow_origins=())  # none; and Gradio, seeing it, reflects no origin either
    app.add_exception_handler(CollabError, _told)
    app.include_router(health.router(services.database, services.models))
    app.include_router(Pages(services.accounts, settings).router())
    app.include_router(api)
    for language in LANGUAGES:
        _mount(app, language, build_screen(language), mount_options(language))
    inside = Sizes(Wall(app, services.accounts), settings.upload_mb)
    return SecurityHeaders(Hosts(inside, settings))


def _mount(app: FastAPI, language: str, screen: "Blocks", options: dict[str, Any]) -> None:
    from gradio import mount_gradio_app

    mount_gradio_app(app, screen, f"/{language}", auth_dependency=_person, **options)


def _person(request: Request) -> str:
    """The id of the person whom the wall has let in; Gradio hands it to handlers as `request.username`."""
    person_id: str = request.state.actor.id
    return person_id


async def _told(request: Request, error: Exception) -> Response:
    assert isinstance(error, CollabError)  # what it is registered for
    return as_json(error)
