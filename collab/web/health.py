"""Is the process alive, and can it answer? Told to whoever asks, without names, paths or reasons."""

from fastapi import APIRouter
from starlette.responses import JSONResponse

from collab.dialogue.models import Models
from knowledge.database import Database
from knowledge.errors import StorageError


def router(database: Database, models: Models) -> APIRouter:
    """`/livez` answers while the process does; `/readyz` is 200 only when database, index and models are ready."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/livez")
    async def livez() -> dict[str, str]:
        return {"status": "alive"}

    @routes.get("/readyz")
    def readyz() -> JSONResponse:
        missing = [
            name
            for name, is_there in (
                ("database", _answers(database)),
                ("index", models.finds),
                ("models", models.is_ready),
            )
            if not is_there
        ]
        return JSONResponse({"ready": not missing, "missing": missing}, status_code=503 if missing else 200)

    return routes


def _answers(database: Database) -> bool:
    try:
        with database.read() as session:
            session.connection()
    except StorageError:
        return False
    return True
