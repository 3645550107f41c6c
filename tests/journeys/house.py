"""Fills a data folder with something of everything, while the application runs: `python -m tests.journeys.house DATA`.

Prints the session with which one comes in as Ada, her conversation, and the token of an invitation.
"""

import json
import sys
import threading
from contextlib import closing
from pathlib import Path

from collab.config import Settings
from collab.feedback.ratings import Reason, Thumb
from collab.people.access import Actor, Role
from collab.services import Services
from tests.fakes import EchoModel
from tests.running import PASSWORD

GUIDE = "# Guide\n\n## Tickets\nStudents pay 9 euros. Adults pay 14 euros.\n\n## 票价\n学生票9欧元。成人票14欧元。\n"
LOCKERS = "# Lockers\nA locker takes a 2 euro coin."
LONG = "a-file-with-a-rather-long-name-that-somebody-chose-in-a-hurry-and-never-changed.md"


def fill(services: Services) -> dict[str, str]:
    """People, documents, conversations, what waits for review, links and keys."""
    ada, eve, mel = (
        services.accounts.add(name, PASSWORD, role)
        for name, role in (("Ada", Role.ADMIN), ("Eve", Role.EXPERT), ("Mel", Role.MEMBER))
    )
    services.accounts.disable(ada, services.accounts.add("Oli who left us last summer", PASSWORD, Role.MEMBER).id)
    for name, content in (
        ("guide.md", GUIDE.encode()),
        (LONG, LOCKERS.encode()),
        ("old.txt", "Café".encode("latin-1")),
    ):
        services.documents.add(eve, name, content)
    services.finish_reading()
    services.corrections.submit(eve, question="Who opens the gate?", answer="The porter opens it.")
    conversation = _talk(
        services, ada, "How much do students pay?", "Who was the first director?", "Who opens the gate?", "Hello!"
    )
    services.conversations.pin(ada, _talk(services, ada, "成人票多少钱？"), is_pinned=True)
    _wait_for_review(services, mel)
    services.links.invite(ada, Role.EXPERT, "Somebody with a long name")
    services.keys.make(ada, "nightly import of the old answers")
    services.sessions.sign_in("Ada", PASSWORD, agent="Firefox/Linux")
    return {
        "session": services.sessions.sign_in("Ada", PASSWORD, agent="Chrome/Linux"),
        "conversation": conversation,
        "invitation": services.links.invite(ada, Role.MEMBER)[1],
    }


def _talk(services: Services, actor: Actor, *questions: str) -> str:
    """Asks in one conversation, and returns its id."""
    conversation: str | None = None
    for question in questions:
        *_, done = services.assistant.reply(actor, conversation, question, cancel=threading.Event())
        conversation = done.turn.conversation_id
    assert conversation is not None
    return conversation


def _wait_for_review(services: Services, mel: Actor) -> None:
    """A correction and three thumbs, one of them for what is not to be shown."""
    asked = _talk(services, mel, "How much do adults pay?", "How much do students pay?", "学生票多少钱？", "Hi!")
    first, *rest = services.conversations.turns(mel, asked)
    services.corrections.submit(mel, turn_id=first.id, answer="Adults pay 12 euros since the first of March.")
    for turn, reason in zip(rest, (Reason.OUTDATED, Reason.WRONG_FACT, Reason.UNSAFE), strict=True):
        services.ratings.rate(mel, turn.id, Thumb.DOWN, reason, "It was cheaper last year")


if __name__ == "__main__":
    with closing(Services(Settings(data=Path(sys.argv[1])), engine=EchoModel())) as services:
        services.models.load()
        sys.stdout.write(json.dumps(fill(services)))
