"""Errors over HTTP, always in one shape: `{"error": {"code", "message"}}`. It knows no resource."""

from collections.abc import Mapping
from typing import Any

from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import JSONResponse

from collab.errors import RequestInvalidError
from knowledge.errors import CollabError

WAIT_S = 5  # what a program is asked to wait when the server cannot answer and does not know for how long

_WANTED = {  # by pydantic's names
    "string_type": "should be a text",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "float_parsing": "should be a number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "list_type": "should be a list",
    "dict_type": "should be an object with fields",
    "model_type": "should be an object with fields",
    "model_attributes_type": "should be an object with fields",
    "greater_than_equal": "should be at least {ge}",
    "less_than_equal": "should be at most {le}",
    "too_long": "should have at most {max_length}",
    "string_too_long": "should have at most {max_length} characters",
    "datetime_parsing": "should be a moment such as 2027-01-31T12:00:00Z",
    "datetime_from_date_parsing": "should be a moment such as 2027-01-31T12:00:00Z",
    "datetime_type": "should be a moment such as 2027-01-31T12:00:00Z",
    "timezone_aware": "needs its offset, as in 2027-01-31T12:00:00Z",
}
_SHOWN = 100  # characters of a field's name, which may be anything


class Problem(BaseModel):
    """What went wrong: `code` for programs, `message` for people."""

    code: str
    message: str


class ErrorReply(BaseModel):
    """The body of every answer that is not a success."""

    error: Problem


def problem(error: CollabError) -> Problem:
    """The error as it is told."""
    return Problem(code=error.code, message=str(error))


def as_json(error: CollabError) -> JSONResponse:
    """The error with its status, how to sign in (401), and when to try again (429, 503)."""
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    if error.status in (429, 503):
        headers["Retry-After"] = str(getattr(error, "retry_after_s", WAIT_S))
    return JSONResponse(ErrorReply(error=problem(error)).model_dump(), error.status, headers)


def stored_problem(code: str, params: dict[str, Any]) -> Problem:
    """An error that was kept as its code and parameters, such as why a document could not be read."""
    kinds = {kind.code: kind for kind in _branches(CollabError)}
    return problem(kinds.get(code, CollabError)(**params))


def invalid(error: RequestValidationError) -> RequestInvalidError:
    """The first thing that is wrong with a request, and where."""
    first = error.errors()[0]
    where, *inside = first["loc"]
    name = ".".join(map(str, inside))[:_SHOWN].encode("utf-8", "replace").decode()
    field = f"the {'field' if where == 'body' else 'parameter'} `{name}`" if name else f"the {where}"
    told = {
        "missing": f"{field} is missing",
        "extra_forbidden": f"{field} is not known",
        "json_invalid": "the body is not proper JSON",
    }
    return RequestInvalidError(reason=told.get(first["type"]) or f"{field} {_wrong(first)}")


def _wrong(found: Mapping[str, Any]) -> str:
    """What is wrong with a value, in plain words where it is one of the common things."""
    kind, given, message = found["type"], found.get("ctx", {}), found["msg"]
    if kind in ("too_short", "string_too_short"):
        return "is empty" if found["input"] in ([], "") else f"needs at least {given['min_length']}"
    if kind in _WANTED:
        return _WANTED[kind].format(**given)
    if message.startswith("Input should"):
        return str(message.removeprefix("Input "))
    return f"is not taken: {message.removeprefix('Value error, ')}"


def _branches(kind: type[CollabError]) -> list[type[CollabError]]:
    return [kind, *(below for child in kind.__subclasses__() for below in _branches(child))]
