"""Commands about documents, for the operator: what they add is for everyone, and they see all that there are."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from collab.api.errors import stored_problem
from collab.commands.terminal import require_yes, show
from collab.errors import FileUnavailableError
from collab.people.access import OPERATOR
from collab.people.documents import KEPT_DELETED
from collab.people.operating import HeldDocuments
from collab.services import Services
from knowledge.database import utc_now
from knowledge.documents import MB, refuse_over
from knowledge.errors import CollabError
from knowledge.naming import document_name
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState

if TYPE_CHECKING:
    from collab.commands import Commands

_NO_FILES = "there is no file in it"


def add_to(commands: "Commands") -> None:
    """Adds `documents` and what it does."""
    documents = commands.add_parser("documents", help="what answers come from").add_subparsers(
        required=True, metavar="ACT"
    )
    adding = documents.add_parser("add", help="add files for everyone; folders and archives as what is in them")
    adding.add_argument("paths", nargs="+", metavar="PATH", type=Path)
    adding.set_defaults(run=add_documents)
    listing = documents.add_parser("list", help="all documents: id, state, passages, for whom, name")
    listing.set_defaults(run=list_documents)
    removing = documents.add_parser("remove", help="remove a document; corrections stay")
    removing.add_argument("name", metavar="ID", help="its id, or its name")
    removing.add_argument("--yes", action="store_true", help="do it without asking")
    removing.add_argument("--for-good", action="store_true", help="erase it at once; else it can be brought back")
    removing.set_defaults(run=remove_document)
    exporting = documents.add_parser("export", help="write all originals to a new folder or .zip, with a manifest")
    exporting.add_argument("path", type=Path, metavar="PATH")
    exporting.set_defaults(run=export_documents)


def add_documents(services: Services, given: argparse.Namespace) -> int:
    """Adds files one after the other, those of folders and archives too; one that fails does not stop the rest."""
    outcomes = [_tell(outcome) for path in given.paths for outcome in _added(services, path)]
    return 0 if all(outcomes) else 1


def _added(services: Services, path: Path) -> Iterator[DocumentRecord | CollabError]:
    """What becomes of each file that a path stands for."""
    try:
        for file_path, name in _files(path):
            yield from services.documents.add_all_for_everyone(name, _content(services, file_path, name), _progress)
    except CollabError as error:
        yield error


def _files(path: Path) -> list[tuple[Path, str]]:
    """The file, or those in the folder but for hidden ones and links, with the names to keep them under."""
    if not path.is_dir():
        return [(path, document_name(path.name))]
    within = [
        (found, found.relative_to(path))
        for found in sorted(path.rglob("*"))
        if found.is_file() and not found.is_symlink()
    ]
    seen = [(found, inner) for found, inner in within if not any(part.startswith(".") for part in inner.parts)]
    if not seen:
        raise FileUnavailableError(path=str(path), reason=_NO_FILES)
    return [(found, document_name((Path(path.resolve().name) / inner).as_posix())) for found, inner in seen]


def _content(services: Services, path: Path, name: str) -> bytes:
    try:
        refuse_over(services.settings.upload_mb * MB, name, path.stat().st_size)  # before it fills the memory
        return path.read_bytes()
    except OSError as error:
        raise FileUnavailableError(path=str(path), reason=error.strerror or str(error)) from error


def _progress(name: str, share: float) -> None:
    show(f"{name}: {share:.0%}")


def _tell(outcome: DocumentRecord | CollabError) -> bool:
    """Prints what became of a file; whether it can be found now."""
    show("")
    if isinstance(outcome, CollabError):
        print(outcome, file=sys.stderr)
        return False
    if outcome.state is DocumentState.FAILED:
        print(stored_problem(outcome.error_code or "", outcome.error_params).message, file=sys.stderr)
        return False
    known = "already there, nothing to do" if outcome.already_known else f"{outcome.passages} passages"
    print(f"{outcome.name}: {known}")
    return True


def list_documents(services: Services, given: argparse.Namespace) -> int:
    """A line for each document, those of single people too."""
    for held in HeldDocuments(services.library, utc_now).list():
        record = held.record
        print(f"{record.id}\t{record.state}\t{record.passages}\t{held.owner}\t{record.name}")
    return 0


def remove_document(services: Services, given: argparse.Namespace) -> int:
    """Removes one, after a question that says what depends on it."""
    documents = HeldDocuments(services.library, utc_now)
    held = documents.named(given.name)
    id, name = held.record.id, held.record.name
    if not given.yes:
        cited = services.citations.of_documents([id]).get(id, 0)
        standing = len(services.footing.of_documents(OPERATOR, [id]).get(id, []))
        depends = f"{cited} answers cite it; {standing} corrections stand on it, and stay."
        require_yes(f"Remove {name} ({held.record.passages} passages, for {held.owner})? {depends}")
    documents.remove(id, for_good=given.for_good)
    if given.for_good:
        print(f"{name}: erased, with its passages and its bytes")
    else:
        print(f"{name}: removed; for {KEPT_DELETED.days} days it can be brought back under Knowledge")
    return 0


def export_documents(services: Services, given: argparse.Namespace) -> int:
    """Writes all of them, whole or not at all."""
    try:
        names = HeldDocuments(services.library, utc_now).export(
            given.path, lambda done, total: show(f"{done} of {total}")
        )
    except OSError as error:
        raise FileUnavailableError(path=str(given.path), reason=error.strerror or str(error)) from error
    finally:
        show("")
    print(f"{given.path}: {len(names)} files, and manifest.json, which tells which is which")
    return 0
