"""All documents, for the operator: named, removed with an entry, and exported under whom they are for."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from collab.errors import ChoiceUnknownError
from collab.people import audit
from collab.people.access import Actor, Role, personal
from collab.people.operating import HeldDocuments
from knowledge.database import Database
from knowledge.errors import NotFoundError
from knowledge.library import Library
from tests.fakes import WordEmbedder, add_people

NOW = datetime(2026, 11, 22, 4, 40, tzinfo=UTC)
MEL = Actor("mel", "Mel: the/first", Role.MEMBER)


@pytest.fixture
def held(database: Database) -> HeldDocuments:
    """Two documents of one name, and one that nobody else has."""
    add_people(database, MEL)
    library = Library(database, WordEmbedder(), lambda: NOW)
    library.add("lockers.md", b"Lockers take a coin.", "everyone")
    library.add("lockers.md", b"My locker is number 7.", personal(MEL))
    library.add("shop.md", b"The shop opens early.", "everyone")
    return HeldDocuments(library, lambda: NOW)


def test_everybodys_documents_are_listed(held: HeldDocuments) -> None:
    assert sorted((one.record.name, one.owner) for one in held.list()) == [
        ("lockers.md", "Mel: the/first"),
        ("lockers.md", "everyone"),
        ("shop.md", "everyone"),
    ]


def test_one_is_named_by_its_id_or_by_a_name_that_only_it_has(held: HeldDocuments) -> None:
    shop = held.named("shop.md")
    assert held.named(shop.record.id) == shop
    with pytest.raises(NotFoundError):
        held.named("none.md")
    with pytest.raises(ChoiceUnknownError, match=r"lockers\.md is no single document") as told:
        held.named("lockers.md")
    assert all(one.record.id in str(told.value) for one in held.list() if one.record.name == "lockers.md")


@pytest.mark.parametrize(("for_good", "act", "left"), [(False, "document_removed", 1), (True, "document_erased", 0)])
def test_a_removal_is_in_the_audit(
    held: HeldDocuments, database: Database, for_good: bool, act: str, left: int
) -> None:
    shop = held.named("shop.md").record.id
    held.remove(shop, for_good=for_good)
    with pytest.raises(NotFoundError):
        held.named("shop.md")
    with database.read() as session:
        assert audit.verify(session) == 1
        row = session.execute(sa.text("SELECT act, object_id, actor_id, details FROM audit_entries")).one()
        kept = session.scalar(sa.text("SELECT count(*) FROM documents WHERE name = 'shop.md'"))
    assert kept == left
    assert tuple(row) == (
        act,
        shop,
        None,
        '{"name": "shop.md", "reach": "everyone", "by": "command line"}',
    )


def test_originals_are_exported_under_whom_they_are_for(held: HeldDocuments, tmp_path: Path) -> None:
    names = held.export(tmp_path / "out", lambda done, total: None)
    assert sorted(names) == ["Mel_ the_first/lockers.md", "everyone/lockers.md", "everyone/shop.md"]
    assert (tmp_path / "out/Mel_ the_first/lockers.md").read_bytes() == b"My locker is number 7."
