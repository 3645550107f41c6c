"""The command line: people, documents and questions, on the same database as the web application, which may be running.

It acts for the operator of this machine, who needs no account. What goes wrong is one sentence and exit code 1.
"""

import argparse
import getpass
import logging
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from collab.api.errors import stored_problem
from collab.config import load_settings
from collab.dialogue.records import Delta, Done, Event, TurnRecord
from collab.errors import FileUnavailableError, PasswordMissingError, PasswordsDifferError
from collab.people import audit
from collab.people.access import Actor, Role
from collab.services import Services
from collab.texts import load_texts
from knowledge.documents import MB, refuse_over
from knowledge.errors import CollabError
from knowledge.naming import document_name
from knowledge.records import DocumentRecord
from knowledge.tables import DocumentState


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and returns its exit code."""
    given = _parser().parse_args(arguments)
    try:
        settings = load_settings()
        logging.basicConfig(level=logging.ERROR)
        with closing(Services(settings)) as services:
            run: Callable[[Services, argparse.Namespace], int] = given.run
            return run(services, given)
    except CollabError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m collab", description="A chat assistant that people correct once.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    people = commands.add_parser("people", help="who may use it").add_subparsers(required=True, metavar="ACT")
    add = people.add_parser("add", help="add a person; the password is asked for, or read from standard input")
    add.add_argument("name")
    add.add_argument("--role", choices=[role.value for role in Role], default=Role.MEMBER.value)
    add.set_defaults(run=add_person)
    key = people.add_parser("key", help="make an API key for a person; it is on the last line")
    key.add_argument("name")
    key.set_defaults(run=make_key)
    everybody = people.add_parser("list", help="everybody, with their roles")
    everybody.set_defaults(run=list_people)
    role = people.add_parser("role", help="change a person's role")
    role.add_argument("name")
    role.add_argument("role", choices=[role.value for role in Role])
    role.set_defaults(run=change_role)
    password = people.add_parser("password", help="give a person a new password, as add does, and sign them out")
    password.add_argument("name")
    password.set_defaults(run=change_password)
    disable = people.add_parser("disable", help="shut a person out, with their sessions and keys")
    disable.add_argument("name")
    disable.set_defaults(run=disable_person)

    documents = commands.add_parser("documents", help="what answers come from").add_subparsers(
        required=True, metavar="ACT"
    )
    upload = documents.add_parser("add", help="add files for everyone")
    upload.add_argument("paths", nargs="+", metavar="PATH", type=Path)
    upload.set_defaults(run=add_documents)

    asking = commands.add_parser("ask", help="ask a question")
    asking.add_argument("question")
    asking.add_argument("--as", dest="name", metavar="NAME", help="the person who asks; else the first admin")
    asking.set_defaults(run=ask)

    auditing = commands.add_parser("audit", help="check that nobody changed the audit")
    auditing.set_defaults(run=check_audit)
    return parser


# --- people -----------------------------------------------------------------------------------------------------------


def add_person(services: Services, given: argparse.Namespace) -> int:
    """Adds a person with a role."""
    person = services.accounts.add(given.name, _read_password(), Role(given.role))
    print(f"Added {person.name} as {person.role}.")
    return 0


def make_key(services: Services, given: argparse.Namespace) -> int:
    """Prints a new key alone on the last line."""
    key = services.accounts.new_key(given.name)
    print(f"A new key for {given.name}. It is shown once; earlier keys go on working.")
    print("Send it as the header `Authorization: Bearer KEY`.")
    print(key)
    return 0


def list_people(services: Services, given: argparse.Namespace) -> int:
    """A line for each person."""
    for person, is_active in services.accounts.everybody():
        print(f"{person.name}\t{person.role}" + ("" if is_active else "\tdisabled"))
    return 0


def change_role(services: Services, given: argparse.Namespace) -> int:
    """Changes what a person may do, at once."""
    person = services.accounts.set_role(given.name, Role(given.role))
    print(f"{person.name} is {person.role} now.")
    return 0


def change_password(services: Services, given: argparse.Namespace) -> int:
    """Gives a new password."""
    services.accounts.actor_named(given.name)  # before anybody types one for nothing
    person = services.accounts.set_password(given.name, _read_password())
    print(f"{person.name} has a new password, and is signed out everywhere.")
    return 0


def disable_person(services: Services, given: argparse.Namespace) -> int:
    """Shuts a person out."""
    print(f"{services.accounts.disable(given.name).name} can no longer sign in.")
    return 0


def check_audit(services: Services, given: argparse.Namespace) -> int:
    """Verifies the chain of entries."""
    with services.database.read() as session:
        print(f"The audit holds: {audit.verify(session)} entries.")
    return 0


def _read_password() -> str:
    if not sys.stdin.isatty():
        line = sys.stdin.readline()
        if not line:
            raise PasswordMissingError
        return line.rstrip("\r\n")
    try:
        password, again = getpass.getpass("Password: "), getpass.getpass("Once more: ")
    except EOFError as error:  # Ctrl-D
        raise PasswordMissingError from error
    if again != password:
        raise PasswordsDifferError
    return password


# --- documents --------------------------------------------------------------------------------------------------------


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
        return services.documents.add_for_everyone(name, content, lambda share: _show(f"{name}: {share:.0%}"))
    finally:
        _show("")


# --- questions --------------------------------------------------------------------------------------------------------


def ask(services: Services, given: argparse.Namespace) -> int:
    """Streams the answer, then lists its sources. The turn is kept like any other."""
    actor = services.accounts.actor_named(given.name) if given.name else services.accounts.first_admin()
    _show(load_texts("en")("models.waiting") + "…")
    services.models.load()
    _show("")
    services.models.engine()
    for event in services.assistant.reply(actor, None, given.question):
        _tell(services, actor, event)
    return 0


def _tell(services: Services, actor: Actor, event: Event) -> None:
    match event:
        case Delta(text=text):
            print(text, end="", flush=True)
        case Done(turn=turn):
            print()
            _tell_origin(services, actor, turn)


def _tell_origin(services: Services, actor: Actor, turn: TurnRecord) -> None:
    written = services.corrections.attributions(actor, [turn.correction_id or ""]).get(turn.correction_id or "")
    if written:
        print(f"\nCorrected by {written.author} on {written.date:%Y-%m-%d}.")
    for source in turn.sources:
        place = " › ".join(part for part in (source.document, source.heading) if part)
        page = f", page {source.page}" if source.page else ""
        print(f'\n[{source.n}] {place}{page}\n    "{source.quote}"')


def _show(line: str) -> None:
    """A line on the terminal that the next one replaces."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{line}")
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
