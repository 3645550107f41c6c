"""Tokens and keys: random, and kept as SHA-256 only. When one was last used is written once a minute at most."""

import hashlib
import secrets
from contextlib import suppress
from datetime import datetime, timedelta

import sqlalchemy as sa

from knowledge.database import Database
from knowledge.errors import StorageError

_TOLD_EVERY = timedelta(minutes=1)


def new_secret() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def hash_of(secret: str) -> str:
    """What is kept of it, in hexadecimal. Any text is taken."""
    return hashlib.sha256(secret.encode(errors="surrogatepass")).hexdigest()


def note_use(database: Database, last: datetime | None, now: datetime, update: sa.Update) -> None:
    """Runs `update` unless the use before, at `last`, was told within the minute. It is worth no error and no wait."""
    if last is not None and abs(now - last) < _TOLD_EVERY:
        return
    with suppress(StorageError), database.write(waits=False) as session:
        session.execute(update)
