"""Browsers: how a person signs in and out, where else they are signed in, and their own password. It knows no pages.

A token is random and kept as its hash only. A person who is no longer active is out at once, whatever they hold.
"""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import PasswordWrongError, SignInNeededError, SignInRefusedError
from collab.people.access import Actor
from collab.people.acting import as_actor, note
from collab.people.passwords import Passwords, name_key
from collab.people.records import SessionRecord
from collab.people.tables import LoginSession, Person
from collab.people.tokens import hash_of, new_secret, note_use
from collab.people.tries import Tries
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError

COOKIE = "collab_session"
"""The name under which a browser keeps its token."""


class Sessions:
    """The browsers that are signed in. A session lasts `days` from the sign-in."""

    def __init__(self, database: Database, clock: Clock, days: int = 14) -> None:
        self._database = database
        self._clock = clock
        self._length = timedelta(days=days)
        self._passwords = Passwords()
        self._tries = Tries(clock)

    def sign_in(self, name: str, password: str, address: str = "", agent: str = "") -> str:
        """Opens a session for a browser, which `agent` names, and returns its token.

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
            note(session, person.id, "signed_in", person.id, self._clock())
            return self.open(session, person.id, agent)

    def _note_refused(self, key: str, person_id: str) -> None:
        if self._tries.is_news(key):  # the name itself is not kept: it may be a password typed into the wrong field
            with self._database.write() as session:
                note(session, None, "sign_in_refused", person_id, self._clock(), by="sign-in")

    def open(self, session: Session, person_id: str, agent: str = "") -> str:
        """A new session's token, in the caller's transaction."""
        token, now = new_secret(), self._clock()
        session.add(
            LoginSession(
                id=new_id(),
                token_hash=hash_of(token),
                person_id=person_id,
                agent=agent[:80],
                created_at=now,
                expires_at=now + self._length,
                seen_at=now,
            )
        )
        return token

    def sign_out(self, token: str) -> None:
        """Ends the session; an unknown token is no error."""
        with self._database.write() as session:
            row = session.get(LoginSession, hash_of(token))
            if row is not None:
                session.delete(row)
                note(session, row.person_id, "signed_out", row.person_id, self._clock())

    def actor_of(self, token: str) -> Actor:
        """Whose browser this is. Raises SignInNeededError when the session is unknown or has ended."""
        now, hashed = self._clock(), hash_of(token)
        query = sa.select(Person, LoginSession.seen_at).join(LoginSession, LoginSession.person_id == Person.id)
        query = query.where(LoginSession.token_hash == hashed, LoginSession.expires_at > now, Person.is_active)
        with self._database.read() as session:
            found = session.execute(query).one_or_none()
        if found is None:
            raise SignInNeededError
        person, seen_at = found
        update = sa.update(LoginSession).where(LoginSession.token_hash == hashed).values(seen_at=now)
        note_use(self._database, seen_at, now, update)
        return as_actor(person)

    # --- one's own ----------------------------------------------------------------------------------------------------

    def list(self, actor: Actor, token: str) -> tuple[SessionRecord, ...]:
        """Where the person is signed in, this browser (by its token) first, then the one last used."""
        query = sa.select(LoginSession).where(
            LoginSession.person_id == actor.id, LoginSession.expires_at > self._clock()
        )
        with self._database.read() as session:
            rows = session.scalars(query.order_by(LoginSession.seen_at.desc(), LoginSession.created_at.desc())).all()
        this = hash_of(token)
        records = [
            SessionRecord(row.id, row.agent, row.created_at, row.seen_at, row.token_hash == this) for row in rows
        ]
        return tuple(sorted(records, key=lambda record: not record.is_this))

    def end(self, actor: Actor, session_id: str) -> None:
        """Signs another browser of the person's out. Raises NotFoundError unless it is theirs."""
        theirs = sa.and_(LoginSession.person_id == actor.id, LoginSession.id == session_id)
        with self._database.write() as session:
            if not session.execute(sa.delete(LoginSession).where(theirs).returning(LoginSession.id)).all():
                raise NotFoundError(what="session")
            note(session, actor.id, "signed_out", actor.id, self._clock())

    def end_others(self, actor: Actor, token: str) -> int:
        """Signs the person out everywhere but in this browser; returns how many sessions that were."""
        with self._database.write() as session:
            return self._end_others(session, actor.id, token)

    def _end_others(self, session: Session, person_id: str, token: str) -> int:
        others = sa.and_(LoginSession.person_id == person_id, LoginSession.token_hash != hash_of(token))
        ended = len(session.execute(sa.delete(LoginSession).where(others).returning(LoginSession.id)).all())
        if ended:
            note(session, person_id, "signed_out", person_id, self._clock(), sessions=str(ended))
        return ended

    def change_password(self, actor: Actor, old: str, new: str, token: str, address: str = "") -> None:
        """Gives the person another password, and signs out every browser but this one.

        Raises PasswordRefusedError, PasswordWrongError when `old` is not the present one, and TooManyTriesError after
        repeated failures, which count with those to sign in.
        """
        key = name_key(actor.name)
        self._tries.begin(key, address)
        with self._database.read() as session:
            person = session.get(Person, actor.id)
        kept = person.password_hash if person and person.is_active else None
        if not self._passwords.match(kept, old):
            raise PasswordWrongError
        self._tries.succeed(key, address)
        hashed = self._passwords.hash(new)
        with self._database.write() as session:
            now = session.get(Person, actor.id)
            if now is None or not now.is_active or now.password_hash != kept:
                raise PasswordWrongError
            now.password_hash = hashed
            self._end_others(session, actor.id, token)
            note(session, actor.id, "password_changed", actor.id, self._clock())
