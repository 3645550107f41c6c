"""Commands about documents, for the operator: what they add is for everyone."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from collab.api.errors import stored_problem
from collab.commands.terminal import show
from collab.errors import FileUnavailableError
from collab.services import Services
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
    upload = documents.add_parser("add", help="add files for everyone")
    upload.add_argument("paths", nargs="+", metavar="PATH", type=Path)
    upload.set_defaults(run=add_documents)


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
