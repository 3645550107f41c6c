"""The command that asks a question, as a person would."""

import argparse
from typing import TYPE_CHECKING

from collab.commands.terminal import show
from collab.dialogue.records import Decision, Delta, Done, Event, TurnRecord
from collab.people.access import Actor
from collab.services import Services
from collab.texts import load_texts

if TYPE_CHECKING:
    from collab.commands import Commands


def add_to(commands: "Commands") -> None:
    """Adds `ask`."""
    asking = commands.add_parser("ask", help="ask a question")
    asking.add_argument("question")
    asking.add_argument("--as", dest="name", metavar="NAME", help="the person who asks; else the first admin")
    asking.set_defaults(run=ask)


def ask(services: Services, given: argparse.Namespace) -> int:
    """Streams the answer, then lists its sources. The turn is kept like any other."""
    actor = services.accounts.actor_named(given.name) if given.name else services.accounts.first_admin()
    show(load_texts("en")("models.waiting") + "…")
    services.models.load()
    show("")
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
    if written and turn.decision is Decision.CORRECTED:
        print(f"\nCorrected by {written.author} on {written.date:%Y-%m-%d}.")
    elif written and written.answer is not None:
        print(f"\n{written.author} answered a similar question on {written.date:%Y-%m-%d}:\n    {written.answer}")
    for source in turn.sources:
        place = " › ".join(part for part in (source.document, source.heading) if part)
        page = f", page {source.page}" if source.page else ""
        print(f'\n[{source.n}] {place}{page}\n    "{source.quote}"')
