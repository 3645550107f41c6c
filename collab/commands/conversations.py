"""Past support dialogues from a file: what they asked and how it was answered becomes proposals for review."""

import argparse
from collections.abc import Iterator
from typing import TYPE_CHECKING

from collab.commands.corrections import LISTED, acting, add_file_arguments, going_on_later, left_out, plan_lines
from collab.commands.progress import Progress
from collab.feedback.dialogues.messages import COLUMNS
from collab.feedback.dialogues.mining import Lacking
from collab.feedback.dialogues.proposals import Proposals, propose
from collab.feedback.exchange.files import RowFile
from collab.feedback.exchange.plans import SHOWN_CHARS, OnConflict
from collab.feedback.wording import shortened
from collab.people.access import reaches_of
from collab.services import Services
from knowledge.database import utc_now
from knowledge.scope import Decision, Reason

if TYPE_CHECKING:
    from collab.commands import Commands

LACKING = {
    Lacking.QUESTION: "nobody asks or reports anything in them",
    Lacking.REPLY: "nothing that answers follows the question",
}
ROWS = 5  # named of the conversations that are left out


def add_to(commands: "Commands") -> None:
    """Adds what this module offers to the command line."""
    acts = commands.add_parser("conversations", help="past support dialogues from files")
    subject = acts.add_subparsers(required=True, metavar="ACT")
    importing = subject.add_parser(
        "import",
        help="propose corrections from dialogues: CSV or JSONL with the columns conversation, speaker, text and time",
    )
    add_file_arguments(importing)
    importing.set_defaults(run=import_conversations)


def import_conversations(services: Services, given: argparse.Namespace) -> int:
    """Finds, masks and groups, and puts what is new into Review. Exit code 1 where rows were refused."""
    actor = acting(services, given)
    file = RowFile(given.path, COLUMNS, given.encoding)

    def answered(question: str) -> bool:
        """In other words; the same words are the plan's to judge."""
        recall = services.memory.recall(question, reaches_of(actor), utc_now())
        return recall.decision is Decision.APPLY and Reason.SAME_WORDS not in recall.reasons

    found = propose(file, services.library.embedder, answered, Progress("questions"), services.memory.askedness)
    plan = services.imports.plan(actor, [*found.refused, *found.entries])
    for line in (*_found_lines(found), *plan_lines(plan, OnConflict.SKIP), *left_out(file)):
        print(line)
    if given.dry_run:
        print("Nothing was changed.")
    else:
        with going_on_later(Progress("proposals")) as told:
            done = services.imports.write(actor, found.entries, plan, file.name, told)
        print(f"{done.rows:,} proposals wait in Review; none of them answers anybody but {actor.name} before that.")
        if done.taught:
            print(f"{done.taught:,} have other words for what is answered already; these wait in Review too.")
        if plan.unchanged:
            print(f"{plan.unchanged:,} are there already: they wait in Review, are live, or were rejected.")
    return 1 if plan.refusals else 0


def _found_lines(found: Proposals) -> Iterator[str]:
    yield (
        f"{found.conversations:,} conversations, {found.pairs:,} with a question and its answer, "
        f"{len(found.entries) + found.answered:,} different questions, "
        f"{found.answered:,} answered already in other words."
    )
    for lack, rows in found.lacking.items():
        if rows:
            named = ", ".join(map(str, rows[:ROWS])) + (", …" if len(rows) > ROWS else "")
            yield f"Left out: {len(rows):,} conversations, for {LACKING[lack]} (they begin in row {named})."
    yield "Read the proposals before you approve them: not every name is found and masked.\n"
    if found.entries:
        yield f"{'asked':>8}  {'question':50}  answer"
        for entry in found.entries[:LISTED]:
            yield f"{entry.asked:>8}  {shortened(entry.question, 50):50}  {shortened(entry.answer, SHOWN_CHARS)}"
        if len(found.entries) > LISTED:
            yield f"{'':8}  and {len(found.entries) - LISTED:,} more"
        yield ""
