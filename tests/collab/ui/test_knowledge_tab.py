"""Knowledge on real services: files come in, are read, opened and deleted."""

from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from zipfile import ZipFile

import pytest

from collab import ui
from collab.people.access import Actor
from collab.ui import knowledge_tab
from collab.ui.acts.knowledge import BringBack, KnowledgeAct, Open, Remove, Rewrite, Switch, Try
from collab.ui.screen import REGIONS, Screen, Update
from collab.ui.uploading import Sent
from knowledge.errors import CollabError
from tests.collab.dialogue.test_citations import ask


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
    assert (
        "Here already, unchanged: notes.md."
        in upload(screen, expert, tmp_path, notes_md=b"Lunch costs 9 euros.")["toast"]
    )


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


def archive(**files: bytes) -> bytes:
    made = BytesIO()
    with ZipFile(made, "w") as parts:
        for name, content in files.items():
            parts.writestr(name.replace("_", "."), content)
    return made.getvalue()


def guide(screen: Screen, actor: Actor, name: str = "guide.md", content: bytes = b"Lunch costs 9 euros.") -> str:
    """The id of a document that has been read."""
    made = screen.services.documents.add(actor, name, content)
    screen.services.finish_reading()
    return made.id


def done(screen: Screen, actor: Actor, act: KnowledgeAct) -> Update:
    (update,) = knowledge_tab.handle(screen, actor, act)
    return update


def test_each_file_of_an_archive_is_told(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    guide(screen, expert)
    content = archive(new_md=b"Tea costs 2 euros.", copy_md=b"Lunch costs 9 euros.", photo_png=b"\x89PNG")
    told = upload(screen, expert, tmp_path, canteen_zip=content)["toast"]
    assert "canteen/new.md arrived and is being read." in told
    assert "Here already, unchanged: guide.md." in told
    assert "canteen/photo.png was not read" in told
    assert 'role="alert"' in told


def test_of_many_problems_a_few_are_named(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    told = upload(screen, expert, tmp_path, **{f"photo{n}_png": b"\x89PNG" for n in range(7)})["toast"]
    assert told.count("was not read") == 5
    assert "And 2 more." in told


def test_a_new_version_says_that_it_replaces(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    guide(screen, expert)
    told = upload(screen, expert, tmp_path, guide_md=b"Lunch costs 8 euros.")["toast"]
    assert "guide.md is a new version. The one before answers until this one is read." in told


def test_what_is_known_under_another_name_says_which(screen: Screen, expert: Actor, tmp_path: Path) -> None:
    guide(screen, expert)
    told = upload(screen, expert, tmp_path, copy_md=b"Lunch costs 9 euros.")["toast"]
    assert "copy.md is here already, as guide.md." in told


def test_a_file_takes_the_place_of_a_document(screen: Screen, expert: Actor, member: Actor, tmp_path: Path) -> None:
    document = guide(screen, expert)
    path, second = tmp_path / "upload", tmp_path / "second"

    def replace(actor: Actor, name: str) -> str:
        path.write_bytes(b"Lunch costs 7 euros.")
        second.write_bytes(b"Dinner costs 12 euros.")
        (update,) = knowledge_tab.upload(screen, actor, [Sent(path, name), Sent(second, name)], document)
        assert not second.exists()  # one file takes the place, and none stays
        return update["toast"]

    assert "plan.pdf cannot take the place of guide.md" in replace(expert, "plan.pdf")
    assert "expert" in replace(member, "Menu 2028.md")
    assert "guide.md is a new version." in replace(expert, "Menu 2027.md")
    screen.services.finish_reading()
    (there,) = screen.services.documents.list(expert)
    assert there.name == "guide.md"
    assert screen.services.documents.passages(expert, there.id)[0].text == "Lunch costs 7 euros."


def test_the_table_tells_what_failed_who_added_and_what_waits(screen: Screen, expert: Actor) -> None:
    guide(screen, expert)
    guide(screen, expert, "wrong.pdf", b"no PDF")
    screen.services.library.receive("waiting.md", b"Tea costs 2 euros.", "everyone")
    room = knowledge_tab.shown(screen, expert)["knowledge"]
    assert "Could not be read: 1. Each says why." in room
    assert "Reading. Left to read: 1." in room
    assert " · Eve" in room


def test_what_depends_on_a_document_is_shown_before_it_is_deleted(screen: Screen, expert: Actor, member: Actor) -> None:
    guide(screen, expert, content=b"# Lunch\n\nLunch costs 9 euros.\n")
    turn = ask(screen.services, member, "What does lunch cost?")
    screen.services.corrections.submit(member, turn_id=turn, answer="8 euros.")
    room = knowledge_tab.shown(screen, expert)["knowledge"]
    assert "Answers that cite it: 1. Corrections that stand on it: 1. They stay and go on answering." in room
    assert "What does lunch cost?" in room
    assert "What does lunch cost?" not in knowledge_tab.shown(screen, member)["knowledge"]


def test_a_deleted_document_comes_back(screen: Screen, expert: Actor, member: Actor) -> None:
    document = guide(screen, expert)
    gone = done(screen, expert, Remove(act="remove", document=document))
    assert 'data-act="knowledge.bring_back"' in gone["toast"]
    assert "Deleted documents (1)" in gone["knowledge"]
    assert "Deleted documents" not in knowledge_tab.shown(screen, member)["knowledge"]
    back = done(screen, expert, BringBack(act="bring_back", document=document))
    assert "guide.md is back." in back["toast"]
    assert 'data-testid="document-row"' in back["knowledge"]
    again = done(screen, expert, BringBack(act="bring_back", document=document))
    assert 'role="alert"' in again["toast"]


def test_a_passage_is_disabled_and_enabled(screen: Screen, expert: Actor) -> None:
    document = guide(screen, expert)
    (passage,) = screen.services.documents.passages(expert, document)
    off = done(screen, expert, Switch(act="disable", passage=passage.id))
    assert 'data-testid="passage-disabled"' in off["knowledge"]
    assert 'data-act="knowledge.enable"' in off["toast"]
    assert "Disabled: 1" in knowledge_tab.shown(screen, expert)["knowledge"]
    on = done(screen, expert, Switch(act="enable", passage=passage.id))
    assert 'data-testid="passage-disabled"' not in on["knowledge"]


def test_a_passage_is_corrected_and_restored(screen: Screen, expert: Actor, member: Actor) -> None:
    document = guide(screen, expert)
    (passage,) = screen.services.documents.passages(expert, document)
    act = Rewrite(act="rewrite", passage=passage.id, text="Lunch is free.", seen=passage.text)
    update = done(screen, expert, act)
    assert "Lunch is free." in update["knowledge"]
    assert 'data-testid="passage-corrected"' in update["knowledge"]
    assert 'data-text="Lunch costs 9 euros."' in update["toast"]  # Undo puts the old words back
    late = done(screen, expert, act)
    assert "Somebody else has changed this passage just now" in late["toast"]
    assert "knowledge" not in late  # what was written stays
    restored = done(screen, expert, Switch(act="restore", passage=passage.id))
    assert 'data-testid="passage-corrected"' not in restored["knowledge"]
    opened = done(screen, member, Open(act="open", document=document))["knowledge"]
    assert "Lunch costs 9 euros." in opened
    assert "Disable" not in opened
    assert "role expert" in done(screen, member, act)["toast"]


def test_a_question_is_tried_out(screen: Screen, expert: Actor) -> None:
    guide(screen, expert, content=b"# Lunch\n\nLunch costs 9 euros.\n")
    assert 'data-testid="stage-answer"' not in done(screen, expert, Try(act="try"))["knowledge"]
    tried = done(screen, expert, Try(act="try", question="What does lunch cost?"))["knowledge"]
    assert "strong (" in tried
    assert "No correction answers it." in tried
    assert tried.count('data-testid="found"') == 3  # by meaning, by words, and both together
    screen.services.corrections.submit(expert, question="What does lunch cost?", answer="It is free.")
    tried = done(screen, expert, Try(act="try", question="what does lunch cost"))["knowledge"]
    assert "The correction of Eve, word for word." in tried
    assert "It is free." in tried
    assert "This is small talk" in done(screen, expert, Try(act="try", question="Thank you!"))["knowledge"]
