"""Documents for people: whom an upload reaches, who may remove it, and its audit entry in the same transaction."""

import json
from contextlib import closing
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import sqlalchemy as sa

from collab.errors import NotAllowedError
from collab.people import audit
from collab.people.access import EVERYONE, Actor, personal
from collab.people.tables import AuditEntry, DocumentAuthor
from collab.services import MIGRATIONS, Services
from knowledge.database import Database
from knowledge.errors import FileTooLargeError, NotFoundError, OtherTypeError, ReplacementTypeError
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState
from tests.versions import VERSIONS

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


def test_a_version_that_goes_is_in_the_audit_with_the_one_in_its_place(services: Services, expert: Actor) -> None:
    first = services.documents.add(expert, "guide.md", GUIDE)
    services.finish_reading()
    second = services.documents.add(expert, "guide.md", GUIDE + b" It closes at 18:00.")
    assert len(_acts(services)) == 2  # the first stays until the second has been read
    services.finish_reading()
    assert [one.id for one in services.documents.list(expert)] == [second.id]
    assert _acts(services)[2:] == [("document_replaced", "guide.md")]
    broken = services.documents.add(expert, "guide.pdf", b"no PDF")
    services.finish_reading()
    services.documents.add_for_everyone("guide.pdf", b"none either", lambda share: None)
    assert _replaced(services) == [(expert.id, first.id, second.id), (None, broken.id, _newest(services, expert))]


def _replaced(services: Services) -> list[tuple[str | None, str, str]]:
    query = sa.select(AuditEntry).where(AuditEntry.act == "document_replaced").order_by(AuditEntry.seq)
    with services.database.read() as session:
        return [(entry.actor_id, entry.object_id, entry.details["replaced_by"]) for entry in session.scalars(query)]


def _newest(services: Services, actor: Actor) -> str:
    return services.documents.list(actor)[0].id


def test_the_operator_adds_for_everyone(services: Services, member: Actor) -> None:
    made = services.documents.add_for_everyone("C:\\files\\guide.md", GUIDE, lambda share: None)
    assert (made.name, made.reach, made.state) == ("guide.md", EVERYONE, DocumentState.READY)
    assert services.documents.add_for_everyone("guide.md", GUIDE, lambda share: None).already_known
    with services.database.read() as session:
        entries = session.scalars(sa.select(AuditEntry).where(AuditEntry.object_id == made.id)).all()
    assert [(entry.actor_id, entry.act, entry.details["by"]) for entry in entries] == [
        (None, "document_added", "command line")
    ]
    with pytest.raises(FileTooLargeError):
        services.documents.add_for_everyone("big.txt", bytes(26 * 1024 * 1024), lambda share: None)


def test_passages_and_search_are_within_reach(services: Services, member: Actor, other: Actor) -> None:
    made = services.documents.add(member, "guide.md", GUIDE)
    services.finish_reading()
    (passage,) = services.documents.passages(member, made.id)
    assert services.documents.passage(member, passage.id).text == "The museum opens at 10:00."
    assert [found.passage.id for found in services.documents.search(member, "When does it open?", 5)] == [passage.id]
    assert services.documents.search(other, "When does it open?", 5) == []
    with pytest.raises(NotFoundError):
        services.documents.passages(other, made.id)


def test_an_upload_is_read_behind(services: Services, expert: Actor) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    assert made.state is DocumentState.READING
    services.finish_reading()
    assert services.documents.get(expert, made.id).state is DocumentState.READY


def test_an_archive_becomes_its_documents_and_what_cannot_be_taken_is_told(services: Services, expert: Actor) -> None:
    archive = BytesIO()
    with ZipFile(archive, "w") as made:
        made.writestr("guide.md", GUIDE)
        made.writestr("shop/photo.png", b"\x89PNG")
        made.writestr("shop/prices.csv", b"Ticket,Price\nAdult,9 euro\n")
    guide, photo, prices = services.documents.add_all(expert, "museum.zip", archive.getvalue())
    services.finish_reading()
    assert isinstance(guide, DocumentRecord)
    assert isinstance(prices, DocumentRecord)
    assert (guide.name, prices.name) == ("museum/guide.md", "museum/shop/prices.csv")
    assert str(photo).startswith("museum/shop/photo.png was not read, because files of this kind cannot be.")
    assert [passage.text for passage in services.documents.passages(expert, prices.id)] == [
        "Ticket: Adult; Price: 9 euro"
    ]
    assert _acts(services) == [("document_added", "museum/guide.md"), ("document_added", "museum/shop/prices.csv")]


def test_a_single_file_is_one_result_and_so_is_an_archive_that_is_refused(services: Services, expert: Actor) -> None:
    (made,) = services.documents.add_all(expert, "rooms/guide.md", GUIDE)
    (again,) = services.documents.add_all(expert, "copy.md", GUIDE)
    (refused,) = services.documents.add_all(expert, "a.zip", b"no archive")
    (large,) = services.documents.add_all(expert, "big.txt", bytes(25 * 1024 * 1024 + 1))
    assert isinstance(made, DocumentRecord)
    assert isinstance(again, DocumentRecord)
    assert (made.name, made.reach, again.id, again.already_known) == ("rooms/guide.md", EVERYONE, made.id, True)
    assert isinstance(refused, OtherTypeError)
    assert isinstance(large, FileTooLargeError)


def test_a_path_is_not_a_name(services: Services, expert: Actor) -> None:
    assert services.documents.add(expert, "..\\..\\etc/pass\u202ewd.md", GUIDE).name == "passwd.md"


def test_a_file_over_the_limit_is_refused_and_not_kept(services: Services, expert: Actor) -> None:
    with pytest.raises(FileTooLargeError, match="big.txt has 26 MB, and at most 25 MB can be read"):
        services.documents.add(expert, "big.txt", bytes(25 * 1024 * 1024 + 1))
    assert (services.documents.list(expert), _acts(services)) == ((), [])


def test_what_was_removed_comes_back_to_who_may_remove_it(
    services: Services, member: Actor, other: Actor, expert: Actor
) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    services.finish_reading()
    services.documents.remove(expert, made.id)
    assert [gone.id for gone in services.documents.deleted(expert)] == [made.id]
    assert services.documents.deleted(member) == ()
    with pytest.raises(NotFoundError):
        services.documents.bring_back(member, made.id)
    assert services.documents.bring_back(expert, made.id).passages == 1
    assert [act for act, _ in _acts(services)] == ["document_added", "document_removed", "document_brought_back"]


def test_what_was_removed_while_it_waited_is_read_once_it_is_back(services: Services, expert: Actor) -> None:
    made = services.library.receive("guide.md", GUIDE, EVERYONE)
    services.documents.remove(expert, made.id)
    services.documents.bring_back(expert, made.id)
    services.finish_reading()
    assert services.documents.get(expert, made.id).state is DocumentState.READY


def test_a_file_takes_the_place_of_a_document_whatever_it_is_called(
    services: Services, member: Actor, expert: Actor
) -> None:
    made = services.documents.add(expert, "rooms/guide.md", GUIDE)
    services.finish_reading()
    new = services.documents.replace(expert, made.id, "Guide 2027 (final).MD", GUIDE + b" It closes at 18:00.")
    assert (new.name, new.reach, new.replaces) == ("rooms/guide.md", EVERYONE, True)
    services.finish_reading()
    assert [one.id for one in services.documents.list(expert)] == [new.id]
    with pytest.raises(ReplacementTypeError, match=r"plan.pdf cannot take the place of rooms/guide.md"):
        services.documents.replace(expert, new.id, "plan.pdf", b"%PDF-")
    with pytest.raises(NotAllowedError):
        services.documents.replace(member, new.id, "guide.md", GUIDE)


def test_a_member_is_not_shown_what_others_failed_to_upload(services: Services, member: Actor, expert: Actor) -> None:
    services.documents.add(expert, "wrong.pdf", b"no PDF")
    services.documents.add(member, "mine.pdf", b"no PDF")
    services.finish_reading()
    assert [one.name for one in services.documents.list(expert)] == ["wrong.pdf"]
    assert [one.name for one in services.documents.list(member)] == ["mine.pdf"]


def test_who_added_a_document_is_known(services: Services, member: Actor, expert: Actor) -> None:
    first = services.documents.add(expert, "guide.md", GUIDE)
    second = services.documents.add(member, "mine.md", GUIDE)
    third = services.documents.add_for_everyone("shop.md", b"It sells stamps.", lambda share: None)
    assert services.documents.authors([first.id, second.id, third.id]) == {first.id: "Eve", second.id: "Mel"}


def test_everyone_exports_their_own_and_experts_what_is_for_everyone(
    services: Services, member: Actor, expert: Actor
) -> None:
    services.documents.add(expert, "rooms/guide.md", GUIDE)
    services.documents.add(member, "mine.md", b"My locker is number 12.")
    services.finish_reading()
    with ZipFile(BytesIO(b"".join(services.documents.export(expert)))) as parts:
        assert parts.namelist() == ["everyone/rooms/guide.md", "manifest.json"]
        assert parts.read("everyone/rooms/guide.md") == GUIDE
        (entry,) = json.loads(parts.read("manifest.json"))["documents"]
    assert (entry["file"], entry["state"]) == ("everyone/rooms/guide.md", "ready")
    with ZipFile(BytesIO(b"".join(services.documents.export(member)))) as parts:
        assert parts.namelist() == ["Mel/mine.md", "manifest.json"]


def test_an_archive_of_the_operator_is_read_file_by_file(services: Services) -> None:
    archive = BytesIO()
    told: list[tuple[str, float]] = []
    with ZipFile(archive, "w") as made:
        made.writestr("guide.md", GUIDE)
        made.writestr("photo.png", b"\x89PNG")

    def note(name: str, share: float) -> None:
        told.append((name, share))

    guide, photo = services.documents.add_all_for_everyone("museum.zip", archive.getvalue(), note)
    assert isinstance(guide, DocumentRecord)
    assert (guide.name, guide.reach, guide.state) == ("museum/guide.md", EVERYONE, DocumentState.READY)
    assert str(photo).startswith("museum/photo.png was not read")
    assert told == [("museum/guide.md", 1.0)]
    (refused,) = services.documents.add_all_for_everyone("a.zip", b"no archive", note)
    assert isinstance(refused, OtherTypeError)


def test_who_added_the_documents_of_an_earlier_version_is_known_after_the_upgrade(tmp_path: Path) -> None:
    VERSIONS[0].make(tmp_path / "collab.db")
    with closing(Database(tmp_path / "collab.db")) as database:
        database.migrate(MIGRATIONS)
        with database.read() as session:
            rows = session.execute(sa.select(DocumentAuthor.document_id, DocumentAuthor.person_id, DocumentAuthor.at))
            authors = {document: (person, at.isoformat()[:16]) for document, person, at in rows}
    assert authors == {
        "museum": ("eve", "2026-11-20T09:17"),
        "notes": ("mel", "2026-11-20T09:19"),
        "wrong": ("eve", "2026-11-20T09:21"),
    }
