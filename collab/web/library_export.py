"""All originals as one .zip, for whoever is signed in, at the address `/export/documents.zip` behind the wall."""

from typing import TYPE_CHECKING

from fastapi import APIRouter, Request
from starlette.responses import StreamingResponse

if TYPE_CHECKING:
    from collab.services import Services


def router(services: "Services") -> APIRouter:
    """The address; what goes into the file is for `Documents` to say."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/export/documents.zip")
    def documents(request: Request) -> StreamingResponse:
        """Sent while it is made, so that it never is in memory or on the disk as a whole."""
        pieces = services.documents.export(request.state.actor)
        headers = {"Content-Disposition": 'attachment; filename="documents.zip"'}
        return StreamingResponse(pieces, media_type="application/zip", headers=headers)

    return routes
