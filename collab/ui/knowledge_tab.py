"""Knowledge: upload documents, see how far each is, read one, delete one. Reading files is the library's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from collab.people.access import Actor, Role
from collab.ui.acts.knowledge import Open, Remove, Sample
from collab.ui.present import forms, knowledge
from collab.ui.screen import Screen, Update
from knowledge.errors import CollabError

SAMPLE = Path(__file__).parents[2] / "assets" / "handbook"


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on our disk, and the name that it had on the person's."""

    path: Path
    name: str


def shown(screen: Screen, actor: Actor) -> Update:
    """The table as it stands."""
    documents = screen.services.documents.list(actor)
    drop_area = forms.drop_area(screen.texts, screen.services.settings.upload_mb)
    is_expert = actor.role.includes(Role.EXPERT)
    return {"knowledge": knowledge.room(screen.texts, documents, drop_area, is_expert=is_expert)}


def handle(screen: Screen, actor: Actor, act: Open | Remove | Sample) -> Iterator[Update]:
    """The acts of the room."""
    services = screen.services
    match act:
        case Open():
            record = services.documents.get(actor, act.document)
            passages = services.documents.passages(actor, record.id)
            yield {"knowledge": knowledge.document(screen.texts, record, passages)}
        case Remove():
            services.documents.remove(actor, act.document)
            yield shown(screen, actor) | screen.toast(screen.texts("knowledge.deleted"))
        case Sample():
            yield take(screen, actor, [Sent(path, path.name) for path in sorted(SAMPLE.glob("*.md"))])


def upload(screen: Screen, actor: Actor, files: Sequence[Sent]) -> Iterator[Update]:
    """Keeps what was uploaded and removes Gradio's copies, which every signed-in person could otherwise read."""
    try:
        yield take(screen, actor, files)
    finally:
        for file in files:
            file.path.unlink(missing_ok=True)


def take(screen: Screen, actor: Actor, files: Sequence[Sent]) -> Update:
    """Keeps each file, to be read behind the page; one that cannot be taken is named with its reason."""
    problems: list[CollabError] = []
    known = taken = 0
    for file in files:
        try:
            record = screen.services.documents.add(actor, file.name, file.path.read_bytes())
        except FileNotFoundError:  # taken before, and the page never heard of it
            continue
        except CollabError as error:
            problems.append(error)
            continue
        known += record.already_known
        taken += not record.already_known
    return shown(screen, actor) | _told(screen, problems, taken, known)


def _told(screen: Screen, problems: Sequence[CollabError], taken: int, known: int) -> Update:
    if problems:
        return screen.problem(*problems)
    if taken:
        return screen.toast(screen.texts("upload.taken", count=taken))
    return screen.toast(screen.texts("upload.known", count=known)) if known else {}
