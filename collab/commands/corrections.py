"""Corrections from and to files. What an import would do can be seen before anything is live."""

import argparse
import signal
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from collab.commands.progress import Progress
from collab.feedback.exchange.encodings import ENCODINGS, encoding_named
from collab.feedback.exchange.entries import COLUMNS, read_entry
from collab.feedback.exchange.files import RowFile
from collab.feedback.exchange.importing import Told
from collab.feedback.exchange.plans import Finding, ImportPlan, OnConflict
from collab.people.access import Actor
from collab.services import Services

if TYPE_CHECKING:
    from collab.commands import Commands

LISTED = 20  # rows of a kind that are shown; the rest is counted


def add_to(commands: "Commands") -> None:
    """Adds what this module offers to the command line."""
    acts = commands.add_parser("corrections", help="corrections from and to files")
    subject = acts.add_subparsers(required=True, metavar="ACT")
    importing = subject.add_parser(
        "import", help="take in question-answer pairs: CSV or JSONL with the columns question and answer"
    )
    add_file_arguments(importing)
    importing.add_argument(
        "--on-conflict",
        choices=[one.value for one in OnConflict],
        default=OnConflict.SKIP.value,
        help="where there is another answer already: skip the row (as by default), or replace that answer",
    )
    importing.set_defaults(run=import_corrections)
    exporting = subject.add_parser("export", help="write what stands to a .csv or .jsonl file, which import takes")
    exporting.add_argument("path", type=Path, metavar="FILE")
    exporting.add_argument("--all", action="store_true", help="also what no longer stands")
    exporting.add_argument("--as", dest="name", metavar="NAME", help="the person who reads; else the first admin")
    exporting.set_defaults(run=export_corrections)


def add_file_arguments(parser: argparse.ArgumentParser) -> None:
    """What every import takes."""
    parser.add_argument("path", type=Path, metavar="FILE")
    parser.add_argument("--dry-run", action="store_true", help="only show what would happen")
    parser.add_argument("--as", dest="name", metavar="NAME", help="the person who answers for it; else the first admin")
    parser.add_argument(
        "--encoding",
        type=_encoding,
        default=ENCODINGS[0],
        metavar="NAME",
        help=f"how the file's text is written: {', '.join(ENCODINGS)}, or another name of these, such as latin-1",
    )


def import_corrections(services: Services, given: argparse.Namespace) -> int:
    """Plans, tells the plan, and does it. Exit code 1 where rows were refused."""
    actor = acting(services, given)
    file = RowFile(given.path, COLUMNS, given.encoding)
    on_conflict = OnConflict(given.on_conflict)
    plan = services.imports.plan(actor, map(read_entry, file), on_conflict)
    if given.dry_run:
        services.imports.weigh(actor, map(read_entry, file), plan, Progress("rows"))
    for line in (*plan_lines(plan, on_conflict), *repeated_lines(plan), *left_out(file)):
        print(line)
    if given.dry_run:
        print("Nothing was changed.")
    else:
        with going_on_later(Progress("rows")) as told:
            done = services.imports.write(actor, map(read_entry, file), plan, file.name, told)
        replaced = f"; {done.superseded:,} older answers were replaced by them" if done.superseded else ""
        taught = f"; {done.taught:,} that were there have more questions or another end now" if done.taught else ""
        print(f"{done.rows:,} corrections are in{replaced}{taught}.")
        if done.held:
            print(f"{done.held:,} of them wait in Review: their questions are near a great many that people asked.")
    return 1 if plan.refusals else 0


def export_corrections(services: Services, given: argparse.Namespace) -> int:
    """Writes the file and counts its rows."""
    count = services.exports.write(acting(services, given), given.path, everything=given.all)
    print(f"{given.path}: {count:,} corrections")
    return 0


def _encoding(name: str) -> str:
    """What argparse makes of a name."""
    if known := encoding_named(name):
        return known
    raise argparse.ArgumentTypeError(f"{name!r} is no encoding that is read; these are: {', '.join(ENCODINGS)}")


def acting(services: Services, given: argparse.Namespace) -> Actor:
    """The person named with --as, else the first admin."""
    return services.accounts.actor_named(given.name) if given.name else services.accounts.first_admin()


def plan_lines(plan: ImportPlan, on_conflict: OnConflict) -> Iterator[str]:
    """The plan as a table: how many of each kind, then the rows that somebody should look at."""
    yield f"{'new':24}{plan.new:>9,}"
    yield f"{'there already':24}{plan.unchanged:>9,}"
    if plan.added:
        yield f"{'there, gets more':24}{plan.added:>9,}"
    if plan.held:
        yield f"{'of these, for review':24}{plan.held:>9,}"
    if on_conflict is OnConflict.REPLACE:
        yield f"{'in conflict, replaced':24}{plan.replacing:>9,}"
    yield f"{'in conflict, skipped':24}{plan.skipped:>9,}"
    yield f"{'refused':24}{plan.refusals:>9,}"
    yield from _findings("waits in Review", "near a great many", plan.waiting, plan.held)
    yield from _findings("is there already", "gets", plan.additions, plan.added)
    yield from _findings("in conflict", "with", plan.conflicts, plan.skipped + plan.replacing)
    if plan.refused:
        yield f"\n{'row':>8}  refused because"
        for refused in plan.refused[:LISTED]:
            yield f"{refused.number:>8}  {refused.reason}"
        yield from _more(plan.refusals)


def repeated_lines(plan: ImportPlan) -> Iterator[str]:
    """The rows that say again what is there already, or what an earlier row of the file says."""
    yield from _findings("says the same", "as", plan.repeated, plan.unchanged)


def left_out(file: RowFile) -> Iterator[str]:
    """The columns that nobody reads, so that a misspelt one is seen."""
    if file.ignored:
        yield f"\nColumns that are not read: {', '.join(file.ignored[:12])}{' …' if len(file.ignored) > 12 else ''}"


def _findings(what: str, against: str, found: Sequence[Finding], count: int) -> Iterator[str]:
    if found:
        yield f"\n{'row':>8}  {what:42}  {against}"
        for one in sorted(found, key=lambda one: one.number)[:LISTED]:
            yield f"{one.number:>8}  {one.question[:42]:42}  {one.reason}"
        yield from _more(count)


def _more(count: int) -> Iterator[str]:
    if count > LISTED:
        yield f"{'':8}  and {count - LISTED:,} more"


@contextmanager
def going_on_later(told: Told) -> Iterator[Told]:
    """Ends an import that somebody stops once the rows under way are kept, and says that nothing is half done.

    An exception that a signal raises can be lost, where no caller of the interrupted code would get it; so the signal
    is only noted, and seen each time that what is yielded is told how far it is. A second one ends at once.
    """
    is_stopped = threading.Event()

    def stop(*_: object) -> None:
        is_stopped.set()
        signal.signal(signal.SIGINT, before)

    def tell(done: int, total: int) -> None:
        told(done, total)
        if is_stopped.is_set() and done < total:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield tell
    except KeyboardInterrupt:
        print("\nStopped. What was counted is kept; the same command goes on from there.", file=sys.stderr)
        raise
    finally:
        signal.signal(signal.SIGINT, before)
