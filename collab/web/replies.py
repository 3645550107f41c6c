"""Errors as answers: the one shape in which the web application and the API tell what went wrong."""

from starlette.responses import JSONResponse

from knowledge.errors import CollabError


def as_json(error: CollabError) -> JSONResponse:
    """`{"error": {"code", "message"}}` with the error's status, and Retry-After where the error knows one."""
    wait_s = getattr(error, "retry_after_s", None)
    headers = {} if wait_s is None else {"Retry-After": str(wait_s)}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    body = {"error": {"code": error.code, "message": str(error)}}
    return JSONResponse(body, status_code=error.status, headers=headers)
