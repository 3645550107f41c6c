"""What is told about people, their browsers, keys and links: frozen, without a session, and without a secret."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from collab.people.access import Role


class LinkKind(StrEnum):
    """What a one-time link is good for."""

    INVITE = "invite"
    RESET = "reset"


@dataclass(frozen=True, slots=True)
class PersonRecord:
    """Somebody with an account. `seen_at` is the last use of a browser or key that they still have."""

    id: str
    name: str
    role: Role
    is_active: bool
    created_at: datetime
    seen_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """A signed-in browser; `agent` is what it is, such as "Firefox/Linux", or empty."""

    id: str
    agent: str
    created_at: datetime
    seen_at: datetime | None
    is_this: bool


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """An API key; `name` is empty for one that was made before they had names."""

    id: str
    person_id: str
    person: str
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class LinkRecord:
    """A one-time link that was not used. `name` is whom it is for, and may be empty for an invitation."""

    id: str
    kind: LinkKind
    name: str
    role: Role | None
    made_by: str
    created_at: datetime
    expires_at: datetime
