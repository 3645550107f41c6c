"""REST on the same services as the screen: one module a resource. It decides nothing that a service should decide."""

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Depends, Request
from fastapi.routing import APIRoute
from starlette.responses import Response
from starlette.routing import Match

from collab.api import (
    adapters,
    cards,
    chat,
    corrections,
    curve,
    docs,
    documents,
    feedback,
    models,
    search,
    teaching,
    training,
    unaided,
)
from collab.api.auth import bearer, guarded
from collab.api.errors import ErrorReply, as_json
from collab.errors import MethodUnknownError, PathUnknownError

if TYPE_CHECKING:
    from collab.services import Services

_EVERY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
_ERRORS: dict[int | str, dict[str, Any]] = {"4XX": {"model": ErrorReply}, "5XX": {"model": ErrorReply}}


def router(services: "Services") -> APIRouter:
    """Everything under /v1, and the page that describes it at /docs."""
    resources = APIRouter(
        prefix="/v1",
        tags=["v1"],
        route_class=guarded(services.keys),
        dependencies=[Depends(bearer)],
        responses=_ERRORS,
        generate_unique_id_function=_operation,
    )
    chat.add_routes(resources, services)
    models.add_routes(resources)
    feedback.add_routes(resources, services)
    corrections.add_routes(resources, services)
    curve.add_routes(resources, services)
    cards.add_routes(resources, services)
    teaching.add_routes(resources, services)
    documents.add_routes(resources, services)
    search.add_routes(resources, services)
    training.add_routes(resources, services)
    adapters.add_routes(resources, services)
    unaided.add_routes(resources, services)

    everything = APIRouter()
    everything.include_router(resources)
    docs.add_routes(everything)
    _add_the_rest(everything, resources)
    return everything


def _operation(route: APIRoute) -> str:
    """What is done, and to what: `approve_corrections`. Generated clients name their calls by it."""
    parts = [part.replace("-", "_") for part in route.path_format.split("/")[2:]]
    subjects = [part for part in parts if "{" not in part and part not in route.name]
    return "_".join([route.name, *subjects])


def _add_the_rest(everything: APIRouter, resources: APIRouter) -> None:
    """What no resource takes is told in the same shape as every other error."""

    @everything.api_route("/v1/{path:path}", methods=_EVERY_METHOD, include_in_schema=False)
    def refuse(request: Request) -> Response:
        """No such address, or not in this way."""
        matches = [route for route in resources.routes if route.matches(request.scope)[0] is not Match.NONE]
        path = request.url.path[:100]
        if not matches:
            return as_json(PathUnknownError(path=path))
        reply = as_json(MethodUnknownError(path=path, method=request.method))
        reply.headers["Allow"] = ", ".join(sorted({m for route in matches for m in getattr(route, "methods", ())}))
        return reply
