"""The first administrator: a one-time link that a start prints, and that makes them. It knows no pages."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import SetupLinkError
from collab.people.access import Role
from collab.people.accounts import insert
from collab.people.acting import admins, note
from collab.people.passwords import Passwords, read_name
from collab.people.sessions import Sessions
from collab.people.tables import SetupLink
from collab.people.tokens import hash_of, new_secret
from knowledge.database import Clock, Database


class Setup:
    """The link is worth something until there is an administrator, in whatever way."""

    def __init__(self, database: Database, clock: Clock, sessions: Sessions) -> None:
        self._database = database
        self._clock = clock
        self._sessions = sessions
        self._passwords = Passwords()

    def link(self) -> str | None:
        """A new one-time token, which replaces the one before; None once there is an admin."""
        token = new_secret()
        with self._database.write() as session:
            session.execute(sa.delete(SetupLink))
            if session.scalar(admins().limit(1)) is not None:
                return None
            session.add(SetupLink(id=1, token_hash=hash_of(token), created_at=self._clock()))
        return token

    def check(self, token: str) -> None:
        """Raises SetupLinkError unless the token can be spent."""
        with self._database.read() as session:
            _require_link(session, token)

    def claim(self, token: str, name: str, password: str, agent: str = "") -> str:
        """Spends the link, makes the first admin and signs them in; returns the session's token.

        Raises SetupLinkError, NameRefusedError, NameTakenError and PasswordRefusedError; then the link stays valid.
        """
        self.check(token)  # a stranger without a link costs no Argon2
        name, kept, now = read_name(name), self._passwords.hash(password), self._clock()
        with self._database.write() as session:
            session.delete(_require_link(session, token))
            person = insert(session, name, kept, Role.ADMIN, now)
            note(session, person.id, "person_added", person.id, now, by="setup link", name=name, role=person.role)
            return self._sessions.open(session, person.id, agent)


def _require_link(session: Session, token: str) -> SetupLink:
    link = session.scalar(sa.select(SetupLink).where(SetupLink.token_hash == hash_of(token)))
    if link is None or session.scalar(admins().limit(1)) is not None:
        raise SetupLinkError
    return link
