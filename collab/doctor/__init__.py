"""What is wrong with this installation: one small check after the other, each with what to do. It repairs nothing.

It starts from the settings, or from what keeps them from being read; a check whose ground is missing is left out.
"""

from collections.abc import Callable, Iterator
from contextlib import closing

from collab.config import Settings
from collab.doctor import contents, surroundings
from collab.doctor.findings import Finding, Health, ok, problem
from collab.folder import DATABASE_FILE
from knowledge.database import Clock, Database
from knowledge.errors import CollabError, StorageError

__all__ = ["Finding", "Health", "examine"]


def examine(read_settings: Callable[[], Settings], clock: Clock) -> Iterator[Finding]:
    """Every finding, as soon as it is known. It writes nothing but what opening a database writes."""
    yield surroundings.python()
    yield surroundings.packages()
    try:
        settings = read_settings()
    except CollabError as error:
        yield problem("settings", str(error))
        return
    yield ok("settings", "read, and all of them known")
    yield surroundings.clock(clock())
    yield surroundings.embedder()
    yield surroundings.chat_model(settings)
    yield surroundings.port(settings)
    yield surroundings.folder(settings.data)
    if settings.data.is_dir():
        yield surroundings.privacy(settings.data)
        yield surroundings.space(settings.data)
        yield from _contents(settings, clock)


def _contents(settings: Settings, clock: Clock) -> Iterator[Finding]:
    path = settings.data / DATABASE_FILE
    if not path.exists():
        yield ok("database", "none yet: the first start makes one")
        return
    try:
        with closing(Database(path, settings.database_key.get_secret_value() or None)) as database:
            whole = contents.database(database)
            yield whole
            yield contents.log(path)
            yield contents.backups(settings.data, clock())
            if whole.health is Health.OK:  # of this version's schema
                for check in contents.CHECKS:
                    with database.read() as session:
                        yield check(session, clock())
    except StorageError as error:
        yield problem("database", str(error))
