"""`/docs`: the API described and tried out in the browser. Its script and style come from this server."""

from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter
from fastapi.openapi.docs import get_swagger_ui_html
from starlette.responses import FileResponse, HTMLResponse, Response

from collab.api.errors import as_json
from knowledge.errors import NotFoundError

OPENAPI_PATH = "/v1/openapi.json"
_FILES = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css", "favicon.png": "image/png"}


def add_routes(router: APIRouter) -> None:
    """Adds the page; it holds no data and needs no key."""
    static = Path(str(files("fastapi_offline"))) / "static"

    @router.get("/docs", include_in_schema=False)
    def page() -> HTMLResponse:
        return get_swagger_ui_html(
            openapi_url=OPENAPI_PATH,
            title="Collab API",
            swagger_js_url="/docs/swagger-ui-bundle.js",
            swagger_css_url="/docs/swagger-ui.css",
            swagger_favicon_url="/docs/favicon.png",
            swagger_ui_parameters={"persistAuthorization": False},
        )

    @router.get("/docs/{name}", include_in_schema=False)
    def file(name: str) -> Response:
        if name not in _FILES:
            return as_json(NotFoundError(what="page"))
        return FileResponse(static / name, media_type=_FILES[name])
