"""One-time links: an administrator invites somebody, or gives somebody a way to a new password. It knows no pages.

A link's token is random, kept as its hash only, and told once, to who made it. It opens one thing, once, for a time.
"""

from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from collab.errors import LinkSpentError, PersonDisabledError
from collab.people.access import Actor, Role
from collab.people.accounts import insert, require_free
from collab.people.acting import note, require_admin
from collab.people.passwords import Passwords, read_name
from collab.people.records import LinkKind, LinkRecord
from collab.people.sessions import Sessions
from collab.people.tables import LoginSession, OneTimeLink, Person
from collab.people.tokens import hash_of, new_secret
from collab.people.tries import Tries
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError

HOLDS = {LinkKind.INVITE: timedelta(days=7), LinkKind.RESET: timedelta(days=1)}
"""How long a link can be used; one to an account that is there already, for less."""
_LISTED_AFTER = timedelta(days=30)  # that nobody used it, and that its time was over

Made = tuple[LinkRecord, str]
"""A new link, and the token that it is opened with."""


class Links:
    """The links of everybody. Administrators make, see and take back; whoever holds one may use it."""

    def __init__(self, database: Database, clock: Clock, sessions: Sessions) -> None:
        self._database = database
        self._clock = clock
        self._sessions = sessions
        self._passwords = Passwords()
        self._tries = Tries(clock)

    # --- administrators -----------------------------------------------------------------------------------------------

    def invite(self, actor: Actor, role: Role, name: str = "") -> Made:
        """A link for somebody new, who may be named. Raises NotAllowedError, as what follows.

        Raises NameRefusedError and NameTakenError as well.
        """
        name = read_name(name) if name.strip() else ""
        with self._database.write() as session:
            require_admin(session, actor)
            require_free(session, name)
            link, token = self._insert(session, actor, LinkKind.INVITE, name, role=role.value)
            note(session, actor.id, "invited", "", link.created_at, link_id=link.id, role=role.value, name=name)
            return _record(link, name, actor.name), token

    def reset(self, actor: Actor, person_id: str) -> Made:
        """A link to a new password for a person; the one before is worthless.

        Raises NotFoundError and PersonDisabledError.
        """
        with self._database.write() as session:
            require_admin(session, actor)
            person = session.get(Person, person_id)
            if person is None:
                raise NotFoundError(what="person")
            if not person.is_active:
                raise PersonDisabledError(name=person.name)
            _end_resets(session, person_id)
            link, token = self._insert(session, actor, LinkKind.RESET, person.name, person_id=person_id)
            note(session, actor.id, "reset_link_made", person_id, link.created_at, link_id=link.id)
            return _record(link, person.name, actor.name), token

    def _insert(
        self,
        session: Session,
        actor: Actor,
        kind: LinkKind,
        name: str,
        *,
        role: str | None = None,
        person_id: str | None = None,
    ) -> tuple[OneTimeLink, str]:
        token, now = new_secret(), self._clock()
        session.execute(sa.delete(OneTimeLink).where(OneTimeLink.expires_at < now - _LISTED_AFTER))
        link = OneTimeLink(
            id=new_id(),
            token_hash=hash_of(token),
            kind=kind.value,
            name=name,
            role=role,
            person_id=person_id,
            made_by=actor.id or None,
            created_at=now,
            expires_at=now + HOLDS[kind],
        )
        session.add(link)
        return link, token

    def list(self, actor: Actor) -> tuple[LinkRecord, ...]:
        """Those that nobody used, the newest first; one whose time is over stays for a while."""
        maker, person = aliased(Person), aliased(Person)
        query = (
            sa.select(OneTimeLink, sa.func.coalesce(person.name, OneTimeLink.name), sa.func.coalesce(maker.name, ""))
            .outerjoin(maker, maker.id == OneTimeLink.made_by)
            .outerjoin(person, person.id == OneTimeLink.person_id)
            .where(OneTimeLink.used_at.is_(None), OneTimeLink.expires_at > self._clock() - _LISTED_AFTER)
            .order_by(OneTimeLink.created_at.desc(), OneTimeLink.id)
        )
        with self._database.read() as session:
            require_admin(session, actor)
            return tuple(_record(link, name, by) for link, name, by in session.execute(query))

    def revoke(self, actor: Actor, link_id: str) -> None:
        """Takes back a link that nobody used. Raises NotFoundError for any other."""
        with self._database.write() as session:
            require_admin(session, actor)
            link = session.get(OneTimeLink, link_id)
            if link is None or link.used_at is not None:
                raise NotFoundError(what="link")
            session.delete(link)
            note(session, actor.id, "link_revoked", link.person_id or "", self._clock(), link_id=link_id)

    # --- whoever holds one --------------------------------------------------------------------------------------------

    def look(self, token: str, kind: LinkKind, address: str = "") -> LinkRecord:
        """What the link is good for. Raises LinkSpentError, and TooManyTriesError for an address that guesses."""
        self._tries.begin(hash_of(token), address)
        with self._database.read() as session:
            link = _open_link(session, token, kind, self._clock())
            person = session.get(Person, link.person_id) if link.person_id else None
        self._tries.succeed(hash_of(token), address)
        return _record(link, person.name if person else link.name, "")

    def join(self, token: str, name: str, password: str, address: str = "", agent: str = "") -> str:
        """Spends an invitation: adds the person, signs them in, and returns the session's token.

        Raises what `look` raises, NameRefusedError, NameTakenError and PasswordRefusedError; then the link stays valid.
        """
        self.look(token, LinkKind.INVITE, address)  # a stranger without a link costs no Argon2
        name, kept, now = read_name(name), self._passwords.hash(password), self._clock()
        with self._database.write() as session:
            link = _open_link(session, token, LinkKind.INVITE, now)
            link.used_at = now
            person = insert(session, name, kept, Role(link.role or Role.MEMBER), now)
            details = {"by": "invitation", "link_id": link.id, "name": name, "role": person.role}
            note(session, person.id, "person_added", person.id, now, **details)
            return self._sessions.open(session, person.id, agent)

    def change_password(self, token: str, password: str, address: str = "", agent: str = "") -> str:
        """Spends a link to a new password: signs the person out everywhere else and in here; returns the token.

        Raises what `look` raises, and PasswordRefusedError; then the link stays valid.
        """
        self.look(token, LinkKind.RESET, address)
        kept, now = self._passwords.hash(password), self._clock()
        with self._database.write() as session:
            link = _open_link(session, token, LinkKind.RESET, now)
            link.used_at = now
            person = session.get(Person, link.person_id)
            if person is None or not person.is_active:
                raise LinkSpentError
            person.password_hash = kept
            session.execute(sa.delete(LoginSession).where(LoginSession.person_id == person.id))
            note(session, person.id, "password_changed", person.id, now, by="link", link_id=link.id)
            return self._sessions.open(session, person.id, agent)


def _open_link(session: Session, token: str, kind: LinkKind, now: datetime) -> OneTimeLink:
    link = session.scalar(sa.select(OneTimeLink).where(OneTimeLink.token_hash == hash_of(token)))
    if link is None or link.kind != kind or link.used_at is not None or link.expires_at <= now:
        raise LinkSpentError
    return link


def _end_resets(session: Session, person_id: str) -> None:
    theirs = sa.and_(OneTimeLink.person_id == person_id, OneTimeLink.used_at.is_(None))
    session.execute(sa.delete(OneTimeLink).where(theirs))


def _record(link: OneTimeLink, name: str, made_by: str) -> LinkRecord:
    role = Role(link.role) if link.role else None
    return LinkRecord(link.id, LinkKind(link.kind), name, role, made_by, link.created_at, link.expires_at)
