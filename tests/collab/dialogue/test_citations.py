"""How often documents and passages are cited, on real turns."""

from collab.dialogue.records import Done
from collab.people.access import Actor
from collab.services import Services

GUIDE = b"# Guide\n\n## Lockers\nLockers take a 2 euro coin.\n\n## Shop\nThe shop sells postcards.\n"


def ask(services: Services, actor: Actor, question: str) -> str:
    """The id of the turn."""
    (done,) = [event for event in services.assistant.reply(actor, None, question) if isinstance(event, Done)]
    return done.turn.id


def test_each_answer_counts_once(services: Services, member: Actor, expert: Actor) -> None:
    made = services.documents.add(expert, "guide.md", GUIDE)
    services.finish_reading()
    lockers, shop = services.documents.passages(expert, made.id)
    assert services.citations.of_documents([made.id]) == {}
    for actor in (member, expert):
        ask(services, actor, "What coin do lockers take?")
    ask(services, member, "What postcards does the shop sell?")
    assert services.citations.of_documents([made.id, "another"]) == {made.id: 3}
    assert services.citations.of_passages(made.id) == {lockers.id: 2, shop.id: 1}
