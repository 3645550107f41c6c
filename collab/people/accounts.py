"""Accounts: who exists, and in which role. It knows no browsers, keys or links but to shut them with their person.

Who adds a person or sets a password here is the operator of the machine; the rest names the administrator who acts.
A person who is no longer active is out at once, whatever session or key they hold.
"""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import (
    LastAdminError,
    NameTakenError,
    NoAdminError,
    OwnAccountError,
    PersonUnknownError,
    SignInNeededError,
)
from collab.people.access import OPERATOR, Actor, Role
from collab.people.acting import admins, as_actor, note, require_admin
from collab.people.passwords import Passwords, name_key, read_name
from collab.people.records import PersonRecord
from collab.people.tables import ApiKey, LoginSession, OneTimeLink, Person, SetupLink
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError


class Accounts:
    """People and their roles. There is always an administrator who can sign in, once there was one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._passwords = Passwords()

    # --- the operator of the machine ----------------------------------------------------------------------------------

    def add(self, name: str, password: str, role: Role) -> Actor:
        """Adds a person. Raises NameRefusedError, NameTakenError and PasswordRefusedError."""
        name, kept, now = read_name(name), self._passwords.hash(password), self._clock()
        with self._database.write() as session:
            person = insert(session, name, kept, role, now)
            note(session, OPERATOR.id, "person_added", person.id, now, name=name, role=role.value)
            if role is Role.ADMIN:
                session.execute(sa.delete(SetupLink))
            return as_actor(person)

    def set_password(self, name: str, password: str) -> Actor:
        """Also signs the person out everywhere; their API keys go on working.

        Raises PersonUnknownError and PasswordRefusedError.
        """
        kept = self._passwords.hash(password)
        with self._database.write() as session:
            person = _named(session, name)
            person.password_hash = kept
            session.execute(sa.delete(LoginSession).where(LoginSession.person_id == person.id))
            note(session, OPERATOR.id, "password_changed", person.id, self._clock())
            return as_actor(person)

    # --- who is there -------------------------------------------------------------------------------------------------

    def actor(self, person_id: str) -> Actor:
        """The person as they are now. Raises SignInNeededError when there is no such active person."""
        with self._database.read() as session:
            person = session.get(Person, person_id)
        if person is None or not person.is_active:
            raise SignInNeededError
        return as_actor(person)

    def actor_named(self, name: str) -> Actor:
        """The active person with this name, however it is cased. Raises PersonUnknownError."""
        with self._database.read() as session:
            return as_actor(_named(session, name))

    def id_of(self, name: str) -> str:
        """Of whoever has this name, also of who is disabled. Raises PersonUnknownError."""
        with self._database.read() as session:
            person_id = session.scalar(sa.select(Person.id).where(Person.name_key == name_key(name)))
        if person_id is None:
            raise PersonUnknownError(name=name)
        return person_id

    def first_admin(self) -> Actor:
        """The admin who has been here longest. Raises NoAdminError."""
        with self._database.read() as session:
            person = session.scalar(admins().order_by(Person.created_at, Person.id).limit(1))
        if person is None:
            raise NoAdminError
        return as_actor(person)

    def language(self, person_id: str) -> str | None:
        """The language that the person chose, in whatever browser; None before they did."""
        with self._database.read() as session:
            return session.scalar(sa.select(Person.language).where(Person.id == person_id))

    def set_language(self, actor: Actor, language: str) -> None:
        """From now on each browser shows the person this one."""
        with self._database.write() as session:
            session.execute(sa.update(Person).where(Person.id == actor.id).values(language=language))

    # --- administrators -----------------------------------------------------------------------------------------------

    def list(self, actor: Actor) -> tuple[PersonRecord, ...]:
        """Everybody, by name. Raises NotAllowedError unless an administrator asks, as what follows."""
        with self._database.read() as session:
            require_admin(session, actor)
            rows = session.execute(sa.select(Person, _last_seen()).order_by(Person.name_key))
            return tuple(_record(person, seen) for person, seen in rows)

    def set_role(self, actor: Actor, person_id: str, role: Role) -> PersonRecord:
        """Changes what a person may do, at once; links that a former administrator made are worthless.

        Raises OwnAccountError, NotFoundError and LastAdminError.
        """
        with self._database.write() as session:
            person = _another(session, actor, person_id)
            before, person.role = person.role, role.value
            if before != role.value:
                note(session, actor.id, "role_changed", person.id, self._clock(), before=before, role=role.value)
            if before == Role.ADMIN and role is not Role.ADMIN:
                _end_links(session, person)
                _require_an_admin(session)
            return _record(person)

    def disable(self, actor: Actor, person_id: str) -> PersonRecord:
        """Shuts a person out at once, with their sessions, keys and links; what they wrote stays.

        Raises OwnAccountError, NotFoundError and LastAdminError.
        """
        with self._database.write() as session:
            person = _another(session, actor, person_id)
            if person.is_active:
                person.is_active = False
                if person.role == Role.ADMIN:
                    _require_an_admin(session)
                for held in (LoginSession, ApiKey):
                    session.execute(sa.delete(held).where(held.person_id == person.id))
                _end_links(session, person)
                note(session, actor.id, "person_disabled", person.id, self._clock())
            return _record(person)

    def enable(self, actor: Actor, person_id: str) -> PersonRecord:
        """Lets a person in again, with the password and the role that they had. Raises NotFoundError."""
        with self._database.write() as session:
            person = _another(session, actor, person_id)
            if not person.is_active:
                person.is_active = True
                note(session, actor.id, "person_enabled", person.id, self._clock())
            return _record(person)


def insert(session: Session, name: str, kept: str, role: Role, now: datetime) -> Person:
    """A new person in the caller's transaction; `name` was read and `kept` is a hash. Raises NameTakenError."""
    require_free(session, name)
    person = Person(
        id=new_id(),
        name=name,
        name_key=name_key(name),
        role=role.value,
        password_hash=kept,
        is_active=True,
        created_at=now,
    )
    session.add(person)
    session.flush()
    return person


def require_free(session: Session, name: str) -> None:
    """Raises NameTakenError when somebody has this name, or one that differs in case or width only."""
    if session.scalar(sa.select(Person.id).where(Person.name_key == name_key(name))) is not None:
        raise NameTakenError(name=name)


def _named(session: Session, name: str) -> Person:
    person = session.scalar(sa.select(Person).where(Person.name_key == name_key(name), Person.is_active))
    if person is None:
        raise PersonUnknownError(name=name)
    return person


def _another(session: Session, actor: Actor, person_id: str) -> Person:
    """Somebody else than the administrator who acts, so that nobody shuts themselves out."""
    require_admin(session, actor)
    if person_id == actor.id:
        raise OwnAccountError
    person = session.get(Person, person_id)
    if person is None:
        raise NotFoundError(what="person")
    return person


def _require_an_admin(session: Session) -> None:
    """Raises LastAdminError when there is no admin any more, which takes the change back."""
    session.flush()
    if session.scalar(admins().limit(1)) is None:
        raise LastAdminError


def _end_links(session: Session, person: Person) -> None:
    """Links that the person made, and those that let them in, open nothing any more."""
    theirs = sa.or_(OneTimeLink.made_by == person.id, OneTimeLink.person_id == person.id)
    session.execute(sa.delete(OneTimeLink).where(theirs, OneTimeLink.used_at.is_(None)))


def _last_seen() -> sa.ScalarSelect[datetime | None]:
    uses = sa.union_all(
        sa.select(LoginSession.person_id, LoginSession.seen_at.label("at")),
        sa.select(ApiKey.person_id, ApiKey.last_used_at),
    ).subquery()
    return sa.select(sa.func.max(uses.c.at)).where(uses.c.person_id == Person.id).correlate(Person).scalar_subquery()


def _record(person: Person, seen_at: datetime | None = None) -> PersonRecord:
    return PersonRecord(person.id, person.name, Role(person.role), person.is_active, person.created_at, seen_at)
