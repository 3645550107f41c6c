"""Our own files, the same for everybody: sent compressed to who takes that, and not again to who has them."""

import gzip
import re
from functools import lru_cache
from pathlib import Path

from fastapi import Request
from starlette.responses import FileResponse, Response

from collab.web.front import ASSETS
from knowledge.errors import NotFoundError

NAMES = frozenset(path.name for path in ASSETS.iterdir() if path.suffix in {".css", ".js", ".svg"})
_GZIP = re.compile(r"\bgzip\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
_VARY = {"Vary": "Accept-Encoding"}


def static(request: Request, name: str) -> Response:
    """One of our own files, or that the browser's copy is still right. Raises NotFoundError for any other name."""
    if name not in NAMES:
        raise NotFoundError(what="page")
    path = ASSETS / name
    file = FileResponse(path, stat_result=path.stat(), headers=_VARY)
    is_compressed = _GZIP.search(request.headers.get("accept-encoding", "")) is not None
    etag = file.headers["etag"].removesuffix('"') + ('-gzip"' if is_compressed else '"')
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers={"etag": etag, **_VARY})
    if not is_compressed:
        return file
    headers = {"etag": etag, "Content-Encoding": "gzip", **_VARY}
    return Response(_compressed(path, path.stat().st_mtime_ns), media_type=file.media_type, headers=headers)


def favicon() -> FileResponse:
    """Browsers ask for it by this name before they have read the page."""
    return FileResponse(ASSETS / "logo.svg")


@lru_cache(maxsize=len(NAMES))
def _compressed(path: Path, changed_ns: int) -> bytes:
    """The file as it was at the moment `changed_ns`, which also keeps an older one from being sent."""
    return gzip.compress(path.read_bytes(), mtime=0)
