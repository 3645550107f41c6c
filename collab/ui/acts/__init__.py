"""What a click can ask for: the messages that come back from the page, checked. They know no services.

A message is one JSON object with `act`; each room has a file of its own. It comes from a browser, so every length is
bounded here or in the service that takes it, and every id is checked for its owner there.
"""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Id = Annotated[str, Field(max_length=64)]
Text = Annotated[str, Field(max_length=100_000)]


class Act(BaseModel):
    """One thing that a person asked for."""

    model_config = ConfigDict(frozen=True, extra="forbid")
