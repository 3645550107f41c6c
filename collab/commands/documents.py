"""Commands about documents, for the operator: what they add is for everyone, and they see all that there are."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from collab.api.errors import stored_problem
from collab.commands.terminal import require_yes, show
from collab.errors import FileUnavailableError
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


def add_to(commands: "Commands") -> None:
    """Adds `documents` and what it does."""
    documents = commands.add_parser("documents", help="what answers come from").add_subparsers(
        required=True, metavar="ACT"
    )
    adding = documents.add_parser("add", help="add files for everyone")
    adding.add_argument("paths", nargs="+", metavar="PATH", type=Path)
    adding.set_defaults(run=add_documents)
    listing = documents.add_parser("list", help="all documents: id, state, passages, for whom, name")
    listing.set_defaults(run=list_documents)
    removing = documents.add_parser("remove", help="remove a document with its passages; corrections stay")
    removing.add_argument("name", metavar="ID", help="its id, or its name")
    removing.add_argument("--yes", action="store_true", help="do it without asking")
    removing.set_defaults(run=remove_document)
    exporting = documents.add_parser("export", help="write all originals to a new folder or .zip, with a manifest")
    exporting.add_argument("path", type=Path, metavar="PATH")
    exporting.set_defaults(run=export_documents)


def add_documents(services: Services, given: argparse.Namespace) -> int:
    """Adds files one after the other; one that fails does not stop the rest."""
    failures = 0
    for path in given.paths:
        try:
            record = _add_document(services, path)
        except CollabError as error:
            failures += 1
            print(error, file=sys.stderr)
            continue
        if record.state is DocumentState.FAILED:
            failures += 1
            print(stored_problem(record.error_code or "", record.error_params).message, file=sys.stderr)
        elif record.already_known:
            print(f"{record.name}: already there, nothing to do")
        else:
            print(f"{record.name}: {record.passages} passages")
    return 1 if failures else 0


def _add_document(services: Services, path: Path) -> DocumentRecord:
    name = document_name(path.name)
    try:
        refuse_over(services.settings.upload_mb * MB, name, path.stat().st_size)  # before it fills the memory
        content = path.read_bytes()
    except OSError as error:
        raise FileUnavailableError(path=str(path), reason=error.strerror or str(error)) from error
    try:
        return services.documents.add_for_everyone(name, content, lambda share: show(f"{name}: {share:.0%}"))
    finally:
        show("")


def list_documents(services: Services, given: argparse.Namespace) -> int:
    """A line for each document, those of single people too."""
    for held in HeldDocuments(services.library, utc_now).list():
        record = held.record
        print(f"{record.id}\t{record.state}\t{record.passages}\t{held.owner}\t{record.name}")
    return 0


def remove_document(services: Services, given: argparse.Namespace) -> int:
    """Removes one, after a question."""
    documents = HeldDocuments(services.library, utc_now)
    held = documents.named(given.name)
    if not given.yes:
        require_yes(f"Remove {held.record.name} ({held.record.passages} passages, for {held.owner})?")
    documents.remove(held.record.id)
    print(f"{held.record.name}: removed")
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
