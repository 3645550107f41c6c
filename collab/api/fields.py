"""What the requests of several resources have in common: kinds of fields, and that there are no others."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, PlainValidator, WithJsonSchema

from collab.feedback.validity import end_of


class Body(BaseModel):
    """What is sent to a resource of our own. A field that is not known is an error: it may be another one misspelt."""

    model_config = ConfigDict(extra="forbid")


def _storable(value: str) -> str:
    if any("\ud800" <= character <= "\udfff" for character in value):
        raise ValueError("half of a character cannot be stored")
    return value


Id = Annotated[str, AfterValidator(_storable)]
"""An id or name that is looked up. JSON can spell halves of characters that no database takes."""


def _end(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("it is no text like 2027-03-31 or 2027-03-31T18:00Z")
    return end_of(value.strip())


End = Annotated[
    datetime,
    PlainValidator(_end),
    WithJsonSchema({"type": "string", "examples": ["2027-03-31", "2027-03-31T18:00:00Z"]}),
]
"""Until when something holds, as in files: a day to its end, in UTC as any time without a zone."""
