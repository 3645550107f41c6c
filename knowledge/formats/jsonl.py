"""JSON lines: one object a line becomes one row of named values. Numbers stay as they are written."""

import json
from collections.abc import Iterator
from typing import Any

from knowledge.formats.outline import one_line
from knowledge.formats.rows import MAX_NAME, BadLineError, Field, Row

_MAX_DEPTH = 20  # objects within objects


def read_jsonl(text: str) -> Iterator[Row]:
    """The objects of a text, in order; empty lines are left out. Raises BadLineError for a line that is no object."""
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError) as error:
            raise BadLineError(number) from error
        if not isinstance(value, dict):
            raise BadLineError(number)
        try:
            yield list(_fields("", value, 0))
        except RecursionError as error:
            raise BadLineError(number) from error


def _fields(name: str, value: Any, depth: int) -> Iterator[Field]:
    """The values inside, each named by the way to it; a list of plain values is one."""
    if depth > _MAX_DEPTH:
        raise RecursionError
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _fields(one_line(f"{name} {key}")[-MAX_NAME:], inner, depth + 1)
    elif isinstance(value, list) and any(isinstance(inner, dict | list) for inner in value):
        for inner in value:
            yield from _fields(name, inner, depth + 1)
    elif isinstance(value, list):
        yield Field(name, ", ".join(map(_plain, value)))
    else:
        yield Field(name, _plain(value))


def _plain(value: Any) -> str:
    return "" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)
