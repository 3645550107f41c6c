"""What one could ask: headings that the person may read, and nobody else's questions."""

import pytest
import sqlalchemy as sa

from collab.dialogue.tables import Turn
from collab.people.access import EVERYONE, Actor, personal
from collab.services import Services

GUIDE = (
    b"# Guide\n\n## Tickets\nStudents pay 9 euros.\n\n## Lockers\nThey take a coin.\n\n## Garage\nIt closes at ten.\n"
)


@pytest.fixture(autouse=True)
def guide(services: Services) -> None:
    services.library.add("guide.md", GUIDE, EVERYONE)


def test_a_heading_of_each_document_in_reach(services: Services, member: Actor, other: Actor) -> None:
    services.library.add("own.md", b"# Own\n\n## Code\nThe code is 7731.\n", personal(member))
    assert services.suggestions.headings(member, 4) == ["Code", "Tickets"]
    assert services.suggestions.headings(other, 4) == ["Tickets"]


def test_what_stands_beside_a_passage(services: Services, member: Actor) -> None:
    (document,) = services.documents.list(member)
    tickets, lockers, garage = services.documents.passages(member, document.id)
    assert services.suggestions.beside(member, [lockers.id], 3) == ["Garage", "Tickets"]
    assert services.suggestions.beside(member, [tickets.id, lockers.id], 3) == ["Garage"]
    assert services.suggestions.beside(member, [garage.id], 1) == ["Lockers"]


def test_what_a_person_asks_often_is_theirs(services: Services, member: Actor, other: Actor) -> None:
    for question in ("What do students pay?", "what do students pay", "Where is the garage?"):
        list(services.assistant.reply(member, None, question))
    assert services.suggestions.asked_often(member, 3) == ["what do students pay"]
    assert services.suggestions.asked_often(other, 3) == []


def test_what_is_not_kept_or_hidden_is_not_suggested(services: Services, member: Actor) -> None:
    chat = services.conversations.begin(member, "What do students pay?", is_temporary=True)
    for _ in range(2):
        list(services.assistant.reply(member, chat.id, "What do students pay?"))
    assert services.suggestions.asked_often(member, 3) == []
    services.conversations.keep(member, chat.id)
    assert services.suggestions.asked_often(member, 3) == ["What do students pay?"]
    with services.database.write() as session:
        session.execute(sa.update(Turn).values(is_hidden=True))
    assert services.suggestions.asked_often(member, 3) == []
