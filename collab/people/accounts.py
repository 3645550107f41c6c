"""Accounts: who exists, how they sign in, and which program acts for them. It knows no pages and no cookies.

Tokens and keys are random and kept as SHA-256 only; what a person types is kept as Argon2id. A person who is no longer
active is out at once, whatever session or key they hold.
"""

import hashlib
import secrets
from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import (
    KeyRefusedError,
    LastAdminError,
    NameTakenError,
    NoAdminError,
    PersonUnknownError,
    SetupLinkError,
    SignInNeededError,
    SignInRefusedError,
)
from collab.people import audit
from collab.people.access import Actor, Role
from collab.people.passwords import Passwords, name_key, read_name
from collab.people.tables import ApiKey, LoginSession, Person, SetupLink
from collab.people.tries import Tries
from knowledge.database import Clock, Database, new_id


class Accounts:
    """People, their browser sessions and their API keys. A session lasts `session_days` from the sign-in."""

    def __init__(self, database: Database, clock: Clock, session_days: int = 14) -> None:
        self._database = database
        self._clock = clock
        self._session_length = timedelta(days=session_days)
        self._passwords = Passwords()
        self._tries = Tries(clock)

    # --- people -------------------------------------------------------------------------------------------------------

    def add(self, name: str, password: str, role: Role) -> Actor:
        """Adds a person for the operator of this machine, who needs no account.

        Raises NameRefusedError, NameTakenError and PasswordRefusedError.
        """
        name, kept = read_name(name), self._passwords.hash(password)
        with self._database.write() as session:
            person = self._insert(session, name, kept, role)
            self._audit(session, None, "person_added", person.id, by="command line", name=name, role=role.value)
            if role is Role.ADMIN:
                session.execute(sa.delete(SetupLink))
            return _actor(person)

    def actor(self, person_id: str) -> Actor:
        """The person as they are now. Raises SignInNeededError when there is no such active person."""
        with self._database.read() as session:
            person = session.get(Person, person_id)
        if person is None or not person.is_active:
            raise SignInNeededError
        return _actor(person)

    def actor_named(self, name: str) -> Actor:
        """The person with this name, however it is cased. Raises PersonUnknownError."""
        with self._database.read() as session:
            return _actor(_named(session, name))

    def first_admin(self) -> Actor:
        """The admin who has been here longest. Raises NoAdminError."""
        with self._database.read() as session:
            person = session.scalar(_admins().order_by(Person.created_at, Person.id).limit(1))
        if person is None:
            raise NoAdminError
        return _actor(person)

    def everybody(self) -> tuple[tuple[Actor, bool], ...]:
        """Each person by name, and whether they are active. For the operator of this machine, as what follows."""
        with self._database.read() as session:
            people = session.scalars(sa.select(Person).order_by(Person.name_key)).all()
        return tuple((_actor(person), person.is_active) for person in people)

    def set_role(self, name: str, role: Role) -> Actor:
        """Raises PersonUnknownError and LastAdminError."""
        with self._database.write() as session:
            person = _named(session, name)
            before, person.role = person.role, role.value
            _require_admin(session, was_admin=before == Role.ADMIN)
            self._audit(session, None, "role_changed", person.id, by="command line", before=before, role=role.value)
            return _actor(person)

    def set_password(self, name: str, password: str) -> Actor:
        """Also signs the person out everywhere; their API keys go on working.

        Raises PersonUnknownError and PasswordRefusedError.
        """
        kept = self._passwords.hash(password)
        with self._database.write() as session:
            person = _named(session, name)
            person.password_hash = kept
            session.execute(sa.delete(LoginSession).where(LoginSession.person_id == person.id))
            self._audit(session, None, "password_changed", person.id, by="command line")
            return _actor(person)

    def disable(self, name: str) -> Actor:
        """Shuts a person out, with their sessions and keys; what they wrote stays. Raises PersonUnknownError and
        LastAdminError.
        """
        with self._database.write() as session:
            person = _named(session, name)
            person.is_active = False
            _require_admin(session, was_admin=person.role == Role.ADMIN)
            for held in (LoginSession, ApiKey):
                session.execute(sa.delete(held).where(held.person_id == person.id))
            self._audit(session, None, "person_disabled", person.id, by="command line")
            return _actor(person)

    # --- browsers -----------------------------------------------------------------------------------------------------

    def sign_in(self, name: str, password: str, address: str = "") -> str:
        """Opens a session and returns its token.

        An unknown name takes as long as a known one. Raises SignInRefusedError, and TooManyTriesError after repeated
        failures for the name or from `address`.
        """
        key = name_key(name[:1000])
        self._tries.begin(key, address)
        with self._database.read() as session:
            person = session.scalar(sa.select(Person).where(Person.name_key == key))
        kept = person.password_hash if person and person.is_active else None
        if not self._passwords.match(kept, password) or person is None:
            self._note_refused(key, person.id if person else "")
            raise SignInRefusedError
        self._tries.succeed(key, address)
        with self._database.write() as session:
            now = session.get(Person, person.id)
            if now is None or not now.is_active or now.password_hash != kept:  # changed while the hash was computed
                raise SignInRefusedError
            session.execute(sa.delete(LoginSession).where(LoginSession.expires_at <= self._clock()))
            self._audit(session, person.id, "signed_in", person.id)
            return self._open_session(session, person.id)

    def _note_refused(self, key: str, person_id: str) -> None:
        if self._tries.is_news(key):  # the name itself is not kept: it may be a password typed into the wrong field
            with self._database.write() as session:
                self._audit(session, None, "sign_in_refused", person_id, by="sign-in")

    def sign_out(self, token: str) -> None:
        """Ends the session; an unknown token is no error."""
        with self._database.write() as session:
            row = session.get(LoginSession, _hash(token))
            if row is not None:
                session.delete(row)
                self._audit(session, row.person_id, "signed_out", row.person_id)

    def actor_of_session(self, token: str) -> Actor:
        """Whose browser this is. Raises SignInNeededError when the session is unknown or has ended."""
        query = sa.select(Person).join(LoginSession, LoginSession.person_id == Person.id)
        query = query.where(LoginSession.token_hash == _hash(token), LoginSession.expires_at > self._clock())
        with self._database.read() as session:
            person = session.scalar(query.where(Person.is_active))
        if person is None:
            raise SignInNeededError
        return _actor(person)

    # --- programs -----------------------------------------------------------------------------------------------------

    def new_key(self, name: str) -> str:
        """Makes another API key for a person and returns it; it is not kept and cannot be shown again.

        Raises PersonUnknownError.
        """
        key = "collab_" + secrets.token_urlsafe(32)
        with self._database.write() as session:
            person = _named(session, name)
            row = ApiKey(id=new_id(), person_id=person.id, key_hash=_hash(key), created_at=self._clock())
            session.add(row)
            self._audit(session, None, "key_made", person.id, by="command line", key_id=row.id)
        return key

    def actor_of_key(self, key: str) -> Actor:
        """For whom a program acts. Raises KeyRefusedError."""
        query = sa.select(Person).join(ApiKey, ApiKey.person_id == Person.id).where(ApiKey.key_hash == _hash(key))
        with self._database.read() as session:
            person = session.scalar(query.where(Person.is_active))
        if person is None:
            raise KeyRefusedError
        return _actor(person)

    # --- the first admin ----------------------------------------------------------------------------------------------

    def setup_link(self) -> str | None:
        """A new one-time token, which replaces the one before; None once there is an admin."""
        token = secrets.token_urlsafe(32)
        with self._database.write() as session:
            session.execute(sa.delete(SetupLink))
            if session.scalar(_admins().limit(1)) is not None:
                return None
            session.add(SetupLink(id=1, token_hash=_hash(token), created_at=self._clock()))
        return token

    def check_setup(self, token: str) -> None:
        """Raises SetupLinkError unless the token can be spent."""
        with self._database.read() as session:
            _require_link(session, token)

    def claim(self, token: str, name: str, password: str) -> str:
        """Spends the link, makes the first admin and signs them in; returns the session's token.

        Raises SetupLinkError, NameRefusedError, NameTakenError and PasswordRefusedError; then the link stays valid.
        """
        self.check_setup(token)  # a stranger without a link costs no Argon2
        name, kept = read_name(name), self._passwords.hash(password)
        with self._database.write() as session:
            session.delete(_require_link(session, token))
            person = self._insert(session, name, kept, Role.ADMIN)
            self._audit(session, person.id, "person_added", person.id, by="setup link", name=name, role=person.role)
            return self._open_session(session, person.id)

    # --- in a transaction ---------------------------------------------------------------------------------------------

    def _insert(self, session: Session, name: str, kept: str, role: Role) -> Person:
        key = name_key(name)
        if session.scalar(sa.select(Person.id).where(Person.name_key == key)) is not None:
            raise NameTakenError(name=name)
        person = Person(
            id=new_id(),
            name=name,
            name_key=key,
            role=role.value,
            password_hash=kept,
            is_active=True,
            created_at=self._clock(),
        )
        session.add(person)
        session.flush()
        return person

    def _open_session(self, session: Session, person_id: str) -> str:
        token, now = secrets.token_urlsafe(32), self._clock()
        session.add(
            LoginSession(
                id=new_id(),
                token_hash=_hash(token),
                person_id=person_id,
                created_at=now,
                expires_at=now + self._session_length,
            )
        )
        return token

    def _audit(self, session: Session, actor_id: str | None, act: str, person_id: str, **details: str) -> None:
        audit.record(
            session,
            actor_id=actor_id,
            act=act,
            object_type="person",
            object_id=person_id,
            details=details,
            now=self._clock(),
        )


def _actor(person: Person) -> Actor:
    return Actor(person.id, person.name, Role(person.role))


def _admins() -> sa.Select[Person]:
    return sa.select(Person).where(Person.role == Role.ADMIN.value, Person.is_active)


def _named(session: Session, name: str) -> Person:
    person = session.scalar(sa.select(Person).where(Person.name_key == name_key(name), Person.is_active))
    if person is None:
        raise PersonUnknownError(name=name)
    return person


def _require_admin(session: Session, *, was_admin: bool) -> None:
    """Raises LastAdminError when there is no admin any more, which takes the change back."""
    session.flush()
    if was_admin and session.scalar(_admins().limit(1)) is None:
        raise LastAdminError


def _require_link(session: Session, token: str) -> SetupLink:
    link = session.scalar(sa.select(SetupLink).where(SetupLink.token_hash == _hash(token)))
    if link is None or session.scalar(_admins().limit(1)) is not None:
        raise SetupLinkError
    return link


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()
