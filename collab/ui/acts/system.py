"""What an administrator can ask of the room System."""

from typing import Literal

from pydantic import TypeAdapter

from collab.ui.acts import Act


class Watch(Act):
    """Show it as it is now."""

    act: Literal["watch"]


SYSTEM_ACTS: TypeAdapter[Act] = TypeAdapter(Watch)
