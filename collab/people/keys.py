"""API keys: which program acts for whom. It knows no requests.

A key is random and kept as its hash only; it is told once, to who made it.
"""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from collab.errors import KeyRefusedError, PersonUnknownError, TooManyKeysError
from collab.people.access import OPERATOR, Actor
from collab.people.acting import as_actor, is_admin, note, require_admin
from collab.people.passwords import name_key, read_name
from collab.people.records import KeyRecord
from collab.people.tables import ApiKey, Person
from collab.people.tokens import hash_of, new_secret, note_use
from knowledge.database import Clock, Database, new_id
from knowledge.errors import NotFoundError

MOST_KEYS = 50  # of one person


class Keys:
    """The keys of everybody. Each person makes and takes back their own; an administrator sees and takes back all."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def make(self, actor: Actor, name: str) -> tuple[KeyRecord, str]:
        """Another key of the person's own, and the key itself, which cannot be told again.

        Raises NameRefusedError and TooManyKeysError.
        """
        name = read_name(name)
        with self._database.write() as session:
            person = session.get(Person, actor.id)
            if person is None or not person.is_active:
                raise NotFoundError(what="person")
            return self._insert(session, actor.id, person, name)

    def make_for(self, person_name: str, name: str = "command line") -> str:
        """A key for whom the operator of the machine names. Raises PersonUnknownError, and what `make` raises."""
        name, named = read_name(name), Person.name_key == name_key(person_name)
        with self._database.write() as session:
            person = session.scalar(sa.select(Person).where(named, Person.is_active))
            if person is None:
                raise PersonUnknownError(name=person_name)
            return self._insert(session, OPERATOR.id, person, name)[1]

    def _insert(self, session: Session, actor_id: str, person: Person, name: str) -> tuple[KeyRecord, str]:
        held = session.scalar(sa.select(sa.func.count()).where(ApiKey.person_id == person.id)) or 0
        if held >= MOST_KEYS:
            raise TooManyKeysError(limit=MOST_KEYS)
        key, now = "collab_" + new_secret(), self._clock()
        row = ApiKey(id=new_id(), person_id=person.id, key_hash=hash_of(key), name=name, created_at=now)
        session.add(row)
        note(session, actor_id, "key_made", person.id, now, key_id=row.id, name=name)
        return _record(row, person.name), key

    def list(self, actor: Actor, person_id: str | None = None) -> tuple[KeyRecord, ...]:
        """The keys of a person, the newest first; of everybody, by name, when nobody is named.

        Raises NotAllowedError unless they are the actor's own or an administrator asks.
        """
        query = sa.select(ApiKey, Person.name).join(Person, Person.id == ApiKey.person_id)
        if person_id is not None:
            query = query.where(ApiKey.person_id == person_id)
        with self._database.read() as session:
            if person_id != actor.id:
                require_admin(session, actor)
            rows = session.execute(query.order_by(Person.name_key, ApiKey.created_at.desc()))
            return tuple(_record(key, name) for key, name in rows)

    def revoke(self, actor: Actor, key_id: str) -> KeyRecord:
        """From now on the key is refused. Raises NotFoundError unless it is theirs or they are an administrator."""
        with self._database.write() as session:
            row = session.get(ApiKey, key_id)
            if row is None or (row.person_id != actor.id and not is_admin(session, actor)):
                raise NotFoundError(what="key")
            person = session.get_one(Person, row.person_id)
            session.delete(row)
            note(session, actor.id, "key_revoked", row.person_id, self._clock(), key_id=row.id, name=row.name)
            return _record(row, person.name)

    def actor_of(self, key: str) -> Actor:
        """For whom a program acts. Raises KeyRefusedError."""
        now = self._clock()
        query = sa.select(Person, ApiKey.id, ApiKey.last_used_at).join(ApiKey, ApiKey.person_id == Person.id)
        with self._database.read() as session:
            found = session.execute(query.where(ApiKey.key_hash == hash_of(key), Person.is_active)).one_or_none()
        if found is None:
            raise KeyRefusedError
        person, key_id, last_used_at = found
        update = sa.update(ApiKey).where(ApiKey.id == key_id).values(last_used_at=now)
        note_use(self._database, last_used_at, now, update)
        return as_actor(person)


def _record(row: ApiKey, person: str) -> KeyRecord:
    return KeyRecord(row.id, row.person_id, person, row.name, row.created_at, row.last_used_at)
