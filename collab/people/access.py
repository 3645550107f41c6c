"""Who may do what: roles, the person who acts, and what reaches them. It knows no database and no passwords."""

from dataclasses import dataclass
from enum import StrEnum

from collab.errors import NotAllowedError

EVERYONE = "everyone"


class Role(StrEnum):
    """What a person may do; each role may do what the ones before it may."""

    MEMBER = "member"
    EXPERT = "expert"
    ADMIN = "admin"

    def includes(self, other: "Role") -> bool:
        """Whether this role may do what `other` may."""
        order = list(Role)
        return order.index(self) >= order.index(other)


@dataclass(frozen=True, slots=True)
class Actor:
    """The person on whose behalf something is done."""

    id: str
    name: str
    role: Role


OPERATOR = Actor("", "command line", Role.ADMIN)
"""Whoever sits at the machine. They need no account, and nobody can sign in as them."""


def personal(person: Actor | str) -> str:
    """The reach that is one person's own; takes the actor or their id."""
    return f"person:{person if isinstance(person, str) else person.id}"


def reaches_of(actor: Actor) -> tuple[str, ...]:
    """What a person may see: what is for everyone, and their own."""
    return (EVERYONE, personal(actor))


def require(actor: Actor, needed: Role) -> None:
    """Raises NotAllowedError unless the actor's role includes `needed`."""
    if not actor.role.includes(needed):
        raise NotAllowedError(needed=needed.value, role=actor.role.value)
