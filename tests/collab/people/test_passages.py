"""Passages for people: who may change them, and the entry in the audit."""

import pytest
import sqlalchemy as sa

from collab.errors import NotAllowedError
from collab.people import audit
from collab.people.access import Actor
from collab.people.tables import AuditEntry
from collab.services import Services
from knowledge.errors import NotFoundError
from knowledge.records import PassageRecord

GUIDE = b"# Guide\nThe museum opens at 10:00."


def only_passage(services: Services, actor: Actor) -> PassageRecord:
    """The passage of a guide that this person adds."""
    made = services.documents.add(actor, "guide.md", GUIDE)
    services.finish_reading()
    return services.documents.passages(actor, made.id)[0]


def test_each_change_is_undone_and_in_the_audit(services: Services, expert: Actor) -> None:
    passage, passages = only_passage(services, expert), services.passages
    assert passages.disable(expert, passage.id).is_disabled
    assert services.documents.search(expert, "When does it open?", 5) == []
    assert not passages.enable(expert, passage.id).is_disabled
    assert passages.correct(expert, passage.id, "It opens at 9:00.", seen=passage.text).text == "It opens at 9:00."
    assert services.documents.search(expert, "When does it open?", 5)[0].passage.text == "It opens at 9:00."
    assert passages.restore(expert, passage.id).text == passage.text
    with services.database.read() as session:
        audit.verify(session)
        query = sa.select(AuditEntry).where(AuditEntry.object_type == "passage").order_by(AuditEntry.seq)
        entries = [(entry.act, entry.actor_id, entry.details["before"]) for entry in session.scalars(query)]
    assert entries == [
        ("passage_disabled", expert.id, passage.text),
        ("passage_enabled", expert.id, passage.text),
        ("passage_corrected", expert.id, passage.text),
        ("passage_restored", expert.id, "It opens at 9:00."),
    ]


def test_a_member_changes_only_their_own(services: Services, member: Actor, other: Actor, expert: Actor) -> None:
    common, passages = only_passage(services, expert), services.passages
    for act in (passages.disable, passages.enable, passages.restore):
        with pytest.raises(NotAllowedError, match="expert"):
            act(member, common.id)
    with pytest.raises(NotAllowedError):
        passages.correct(member, common.id, "It opens at 9:00.")
    own = only_passage(services, member)
    assert passages.disable(member, own.id).is_disabled
    for stranger in (other, expert):
        with pytest.raises(NotFoundError):
            passages.enable(stranger, own.id)


def test_nothing_is_suggested_from_what_is_disabled_or_deleted(services: Services, expert: Actor) -> None:
    made = services.documents.add(
        expert, "guide.md", b"# Guide\n\n## Lockers\nThey take a coin.\n\n## Shop\nIt is open.\n"
    )
    services.finish_reading()
    lockers, shop = services.documents.passages(expert, made.id)
    assert services.suggestions.headings(expert, 3) == ["Lockers"]
    assert services.suggestions.beside(expert, [lockers.id], 3) == ["Shop"]
    services.passages.disable(expert, shop.id)
    assert services.suggestions.beside(expert, [lockers.id], 3) == []
    services.passages.disable(expert, lockers.id)
    services.passages.enable(expert, shop.id)
    assert services.suggestions.headings(expert, 3) == ["Shop"]
    services.documents.remove(expert, made.id)
    assert services.suggestions.headings(expert, 3) == services.suggestions.beside(expert, [lockers.id], 3) == []
