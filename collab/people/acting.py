"""Who acts on people: checked at the moment of the write, and named in the audit. It changes no person."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import SignInNeededError
from collab.people import audit
from collab.people.access import OPERATOR, Actor, Role, require
from collab.people.tables import Person


def as_actor(person: Person) -> Actor:
    """The person, as they act."""
    return Actor(person.id, person.name, Role(person.role))


def admins() -> sa.Select[Person]:
    """The administrators who can sign in."""
    return sa.select(Person).where(Person.role == Role.ADMIN.value, Person.is_active)


def is_admin(session: Session, actor: Actor) -> bool:
    """Whether the actor is an administrator in this transaction, whatever they were before."""
    return actor == OPERATOR or session.scalar(admins().where(Person.id == actor.id)) is not None


def require_admin(session: Session, actor: Actor) -> None:
    """Raises NotAllowedError unless `is_admin`, and SignInNeededError for who can no longer sign in."""
    if is_admin(session, actor):
        return
    person = session.get(Person, actor.id)
    if person is None or not person.is_active:
        raise SignInNeededError
    require(as_actor(person), Role.ADMIN)


def note(session: Session, actor_id: str | None, act: str, person_id: str, now: datetime, **details: str) -> None:
    """An entry in the audit. `actor_id` is OPERATOR's for the command line, and None where nobody is known."""
    by = {"by": "command line"} if actor_id == OPERATOR.id else {}
    audit.record(
        session,
        actor_id=actor_id or None,
        act=act,
        object_type="person",
        object_id=person_id,
        details=by | details,
        now=now,
    )
