"""Documents for people: whom an upload reaches, who may remove it, and its audit entry in the same transaction."""

import pytest
import sqlalchemy as sa

from collab.errors import NotAllowedError
from collab.people import audit
from collab.people.access import EVERYONE, Actor, personal
from collab.people.tables import AuditEntry
from collab.services import Services
from knowledge.errors import FileTooLargeError, NotFoundError
from knowledge.tables import DocumentState

GUIDE = b"# Guide\nThe museum opens at 10:00."


def _acts(services: Services) -> list[tuple[str, str]]:
    with services.database.read() as session:
        audit.verify(session)
        query = sa.select(AuditEntry).where(AuditEntry.object_type == "document").order_by(AuditEntry.seq)
        return [(entry.act, entry.details["name"]) for entry in session.scalars(query)]


def test_a_members_upload_is_theirs_alone(services: Services, member: Actor, other: Actor, expert: Actor) -> None:
    made = services.documents.add(member, "guide.md", GUIDE)
    assert made.reach == personal(member)
    assert [one.id for one in services.documents.list(member)] == [made.id]
    assert services.documents.list(other) == services.documents.list(expert) == ()
    for stranger in (other, expert):
        with pytest.raises(NotFoundError):
            services.documents.remove(stranger, made.id)
    services.documents.remove(member, made.id)
    assert services.documents.list(member) == ()


def test_an_experts_upload_is_for_everyone_and_only_experts_remove_it(
    services: Services, member: Actor, expert: Actor
) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    assert (made.reach, services.documents.get(member, made.id).id) == (EVERYONE, made.id)
    with pytest.raises(NotAllowedError, match="expert"):
        services.documents.remove(member, made.id)
    services.documents.remove(expert, made.id)


def test_what_was_done_is_in_the_audit_once(services: Services, expert: Actor) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    assert services.documents.add(expert, "copy.md", GUIDE).already_known
    services.documents.remove(expert, made.id)
    assert _acts(services) == [("document_added", "guide.md"), ("document_removed", "guide.md")]


def test_an_upload_is_read_behind(services: Services, expert: Actor) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    assert made.state is DocumentState.READING
    services.finish_reading()
    assert services.documents.get(expert, made.id).state is DocumentState.READY


def test_a_path_is_not_a_name(services: Services, expert: Actor) -> None:
    assert services.documents.add(expert, "..\\..\\etc/pass\u202ewd.md", GUIDE).name == "passwd.md"


def test_a_file_over_the_limit_is_refused_and_not_kept(services: Services, expert: Actor) -> None:
    with pytest.raises(FileTooLargeError, match="big.txt"):
        services.documents.add(expert, "big.txt", bytes(26 * 1024 * 1024))
    assert (services.documents.list(expert), _acts(services)) == ((), [])
