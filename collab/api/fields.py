"""Kinds of fields that several resources have."""

from typing import Annotated

from pydantic import AfterValidator


def _storable(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("half of a character cannot be stored")
    return value


Id = Annotated[str, AfterValidator(_storable)]
"""An id or name that is looked up. JSON can spell halves of characters that no database takes."""
