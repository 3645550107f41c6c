"""Knowledge: files come in, and documents and their passages are read, changed, tried out, deleted and brought back.

Reading files is the library's, and who may do what is for `Documents` and `Passages` to say.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from collab.people.access import Actor
from collab.people.documents import may_change
from collab.ui.acts.knowledge import BringBack, KnowledgeAct, Open, Remove, Rewrite, Sample, Switch, Try
from collab.ui.present import document, knowledge, search_test
from collab.ui.present.knowledge import Shelved
from collab.ui.screen import Screen, Update
from collab.ui.uploading import Sent, take
from knowledge.errors import CollabError, NotFoundError
from knowledge.records import DocumentRecord, PassageRecord

SAMPLE = Path(__file__).parents[2] / "assets" / "handbook"


def shown(screen: Screen, actor: Actor) -> Update:
    """The table as it stands."""
    services = screen.services
    shelf = _shelved(screen, actor, services.documents.list(actor))
    gone = services.documents.deleted(actor)
    return {"knowledge": knowledge.room(screen.texts, shelf, gone, services.settings.upload_mb)}


def handle(screen: Screen, actor: Actor, act: KnowledgeAct) -> Iterator[Update]:
    """The acts of the room. What is gone meanwhile is said over the table as it stands."""
    try:
        yield _done(screen, actor, act)
    except NotFoundError as error:
        yield shown(screen, actor) | screen.problem(error)


def _done(screen: Screen, actor: Actor, act: KnowledgeAct) -> Update:
    services, t = screen.services, screen.texts
    match act:
        case Open():
            return _opened(screen, actor, act.document)
        case Remove():
            record = services.documents.get(actor, act.document)
            services.documents.remove(actor, record.id)
            said = screen.toast(t("knowledge.deleted"), action=knowledge.undo_delete(t, record))
            return shown(screen, actor) | said
        case BringBack():
            record = services.documents.bring_back(actor, act.document)
            return shown(screen, actor) | screen.toast(t("knowledge.brought_back", name=record.name))
        case Sample():
            handbook = [Sent(path, path.name) for path in sorted(SAMPLE.glob("*.md"))]
            return take(screen, actor, handbook) | shown(screen, actor)
        case Switch():
            return _switched(screen, actor, act)
        case Rewrite():
            return _rewritten(screen, actor, act)
        case Try():
            return _tried(screen, actor, act.question)


def upload(screen: Screen, actor: Actor, files: Sequence[Sent], replaced: str = "") -> Iterator[Update]:
    """Keeps what was uploaded, or the first of it as the next version of the document `replaced`; then removes Gradio's
    copies, which every signed-in person could otherwise read.
    """
    try:
        yield take(screen, actor, files, replaced) | shown(screen, actor)
    finally:
        for file in files:
            file.path.unlink(missing_ok=True)


def _opened(screen: Screen, actor: Actor, document_id: str) -> Update:
    services = screen.services
    record = services.documents.get(actor, document_id)
    (shelved,) = _shelved(screen, actor, [record])
    passages = services.documents.passages(actor, record.id)
    cited = services.citations.of_passages(record.id)
    return {"knowledge": document.document(screen.texts, shelved, passages, cited)}


def _shelved(screen: Screen, actor: Actor, records: Sequence[DocumentRecord]) -> list[Shelved]:
    services, ids = screen.services, [record.id for record in records]
    authors, cited = services.documents.authors(ids), services.citations.of_documents(ids)
    standing = services.footing.of_documents(actor, ids)
    return [
        Shelved(
            record=record,
            author=authors.get(record.id, ""),
            cited=cited.get(record.id, 0),
            standing=standing.get(record.id, ()),
            may_change=may_change(actor, record),
        )
        for record in records
    ]


def _switched(screen: Screen, actor: Actor, act: Switch) -> Update:
    passages, t = screen.services.passages, screen.texts
    match act.act:
        case "disable":
            passage = passages.disable(actor, act.passage)
            return _said(screen, actor, passage, "disabled", document.undo(t, "enable", passage))
        case "enable":
            passage = passages.enable(actor, act.passage)
            return _said(screen, actor, passage, "enabled", document.undo(t, "disable", passage))
        case "restore":
            before = screen.services.documents.passage(actor, act.passage).text
            passage = passages.restore(actor, act.passage)
            return _said(screen, actor, passage, "restored", _undo_text(screen, passage, before))


def _rewritten(screen: Screen, actor: Actor, act: Rewrite) -> Update:
    before = screen.services.documents.passage(actor, act.passage).text
    try:
        passage = screen.services.passages.correct(actor, act.passage, act.text, seen=act.seen)
    except NotFoundError:
        raise
    except CollabError as error:
        return screen.problem(error, about=f"passage:{act.passage}")
    return _said(screen, actor, passage, "corrected", _undo_text(screen, passage, before))


def _undo_text(screen: Screen, passage: PassageRecord, before: str) -> str:
    return document.undo(screen.texts, "rewrite", passage, data_text=before, data_seen=passage.text)


def _said(screen: Screen, actor: Actor, passage: PassageRecord, what: str, undo: str) -> Update:
    told = screen.toast(screen.texts(f"passage.{what}.said"), action=undo)
    return _opened(screen, actor, passage.document_id) | told


def _tried(screen: Screen, actor: Actor, question: str) -> Update:
    services = screen.services
    if not question.strip():
        return {"knowledge": search_test.search_test(screen.texts, "", None)}
    services.models.require_finding()
    tried = services.rehearsals.rehearse(actor, question)
    return {"knowledge": search_test.search_test(screen.texts, tried.question, tried)}
