"""Knowledge on real services: files come in, are read, opened and deleted."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from collab import ui
from collab.people.access import Actor
from collab.ui import knowledge_tab
from collab.ui.acts.knowledge import BringBack, Open, Remove, Rewrite, Switch, Try
from collab.ui.screen import REGIONS, Screen, Update
from collab.ui.uploading import Sent
from knowledge.errors import CollabError


def upload(screen: Screen, actor: Actor, folder: Path, **files: bytes) -> Update:
    sent = [Sent(folder / f"{n}.upload", name.replace("_", ".")) for n, name in enumerate(files)]
    for file, content in zip(sent, files.values(), strict=True):
        file.path.write_bytes(content)
    (update,) = knowledge_tab.upload(screen, actor, sent)
    assert not any(file.path.exists() for file in sent)  # Gradio's copies are gone
    return update


def test_a_file_is_taken_and_read(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    update = upload(screen, expert, tmp_path, notes_md=b"# Canteen\n\nLunch costs 9 euros.\n")
    assert "notes.md arrived and is being read." in update["toast"]
    (record,) = screen.services.documents.list(expert)
    screen.services.library.process(record.id)
    assert 'class="pill ready"' in knowledge_tab.shown(screen, expert)["knowledge"]

    (opened,) = knowledge_tab.handle(screen, expert, Open(act="open", document=record.id))
    assert "Lunch costs 9 euros." in opened["knowledge"]


def test_a_file_that_cannot_be_read_says_why(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    record = screen.services.library.receive("menu.txt", b"caf\xe9", "everyone")
    screen.services.library.process(record.id)
    assert "menu.txt is not UTF-8 text" in knowledge_tab.shown(screen, expert)["knowledge"]


def test_the_table_tells_how_far_reading_is(screen: Screen, expert: Actor) -> None:
    library = screen.services.library
    shown: list[Update] = []
    text = "\n\n".join(f"## Part {n}\nSentence number {n} stands alone." for n in range(64))
    library.add("long.md", text.encode(), "everyone", lambda _: shown.append(knowledge_tab.shown(screen, expert)))
    assert ["Reading… 50 %" in update["knowledge"] for update in shown] == [True, False]


def test_the_same_file_again_is_recognised(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    screen.services.library.add("notes.md", b"Lunch costs 9 euros.", "everyone")
    assert "Here already, unchanged: notes.md." in upload(screen, expert, tmp_path, notes_md=b"Lunch costs 9 euros.")["toast"]


def test_two_files_keep_the_names_that_people_gave_them(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    upload(screen, expert, tmp_path, **{"Sale!_md": b"Skates cost 9 euros.", "Sale_md": b"Skates cost 8 euros."})
    assert {record.name for record in screen.services.documents.list(expert)} == {"Sale!.md", "Sale.md"}


def test_a_members_document_is_not_shown_to_others(screen: Screen, member: Actor, other: Actor, tmp_path: Path) -> None:
    upload(screen, member, tmp_path, diary_md=b"My locker is number 12.")
    assert "diary.md" in knowledge_tab.shown(screen, member)["knowledge"]
    assert "diary.md" not in knowledge_tab.shown(screen, other)["knowledge"]


def test_a_file_that_was_taken_before_stops_no_other(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    new = tmp_path / "new"
    new.write_bytes(b"Lunch costs 9 euros.")
    (update,) = knowledge_tab.upload(screen, expert, [Sent(tmp_path / "gone", "gone.md"), Sent(new, "new.md")])
    assert "new.md arrived" in update["toast"]
    assert [record.name for record in screen.services.documents.list(expert)] == ["new.md"]


@pytest.mark.parametrize("given", [{"path": "/x", "orig_name": "a.md"}, "a.md", [1], [{}], [{"path": ""}], [None]])
def test_what_is_no_list_of_files_is_told(screen: Screen, expert: Actor, given: object) -> None:
    request = SimpleNamespace(username=expert.id, query_params={}, cookies={})
    ((*shown, files),) = ui.uploaded(screen)(request, given, "")
    assert "The request cannot be read" in shown[REGIONS.index("toast")]
    assert files is None


def test_only_who_may_delete_is_offered_to(screen: Screen, member: Actor, expert: Actor, tmp_path: Path) -> None:
    screen.services.library.add("notes.md", b"Lunch costs 9 euros.", "everyone")
    assert 'data-testid="delete"' in knowledge_tab.shown(screen, expert)["knowledge"]
    assert 'data-testid="delete"' not in knowledge_tab.shown(screen, member)["knowledge"]
    assert 'data-testid="delete"' in upload(screen, member, tmp_path, diary_md=b"My locker is number 12.")["knowledge"]


def test_a_member_cannot_delete_what_is_for_everyone(screen: Screen, member: Actor, expert: Actor) -> None:
    record = screen.services.library.add("notes.md", b"Lunch costs 9 euros.", "everyone")
    with pytest.raises(CollabError):
        list(knowledge_tab.handle(screen, member, Remove(act="remove", document=record.id)))
    (update,) = knowledge_tab.handle(screen, expert, Remove(act="remove", document=record.id))
    assert 'data-testid="empty"' in update["knowledge"]
