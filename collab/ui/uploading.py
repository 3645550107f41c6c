"""Files that arrive: each is kept, to be read behind the page, and the person is told what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from collab.people.access import Actor
from collab.texts import Texts
from collab.ui.present import frame
from collab.ui.screen import Screen, Update
from knowledge.database import new_id
from knowledge.errors import CollabError
from knowledge.naming import document_name
from knowledge.records import DocumentRecord

_NAMED = 5  # of many, so many are named


@dataclass(frozen=True, slots=True)
class Sent:
    """A file on our disk, and the name that it had on the person's, with its folder."""

    path: Path
    name: str


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a file that was called `name`."""

    name: str
    result: DocumentRecord | CollabError


def take(screen: Screen, actor: Actor, files: Sequence[Sent], replaced: str = "") -> Update:
    """Keeps each file, or the first as the next version of the document `replaced`, and says what became of each."""
    outcomes: list[_Outcome] = []
    for file in files[:1] if replaced else files:
        try:
            content = file.path.read_bytes()
        except FileNotFoundError:  # taken before, and the page never heard of it
            continue
        outcomes += _kept(screen, actor, file.name, content, replaced)
    problems = [outcome.result for outcome in outcomes if isinstance(outcome.result, CollabError)]
    known = [outcome for outcome in outcomes if _is_known(outcome)]
    made = [
        outcome.result
        for outcome in outcomes
        if isinstance(outcome.result, DocumentRecord) and not outcome.result.already_known
    ]
    t = screen.texts
    lines = [*_arrived(t, made), *_known(t, known), *_problems(t, problems)]
    if not lines:
        return {}
    return {"toast": frame.toast(t, "\n".join(lines), nonce=new_id(), is_error=bool(problems))}


def _kept(screen: Screen, actor: Actor, name: str, content: bytes, replaced: str) -> list[_Outcome]:
    documents = screen.services.documents
    if not replaced:
        results = documents.add_all(actor, name, content)
        sent = document_name(name)
        return [_Outcome(sent if len(results) == 1 else "", result) for result in results]
    try:
        return [_Outcome("", documents.replace(actor, replaced, name, content))]
    except CollabError as error:
        return [_Outcome("", error)]


def _is_known(outcome: _Outcome) -> bool:
    return isinstance(outcome.result, DocumentRecord) and outcome.result.already_known


def _arrived(t: Texts, made: Sequence[DocumentRecord]) -> list[str]:
    replacing = [record for record in made if record.replaces]
    lines = []
    if len(made) == 1 and not replacing:
        lines.append(t("upload.arrived.one", name=made[0].name))
    elif len(made) > 1:
        lines.append(t("upload.arrived", count=len(made)))
    if len(replacing) == 1:
        lines.append(t("upload.replaces.one", name=replacing[0].name))
    elif replacing:
        lines.append(t("upload.replaces", count=len(replacing)))
    return lines


def _known(t: Texts, known: Sequence[_Outcome]) -> list[str]:
    """Which are there already, and as what."""
    if not known:
        return []
    if len(known) == 1 and isinstance(known[0].result, DocumentRecord):
        sent, there = known[0].name, known[0].result.name
        if sent and sent != there:
            return [t("upload.known.as", name=sent, other=there)]
    names = [one.result.name for one in known if isinstance(one.result, DocumentRecord)]
    line = t("upload.known", names=", ".join(names[:_NAMED]))
    return [f"{line} {t('upload.more', count=len(names) - _NAMED)}" if len(names) > _NAMED else line]


def _problems(t: Texts, problems: Sequence[CollabError]) -> list[str]:
    lines = [t.error(error.code, error.params) for error in problems[:_NAMED]]
    return [*lines, t("upload.more", count=len(problems) - _NAMED)] if len(problems) > _NAMED else lines
