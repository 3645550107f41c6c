"""What the requests of several resources have in common: kinds of fields, and that there are no others."""

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict


class Body(BaseModel):
    """What is sent to a resource of our own. A field that is not known is an error: it may be another one misspelt."""

    model_config = ConfigDict(extra="forbid")


def _storable(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("half of a character cannot be stored")
    return value


Id = Annotated[str, AfterValidator(_storable)]
"""An id or name that is looked up. JSON can spell halves of characters that no database takes."""
