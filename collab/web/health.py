"""Is the process alive, can it answer, and how is it: told without names, paths or texts.

Whoever asks is told the first two; the numbers are for administrators' keys and for the token in the settings.
"""

import hmac
from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from collab.api.auth import key_of
from collab.api.errors import WAIT_S, as_json
from collab.errors import KeyRefusedError
from collab.metrics import CONTENT_TYPE
from collab.people.access import Role
from knowledge.errors import CollabError, StorageError

if TYPE_CHECKING:
    from collab.services import Services

_REASONS = {
    "database": "The database cannot be read. The log says why.",
    "schema": "The database is not the one that this process began with, or has another schema. Restart the process.",
    "disk": "Less than 500 MB are free where the data is kept. Make room, or move it to a larger disk.",
    "index": "Passages and corrections are being made searchable. Wait; if it stays, the log says why.",
    "models": "The language model is being loaded. Wait; if it stays, the log says why.",
}


def router(services: "Services") -> APIRouter:
    """`/livez` answers while the process does; `/readyz` is 200 only when people can be answered and what they write be
    kept; `/metrics` is for Prometheus.
    """
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        missing = [*_wrong_with_storage(services), *_not_loaded(services)]
        told = {"ready": not missing, "missing": missing, "reasons": {name: _REASONS[name] for name in missing}}
        if missing:
            return JSONResponse(told, status_code=503, headers={"Retry-After": str(WAIT_S)})
        return JSONResponse(told)

    @routes.get("/metrics")
    def metrics(request: Request) -> Response:
        try:
            _require_admin(services, key_of(request))
        except CollabError as error:
            return as_json(error)
        return Response(services.metrics.text(), media_type=CONTENT_TYPE)

    return routes


def _wrong_with_storage(services: "Services") -> list[str]:
    try:
        wrong = [] if services.vitals.is_schema_current() else ["schema"]
    except StorageError:
        wrong = ["database"]
    return wrong if services.vitals.has_space() else [*wrong, "disk"]


def _not_loaded(services: "Services") -> list[str]:
    models = services.models
    return [name for name, is_there in (("index", models.finds), ("models", models.is_ready)) if not is_there]


def _require_admin(services: "Services", key: str) -> None:
    """Raises KeyRefusedError unless it is an administrator's key, or the token in the settings."""
    token = services.settings.metrics_token.get_secret_value()
    if token and hmac.compare_digest(key.encode(), token.encode()):
        return
    if services.keys.actor_of(key).role is not Role.ADMIN:
        raise KeyRefusedError
